/*
 * Edges, and the driver of strip switches, on switches that bounce as they are told (strip_play), in
 * a kernel under test: every edge in its order and with its stamp, each change once however much a
 * contact bounces, a state that is right again after more edges than the kernel keeps.
 */
#include "support.h"
#include "tests/gpio/support/emulated.h"

#include "base/clock.h"
#include "drivers/lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The kernel's own debouncing (libgpiod 2) wakes at its ticks of 10 ms. */
#define DEBOUNCE_MS  20
#define KERNEL_TICKS (20 * NS_PER_MS)

static const struct setting three[] = {
    {"chip", "emulated-strip"}, {"lines", "0 1 2"}, {"debounce", "20 ms"}, {"rate", "50"}, {0}};

static int set_up(void **state)
{
	(void)state;
	emulated_restart("strip");
	return 0;
}

static struct lines *open_switches(const char *names, int debounce_ms)
{
	struct lines *lines;
	struct error err = {0};

	if (lines_open(&lines,
	        &(struct lines_request){.chip = "emulated-strip",
	            .names = names,
	            .active_low = true,
	            .bias = LINES_BIAS_UP,
	            .events = true,
	            .debounce_ns = debounce_ms * NS_PER_MS},
	        &err) < 0)
		fail_msg("%s", err.text);
	return lines;
}

struct expected {
	size_t line;
	bool active;
	int at_us; /* after the first */
};

/* These events and no other; stamps as expected, or up to late_ns later. */
static void expect_events(
    struct lines *lines, const struct expected *expected, size_t n, int64_t late_ns)
{
	struct lines_event event;
	int64_t first_ns = 0;

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(lines_wait(lines, clock_mono_ns() + 2 * NS_PER_S, &event), 0);
		first_ns = i ? first_ns : event.mono_ns;
		int64_t at_ns = event.mono_ns - first_ns - expected[i].at_us * NS_PER_US;
		assert_int_equal(event.line, expected[i].line);
		assert_int_equal(event.active, expected[i].active);
		assert_in_range(at_ns + late_ns + 5 * NS_PER_US, 0, 2 * late_ns + 10 * NS_PER_US);
		assert_true(event.mono_ns <= clock_mono_ns());
	}
	assert_int_equal(lines_wait(lines, clock_mono_ns() + 200 * NS_PER_MS, &event), -ETIMEDOUT);
}

static void every_edge_comes_in_its_order(void **state)
{
	static const struct expected expected[] = {
	    {1, true, 0},
	    {1, false, 300},
	    {0, true, 500},
	    {1, true, 700},
	    {2, true, 5700},
	    {0, false, 5800},
	};
	struct lines *lines = open_switches("0 1 2", 0);

	(void)state;
	emulated_set("strip_play", "2000 1=0 300 1=1 200 0=0 200 1=0 5000 2=0 100 0=1");
	expect_events(lines, expected, 6, 0);
	assert_int_equal(emulated_get("strip_late_us"), 0);
	lines_close(lines);
}

/* Line 5 is the only one that was asked for: place 0. */
static void other_lines_are_not_heard(void **state)
{
	static const struct expected expected[] = {{0, true, 0}, {0, false, 3000}};
	struct lines *lines = open_switches("5", 0);

	(void)state;
	emulated_set("strip_play", "1000 4=0 1000 5=0 1000 6=0 1000 4=1 1000 5=1");
	expect_events(lines, expected, 2, 0);
	lines_close(lines);
}

/* Both switches bounce for some milliseconds at every change. */
static void each_change_counts_once(void **state)
{
	static const struct expected expected[] = {
	    {0, true, 0}, {1, true, 30000}, {0, false, 100000}, {1, false, 180000}};
	struct lines *lines = open_switches("0 1", DEBOUNCE_MS);

	(void)state;
	emulated_set("strip_play", "1000 0=0 300 0=1 500 0=0 1200 0=1 2000 0=0 "
	                           "28000 1=0 1000 1=1 1000 1=0 "
	                           "69000 0=1 200 0=0 800 0=1 "
	                           "79000 1=1 500 1=0 500 1=1");
	expect_events(lines, expected, 4, KERNEL_TICKS);
	lines_close(lines);
}

static void what_is_shorter_than_the_debouncing_is_nothing(void **state)
{
	struct lines *lines = open_switches("0 1", DEBOUNCE_MS);
	uint64_t closed;

	(void)state;
	emulated_set("strip_play", "1000 0=0 9000 0=1 50000 1=0 500 1=1 50000 0=0 100 0=1");
	expect_events(lines, NULL, 0, 0);
	assert_int_equal(lines_get(lines, &closed), 0);
	assert_int_equal(closed, 0);
	lines_close(lines);
}

/* ---- the driver ------------------------------------------------------------------------ */

static unsigned closed(const struct reader *reader)
{
	unsigned bits = 0;

	for (size_t i = 0; i < reader->frame.n_cells; i++)
		bits |= (unsigned)reader->frame.counts[i] << i;
	return bits;
}

