/*
 * One contract for every registered driver: opening, failing to open, waiting no longer than it
 * may, closing, two at once, an end, counts that are numbers. A driver without a row in `subjects`
 * fails here.
 */
#include "drivers/driver.h"
#include "support.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "drivers/modbus_server.h"
#include "tests/fakes/hx711_fake.h"
#include "tests/fakes/matrix_fake.h"

/* A driver may come back this much after its deadline: one bus exchange, a busy machine. */
#define SLACK_NS (400 * NS_PER_MS)

/* The mat that all of them show: 4 x 3 cells. */
static const char profile[] = "[mat]\nname = contract\nkind = bed\nrows = 4\ncols = 3\n"
                              "pitch = 50\nfull_scale = 1000\nrate = 50\n"
                              "[registers]\nfunction = 3\nbase = 10\ntype = u16\nblock = 5\n"
                              "counter = 100\n"
                              "[line]\nresponse_timeout = 150 ms\nbyte_timeout = 50 ms\n";
static const char frames[] = "1 2 3 4 5 6 7 8 9 10 11 12\n2 2 3 4 5 6 7 8 9 10 11 13\n"
                             "3 2 3 4 5 6 7 8 9 10 11 14\n4 2 3 4 5 6 7 8 9 10 11 15\n";

struct setting {
	const char *key, *value;
};

struct subject {
	const char *name;
	struct setting good[8]; /* %s: this test's own file or port */
	struct setting bad[8];  /* these make open() fail */
	bool ends;              /* -ENODATA after the last frame */
	bool can_wait;          /* with `slow` there is no second frame within 100 ms */
	struct setting slow;
};

static const struct subject subjects[] = {
    {
        .name = "hx711",
        .good = {{"chip", "fake"}, {"data", "5"}, {"clock", "6"}, {"rate", "80"}},
        .bad = {{"chip", "no such chip"}, {"data", "5"}, {"clock", "6"}},
    },
    {
        .name = "modbus",
        .good = {{"profile", "%profile"}, {"port", "%port"}},
        .bad = {{"profile", "%profile"}, {"port", "1"}},
    },
    {
        .name = "switch",
        .good = {{"chip", "fake"}, {"lines", "20 21"}, {"rate", "50"}},
        .bad = {{"chip", "no such chip"}, {"lines", "20 21"}},
        .can_wait = true,
        .slow = {"rate", "1"},
    },
    {
        .name = "matrix",
        .good = {{"chip", "fake"}, {"rows", "4"}, {"cols", "3"}, {"row_lines", "30 31"},
            {"col_lines", "32 33"}, {"spi_lines", "34 35 36 37"}, {"rate", "50"}},
        .bad = {{"chip", "fake"}, {"rows", "4"}, {"cols", "3"}, {"row_lines", "30 31"},
            {"col_lines", "32 33"}, {"spi", "/nowhere/spidev0.0"}},
        .can_wait = true,
        .slow = {"rate", "1"},
    },
    {
        .name = "replay",
        .good = {{"file", "%frames"}, {"rows", "4"}, {"cols", "3"}, {"rate", "50"}},
        .bad = {{"file", "/nowhere/frames.txt"}, {"rows", "4"}, {"cols", "3"}},
        .ends = true,
        .can_wait = true,
        .slow = {"rate", "1"},
    },
    {
        .name = "sim",
        .good = {{"rows", "16"}, {"cols", "8"}, {"rate", "50"}},
        .bad = {{"start", "yesterday"}},
        .can_wait = true,
        .slow = {"rate", "1"},
    },
};

static const struct subject *subject_of(const struct driver *driver)
{
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		if (strcmp(subjects[i].name, driver->name) == 0)
			return &subjects[i];
	fail_msg("driver %s has no row in tests/contract/test_drivers.c", driver->name);
	return &subjects[0];
}

/* ---- the slave that the modbus driver reads ------------------------------------------- */

static struct modbus_server *server;
static pthread_t server_thread;
static atomic_bool server_stops;
static char *profile_path, *frames_path;
static char port[8];

/* What hangs on the GPIO lines of the others. */
static struct fake_hx711 amplifier = {
    .data = "5",
    .clock = "6",
    .period_ns = NS_PER_S / 80,
    .settle_ns = 50 * NS_PER_MS,
    .samples = {4711},
};
static struct fake_matrix mat = {.rows = 4, .cols = 3, .bits = 12, .per_channel = 4};
static struct fake_part amplifier_part, mat_part = {.next = &amplifier_part};

static void *serve(void *user)
{
	float counts[12];

	(void)user;
	for (int k = 0; !atomic_load(&server_stops); k++) {
		for (size_t i = 0; i < 12; i++)
			counts[i] = (float)(k % 500 + (int)i);
		modbus_server_set_frame(server, counts);
		modbus_server_run(server, clock_mono_ns() + 40 * NS_PER_MS, NULL);
	}
	return NULL;
}

