/*
 * The modbus driver against slaves that behave, and slaves that do not: over TCP and over RTU on a
 * pseudo-terminal, with torn frames, silent units, refusals, and answers that are wrong.
 */
#include "drivers/driver.h"
#include "drivers/modbus_server.h"
#include "process.h"
#include "support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

#define CELLS       24
#define EVER_SLOWER 1 /* ms: a frame's time, when it is to double six times, over and over */

/* 6 x 4 cells; %s: units and cell type */
static const char profile[] = "[mat]\nname = test\nkind = bed\nrows = 6\ncols = 4\npitch = 50\n"
                              "full_scale = 250\nrate = 100\n"
                              "[registers]\nfunction = 4\nbase = 7\nblock = 4\n%s\n"
                              "[line]\nresponse_timeout = 250 ms\nbyte_timeout = 100 ms\n"
                              "baud = 115200\n";

struct mat {
	struct options options;
	struct surface surface;
	struct device device;
	float counts[CELLS];
	struct frame frame;
};

static char *write_profile(const char *registers)
{
	char text[600];

	snprintf(text, sizeof(text), profile, registers);
	return scratch_file("driver.ini", text);
}

static void set(struct mat *mat, const char *key, const char *value)
{
	assert_int_equal(
	    options_set(&mat->options, key, value, &(struct place){.key = key}, NULL), 0);
}

/* where: "127.0.0.1:PORT" or "/dev/pts/N" */
static void open_mat(struct mat *mat, const char *profile_path, const char *where)
{
	const struct driver *driver = driver_find("modbus");
	struct error err = {0};

	*mat = (struct mat){.surface = {.name = "bed"}};
	options_init(&mat->options, driver->options);
	set(mat, "profile", profile_path);
	if (where[0] == '/') {
		set(mat, "transport", "rtu");
		set(mat, "device", where);
	} else {
		set(mat, "port", strchr(where, ':') + 1);
	}
	assert_int_equal(driver->describe(&mat->options, &mat->surface, &err), 0);
	assert_int_equal(mat->surface.n_cells, CELLS);
	mat->device = (struct device){.driver = driver,
	    .surface = &mat->surface,
	    .options = &mat->options,
	    .state = calloc(1, driver->state_size)};
	mat->frame.counts = mat->counts;
	if (driver->open(&mat->device, &err) < 0)
		fail_msg("%s", err.text);
}

static int read_mat(struct mat *mat, int64_t wait_ms)
{
	return mat->device.driver->read(
	    &mat->device, clock_mono_ns() + wait_ms * NS_PER_MS, &mat->frame);
}

static void close_mat(struct mat *mat)
{
	mat->device.driver->close(&mat->device);
	free(mat->device.state);
}

/* ---- a slave in a thread of its own --------------------------------------------------- */

struct slave {
	struct modbus_server *server;
	pthread_t thread;
	atomic_bool stops;
	atomic_bool sick; /* one cell is not a number */
	int64_t frame_ns; /* a new frame so often */
	int doublings;    /* that time grows so often to its double, and then begins again */
};

static void *serve(void *user)
{
	struct slave *slave = user;
	float counts[CELLS];

	for (int k = 0; !atomic_load(&slave->stops); k++) {
		int64_t next_ns = clock_mono_ns() +
		                  (slave->frame_ns << (k % (slave->doublings + 1)));
		for (int i = 0; i < CELLS; i++)
			counts[i] = (float)((k % 100) + i);
		if (atomic_load(&slave->sick))
			counts[5] = NAN;
		modbus_server_set_frame(slave->server, counts);
		while (clock_mono_ns() < next_ns && !atomic_load(&slave->stops)) {
			int64_t soon_ns = clock_mono_ns() + 20 * NS_PER_MS;
			modbus_server_run(
			    slave->server, soon_ns < next_ns ? soon_ns : next_ns, NULL);
		}
	}
	return NULL;
}

