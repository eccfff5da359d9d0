/*
 * lumbard's indicator on a line of gpio-sim, in a kernel under test: somebody sits for too long, and
 * the line goes up and down as the pattern says; it is off and free at the end, also after a crash.
 */
#include "process.h"
#include "support.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHIP "/sys/kernel/config/gpio-sim/indicator"

/* The programs' timers and this one's looks are a few ms late each, by the kernel's own clock. */
enum { LOOK_MS = 2, LATE_MS = 25 };

static char value_path[256];

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail_msg("%s = %s: %s", path, text, strerror(errno));
	close(fd);
}

static int make_chip(void **state)
{
	glob_t found;

	(void)state;
	if (mkdir(CHIP, 0755) < 0 || mkdir(CHIP "/bank0", 0755) < 0)
		return -1;
	put(CHIP "/bank0/num_lines", "8");
	put(CHIP "/bank0/label", "indicator");
	put(CHIP "/live", "1");
	int result = glob(
	    "/sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio3/value", 0, NULL, &found);
	if (result == 0)
		snprintf(value_path, sizeof(value_path), "%s", found.gl_pathv[0]);
	globfree(&found);
	return result;
}

static int value(void)
{
	char text[4] = "";
	int fd = open(value_path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 1)
		fail_msg("%s: %s", value_path, strerror(errno));
	close(fd);
	return text[0] == '1';
}

/* How long the line stays as it is, in ms; limit_ms when it does not change before. */
static int lasts_ms(int limit_ms)
{
	int64_t begun_ns = clock_mono_ns();
	int before = value(), ms = 0;

	while (ms < limit_ms && value() == before) {
		usleep(LOOK_MS * 1000);
		ms = (int)((clock_mono_ns() - begun_ns) / NS_PER_MS);
	}
	return ms;
}

/* The line is on now; it follows the times, on and off in turn, and is off then. */
static void expect_pattern(const int *times_ms, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(value(), i % 2 == 0);
		int ms = lasts_ms(5000);
		if (ms < times_ms[i] - LATE_MS || ms > times_ms[i] + LATE_MS)
			fail_msg("time %zu lasts %d ms, not %d", i, ms, times_ms[i]);
	}
	assert_int_equal(value(), 0);
}

/* ---- the programs -------------------------------------------------------------------------- */

struct scene {
	char *config, *database, *status, *log;
	pid_t daemon;
};

/* She sits from the start on, and a minute is too long. */
static struct scene make_scene(const char *name, const char *sitting)
{
	char text[1024], file[32];
	struct scene scene = {0};

	snprintf(file, sizeof(file), "%s.db", name);
	scene.database = scratch_path(file);
	snprintf(file, sizeof(file), "%s.json", name);
	scene.status = scratch_path(file);
	snprintf(file, sizeof(file), "%s.log", name);
	scene.log = scratch_path(file);
	snprintf(text, sizeof(text),
	    "[lumbard]\ndatabase = %s\nstatus_file = %s\n"
	    "[surface chair]\nkind = seat\ndriver = sim\nsim.plan = feed\nsim.rate = 2\n"
	    "prolonged_sitting.limit = 1 min\nfeeding_posture.enabled = no\n"
	    "sideways_lean.enabled = no\n"
	    "[indicator led]\nchip = indicator\nline = 3\nsurfaces = chair\nsitting = %s\n"
	    "at_most_every = 1 min\nposture = 100 50 100\nbending = none\n",
	    scene.database, scene.status, sitting);
	snprintf(file, sizeof(file), "%s.conf", name);
	scene.config = scratch_file(file, text);
	return scene;
}

static void start(struct scene *scene)
{
	scene->daemon = process_start(
	    "lumbard", scene->log, (const char *[]){"lumbard", "-c", scene->config, NULL});
	if (!file_says(scene->status, "\"state\":\"ready\"", 30))
		fail_msg("%s", file_text(scene->log));
}

static void end(struct scene *scene)
{
	free(scene->config);
	free(scene->database);
	free(scene->status);
	free(scene->log);
}

static int play_posture(const struct scene *scene, const char *log)
{
	const char *const argv[] = {
	    "lumbar", "indicator", "led", "-c", scene->config, "--notice", "posture", NULL};

	return process_run("lumbar", log, argv, 30);
}

