/* lumbar simulate and lumbar eval night, as a person runs them. */
#include "lumbar.h"
#include "support.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <netinet/in.h>

static char *read_all(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	char *bytes = NULL;
	size_t room = 0;

	assert_non_null(file);
	*size = 0;
	do {
		room = room ? 2 * room : 1 << 20;
		char *more = realloc(bytes, room);
		assert_non_null(more);
		bytes = more;
		*size += fread(bytes + *size, 1, room - *size, file);
	} while (*size == room);
	fclose(file);
	return bytes;
}

static void assert_same_bytes(const char *first, const char *second)
{
	size_t n_first, n_second;
	char *a = read_all(first, &n_first), *b = read_all(second, &n_second);

	assert_int_equal(n_first, n_second);
	assert_memory_equal(a, b, n_first);
	free(a);
	free(b);
}

static void test_same_seed_same_bytes(void **state)
{
	char *one = scratch_path("one.rec"), *two = scratch_path("two.rec");
	char *one_truth = scratch_path("one.rec.truth.csv");
	char *two_truth = scratch_path("two.rec.truth.csv");

	(void)state;
	assert_int_equal(lumbar_run("simulate --night --seed 4 --hours 2 -o %s", one), 0);
	assert_int_equal(lumbar_run("simulate --night --seed 4 --hours 2 -o %s", two), 0);
	assert_same_bytes(one, two);
	assert_same_bytes(one_truth, two_truth);
	free(one);
	free(two);
	free(one_truth);
	free(two_truth);
}

static void test_truth_has_a_row_a_second_and_surface(void **state)
{
	static const char header[] = "t_s,surface,occupied,posture,seat,breathing_per_min,"
	                             "heart_per_min,moving,happens\n";
	char *path = scratch_path("short.rec"), *truth = scratch_path("short.rec.truth.csv");
	size_t size, lines = 0;

	(void)state;
	assert_int_equal(lumbar_run("simulate --plan feed --hours 0.05 -o %s", path), 0);
	char *text = read_all(truth, &size);
	assert_memory_equal(text, header, sizeof(header) - 1);
	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	assert_int_equal(lines, 1 + 2 * 180);
	free(text);
	free(path);
	free(truth);
}

static double number_at(const json_t *root, const char *object, const char *key)
{
	const json_t *value = json_object_get(json_object_get(root, object), key);

	assert_true(json_is_number(value));
	return json_number_value(value);
}

/* A whole night: who is where is known to the second, and breathing to half a breath. */
static void test_a_night_is_read_as_it_is(void **state)
{
	char *path = scratch_path("night.rec");

	(void)state;
	assert_int_equal(lumbar_run("simulate --night --seed 2 -o %s", path), 0);
	json_t *root = lumbar_json("eval night '%s' --json", path);
	assert_true(number_at(root, "bed", "occupancy_accuracy") > 0.99);
	assert_true(number_at(root, "seat", "occupancy_accuracy") > 0.99);
	assert_true(number_at(root, "bed", "exits") > 1);
	assert_float_equal(
	    number_at(root, "bed", "exits_found"), number_at(root, "bed", "exits"), 0);
	assert_float_equal(number_at(root, "bed", "exits_false"), 0, 0);
	assert_true(number_at(root, "posture", "accuracy") > 0.95);
	assert_true(number_at(root, "seat_state", "accuracy") > 0.9);
	assert_true(number_at(root, "breathing", "mae") < 1);
	assert_true(number_at(root, "breathing", "coverage") > 0.9);
	/* Sleep is estimated for every minute in bed but the first few of a bed not met before. */
	double asleep = number_at(root, "sleep_estimated", "asleep_min");
	double awake = number_at(root, "sleep_estimated", "awake_min");
	assert_true(asleep > 300 && awake > 20);
	assert_true(number_at(root, "sleep_estimated", "unknown_min") < 0.02 * asleep);
	assert_true(number_at(root, "sleep_estimated", "sensitivity") > 0.85);
	assert_true(number_at(root, "sleep_estimated", "specificity") > 0.4);
	assert_true(number_at(root, "sleep_estimated", "kappa") > 0.3);
	json_decref(root);
	free(path);
}