static void start(struct slave *slave, const char *address, const char *path, int64_t frame_ms)
{
	struct modbus_map map;
	struct error err = {0};

	int doublings = frame_ms == EVER_SLOWER ? 6 : 0;
	*slave = (struct slave){.frame_ns = frame_ms * NS_PER_MS, .doublings = doublings};
	if (modbus_map_load(&map, path, &err) < 0 ||
	    modbus_server_open(&slave->server, address, &map, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(pthread_create(&slave->thread, NULL, serve, slave), 0);
}

static void stop(struct slave *slave)
{
	atomic_store(&slave->stops, true);
	pthread_join(slave->thread, NULL);
	modbus_server_close(slave->server);
}

/* The cells belong to one frame: each is the first plus its index. */
static void assert_whole(const struct mat *mat)
{
	for (int i = 0; i < CELLS; i++)
		assert_true(mat->counts[i] == mat->counts[0] + (float)i);
}

/* ---- slaves that behave --------------------------------------------------------------- */

static void test_every_type_over_both_transports(void **state)
{
	static const char *const registers[] = {"type = u8x2", "type = u16",
	    "type = s16\nscale = 0.5", "type = u32\norder = low", "type = s32\nunits = 3, 4, 9",
	    "type = f32\nunits = 2, 1"};
	static const char *const addresses[] = {"tcp:0", "rtu:pty"};

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		char *path = write_profile(registers[i / 2]);
		static struct slave slave; /* outlives a test that fails */
		struct mat mat;
		start(&slave, addresses[i % 2], path, 300);
		open_mat(&mat, path, modbus_server_where(slave.server));
		int n_good = 0;
		for (int k = 0; k < 5; k++)
			n_good += read_mat(&mat, 1000) == 0;
		assert_int_equal(n_good, 5);
		assert_true(mat.device.stats.last_read_s > 0);
		assert_int_equal(mat.device.stats.integrity_errors, 0);
		close_mat(&mat);
		stop(&slave);
		free(path);
	}
}

/*
 * The mat's frame changes in the middle of reading it, or does not: its times run from 1 ms to
 * 64 ms, so that a slow machine meets both. No torn one comes through.
 */
static void test_torn_frames_are_dropped(void **state)
{
	char *path = write_profile("type = u16\ncounter = 100");
	static struct slave slave; /* outlives a test that fails */
	struct mat mat;
	int n_good = 0, n_torn = 0;

	(void)state;
	start(&slave, "tcp:0", path, EVER_SLOWER);
	open_mat(&mat, path, modbus_server_where(slave.server));
	int64_t end_ns = clock_mono_ns() + 60 * NS_PER_S;
	while ((n_good < 50 || n_torn < 2) && clock_mono_ns() < end_ns) {
		int result = read_mat(&mat, 1000);
		assert_true(result == 0 || result == -EBADMSG);
		n_good += result == 0;
		n_torn += result == -EBADMSG;
		if (result == 0)
			assert_whole(&mat);
	}
	assert_true(n_good > 0 && n_torn > 0);
	assert_int_equal(mat.device.stats.torn_frames, n_torn);
	close_mat(&mat);
	stop(&slave);
	free(path);
}

/*
 * A mat of 2.5 frames a second, asked as often, whose reading takes half of a frame's time. Once a
 * reading straddles two frames the next would too; instead it begins with a frame from then on.
 */
static void test_a_torn_frame_is_the_last_for_a_while(void **state)
{
	char *path = write_profile("type = u16\ncounter = 100\ngap = 28 ms");
	static struct slave slave; /* outlives a test that fails */
	struct mat mat;
	int n_good = 0, result = 0;

	(void)state;
	start(&slave, "tcp:0", path, 400);
	for (int k = 0; k < 100 && result != -EBADMSG; k++) {
		if (k > 0)
			close_mat(&mat);
		open_mat(&mat, path, modbus_server_where(slave.server));
		mat.surface.rate_hz = 2.5F;
		usleep(50000); /* another phase each time */
		result = read_mat(&mat, 5000);
	}
	assert_int_equal(result, -EBADMSG);
	for (int k = 0; k < 6; k++)
		n_good += read_mat(&mat, 5000) == 0;
	assert_true(n_good >= 4);
	assert_whole(&mat);
	close_mat(&mat);
	stop(&slave);
	free(path);
}

static void test_zero_command(void **state)
{
	char *path = write_profile("type = u16\nzero_register = 900\nzero_value = 5");
	static struct slave slave; /* outlives a test that fails */
	struct mat mat;

	(void)state;
	start(&slave, "tcp:0", path, 5000);
	open_mat(&mat, path, modbus_server_where(slave.server));
	assert_int_equal(read_mat(&mat, 1000), 0);
	assert_true(mat.counts[3] == 3);
	close_mat(&mat);
	open_mat(&mat, path, modbus_server_where(slave.server));
	mat.device.driver->close(&mat.device);
	set(&mat, "zero", "yes");
	assert_int_equal(mat.device.driver->open(&mat.device, NULL), 0);
	assert_int_equal(read_mat(&mat, 1000), 0);
	assert_true(mat.counts[3] == 0 && mat.counts[23] == 0);
	close_mat(&mat);
	stop(&slave);
	/* Opened again after a fault it does not: somebody may lie there. */
	start(&slave, "tcp:0", path, 5000);
	open_mat(&mat, path, modbus_server_where(slave.server));
	mat.device.driver->close(&mat.device);
	set(&mat, "zero", "yes");
	mat.device.n_opens = 1;
	assert_int_equal(mat.device.driver->open(&mat.device, NULL), 0);
	assert_int_equal(read_mat(&mat, 1000), 0);
	assert_true(mat.counts[3] == 3);
	close_mat(&mat);
	stop(&slave);
	free(path);
}

/* Deadlines far shorter than a frame's reading: it is put together over several calls. */
static void test_short_deadlines_still_give_frames(void **state)
{
	char *path = write_profile("type = u16\ngap = 10 ms");
	static struct slave slave; /* outlives a test that fails */
	struct mat mat;
	int n_good = 0, n_late = 0;

	(void)state;
	start(&slave, "tcp:0", path, 5000);
	open_mat(&mat, path, modbus_server_where(slave.server));
	for (int k = 0; k < 60; k++) {
		int64_t begun_ns = clock_mono_ns();
		int result = read_mat(&mat, 25); /* a frame takes 60 ms */
		assert_true(result == 0 || result == -ETIMEDOUT);
		assert_true(clock_mono_ns() - begun_ns < 5 * NS_PER_S);
		n_good += result == 0;
		n_late += result == -ETIMEDOUT;
	}
	assert_true(n_good >= 5 && n_late >= n_good);
	assert_whole(&mat);
	close_mat(&mat);
	stop(&slave);
	free(path);
}

/* ---- the line ------------------------------------------------------------------------- */

/*
 * 3.5 characters of 10 bits at 9600 baud before each request: 19 silences between the 20 requests
 * take 69 ms at least, however fast the machine is.
 */
static void test_silence_parts_the_requests(void **state)
{
	char *path = write_profile("type = u16\nunits = 1");
	static struct slave slave; /* outlives a test that fails */
	struct mat mat;

	(void)state;
	start(&slave, "rtu:pty", path, 5000);
	open_mat(&mat, path, modbus_server_where(slave.server));
	mat.device.driver->close(&mat.device);
	set(&mat, "silence", "yes");
	set(&mat, "baud", "9600");
	assert_int_equal(mat.device.driver->open(&mat.device, NULL), 0);
	int64_t begun_ns = clock_mono_ns();
	while (mat.device.stats.requests < 20)
		assert_int_equal(read_mat(&mat, 5000), 0);
	assert_true(clock_mono_ns() - begun_ns >= 19 * 3500000LL * 10 / 9600);
	close_mat(&mat);
	stop(&slave);
	free(path);
}

/* What the driver's opening logs; code: what it must return. */
static char *log_of_opening(struct mat *mat, int code, struct error *err)
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
	char *path = write_profile("type = u16");
	static struct slave slave; /* outlives a test that fails */
	struct error err = {0};
	struct mat mat;

	(void)state;
	start(&slave, "rtu:pty", path, 5000);
	open_mat(&mat, path, modbus_server_where(slave.server));
	mat.device.driver->close(&mat.device);
	set(&mat, "rs485", "auto");
	char *first = log_of_opening(&mat, 0, NULL), *second = log_of_opening(&mat, 0, NULL);
	assert_non_null(strstr(first, "has no RS-485 mode"));
	assert_string_equal(second, "");
	assert_int_equal(mat.device.driver->open(&mat.device, NULL), 0);
	assert_int_equal(read_mat(&mat, 1000), 0);
	mat.device.driver->close(&mat.device);
	set(&mat, "rs485", "yes");
	char *third = log_of_opening(&mat, -EINVAL, &err);
	assert_non_null(strstr(err.text, "has no RS-485 mode"));
	assert_non_null(strstr(err.text, "leave rs485 = no"));
	free(third);
	free(second);
	free(first);
	free(mat.device.state);
	stop(&slave);
	free(path);
}

