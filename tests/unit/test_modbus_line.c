/*
 * The line that a Modbus mat is read on: one that is slow, one that somebody else reads too, and a
 * host that does not look at unit ids.
 */
#include "drivers/modbus_settings.h"
#include "drivers/modbus_wire.h"
#include "modbus_bench.h"
#include "support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct modbus_bench bench, other;

/* 13 characters and 2 a register within 0.4 s. */
static void a_slow_line_is_asked_for_less_at_once(void **state)
{
	static const struct {
		int baud;
		enum cell_type type;
		size_t most;
	} table[] = {
	    {1200, CELL_U16, 17},
	    {1200, CELL_F32, 16},
	    {2400, CELL_U16, 41},
	    {4800, CELL_U16, 89},
	    {9600, CELL_U16, 125},
	    {115200, CELL_U16, 125},
	};
	struct modbus_map map = {.data_bits = 8, .stop_bits = 1, .parity = 'N'};

	(void)state;
	map.block_registers = MODBUS_BLOCK_MAX;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		map.cell_type = table[i].type;
		assert_int_equal(modbus_wire_block(&map, table[i].baud), table[i].most);
	}
}

/* The bench's mat, by a profile that would have it in one request. */
static void so_it_is_read(void **state)
{
	char *path = scratch_file("whole.ini",
	    "[mat]\nname = test\nkind = bed\nrows = 6\ncols = 4\npitch = 50\nfull_scale = 250\n"
	    "rate = 10\n[registers]\nfunction = 4\nbase = 7\ntype = u16\n");
	struct error err = {0};

	(void)state;
	bench_begin(&bench, "rtu:pty", "type = u16", NULL, 1000);
	bench_set(&bench.mat, "profile", path);
	bench.mat.device.stats = (struct driver_stats){0};
	assert_int_equal(bench_reopen(&bench.mat, "baud", "1200", &err), 0);
	assert_int_equal(bench_read(&bench.mat, 1000), 0);
	assert_int_equal(bench.mat.device.stats.requests, 2); /* of 24 registers */
	bench_assert_whole(&bench.mat);
	bench_end(&bench);
	free(path);
}

static void a_line_too_slow_for_the_mat_is_refused(void **state)
{
	static const char *const settings[][2] = {{"profile", "./calib/profiles/pmd-64x32.ini"},
	    {"transport", "rtu"}, {"device", "/dev/null"}, {"baud", "2400"}};
	struct surface surface = {.name = "bed"};
	struct options options;
	struct error err = {0};

	(void)state;
	options_init(&options, modbus_options);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		assert_int_equal(
		    options_set(&options, settings[i][0], settings[i][1], &(struct place){0}, &err),
		    0);
	assert_int_equal(modbus_settings_describe(&options, &surface, &err), -ERANGE);
	assert_non_null(strstr(err.text, "at 2400 baud a frame takes "));
	assert_int_equal(options_set(&options, "baud", "9600", &(struct place){0}, &err), 0);
	assert_int_equal(modbus_settings_describe(&options, &surface, &err), 0);
}

static void one_alone_asks_on_a_serial_line(void **state)
{
	struct error err = {0};

	(void)state;
	bench_begin(&bench, "rtu:pty", "type = u16", NULL, 1000);
	bench_begin(&other, "rtu:pty", "type = u16", NULL, 1000);
	const char *taken = modbus_server_where(bench.slave.server);
	assert_int_equal(bench_reopen(&other.mat, "device", taken, &err), -EBUSY);
	assert_non_null(strstr(err.text, "is asked by another program"));
	bench.mat.device.driver->close(&bench.mat.device);
	assert_int_equal(bench_reopen(&other.mat, "device", taken, &err), 0);
	bench_end(&other);
	bench_end(&bench);
}

/* ---- unit ids ------------------------------------------------------------------------------ */

/* Answers for any unit, as if it were the only one. */
struct careless {
	int listener;
	pthread_t thread;
	atomic_bool stops;
	char port[8];
};

static void *answer_all(void *user)
{
	struct careless *careless = user;
	uint8_t request[12], answer[9 + 2 * BENCH_CELLS];

	while (!atomic_load(&careless->stops)) {
		int fd = accept(careless->listener, NULL, NULL);
		while (fd >= 0 && recv(fd, request, sizeof(request), MSG_WAITALL) == 12) {
			uint8_t n = (uint8_t)(2 * request[11]);
			memset(answer, 0, sizeof(answer));
			memcpy(answer, request, 8);
			answer[5] = (uint8_t)(3 + n);
			answer[8] = n;
			send(fd, answer, 9 + (size_t)n, MSG_NOSIGNAL);
		}
		if (fd >= 0)
			close(fd);
	}
	return NULL;
}

static void begin_careless(struct careless *careless)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);

	*careless = (struct careless){.listener = socket(AF_INET, SOCK_STREAM, 0)};
	assert_int_equal(bind(careless->listener, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(careless->listener, 4), 0);
	getsockname(careless->listener, (struct sockaddr *)&at, &size);
	snprintf(careless->port, sizeof(careless->port), "%u", ntohs(at.sin_port));
	assert_int_equal(pthread_create(&careless->thread, NULL, answer_all, careless), 0);
}

static void end_careless(struct careless *careless)
{
	atomic_store(&careless->stops, true);
	shutdown(careless->listener, SHUT_RDWR);
	pthread_join(careless->thread, NULL);
	close(careless->listener);
}

/* A gateway refuses for units that it does not have; with one unit its id does not matter. */
static void a_host_that_ignores_unit_ids_has_one_unit(void **state)
{
	struct careless careless;
	struct error err = {0};

	(void)state;
	begin_careless(&careless);
	bench_begin(&bench, "tcp:0", "type = u16\nunits = 1, 247", NULL, 1000);
	assert_int_equal(bench_reopen(&bench.mat, "port", careless.port, &err), -EINVAL);
	assert_non_null(strstr(err.text, "answers for units 246 and 245 too"));
	bench_end(&bench);
	bench_begin(&bench, "tcp:0", "type = u16\nunits = 9", NULL, 1000);
	assert_int_equal(bench_reopen(&bench.mat, "port", careless.port, &err), 0);
	bench_end(&bench);
	end_careless(&careless);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_slow_line_is_asked_for_less_at_once),
	    cmocka_unit_test(so_it_is_read),
	    cmocka_unit_test(a_line_too_slow_for_the_mat_is_refused),
	    cmocka_unit_test(one_alone_asks_on_a_serial_line),
	    cmocka_unit_test(a_host_that_ignores_unit_ids_has_one_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
