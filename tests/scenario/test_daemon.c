/* lumbard as it is started by people: what it does when things go wrong around it. */
#include "process.h"
#include "store/query.h"
#include "support.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BED "[surface bed]\nkind = bed\ndriver = sim\nsim.plan = rest\n"

struct scene {
	char *config, *database, *status, *log;
};

static void write_config(const struct scene *scene, const char *surfaces)
{
	FILE *file = fopen(scene->config, "w");

	if (!file)
		abort();
	fprintf(file, "[lumbard]\ndatabase = %s\nstatus_file = %s\n%s", scene->database,
	    scene->status, surfaces);
	fclose(file);
}

static char *named(const char *name, const char *ending)
{
	char whole[96];

	snprintf(whole, sizeof(whole), "%s.%s", name, ending);
	return scratch_path(whole);
}

static struct scene make_scene(const char *name, const char *surfaces)
{
	struct scene scene = {
	    named(name, "conf"), named(name, "db"), named(name, "json"), named(name, "log")};

	write_config(&scene, surfaces);
	return scene;
}

static void end_scene(struct scene *scene)
{
	free(scene->config);
	free(scene->database);
	free(scene->status);
	free(scene->log);
}

static pid_t start(const struct scene *scene)
{
	return process_start(
	    "lumbard", scene->log, (const char *[]){"lumbard", "-c", scene->config, NULL});
}

static int stop(pid_t pid)
{
	kill(pid, SIGTERM);
	return process_wait(pid, 10);
}

static void assert_log(const struct scene *scene, const char *text)
{
	if (!file_says(scene->log, text, 8)) {
		char *log = file_text(scene->log);
		fail_msg("the log lacks \"%s\":\n%s", text, log);
	}
}

static void frames_become_states_and_rows(void **state)
{
	(void)state;
	struct scene scene = make_scene("good", BED "sim.speed = 20\n");
	pid_t pid = start(&scene);

	assert_true(file_says(scene.status, "\"state\":\"person\"", 10));
	json_t *root = json_load_file(scene.status, 0, NULL);
	json_t *bed = json_array_get(json_object_get(root, "surfaces"), 0);
	assert_string_equal(json_string_value(json_object_get(bed, "unit")), "relative");
	const char *warning = json_string_value(
	    json_object_get(json_object_get(bed, "calibration"), "warning"));
	assert_non_null(warning);
	assert_non_null(strstr(warning, "lumbar calibrate bed"));
	assert_int_equal(json_array_size(json_object_get(bed, "map")), 16);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(root, "store"), "state")), "good");
	json_decref(root);
	char *log = named("good", "status");
	const char *const status[] = {"lumbar", "status", "--json", "--file", scene.status, NULL};
	assert_int_equal(process_run("lumbar", log, status, 5), 0);
	assert_true(file_says(log, "\"person\"", 1));
	assert_int_equal(stop(pid), 0);
	assert_int_not_equal(access(scene.status, F_OK), 0);
	assert_int_equal(process_run("lumbar", log, status, 5), 1);
	assert_true(file_says(log, "lumbard is not running?", 1));

	struct store *store;
	struct stored_epoch *epochs;
	size_t n;
	double seconds = 0;
	assert_int_equal(store_open(&store, scene.database, STORE_READ, NULL), 0);
	assert_int_equal(query_epochs(store, 0, INT64_MAX, &epochs, &n, NULL), 0);
	for (size_t i = 0; i < n; i++)
		seconds += (double)epochs[i].epoch.observed_s;
	assert_true(seconds > 10);
	free(epochs);
	store_close(store, NULL);
	free(log);
	end_scene(&scene);
}

static void a_bad_file_is_refused_at_the_start(void **state)
{
	(void)state;
	struct scene scene = make_scene("bad", BED "sim.plan = party\n");

	assert_int_equal(process_wait(start(&scene), 5), 1);
	assert_log(&scene, "sim.plan = party: stands already");
	assert_int_not_equal(access(scene.database, F_OK), 0);
	end_scene(&scene);
}

