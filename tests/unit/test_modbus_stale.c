/*
 * Answers that come after they were given up. All blocks are of one length, so that a late answer
 * to one would pass for the answer to the next: no frame may hold it.
 */
#include "drivers/driver.h"
#include "support.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"

#define CELLS 24
#define BASE  7

static const char profile[] = "[mat]\nname = stale\nkind = bed\nrows = 6\ncols = 4\npitch = 50\n"
                              "full_scale = 250\nrate = 1000\n"
                              "[registers]\nfunction = 4\nbase = 7\nblock = 4\ntype = u16\n"
                              "[line]\nresponse_timeout = 100 ms\nbyte_timeout = 50 ms\n"
                              "baud = 115200\n";

/* How late some answers are: the driver gives them up after 150 ms. */
static const int late_ms[] = {160, 200, 270};

struct tardy {
	int fd; /* a listener, or a terminal's master */
	bool is_tcp;
	pthread_t thread;
	atomic_bool stops;
	unsigned n_requests;
};

static uint16_t crc16(const uint8_t *bytes, size_t n)
{
	uint16_t crc = 0xffff;

	for (size_t i = 0; i < n; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1);
	}
	return crc;
}

/* unit, function 4, four registers that hold their own addresses */
static size_t answer(const uint8_t *unit_and_request, uint8_t *out)
{
	out[0] = unit_and_request[0];
	out[1] = 4;
	out[2] = 8;
	for (int i = 0; i < 4; i++) {
		out[3 + 2 * i] = 0;
		out[4 + 2 * i] = (uint8_t)(unit_and_request[3] + i);
	}
	return 11;
}

/* Every seventeenth answer is late. */
static void be_tardy(struct tardy *tardy)
{
	unsigned n = tardy->n_requests++;

	if (n % 17 == 3)
		usleep((useconds_t)late_ms[n / 17 % 3] * 1000);
}

static void serve_tcp(struct tardy *tardy, int fd)
{
	uint8_t in[12], out[32];

	while (recv(fd, in, sizeof(in), MSG_WAITALL) == sizeof(in)) {
		be_tardy(tardy);
		memcpy(out, in, 6);
		size_t n = answer(in + 6, out + 6);
		out[5] = (uint8_t)n;
		send(fd, out, 6 + n, MSG_NOSIGNAL);
	}
}

static void serve_rtu(struct tardy *tardy)
{
	uint8_t in[8], out[32];
	size_t n_in = 0;

	while (!atomic_load(&tardy->stops)) {
		ssize_t got = read(tardy->fd, in + n_in, sizeof(in) - n_in);
		if (got <= 0) {
			usleep(500);
			continue;
		}
		n_in += (size_t)got;
		if (n_in < sizeof(in))
			continue;
		n_in = 0;
		be_tardy(tardy);
		size_t n = answer(in, out);
		uint16_t crc = crc16(out, n);
		out[n] = (uint8_t)crc;
		out[n + 1] = (uint8_t)(crc >> 8);
		ssize_t put = write(tardy->fd, out, n + 2);
		(void)put;
	}
}

static void *run(void *user)
{
	struct tardy *tardy = user;

	if (!tardy->is_tcp)
		serve_rtu(tardy);
	while (tardy->is_tcp && !atomic_load(&tardy->stops)) {
		int fd = accept(tardy->fd, NULL, NULL);
		if (fd >= 0) {
			serve_tcp(tardy, fd);
			close(fd);
		}
	}
	return NULL;
}

static void listen_tcp(struct tardy *tardy, char *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);

	tardy->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(tardy->fd, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(tardy->fd, 4), 0);
	getsockname(tardy->fd, (struct sockaddr *)&at, &size);
	sprintf(port, "%u", ntohs(at.sin_port));
}

/* The terminal's other end, kept open so that it stays when the driver opens it anew. */
static int open_pty(struct tardy *tardy, char *path)
{
	struct termios raw;

	tardy->fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	assert_true(tardy->fd >= 0 && grantpt(tardy->fd) == 0 && unlockpt(tardy->fd) == 0);
	assert_int_equal(ptsname_r(tardy->fd, path, 64), 0);
	int kept = open(path, O_RDWR | O_NOCTTY);
	assert_int_equal(tcgetattr(kept, &raw), 0);
	cfmakeraw(&raw);
	assert_int_equal(tcsetattr(kept, TCSANOW, &raw), 0);
	return kept;
}

static void set(struct options *options, const char *key, const char *value)
{
	assert_int_equal(options_set(options, key, value, &(struct place){.key = key}, NULL), 0);
}

static void check_frames(struct options *options, struct tardy *tardy)
{
	const struct driver *driver = driver_find("modbus");
	struct surface surface = {.name = "bed"};
	float counts[CELLS];
	struct frame frame = {.counts = counts};
	int n_good = 0;

	assert_int_equal(driver->describe(options, &surface, NULL), 0);
	struct device device = {.driver = driver,
	    .surface = &surface,
	    .options = options,
	    .state = calloc(1, driver->state_size)};
	assert_int_equal(pthread_create(&tardy->thread, NULL, run, tardy), 0);
	assert_int_equal(driver->open(&device, NULL), 0);
	for (int k = 0; k < 400 && (n_good < 6 || device.stats.timeouts < 4); k++) {
		if (driver->read(&device, clock_mono_ns() + NS_PER_S, &frame) != 0)
			continue;
		n_good++;
		for (int i = 0; i < CELLS; i++)
			assert_true(counts[i] == (float)(BASE + i));
	}
	assert_true(n_good >= 6 && device.stats.timeouts >= 4);
	driver->close(&device);
	free(device.state);
}

static void test_late_answers_over_tcp(void **state)
{
	static struct tardy tardy = {.is_tcp = true}; /* outlives a test that fails */
	char *path = scratch_file("stale.ini", profile), port[8];
	struct options options;

	(void)state;
	listen_tcp(&tardy, port);
	options_init(&options, driver_find("modbus")->options);
	set(&options, "profile", path);
	set(&options, "port", port);
	check_frames(&options, &tardy);
	atomic_store(&tardy.stops, true);
	shutdown(tardy.fd, SHUT_RDWR);
	pthread_join(tardy.thread, NULL);
	close(tardy.fd);
	free(path);
}

static void test_late_answers_over_rtu(void **state)
{
	static struct tardy tardy; /* outlives a test that fails */
	char *path = scratch_file("stale.ini", profile), device[64];
	struct options options;

	(void)state;
	int kept = open_pty(&tardy, device);
	options_init(&options, driver_find("modbus")->options);
	set(&options, "profile", path);
	set(&options, "transport", "rtu");
	set(&options, "device", device);
	check_frames(&options, &tardy);
	atomic_store(&tardy.stops, true);
	pthread_join(tardy.thread, NULL);
	close(kept);
	close(tardy.fd);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_late_answers_over_tcp),
	    cmocka_unit_test(test_late_answers_over_rtu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