static int set_up(void **state)
{
	struct modbus_map map;
	struct error err = {0};

	(void)state;
	fake_hx711_init(&amplifier, &amplifier_part);
	fake_matrix_init(&mat, &mat_part, false, "30 31", "", "32 33", "", "34 35 36 37");
	fake_lines_plug(&mat_part);
	profile_path = scratch_file("contract.ini", profile);
	frames_path = scratch_file("contract.txt", frames);
	if (modbus_map_load(&map, profile_path, &err) < 0 ||
	    modbus_server_open(&server, "tcp:0", &map, &err) < 0) {
		print_error("%s\n", err.text);
		return -1;
	}
	snprintf(port, sizeof(port), "%s", strrchr(modbus_server_where(server), ':') + 1);
	return pthread_create(&server_thread, NULL, serve, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	atomic_store(&server_stops, true);
	pthread_join(server_thread, NULL);
	modbus_server_close(server);
	free(profile_path);
	free(frames_path);
	return 0;
}

/* ---- a device as the host makes it ---------------------------------------------------- */

struct instance {
	struct options options;
	struct surface surface;
	struct device device;
	struct frame frame;
};

static const char *expand(const char *value)
{
	if (strcmp(value, "%profile") == 0)
		return profile_path;
	if (strcmp(value, "%frames") == 0)
		return frames_path;
	return strcmp(value, "%port") == 0 ? port : value;
}

static void set(struct instance *instance, const struct setting *setting)
{
	struct error err = {0};

	if (options_set(&instance->options, setting->key, expand(setting->value),
	        &(struct place){.key = setting->key}, &err) < 0)
		fail_msg("%s", err.text);
}

/* Everything up to open(), whose result is given; describe() may refuse already. */
static int try_open(struct instance *instance, const struct driver *driver,
    const struct setting *settings, const struct setting *more, struct error *err)
{
	*instance = (struct instance){.surface = {.name = "mat", .kind = SURFACE_BED}};
	options_init(&instance->options, driver->options);
	for (size_t i = 0; i < 8 && settings[i].key; i++)
		set(instance, &settings[i]);
	if (more)
		set(instance, more);
	assert_int_equal(options_complete(&instance->options, &(struct place){0}, err), 0);
	instance->device = (struct device){
	    .driver = driver,
	    .surface = &instance->surface,
	    .options = &instance->options,
	    .state = calloc(1, driver->state_size),
	};
	assert_non_null(instance->device.state);
	int result = driver->describe
	                 ? driver->describe(&instance->options, &instance->surface, err)
	                 : 0;
	if (result < 0)
		return result;
	assert_true(
	    instance->surface.n_cells > 0 && instance->surface.n_cells <= SURFACE_CELLS_MAX);
	assert_true(instance->surface.full_scale_counts > 0 && instance->surface.rate_hz > 0);
	instance->frame.counts = calloc(instance->surface.n_cells, sizeof(float));
	return driver->open(&instance->device, err);
}

static void open_good(
    struct instance *instance, const struct driver *driver, const struct setting *more)
{
	struct error err = {0};

	if (try_open(instance, driver, subject_of(driver)->good, more, &err) < 0)
		fail_msg("%s: %s", driver->name, err.text);
}

static void finish(struct instance *instance)
{
	free(instance->device.state);
	free(instance->frame.counts);
	*instance = (struct instance){0};
}

static void close_it(struct instance *instance)
{
	instance->device.driver->close(&instance->device);
	finish(instance);
}

/* Reads until a frame comes, for 2 s; every result on the way must be a legal one. */
static int read_frame(struct instance *instance)
{
	int64_t end_ns = clock_mono_ns() + 2 * NS_PER_S;
	int result;

	do {
		int64_t deadline_ns = clock_mono_ns() + 200 * NS_PER_MS;
		result = instance->device.driver->read(
		    &instance->device, deadline_ns, &instance->frame);
		assert_true(clock_mono_ns() < deadline_ns + SLACK_NS);
		assert_true(result == 0 || result == -ETIMEDOUT || result == -EBADMSG ||
		            result == -ERANGE || result == -ENODATA);
	} while (result < 0 && result != -ENODATA && clock_mono_ns() < end_ns);
	return result;
}

/* ---- the contract --------------------------------------------------------------------- */

static void test_tables_are_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; drivers[i]; i++) {
		struct options options;
		assert_ptr_equal(driver_find(drivers[i]->name), drivers[i]);
		assert_true(strlen(drivers[i]->summary) > 10);
		assert_true(drivers[i]->state_size > 0);
		options_init(&options, drivers[i]->options); /* asserts that fallbacks are legal */
		for (const struct option_spec *spec = drivers[i]->options; spec->key; spec++)
			assert_true(spec->help && *spec->help);
	}
	assert_null(driver_find("no such driver"));
	assert_null(driver_find(""));
}