static void a_bad_file_at_a_reload_changes_nothing(void **state)
{
	(void)state;
	struct scene scene = make_scene("reload", BED);
	pid_t pid = start(&scene);

	assert_true(file_says(scene.status, "\"phase\":\"reading\"", 10));
	write_config(&scene, BED "colour = red\n");
	kill(pid, SIGHUP);
	assert_log(&scene, "colour = red: unknown key");
	assert_log(&scene, "the old configuration stays");
	assert_true(file_says(scene.status, "\"opens\":1", 3));
	/* A good one: the bed runs on (its source is not opened again), the chair is begun. */
	write_config(&scene, BED "[surface chair]\nkind = seat\ndriver = sim\nsim.plan = feed\n");
	kill(pid, SIGHUP);
	assert_log(&scene, "chair: begun");
	assert_true(file_says(scene.status, "\"chair\"", 5));
	char *log = file_text(scene.log);
	assert_null(strstr(log, "bed: ended"));
	free(log);
	/* And one in which the bed is read in another way. */
	write_config(&scene, BED "sim.seed = 9\n");
	kill(pid, SIGHUP);
	assert_log(&scene, "bed: begun");
	assert_log(&scene, "chair: ended");
	assert_int_equal(stop(pid), 0);
	end_scene(&scene);
}

static void two_daemons_do_not_share_a_database(void **state)
{
	(void)state;
	struct scene scene = make_scene("first", BED);
	struct scene second = make_scene("second", BED);
	pid_t pid = start(&scene);

	assert_true(file_says(scene.status, "reading", 10));
	const char *const argv[] = {
	    "lumbard", "-c", second.config, "--database", scene.database, NULL};
	assert_int_equal(process_run("lumbard", second.log, argv, 5), 1);
	assert_log(&second, "already in use by process");
	assert_int_equal(stop(pid), 0);
	end_scene(&scene);
	end_scene(&second);
}

/* A port that nobody listens on now. */
static int free_port(void)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, size) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		abort();
	close(fd);
	return ntohs(address.sin_port);
}

static void a_mat_that_is_not_there_is_tried_again(void **state)
{
	(void)state;
	struct scene scene = make_scene("late", "");
	char *log = named("late", "serve");
	char section[256], address[32];
	int port = free_port();

	snprintf(section, sizeof(section),
	    "[surface bed]\nkind = bed\ndriver = modbus\nmodbus.profile = overlay-32x16\n"
	    "modbus.port = %d\npipeline.gap = 1 s\n",
	    port);
	snprintf(address, sizeof(address), "tcp:%d", port);
	write_config(&scene, section);
	pid_t pid = start(&scene);
	assert_true(file_says(scene.status, "\"phase\":\"waiting\"", 5));
	assert_true(file_says(scene.status, "\"state\":\"no_data\"", 1));
	assert_log(&scene, "it is tried again until it works");
	const char *const serve[] = {
	    "lumbar", "simulate", "--serve", address, "--profile", "overlay-32x16", NULL};
	pid_t server = process_start("lumbar", log, serve);
	assert_log(&scene, "frames arrive again");
	assert_true(file_says(scene.status, "\"phase\":\"reading\"", 5));
	kill(server, SIGTERM); /* the mat falls silent */
	process_wait(server, 5);
	assert_true(file_says(scene.status, "\"state\":\"no_data\"", 10));
	assert_log(&scene, "no frames arrive: look at the cable");
	assert_int_equal(stop(pid), 0);
	free(log);
	end_scene(&scene);
}

/* How often the text stands in the file. */
static size_t count_in(const char *path, const char *text)
{
	char *whole = file_text(path);
	size_t n = 0;

	for (const char *at = whole; (at = strstr(at, text)); at++)
		n++;
	free(whole);
	return n;
}

