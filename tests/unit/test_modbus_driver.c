/*
 * The modbus driver against slaves that behave, over TCP and over RTU on a pseudo-terminal: every
 * type, torn frames, short deadlines, the line's own settings.
 */
#include "modbus_bench.h"
#include "process.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static struct modbus_bench bench;
static struct bench_mat *const mat = &bench.mat;

static void test_every_type_over_both_transports(void **state)
{
	static const char *const registers[] = {"type = u8x2", "type = u16",
	    "type = s16\nscale = 0.5", "type = u32\norder = low", "type = s32\nunits = 3, 4, 9",
	    "type = f32\nunits = 2, 1"};
	static const char *const addresses[] = {"tcp:0", "rtu:pty"};

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		bench_begin(&bench, addresses[i % 2], registers[i / 2], NULL, 300);
		int n_good = 0;
		for (int k = 0; k < 5; k++)
			n_good += bench_read(mat, 1000) == 0;
		assert_int_equal(n_good, 5);
		assert_true(mat->device.stats.last_read_s > 0);
		assert_int_equal(mat->device.stats.integrity_errors, 0);
		bench_end(&bench);
	}
}

/*
 * The mat's frame changes in the middle of reading it, or does not: its times run from 1 ms to
 * 64 ms, so that a slow machine meets both. No torn one comes through.
 */
static void test_torn_frames_are_dropped(void **state)
{
	int n_good = 0, n_torn = 0;

	(void)state;
	bench_begin(&bench, "tcp:0", "type = u16\ncounter = 100", NULL, BENCH_EVER_SLOWER);
	int64_t end_ns = clock_mono_ns() + 60 * NS_PER_S;
	while ((n_good < 50 || n_torn < 2) && clock_mono_ns() < end_ns) {
		int result = bench_read(mat, 1000);
		assert_true(result == 0 || result == -EBADMSG);
		n_good += result == 0;
		n_torn += result == -EBADMSG;
		if (result == 0)
			bench_assert_whole(mat);
	}
	assert_true(n_good > 0 && n_torn > 0);
	assert_int_equal(mat->device.stats.torn_frames, n_torn);
	bench_end(&bench);
}

/*
 * A mat of 2.5 frames a second, asked as often, whose reading takes half of a frame's time. Once a
 * reading straddles two frames the next would too; instead it begins with a frame from then on.
 */
static void test_a_torn_frame_is_the_last_for_a_while(void **state)
{
	int n_good = 0, result = 0;

	(void)state;
	bench_begin(&bench, "tcp:0", "type = u16\ncounter = 100\ngap = 28 ms", NULL, 400);
	for (int k = 0; k < 100 && result != -EBADMSG; k++) {
		if (k > 0) {
			bench_close(mat);
			bench_open(mat, bench.profile, modbus_server_where(bench.slave.server));
		}
		mat->surface.rate_hz = 2.5F;
		usleep(50000); /* another phase each time */
		result = bench_read(mat, 5000);
	}
	assert_int_equal(result, -EBADMSG);
	for (int k = 0; k < 6; k++)
		n_good += bench_read(mat, 5000) == 0;
	assert_true(n_good >= 4);
	bench_assert_whole(mat);
	bench_end(&bench);
}

static void test_zero_command(void **state)
{
	static const char registers[] = "type = u16\nzero_register = 900\nzero_value = 5";

	(void)state;
	bench_begin(&bench, "tcp:0", registers, NULL, 5000);
	assert_int_equal(bench_read(mat, 1000), 0);
	assert_true(mat->counts[3] == 3);
	bench_close(mat);
	bench_open(mat, bench.profile, modbus_server_where(bench.slave.server));
	assert_int_equal(bench_reopen(mat, "zero", "yes", NULL), 0);
	assert_int_equal(bench_read(mat, 1000), 0);
	assert_true(mat->counts[3] == 0 && mat->counts[23] == 0);
	bench_end(&bench);
	/* Opened again after a fault it does not: somebody may lie there. */
	bench_begin(&bench, "tcp:0", registers, NULL, 5000);
	mat->device.n_opens = 1;
	assert_int_equal(bench_reopen(mat, "zero", "yes", NULL), 0);
	assert_int_equal(bench_read(mat, 1000), 0);
	assert_true(mat->counts[3] == 3);
	bench_end(&bench);
}