static void test_wrong_command_lines(void **state)
{
	char *path = scratch_path("never.rec");

	(void)state;
	assert_int_equal(lumbar_run("simulate --help"), 0);
	assert_int_equal(lumbar_run("simulate"), 2);
	assert_int_equal(lumbar_run("simulate --serve tcp:0"), 2);
	assert_int_equal(lumbar_run("simulate --plan party -o %s", path), 2);
	assert_int_equal(lumbar_run("simulate --rate fast -o %s", path), 2);
	assert_int_equal(lumbar_run("simulate --rows 2.5 -o %s", path), 2);
	assert_int_equal(lumbar_run("simulate --seed -1 -o %s", path), 2);
	assert_int_equal(lumbar_run("simulate --start noon -o %s", path), 2);
	/* Endless without --hours, and a folder that is not there. */
	assert_int_equal(lumbar_run("simulate --plan rest -o %s", path), 1);
	assert_int_equal(lumbar_run("simulate -o /nowhere/x.rec"), 1);
	char *diary = scratch_file("diary.txt", "slept well");
	assert_int_equal(lumbar_run("simulate --plan feed --hours 0.01 -o %s", diary), 1);
	size_t n;
	char *kept = read_all(diary, &n);
	assert_int_equal(n, strlen("slept well"));
	assert_memory_equal(kept, "slept well", n);
	free(kept);
	free(diary);
	assert_int_equal(lumbar_run("eval night /nowhere/x.rec"), 1);
	free(path);
}

/* Starts a served mat and waits for where it listens. */
static pid_t serve(const char *address, char *where, int size)
{
	char *program = build_path("lumbar");
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execl(program, program, "simulate", "--serve", address, "--profile",
		    "calib/profiles/overlay-32x16.ini", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	FILE *out = fdopen(ends[0], "r");
	assert_non_null(fgets(where, size, out));
	fclose(out);
	free(program);
	return child;
}

static void stop(pid_t child, int signal)
{
	int status = -1;

	kill(child, signal);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Modbus TCP by hand: 16 input registers from 0, and what they must look like. */
static void test_serves_until_it_is_stopped(void **state)
{
	static const unsigned char request[] = {0, 7, 0, 0, 0, 6, 1, 4, 0, 0, 0, 16};
	unsigned char answer[9 + 32];
	char where[128] = "";
	unsigned port = 0;
	pid_t child = serve("tcp:0", where, sizeof(where));

	(void)state;
	assert_int_equal(sscanf(where, "listening on 127.0.0.1:%u", &port), 1);
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int line = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(line, (const struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(write(line, request, sizeof(request)), (ssize_t)sizeof(request));
	assert_int_equal(recv(line, answer, sizeof(answer), MSG_WAITALL), (ssize_t)sizeof(answer));
	assert_memory_equal(answer, "\0\7\0\0\0\43\1\4\40", 9);
	close(line);
	stop(child, SIGTERM);
}

static void test_serves_a_pseudo_terminal(void **state)
{
	char where[128] = "", path[64] = "";
	pid_t child = serve("rtu:pty", where, sizeof(where));

	(void)state;
	assert_int_equal(sscanf(where, "listening on %63s", path), 1);
	assert_int_equal(access(path, R_OK | W_OK), 0);
	stop(child, SIGINT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_same_seed_same_bytes),
	    cmocka_unit_test(test_truth_has_a_row_a_second_and_surface),
	    cmocka_unit_test(test_a_night_is_read_as_it_is),
	    cmocka_unit_test(test_wrong_command_lines),
	    cmocka_unit_test(test_serves_until_it_is_stopped),
	    cmocka_unit_test(test_serves_a_pseudo_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