static void test_frames_are_whole_and_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; drivers[i]; i++) {
		struct instance instance;
		open_good(&instance, drivers[i], NULL);
		int64_t last_ns = 0;
		for (uint32_t k = 0; k < 4; k++) {
			assert_int_equal(read_frame(&instance), 0);
			assert_int_equal(instance.frame.n_cells, instance.surface.n_cells);
			assert_int_equal(instance.frame.sequence, k);
			assert_true(instance.frame.mono_ns > last_ns);
			assert_true(llabs(instance.frame.mono_ns - clock_mono_ns()) < NS_PER_S);
			last_ns = instance.frame.mono_ns;
			for (size_t c = 0; c < instance.surface.n_cells; c++)
				assert_true(isfinite(instance.frame.counts[c]));
		}
		assert_int_equal(instance.device.stats.frames, 4);
		assert_true(instance.device.stats.requests >= 4);
		close_it(&instance);
	}
}

static void test_opening_fails_with_words_and_may_be_closed(void **state)
{
	(void)state;
	for (size_t i = 0; drivers[i]; i++) {
		struct instance instance;
		struct error err = {0};
		int result = try_open(
		    &instance, drivers[i], subject_of(drivers[i])->bad, NULL, &err);
		assert_true(result < 0);
		assert_int_equal(err.code, result);
		assert_true(strlen(err.text) > 10);
		drivers[i]->close(&instance.device);
		const char *bytes = instance.device.state;
		for (size_t b = 0; b < drivers[i]->state_size; b++)
			assert_int_equal(bytes[b], 0); /* ready to be opened again */
		finish(&instance);
	}
}

static void test_closing_lets_it_be_opened_again(void **state)
{
	(void)state;
	for (size_t i = 0; drivers[i]; i++) {
		struct instance instance;
		open_good(&instance, drivers[i], NULL);
		for (int round = 0; round < 3; round++) {
			assert_int_equal(read_frame(&instance), 0);
			drivers[i]->close(&instance.device);
			assert_int_equal(drivers[i]->open(&instance.device, NULL), 0);
		}
		close_it(&instance);
	}
}

static void test_two_of_a_kind_do_not_meet(void **state)
{
	(void)state;
	for (size_t i = 0; drivers[i]; i++) {
		struct instance one, two;
		open_good(&one, drivers[i], NULL);
		open_good(&two, drivers[i], NULL);
		for (uint32_t k = 0; k < 3; k++) {
			assert_int_equal(read_frame(&one), 0);
			assert_int_equal(one.frame.sequence, k);
			if (k < 2)
				assert_int_equal(read_frame(&two), 0);
		}
		close_it(&one);
		assert_int_equal(read_frame(&two), 0);
		assert_int_equal(two.frame.sequence, 2);
		close_it(&two);
	}
}

static void test_waiting_ends_at_the_deadline(void **state)
{
	(void)state;
	for (size_t i = 0; drivers[i]; i++) {
		const struct subject *subject = subject_of(drivers[i]);
		struct instance instance;
		if (!subject->can_wait)
			continue;
		open_good(&instance, drivers[i], &subject->slow);
		assert_int_equal(read_frame(&instance), 0);
		int64_t begun_ns = clock_mono_ns();
		int result = drivers[i]->read(
		    &instance.device, begun_ns + 100 * NS_PER_MS, &instance.frame);
		int64_t took_ns = clock_mono_ns() - begun_ns;
		assert_int_equal(result, -ETIMEDOUT);
		assert_true(took_ns >= 95 * NS_PER_MS && took_ns < 100 * NS_PER_MS + SLACK_NS);
		/* a deadline that is over gives no frame and no wait; the frame comes later */
		assert_int_equal(
		    drivers[i]->read(&instance.device, begun_ns, &instance.frame), -ETIMEDOUT);
		assert_true(clock_mono_ns() - begun_ns < 100 * NS_PER_MS + 2 * SLACK_NS);
		assert_int_equal(read_frame(&instance), 0);
		assert_int_equal(instance.frame.sequence, 1);
		close_it(&instance);
	}
}

static void test_the_end_is_said_again_and_again(void **state)
{
	(void)state;
	for (size_t i = 0; drivers[i]; i++) {
		struct instance instance;
		int n = 0, result;
		if (!subject_of(drivers[i])->ends)
			continue;
		open_good(&instance, drivers[i], NULL);
		while ((result = read_frame(&instance)) == 0)
			n++;
		assert_int_equal(n, 4);
		assert_int_equal(result, -ENODATA);
		assert_int_equal(read_frame(&instance), -ENODATA);
		close_it(&instance);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tables_are_in_order),
	    cmocka_unit_test(test_frames_are_whole_and_in_order),
	    cmocka_unit_test(test_opening_fails_with_words_and_may_be_closed),
	    cmocka_unit_test(test_closing_lets_it_be_opened_again),
	    cmocka_unit_test(test_two_of_a_kind_do_not_meet),
	    cmocka_unit_test(test_waiting_ends_at_the_deadline),
	    cmocka_unit_test(test_the_end_is_said_again_and_again),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