/* Deadlines far shorter than a frame's reading: it is put together over several calls. */
static void test_short_deadlines_still_give_frames(void **state)
{
	int n_good = 0, n_late = 0;

	(void)state;
	bench_begin(&bench, "tcp:0", "type = u16\ngap = 10 ms", NULL, 5000);
	for (int k = 0; k < 60; k++) {
		int64_t begun_ns = clock_mono_ns();
		int result = bench_read(mat, 25); /* a frame takes 60 ms */
		assert_true(result == 0 || result == -ETIMEDOUT);
		assert_true(clock_mono_ns() - begun_ns < 5 * NS_PER_S);
		n_good += result == 0;
		n_late += result == -ETIMEDOUT;
	}
	assert_true(n_good >= 5 && n_late >= n_good);
	bench_assert_whole(mat);
	bench_end(&bench);
}

/* ---- the line ------------------------------------------------------------------------- */

/*
 * 3.5 characters of 10 bits at 9600 baud before each request: 19 silences between the 20 requests
 * take 69 ms at least, however fast the machine is.
 */
static void test_silence_parts_the_requests(void **state)
{
	(void)state;
	bench_begin(&bench, "rtu:pty", "type = u16\nunits = 1", NULL, 5000);
	bench_set(mat, "silence", "yes");
	assert_int_equal(bench_reopen(mat, "baud", "9600", NULL), 0);
	int64_t begun_ns = clock_mono_ns();
	while (mat->device.stats.requests < 20)
		assert_int_equal(bench_read(mat, 5000), 0);
	assert_true(clock_mono_ns() - begun_ns >= 19 * 3500000LL * 10 / 9600);
	bench_end(&bench);
}

/* What the driver's opening logs; code: what it must return. */
static char *log_of_opening(int code, struct error *err)
{
	char *path = scratch_path("opening.log");
	int was = dup(STDERR_FILENO), log = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

	dup2(log, STDERR_FILENO);
	int result = mat->device.driver->open(&mat->device, err);
	dup2(was, STDERR_FILENO);
	close(was);
	close(log);
	assert_int_equal(result, code);
	mat->device.driver->close(&mat->device);
	mat->device.n_opens++;
	char *text = file_text(path);
	free(path);
	return text;
}

/* A pseudo-terminal has no RS-485 mode: an error when it is demanded, else said once. */
static void test_rs485_where_there_is_none(void **state)
{
	struct error err = {0};

	(void)state;
	bench_begin(&bench, "rtu:pty", "type = u16", NULL, 5000);
	mat->device.driver->close(&mat->device);
	bench_set(mat, "rs485", "auto");
	char *first = log_of_opening(0, NULL), *second = log_of_opening(0, NULL);
	assert_non_null(strstr(first, "has no RS-485 mode"));
	assert_string_equal(second, "");
	assert_int_equal(mat->device.driver->open(&mat->device, NULL), 0);
	assert_int_equal(bench_read(mat, 1000), 0);
	mat->device.driver->close(&mat->device);
	bench_set(mat, "rs485", "yes");
	char *third = log_of_opening(-EINVAL, &err);
	assert_non_null(strstr(err.text, "has no RS-485 mode"));
	assert_non_null(strstr(err.text, "leave rs485 = no"));
	free(third);
	free(second);
	free(first);
	free(mat->device.state);
	bench_stop_slave(&bench.slave);
	free(bench.profile);
}

/* By name: whichever of its addresses answers. */
static void test_a_host_by_its_name(void **state)
{
	struct error err = {0};

	(void)state;
	bench_begin(&bench, "tcp:0", "type = u16", NULL, 5000);
	if (bench_reopen(mat, "host", "localhost", &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(bench_read(mat, 1000), 0);
	bench_end(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_type_over_both_transports),
	    cmocka_unit_test(test_torn_frames_are_dropped),
	    cmocka_unit_test(test_a_torn_frame_is_the_last_for_a_while),
	    cmocka_unit_test(test_zero_command),
	    cmocka_unit_test(test_short_deadlines_still_give_frames),
	    cmocka_unit_test(test_silence_parts_the_requests),
	    cmocka_unit_test(test_rs485_where_there_is_none),
	    cmocka_unit_test(test_a_host_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