static void an_indicator_without_a_chip_is_said_once_and_nothing_else(void **state)
{
	(void)state;
	static const char led[] = BED
	    "[indicator led]\nsurfaces = bed\nchip = /dev/no-such-chip\nline = 18\n";
	struct scene scene = make_scene("led", led);
	char *log = named("led", "status");
	pid_t pid = start(&scene);

	assert_true(file_says(scene.status, "\"phase\":\"reading\"", 10));
	assert_true(file_says(scene.status, "\"state\":\"failed\"", 5));
	assert_log(&scene, "indicator led: GPIO chip /dev/no-such-chip: No such file");
	const char *const status[] = {"lumbar", "status", "--file", scene.status, NULL};
	assert_int_equal(process_run("lumbar", log, status, 5), 0);
	assert_true(file_says(log, "indicator led: failed", 1));
	assert_int_equal(count_in(scene.log, "/dev/no-such-chip"), 1);
	/* Without its line it is off; that is no fault, and not said. */
	write_config(&scene, BED "[indicator led]\nsurfaces = bed\n");
	kill(pid, SIGHUP);
	assert_true(file_says(scene.status, "\"state\":\"off\"", 8));
	char *text = file_text(scene.log);
	assert_null(strstr(text, "bed: ended"));
	free(text);
	assert_int_equal(count_in(scene.log, "indicator led"), 1);
	assert_int_equal(stop(pid), 0);
	free(log);
	end_scene(&scene);
}

static void a_cue_is_played_by_a_command(void **state)
{
	(void)state;
	struct scene scene = make_scene("play",
	    BED "[indicator led]\nsurfaces = bed\nchip = /dev/no-such-chip\nline = 18\n"
	        "[indicator off]\nsurfaces = bed\n");
	static const struct {
		const char *name, *option, *value, *expected;
		int status;
	} table[] = {
	    {"led", NULL, NULL, "GPIO chip /dev/no-such-chip: No such file", 1},
	    {"off", NULL, NULL, "[indicator off] has no line, so it is off; add one", 1},
	    {"motor", NULL, NULL, "no [indicator motor]; there are: led, off", 1},
	    {"led", "--notice", "party", "--notice party: give posture, sitting", 2},
	    {"led", "more", NULL, "usage: lumbar indicator NAME", 2},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *const argv[] = {"lumbar", "indicator", table[i].name, "-c",
		    scene.config, table[i].option, table[i].value, NULL};
		assert_int_equal(process_run("lumbar", scene.log, argv, 5), table[i].status);
		assert_log(&scene, table[i].expected);
	}
	const char *const check[] = {"lumbar", "check", scene.config, NULL};
	assert_int_equal(process_run("lumbar", scene.log, check, 5), 0);
	assert_log(&scene, "good, 1 surface, 2 indicators");
	assert_log(&scene, "indicator off: no line is given, so it is off");
	end_scene(&scene);
}

static void the_command_line_is_checked(void **state)
{
	(void)state;
	char *log = named("usage", "log");

	assert_int_equal(
	    process_run("lumbard", log, (const char *[]){"lumbard", "--colour", NULL}, 5), 2);
	assert_int_equal(
	    process_run("lumbard", log, (const char *[]){"lumbard", "--run-for", "x", NULL}, 5), 2);
	assert_int_equal(
	    process_run("lumbard", log, (const char *[]){"lumbard", "--help", NULL}, 5), 0);
	assert_true(file_says(log, "usage: lumbard", 1));
	assert_int_equal(process_run("lumbard", log,
	                     (const char *[]){"lumbard", "--check", "-c", "/no/such", NULL}, 5),
	    1);
	assert_true(file_says(log, "/no/such: cannot be read", 1));
	free(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(frames_become_states_and_rows),
	    cmocka_unit_test(a_bad_file_is_refused_at_the_start),
	    cmocka_unit_test(a_bad_file_at_a_reload_changes_nothing),
	    cmocka_unit_test(two_daemons_do_not_share_a_database),
	    cmocka_unit_test(a_mat_that_is_not_there_is_tried_again),
	    cmocka_unit_test(an_indicator_without_a_chip_is_said_once_and_nothing_else),
	    cmocka_unit_test(a_cue_is_played_by_a_command),
	    cmocka_unit_test(the_command_line_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
