/*
 * The modbus driver against slaves that do not behave: silent units, refusals, answers that are
 * wrong, a device that goes away.
 */
#include "modbus_bench.h"
#include "support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

static struct modbus_bench bench;
static struct bench_mat *const mat = &bench.mat;

/* Unit 9 is not served: the others are still read, and it is asked less and less. */
static void test_a_silent_unit_does_not_starve_the_others(void **state)
{
	(void)state;
	bench_begin(&bench, "rtu:pty", "type = u16\nunits = 3", "type = u16\nunits = 9, 3", 5000);
	int64_t end_ns = clock_mono_ns() + 2500 * NS_PER_MS;
	while (clock_mono_ns() < end_ns)
		assert_int_equal(bench_read(mat, 500), -ETIMEDOUT);
	/* asked at 0 s and after 1 s; meanwhile the other's three blocks 100 times a second */
	assert_in_range(mat->device.stats.timeouts, 2, 3);
	assert_true(mat->device.stats.requests > 100);
	assert_int_equal(mat->device.stats.frames, 0); /* cells are never guessed */
	bench_end(&bench);
}

/* A register that the slave lacks. */
static void test_a_refusal_is_counted(void **state)
{
	(void)state;
	bench_begin(&bench, "tcp:0", "type = u16", "type = u16\ncounter = 5000", 5000);
	assert_int_equal(bench_read(mat, 500), -EBADMSG);
	assert_int_equal(mat->device.stats.exceptions, 1);
	bench_end(&bench);
}

static void test_not_a_number_is_impossible(void **state)
{
	(void)state;
	bench_begin(&bench, "tcp:0", "type = f32", NULL, 200);
	assert_int_equal(bench_read(mat, 1000), 0);
	atomic_store(&bench.slave.sick, true);
	int result = 0;
	for (int k = 0; k < 100 && result == 0; k++)
		result = bench_read(mat, 1000);
	assert_int_equal(result, -ERANGE);
	assert_int_equal(mat->device.stats.content_errors, 1);
	atomic_store(&bench.slave.sick, false);
	for (int k = 0; k < 100 && result != 0; k++)
		result = bench_read(mat, 1000);
	assert_int_equal(result, 0);
	bench_end(&bench);
}

/* Plain sockets that answer wrongly, each in one way; the frame after the wrong ones is good. */
enum misdeed { TOO_FEW, TOO_MANY, WRONG_FUNCTION, HALF, TRICKLE, HANG_UP, N_MISDEEDS };

struct liar {
	int listener;
	enum misdeed misdeed;
	pthread_t thread;
	atomic_bool stops;
};

static void lie(const struct liar *liar, int fd, const uint8_t *request)
{
	uint8_t answer[64] = {request[0], request[1], 0, 0, 0, 3 + 8, request[6], request[7], 8};
	size_t size = 9 + 8;

	if (liar->misdeed == TOO_FEW || liar->misdeed == TOO_MANY) {
		int n = liar->misdeed == TOO_FEW ? 6 : 12;
		answer[5] = (uint8_t)(3 + n);
		answer[8] = (uint8_t)n;
		size = 9 + (size_t)n;
	} else if (liar->misdeed == WRONG_FUNCTION) {
		answer[7] = 3;
	} else if (liar->misdeed == HALF) {
		size = 11;
	} else if (liar->misdeed == TRICKLE) {
		for (size_t i = 0; i < size && !atomic_load(&liar->stops); i++) {
			send(fd, answer + i, 1, MSG_NOSIGNAL);
			usleep(75000); /* never longer than the byte timeout */
		}
		return;
	}
	send(fd, answer, size, MSG_NOSIGNAL);
}

static void *run_liar(void *user)
{
	struct liar *liar = user;
	uint8_t request[12];

	while (!atomic_load(&liar->stops)) {
		int fd = accept(liar->listener, NULL, NULL);
		while (fd >= 0 && recv(fd, request, sizeof(request), MSG_WAITALL) == 12 &&
		       liar->misdeed != HANG_UP)
			lie(liar, fd, request);
		if (fd >= 0)
			close(fd);
	}
	return NULL;
}

