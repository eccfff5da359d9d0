/* The switch driver on fake lines: states, levels that no edge told, lines that fail. */
#include "support.h"

#include "base/clock.h"
#include "drivers/driver.h"
#include "tests/fakes/lines_fake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Two contacts on lines "20" and "21". */
static bool high[2];

static void set_line(void *user, const char *line, bool level)
{
	(void)user;
	(void)line;
	(void)level;
}

static bool get_line(void *user, const char *line, bool *level)
{
	(void)user;
	if (strcmp(line, "20") != 0 && strcmp(line, "21") != 0)
		return false;
	*level = high[line[1] - '0'];
	return true;
}

static const struct fake_part contacts = {.set = set_line, .get = get_line};

struct strip {
	struct options options;
	struct surface surface;
	struct device device;
	float counts[2];
	struct frame frame;
};

static void set(struct strip *strip, const char *key, const char *value)
{
	assert_int_equal(
	    options_set(&strip->options, key, value, &(struct place){.key = key}, NULL), 0);
}

static int open_strip(
    struct strip *strip, const char *lines, const char *active_low, struct error *err)
{
	const struct driver *driver = driver_find("switch");

	fake_lines_plug(&contacts);
	*strip = (struct strip){.surface = {.name = "bed", .kind = SURFACE_BED}};
	options_init(&strip->options, driver->options);
	set(strip, "chip", "fake");
	set(strip, "lines", lines);
	set(strip, "active_low", active_low);
	set(strip, "debounce", "0");
	set(strip, "rate", "20");
	strip->device = (struct device){
	    .driver = driver,
	    .surface = &strip->surface,
	    .options = &strip->options,
	    .state = calloc(1, driver->state_size),
	};
	strip->frame.counts = strip->counts;
	int result = driver->describe(&strip->options, &strip->surface, err);
	return result < 0 ? result : driver->open(&strip->device, err);
}

static int read_strip(struct strip *strip)
{
	return strip->device.driver->read(
	    &strip->device, clock_mono_ns() + 10 * NS_PER_S, &strip->frame);
}

static void close_strip(struct strip *strip)
{
	strip->device.driver->close(&strip->device);
	free(strip->device.state);
	fake_lines_plug(NULL);
}

static void a_closed_switch_counts_one(void **state)
{
	static const struct {
		const char *active_low;
		bool closed_level;
	} table[] = {{"yes", false}, {"no", true}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct strip strip;
		bool closed = table[i].closed_level;
		high[0] = high[1] = !closed;
		assert_int_equal(open_strip(&strip, "20 21", table[i].active_low, NULL), 0);
		assert_int_equal(strip.surface.n_cells, 2);
		assert_int_equal(surface_sense(&strip.surface), SENSE_SWITCH);
		assert_int_equal(read_strip(&strip), 0);
		assert_true(strip.counts[0] == 0 && strip.counts[1] == 0);
		high[1] = closed;
		int64_t last_ns = strip.frame.mono_ns;
		assert_int_equal(read_strip(&strip), 0);
		assert_true(strip.counts[0] == 0 && strip.counts[1] == 1);
		assert_true(strip.frame.mono_ns > last_ns);
		high[0] = closed;
		high[1] = !closed;
		assert_int_equal(read_strip(&strip), 0);
		assert_true(strip.counts[0] == 1 && strip.counts[1] == 0);
		assert_int_equal(strip.frame.sequence, 2);
		close_strip(&strip);
	}
}

static void a_switch_that_is_closed_at_first_is_seen(void **state)
{
	struct strip strip;

	(void)state;
	high[0] = false;
	high[1] = true;
	assert_int_equal(open_strip(&strip, "20 21", "yes", NULL), 0);
	assert_int_equal(read_strip(&strip), 0);
	assert_true(strip.counts[0] == 1 && strip.counts[1] == 0);
	close_strip(&strip);
}

static void a_lost_edge_is_made_up_for(void **state)
{
	struct strip strip;

	(void)state;
	high[0] = high[1] = true;
	assert_int_equal(open_strip(&strip, "20 21", "yes", NULL), 0);
	fake_lines_lose_edges(true);
	high[0] = false;
	assert_int_equal(read_strip(&strip), 0);
	assert_true(strip.counts[0] == 0);
	int64_t begun_ns = clock_mono_ns();
	while (strip.counts[0] == 0 && clock_mono_ns() < begun_ns + 20 * NS_PER_S)
		assert_int_equal(read_strip(&strip), 0);
	assert_true(strip.counts[0] == 1);
	assert_true(clock_mono_ns() - begun_ns >= 900 * NS_PER_MS); /* not a mere bounce */
	fake_lines_lose_edges(false);
	close_strip(&strip);
}

static void lines_that_fail_have_the_host_reopen(void **state)
{
	struct strip strip;

	(void)state;
	assert_int_equal(open_strip(&strip, "20 21", "yes", NULL), 0);
	fake_lines_fail(-EIO);
	assert_int_equal(read_strip(&strip), -EIO);
	assert_int_equal(strip.device.stats.io_errors, 1);
	fake_lines_fail(0);
	close_strip(&strip);
}

static void wrong_lines_are_refused(void **state)
{
	struct strip strip;
	struct error err = {0};

	(void)state;
	assert_int_equal(open_strip(&strip, "20 20", "yes", &err), -EINVAL);
	assert_non_null(strstr(err.text, "switch.lines: line 20 stands there twice"));
	close_strip(&strip);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_closed_switch_counts_one),
	    cmocka_unit_test(a_switch_that_is_closed_at_first_is_seen),
	    cmocka_unit_test(a_lost_edge_is_made_up_for),
	    cmocka_unit_test(lines_that_fail_have_the_host_reopen),
	    cmocka_unit_test(wrong_lines_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