/* Somebody sits down on strip 0, slides to 1 and 2, and rises; strip 1 bounces all the while. */
static void frames_hold_the_debounced_state(void **state)
{
	static const unsigned expected[] = {0, 1, 3, 7, 6, 4, 0};
	struct reader reader;
	unsigned seen[64] = {0};
	size_t n_seen = 1, n_frames = 0;

	(void)state;
	reader_open_good(&reader, "switch", three);
	emulated_set("strip_play", "200000 0=0 900 0=1 400 0=0 "
	                           "300000 1=0 3000 1=1 3000 1=0 3000 1=1 3000 1=0 "
	                           "300000 2=0 100 2=1 100 2=0 "
	                           "300000 0=1 200 0=0 200 0=1 "
	                           "300000 1=1 5000 1=0 5000 1=1 "
	                           "300000 2=1");
	for (; n_frames < 110; n_frames++) {
		assert_int_equal(reader_frame(&reader, 1000), 0);
		if (closed(&reader) != seen[n_seen - 1] && n_seen < 64)
			seen[n_seen++] = closed(&reader);
	}
	assert_int_equal(n_seen, sizeof(expected) / sizeof(expected[0]));
	assert_memory_equal(seen, expected, sizeof(expected));
	reader_close(&reader);
}

static void a_switch_that_was_closed_before_is_closed(void **state)
{
	struct reader reader;

	(void)state;
	emulated_set("strip_play", "1=0");
	reader_open_good(&reader, "switch", three);
	assert_int_equal(reader_frame(&reader, 1000), 0);
	assert_int_equal(closed(&reader), 2);
	reader_close(&reader);
}

/* A loose wire: edges at 3 kHz for a while. Frames keep coming, and the end is seen. */
static void a_switch_without_rest_holds_up_nothing(void **state)
{
	char play[4096] = "";
	size_t length = 0;
	struct reader reader;

	(void)state;
	reader_open_good(&reader, "switch", three);
	for (int i = 0; i < 500;
	     i++) /* 3 kHz, since one play has room for no more than 4096 letters */
		length += (size_t)snprintf(
		    play + length, sizeof(play) - length, "333 0=%d ", i & 1);
	emulated_set("strip_play", "%s", play);
	assert_int_equal(reader_frame(&reader, 1000), 0);
	int64_t begun_ns = reader.frame.mono_ns;
	for (int i = 0; i < 25; i++)
		assert_int_equal(reader_frame(&reader, 1000), 0);
	assert_in_range((reader.frame.mono_ns - begun_ns) / NS_PER_MS, 490, 510);
	assert_int_equal(closed(&reader), 0);
	reader_close(&reader);
}

/* More edges than the kernel keeps for a reader who is away: what counts in the end is the level. */
static void lost_edges_are_made_up_for(void **state)
{
	char play[4096] = "";
	size_t length = 0;
	struct reader reader;

	(void)state;
	reader_open_good(&reader, "switch", three);
	assert_int_equal(reader_frame(&reader, 1000), 0);
	for (int i = 0; i < 301; i++)
		length += (size_t)snprintf(
		    play + length, sizeof(play) - length, "1000 0=%d ", i & 1);
	emulated_set("strip_play", "%s", play);
	sleep(1);
	for (int i = 0; i < 75; i++)
		assert_int_equal(reader_frame(&reader, 1000), 0);
	assert_int_equal(closed(&reader), 1);
	reader_close(&reader);
}

static void a_strip_pulled_out_is_told_and_opened_again(void **state)
{
	struct reader reader;

	(void)state;
	reader_open_good(&reader, "switch", three);
	assert_int_equal(reader_frame(&reader, 1000), 0);
	emulated_set("strip_live", "0");
	assert_int_equal(reader_frame(&reader, 1000), -ENODEV);
	reader.device.driver->close(&reader.device);
	assert_int_equal(reader.device.driver->open(&reader.device, &reader.err), -ENOENT);
	reader.device.driver->close(&reader.device);
	emulated_set("strip_live", "1");
	emulated_set("strip_play", "2=0");
	assert_int_equal(reader.device.driver->open(&reader.device, &reader.err), 0);
	assert_int_equal(reader_frame(&reader, 1000), 0);
	assert_int_equal(closed(&reader), 4);
	reader_close(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(every_edge_comes_in_its_order, set_up),
	    cmocka_unit_test_setup(other_lines_are_not_heard, set_up),
	    cmocka_unit_test_setup(each_change_counts_once, set_up),
	    cmocka_unit_test_setup(what_is_shorter_than_the_debouncing_is_nothing, set_up),
	    cmocka_unit_test_setup(frames_hold_the_debounced_state, set_up),
	    cmocka_unit_test_setup(a_switch_that_was_closed_before_is_closed, set_up),
	    cmocka_unit_test_setup(a_switch_without_rest_holds_up_nothing, set_up),
	    cmocka_unit_test_setup(lost_edges_are_made_up_for, set_up),
	    cmocka_unit_test_setup(a_strip_pulled_out_is_told_and_opened_again, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