static void expect_on_within_ms(const struct scene *scene, int ms)
{
	assert_int_equal(value(), 0);
	if (lasts_ms(ms) >= ms)
		fail_msg("no cue:\n%s\n%s", file_text(scene->status), file_text(scene->log));
}

static void who_sits_too_long_gets_a_cue(void **state)
{
	static const int expected[] = {600, 300, 600};
	struct scene scene = make_scene("cue", "600 300 600");
	char *log = scratch_path("cue-play.log");

	(void)state;
	start(&scene);
	expect_on_within_ms(&scene, 300000);
	expect_pattern(expected, 3);
	assert_true(file_says(scene.status, "\"last_cue\":{\"notice\":\"sitting\"", 5));
	/* The finding is brought up to date every five minutes; the cue is not given again. */
	for (int i = 0; i < 3300; i++, usleep(100000))
		assert_int_equal(value(), 0);
	assert_true(file_says(scene.status, "\"cues\":1,", 5));
	/* Its line is its own. */
	assert_int_equal(play_posture(&scene, log), 1);
	assert_true(file_says(log, "is held by \"lumbar\"", 1));
	kill(scene.daemon, SIGTERM);
	assert_int_equal(process_wait(scene.daemon, 30), 0);
	free(log);
	end(&scene);
}

static void a_stop_in_a_cue_switches_off(void **state)
{
	struct scene scene = make_scene("stop", "2000 20 2000");

	(void)state;
	start(&scene);
	expect_on_within_ms(&scene, 300000);
	kill(scene.daemon, SIGTERM);
	assert_in_range(lasts_ms(5000), 0, 1500);
	assert_int_equal(process_wait(scene.daemon, 30), 0);
	assert_int_equal(value(), 0);
	end(&scene);
}

/* This chip's lines then follow their pull, which is down. */
static void after_a_crash_the_kernel_has_the_line_back(void **state)
{
	struct scene scene = make_scene("crash", "2000 20 2000");
	char *log = scratch_path("crash-play.log");

	(void)state;
	start(&scene);
	expect_on_within_ms(&scene, 300000);
	kill(scene.daemon, SIGKILL);
	assert_in_range(lasts_ms(5000), 0, 1500);
	process_wait(scene.daemon, 30);
	assert_int_equal(play_posture(&scene, log), 0);
	free(log);
	end(&scene);
}

/* One after the other, those that have a pattern, with a pause between. */
static void the_command_plays_each_cue_once(void **state)
{
	static const int posture[] = {100, 50, 100}, sitting[] = {300}, lying[] = {600};
	struct scene scene = make_scene("play", "300");
	char *log = scratch_path("play.log");
	const char *const argv[] = {"lumbar", "indicator", "led", "-c", scene.config, NULL};
	pid_t player = process_start("lumbar", log, argv);

	(void)state;
	expect_on_within_ms(&scene, 30000);
	expect_pattern(posture, 3);
	assert_in_range(lasts_ms(5000), 1500 - LATE_MS, 1500 + LATE_MS);
	expect_pattern(sitting, 1);
	assert_in_range(lasts_ms(5000), 1500 - LATE_MS, 1500 + LATE_MS);
	expect_pattern(lying, 1);
	assert_int_equal(process_wait(player, 30), 0);
	assert_int_equal(value(), 0);
	char *said = file_text(log);
	assert_string_equal(said, "posture  100 50 100\nsitting  300\nlying    600\n"
	                          "bending  none\nfault    none\n");
	free(said);
	/* Interrupted in the middle, it leaves the line off. */
	player = process_start("lumbar", log, argv);
	expect_on_within_ms(&scene, 30000);
	kill(player, SIGINT);
	assert_int_equal(process_wait(player, 30), 0);
	assert_int_equal(value(), 0);
	free(log);
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_sits_too_long_gets_a_cue),
	    cmocka_unit_test(a_stop_in_a_cue_switches_off),
	    cmocka_unit_test(after_a_crash_the_kernel_has_the_line_back),
	    cmocka_unit_test(the_command_plays_each_cue_once),
	};

	return cmocka_run_group_tests(tests, make_chip, NULL);
}