/* By name: whichever of its addresses answers. */
static void test_a_host_by_its_name(void **state)
{
	char *path = write_profile("type = u16");
	static struct slave slave; /* outlives a test that fails */
	struct error err = {0};
	struct mat mat;

	(void)state;
	start(&slave, "tcp:0", path, 5000);
	open_mat(&mat, path, modbus_server_where(slave.server));
	mat.device.driver->close(&mat.device);
	set(&mat, "host", "localhost");
	if (mat.device.driver->open(&mat.device, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(read_mat(&mat, 1000), 0);
	close_mat(&mat);
	stop(&slave);
	free(path);
}

/* ---- slaves that do not --------------------------------------------------------------- */

/* Unit 9 is not served: the others are still read, and it is asked less and less. */
static void test_a_silent_unit_does_not_starve_the_others(void **state)
{
	char *served = write_profile("type = u16\nunits = 3");
	static struct slave slave; /* outlives a test that fails */
	struct mat mat;

	(void)state;
	start(&slave, "rtu:pty", served, 5000);
	char *asked = write_profile("type = u16\nunits = 9, 3");
	open_mat(&mat, asked, modbus_server_where(slave.server));
	int64_t end_ns = clock_mono_ns() + 2500 * NS_PER_MS;
	while (clock_mono_ns() < end_ns)
		assert_int_equal(read_mat(&mat, 500), -ETIMEDOUT);
	/* asked at 0 s and after 1 s; meanwhile the other's three blocks 100 times a second */
	assert_in_range(mat.device.stats.timeouts, 2, 3);
	assert_true(mat.device.stats.requests > 100);
	assert_int_equal(mat.device.stats.frames, 0); /* cells are never guessed */
	close_mat(&mat);
	stop(&slave);
	free(served);
	free(asked);
}

static void test_a_refusal_is_counted(void **state)
{
	char *path = write_profile("type = u16");
	static struct slave slave; /* outlives a test that fails */
	struct mat mat;

	(void)state;
	start(&slave, "tcp:0", path, 5000);
	free(path);
	path = write_profile("type = u16\ncounter = 5000"); /* a register that the slave lacks */
	open_mat(&mat, path, modbus_server_where(slave.server));
	assert_int_equal(read_mat(&mat, 500), -EBADMSG);
	assert_int_equal(mat.device.stats.exceptions, 1);
	close_mat(&mat);
	stop(&slave);
	free(path);
}

static void test_not_a_number_is_impossible(void **state)
{
	char *path = write_profile("type = f32");
	static struct slave slave; /* outlives a test that fails */
	struct mat mat;

	(void)state;
	start(&slave, "tcp:0", path, 200);
	open_mat(&mat, path, modbus_server_where(slave.server));
	assert_int_equal(read_mat(&mat, 1000), 0);
	atomic_store(&slave.sick, true);
	int result = 0;
	for (int k = 0; k < 100 && result == 0; k++)
		result = read_mat(&mat, 1000);
	assert_int_equal(result, -ERANGE);
	assert_int_equal(mat.device.stats.content_errors, 1);
	atomic_store(&slave.sick, false);
	for (int k = 0; k < 100 && result != 0; k++)
		result = read_mat(&mat, 1000);
	assert_int_equal(result, 0);
	close_mat(&mat);
	stop(&slave);
	free(path);
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
	char *path = write_profile("type = u16");

	(void)state;
	for (int i = 0; i < N_MISDEEDS; i++) {
		struct sockaddr_in at = {
		    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		socklen_t size = sizeof(at);
		static struct liar liar; /* outlives a test that fails */
		liar = (struct liar){
		    .listener = socket(AF_INET, SOCK_STREAM, 0), .misdeed = (enum misdeed)i};
		struct mat mat;
		char where[32];
		assert_int_equal(bind(liar.listener, (struct sockaddr *)&at, size), 0);
		assert_int_equal(listen(liar.listener, 4), 0);
		getsockname(liar.listener, (struct sockaddr *)&at, &size);
		snprintf(where, sizeof(where), "127.0.0.1:%u", ntohs(at.sin_port));
		assert_int_equal(pthread_create(&liar.thread, NULL, run_liar, &liar), 0);
		open_mat(&mat, path, where);
		int64_t begun_ns = clock_mono_ns();
		int result = read_mat(&mat, 1000);
		if (result != expected[i].result)
			fail_msg("misdeed %d: %d", i, result);
		assert_true(clock_mono_ns() - begun_ns < 5 * NS_PER_S);
		uint64_t count;
		memcpy(&count, (char *)&mat.device.stats + expected[i].counter, sizeof(count));
		assert_int_equal(count, 1);
		close_mat(&mat);
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
	char *path = write_profile("type = u16\nunits = 1");
	static struct slave slave; /* outlives a test that fails */
	struct mat mat;

	(void)state;
	start(&slave, "rtu:pty", path, 5000);
	free(path);
	path = write_profile("type = u16\nunits = 8");
	open_mat(&mat, path, modbus_server_where(slave.server));
	assert_int_equal(read_mat(&mat, 1000), -ETIMEDOUT);
	assert_int_equal(read_mat(&mat, 1000), -ETIMEDOUT);
	assert_int_equal(read_mat(&mat, 1000), -EIO);
	assert_int_equal(mat.device.stats.timeouts, 3);
	close_mat(&mat);
	stop(&slave);
	free(path);
}

/* The adapter is pulled out: a fault of the port, and opening anew says what is missing. */
static void test_a_device_that_goes_away(void **state)
{
	char *path = write_profile("type = u16");
	struct error err = {0};
	static struct slave slave; /* outlives a test that fails */
	struct mat mat;
	int result = 0;

	(void)state;
	start(&slave, "rtu:pty", path, 100);
	open_mat(&mat, path, modbus_server_where(slave.server));
	assert_int_equal(read_mat(&mat, 1000), 0);
	stop(&slave);
	for (int k = 0; k < 5 && result != -EIO; k++)
		result = read_mat(&mat, 1000);
	assert_int_equal(result, -EIO);
	assert_true(mat.device.stats.io_errors > 0);
	mat.device.driver->close(&mat.device);
	assert_int_equal(mat.device.driver->open(&mat.device, &err), -ENOENT);
	assert_non_null(strstr(err.text, "/dev/pts/"));
	close_mat(&mat);
	free(path);
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
	    cmocka_unit_test(test_a_silent_unit_does_not_starve_the_others),
	    cmocka_unit_test(test_a_refusal_is_counted),
	    cmocka_unit_test(test_not_a_number_is_impossible),
	    cmocka_unit_test(test_wrong_answers_are_told_apart),
	    cmocka_unit_test(test_three_silences_are_a_fault),
	    cmocka_unit_test(test_a_device_that_goes_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