static void test_wrong_answers_are_told_apart(void **state)
{
	static const struct {
		int result;
		size_t counter;
	} expected[N_MISDEEDS] = {
	    [TOO_FEW] = {-EBADMSG, offsetof(struct driver_stats, integrity_errors)},
	    [TOO_MANY] = {-EBADMSG, offsetof(struct driver_stats, integrity_errors)},
	    [WRONG_FUNCTION] = {-EBADMSG, offsetof(struct driver_stats, integrity_errors)},
	    [HALF] = {-ETIMEDOUT, offsetof(struct driver_stats, timeouts)},
	    [TRICKLE] = {-ETIMEDOUT, offsetof(struct driver_stats, timeouts)},
	    [HANG_UP] = {-EIO, offsetof(struct driver_stats, io_errors)},
	};
	char *path = bench_profile("type = u16");

	(void)state;
	for (int i = 0; i < N_MISDEEDS; i++) {
		struct sockaddr_in at = {
		    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		socklen_t size = sizeof(at);
		static struct liar liar; /* outlives a test that fails */
		liar = (struct liar){
		    .listener = socket(AF_INET, SOCK_STREAM, 0), .misdeed = (enum misdeed)i};
		char where[32];
		assert_int_equal(bind(liar.listener, (struct sockaddr *)&at, size), 0);
		assert_int_equal(listen(liar.listener, 4), 0);
		getsockname(liar.listener, (struct sockaddr *)&at, &size);
		snprintf(where, sizeof(where), "127.0.0.1:%u", ntohs(at.sin_port));
		assert_int_equal(pthread_create(&liar.thread, NULL, run_liar, &liar), 0);
		bench_open(mat, path, where);
		int64_t begun_ns = clock_mono_ns();
		int result = bench_read(mat, 1000);
		if (result != expected[i].result)
			fail_msg("misdeed %d: %d", i, result);
		assert_true(clock_mono_ns() - begun_ns < 5 * NS_PER_S);
		uint64_t count;
		memcpy(&count, (char *)&mat->device.stats + expected[i].counter, sizeof(count));
		assert_int_equal(count, 1);
		bench_close(mat);
		atomic_store(&liar.stops, true);
		shutdown(liar.listener, SHUT_RDWR);
		pthread_join(liar.thread, NULL);
		close(liar.listener);
	}
	free(path);
}

/* Nobody answers: after three silences the host is asked to open the port anew. */
static void test_three_silences_are_a_fault(void **state)
{
	(void)state;
	bench_begin(&bench, "rtu:pty", "type = u16\nunits = 1", "type = u16\nunits = 8", 5000);
	assert_int_equal(bench_read(mat, 1000), -ETIMEDOUT);
	assert_int_equal(bench_read(mat, 1000), -ETIMEDOUT);
	assert_int_equal(bench_read(mat, 1000), -EIO);
	assert_int_equal(mat->device.stats.timeouts, 3);
	bench_end(&bench);
}

/* The adapter is pulled out: a fault of the port, and opening anew says what is missing. */
static void test_a_device_that_goes_away(void **state)
{
	struct error err = {0};
	int result = 0;

	(void)state;
	bench_begin(&bench, "rtu:pty", "type = u16", NULL, 100);
	assert_int_equal(bench_read(mat, 1000), 0);
	bench_stop_slave(&bench.slave);
	for (int k = 0; k < 5 && result != -EIO; k++)
		result = bench_read(mat, 1000);
	assert_int_equal(result, -EIO);
	assert_true(mat->device.stats.io_errors > 0);
	mat->device.driver->close(&mat->device);
	assert_int_equal(mat->device.driver->open(&mat->device, &err), -ENOENT);
	assert_non_null(strstr(err.text, "/dev/pts/"));
	bench_close(mat);
	free(bench.profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_silent_unit_does_not_starve_the_others),
	    cmocka_unit_test(test_a_refusal_is_counted),
	    cmocka_unit_test(test_not_a_number_is_impossible),
	    cmocka_unit_test(test_wrong_answers_are_told_apart),
	    cmocka_unit_test(test_three_silences_are_a_fault),
	    cmocka_unit_test(test_a_device_that_goes_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
