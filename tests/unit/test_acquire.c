/* Sources that fail: what is logged of them, and in whose words. */
#include "app/acquire.h"
#include "base/clock.h"
#include "base/log.h"
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define OPENS       3 /* of each source, so often */
#define PATIENCE_NS (60 * NS_PER_S)

/* A driver that fails at the first read, or at the second one. Its counters go up each time. */
struct failing {
	int n_reads;
};

static int open_failing(struct device *device, struct error *err)
{
	(void)device;
	(void)err;
	return 0;
}

static void close_failing(struct device *device)
{
	(void)device;
}

static int fail_now(struct device *device, int64_t deadline_ns, struct frame *out)
{
	(void)deadline_ns;
	(void)out;
	device->stats.timeouts++;
	snprintf(device->stats.fault, sizeof(device->stats.fault), "unit 1 is silent");
	return -EIO;
}

static int fail_second(struct device *device, int64_t deadline_ns, struct frame *out)
{
	struct failing *failing = device->state;

	if (failing->n_reads++ > 0)
		return fail_now(device, deadline_ns, out);
	out->counts[0] = 1;
	out->mono_ns = clock_mono_ns();
	return 0;
}

static const struct driver silent = {.name = "silent",
    .state_size = sizeof(struct failing),
    .open = open_failing,
    .read = fail_now,
    .close = close_failing};
static const struct driver flapping = {.name = "flapping",
    .state_size = sizeof(struct failing),
    .open = open_failing,
    .read = fail_second,
    .close = close_failing};

static struct surface_config *configure(const struct driver *driver)
{
	struct surface surface = {.kind = SURFACE_STRIP,
	    .rows = 1,
	    .cols = 1,
	    .n_cells = 1,
	    .pitch_mm = 10,
	    .full_scale_counts = 10,
	    .rate_hz = 10};

	snprintf(surface.name, sizeof(surface.name), "%s", driver->name);
	struct surface_config *config = surface_config_create(&surface);
	assert_non_null(config);
	config->driver = driver;
	return config;
}

/* Waits until the source was opened OPENS times. */
static void await_opens(struct acquire *acquire, struct acquire_state *state)
{
	int64_t end_ns = clock_mono_ns() + PATIENCE_NS;

	do {
		usleep(10000);
		acquire_state(acquire, state);
	} while (state->opens < OPENS && clock_mono_ns() < end_ns);
}

/* Reads both meanwhile; what is logged goes to path. */
static void run(const struct driver *const *both, const char *path, struct acquire_state *states)
{
	struct surface_config *configs[2];
	struct acquire *acquires[2];
	int wake = eventfd(0, EFD_NONBLOCK), before = dup(STDERR_FILENO);
	FILE *log = fopen(path, "w");

	assert_true(log && before >= 0 && wake >= 0);
	dup2(fileno(log), STDERR_FILENO);
	log_init(LOG_LEVEL_INFO);
	for (size_t i = 0; i < 2; i++) {
		configs[i] = configure(both[i]);
		assert_int_equal(
		    acquire_start(&acquires[i], configs[i], ACQUIRE_LIVE, wake, NULL), 0);
	}
	for (size_t i = 0; i < 2; i++)
		await_opens(acquires[i], &states[i]);
	for (size_t i = 0; i < 2; i++) {
		acquire_stop(acquires[i]);
		surface_config_destroy(configs[i]);
	}
	dup2(before, STDERR_FILENO);
	fclose(log);
	close(before);
	close(wake);
}

static size_t count(const char *text, const char *word)
{
	size_t n = 0;

	while ((text = strstr(text, word)) != NULL) {
		text++;
		n++;
	}
	return n;
}

/* A night has 4000 attempts at eight seconds. */
static void a_fault_that_stays_is_logged_now_and_then(void **state)
{
	static const struct driver *const both[] = {&silent, &flapping};
	struct acquire_state states[2];
	char *path = scratch_path("log"), text[4000] = "";

	(void)state;
	run(both, path, states);
	FILE *log = fopen(path, "r");
	assert_non_null(log);
	assert_true(fread(text, 1, sizeof(text) - 1, log) > 0);
	fclose(log);
	free(path);
	assert_true(states[0].opens >= OPENS && states[1].opens >= OPENS);
	assert_non_null(strstr(states[0].fault, "the source failed: unit 1 is silent"));
	assert_non_null(strstr(states[0].fault, "so far "));
	assert_int_equal(count(text, "silent: the source failed: unit 1 is silent"), 1);
	assert_int_equal(count(text, "silent: frames arrive again"), 0);
	assert_int_equal(count(text, "flapping: the source failed"), 1);
	assert_int_equal(count(text, "flapping: frames arrive again"), 1);
}

static int scripted;
static const char *words;

static int read_scripted(struct device *device, int64_t deadline_ns, struct frame *out)
{
	(void)deadline_ns;
	(void)out;
	if (*words)
		snprintf(device->stats.fault, sizeof(device->stats.fault), "%s", words);
	return scripted;
}

static void words_are_of_the_fault_that_lasts(void **state)
{
	static const struct {
		int result;
		const char *words, *said; /* said NULL: not asked */
	} steps[] = {
	    {-EBADMSG, "bits are lost", "what: bits are lost: Bad message"},
	    {-ETIMEDOUT, "", "what: bits are lost: Connection timed out"},
	    {-EIO, "", "what: Input/output error"},
	    {-EIO, "no answer", "what: no answer: Input/output error"},
	    {0, "", NULL},
	    {-ETIMEDOUT, "", "what: Connection timed out"},
	};
	static const struct driver driver = {.name = "scripted", .read = read_scripted};
	struct device device = {.driver = &driver};
	struct source_fault fault = {0};
	struct frame frame = {0};
	char text[SOURCE_FAULT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		scripted = steps[i].result;
		words = steps[i].words;
		assert_int_equal(source_read(&device, 0, &frame, &fault), steps[i].result);
		source_word(&fault, &device.stats, "what", steps[i].result, text);
		if (steps[i].said)
			assert_string_equal(text, steps[i].said);
	}
	assert_string_equal(device.stats.fault, "no answer"); /* the last one, whenever it was */
}

static void a_slow_source_is_not_given_up_too_soon(void **state)
{
	struct surface surface = {.rate_hz = 0.05F};

	(void)state;
	assert_true(llabs(source_silent_ns(&surface) - 75 * NS_PER_S) < NS_PER_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_fault_that_stays_is_logged_now_and_then),
	    cmocka_unit_test(words_are_of_the_fault_that_lasts),
	    cmocka_unit_test(a_slow_source_is_not_given_up_too_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
