/*
 * The line that a Modbus mat is read on: one that is slow, one that somebody else reads too, and a
 * host that does not look at unit ids.
 */
#include "drivers/driver.h"
#include "drivers/modbus_server.h"
#include "drivers/modbus_wire.h"
#include "support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

#define CELLS 24

/* 6 x 4 cells; %s: what stands in [registers] besides */
static const char profile[] = "[mat]\nname = test\nkind = bed\nrows = 6\ncols = 4\npitch = 50\n"
                              "full_scale = 250\nrate = 100\n"
                              "[registers]\nfunction = 4\nbase = 0\n%s\n"
                              "[line]\nresponse_timeout = 250 ms\nbyte_timeout = 100 ms\n";

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
	return scratch_file("line.ini", text);
}

static void set(struct mat *mat, const char *key, const char *value)
{
	assert_int_equal(
	    options_set(&mat->options, key, value, &(struct place){.key = key}, NULL), 0);
}

/* where: a port of the loopback, or a device; baud "": the profile's */
static int describe(
    struct mat *mat, const char *path, const char *where, const char *baud, struct error *err)
{
	const struct driver *driver = driver_find("modbus");

	*mat = (struct mat){.surface = {.name = "bed"}};
	options_init(&mat->options, driver->options);
	set(mat, "profile", path);
	set(mat, "transport", where[0] == '/' ? "rtu" : "tcp");
	set(mat, where[0] == '/' ? "device" : "port", where);
	if (*baud)
		set(mat, "baud", baud);
	mat->device = (struct device){.driver = driver,
	    .surface = &mat->surface,
	    .options = &mat->options,
	    .state = calloc(1, driver->state_size)};
	mat->frame.counts = mat->counts;
	return driver->describe(&mat->options, &mat->surface, err);
}

static void close_mat(struct mat *mat)
{
	mat->device.driver->close(&mat->device);
	free(mat->device.state);
}

/* ---- a slave in a thread of its own -------------------------------------------------------- */

struct slave {
	struct modbus_server *server;
	pthread_t thread;
	atomic_bool stops;
};

static void *serve(void *user)
{
	struct slave *slave = user;

	while (!atomic_load(&slave->stops))
		modbus_server_run(slave->server, clock_mono_ns() + 20 * NS_PER_MS, NULL);
	return NULL;
}

static void start(struct slave *slave, const char *address, const char *path)
{
	struct modbus_map map;
	struct error err = {0};
	float counts[CELLS];

	*slave = (struct slave){0};
	for (int i = 0; i < CELLS; i++)
		counts[i] = (float)i;
	if (modbus_map_load(&map, path, &err) < 0 ||
	    modbus_server_open(&slave->server, address, &map, &err) < 0)
		fail_msg("%s", err.text);
	modbus_server_set_frame(slave->server, counts);
	assert_int_equal(pthread_create(&slave->thread, NULL, serve, slave), 0);
}

static void stop(struct slave *slave)
{
	atomic_store(&slave->stops, true);
	pthread_join(slave->thread, NULL);
	modbus_server_close(slave->server);
}

/* ---- the line ------------------------------------------------------------------------------ */

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
	struct slave slave;
	struct mat mat;
	struct error err = {0};
	char *path = write_profile("type = u16");

	(void)state;
	map.block_registers = MODBUS_BLOCK_MAX;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		map.cell_type = table[i].type;
		assert_int_equal(modbus_wire_block(&map, table[i].baud), table[i].most);
	}
	start(&slave, "rtu:pty", path);
	assert_int_equal(describe(&mat, path, modbus_server_where(slave.server), "1200", &err), 0);
	assert_int_equal(mat.device.driver->open(&mat.device, &err), 0);
	assert_int_equal(
	    mat.device.driver->read(&mat.device, clock_mono_ns() + NS_PER_S, &mat.frame), 0);
	assert_int_equal(mat.device.stats.requests, 2); /* of 24 registers */
	assert_float_equal(mat.counts[CELLS - 1], CELLS - 1, 0);
	close_mat(&mat);
	stop(&slave);
	free(path);
}

static void a_line_too_slow_for_the_mat_is_refused(void **state)
{
	struct mat mat;
	struct error err = {0};

	(void)state;
	assert_int_equal(
	    describe(&mat, "./calib/profiles/pmd-64x32.ini", "/dev/null", "2400", &err), -ERANGE);
	assert_non_null(strstr(err.text, "at 2400 baud a frame takes "));
	free(mat.device.state);
	assert_int_equal(
	    describe(&mat, "./calib/profiles/pmd-64x32.ini", "/dev/null", "9600", &err), 0);
	free(mat.device.state);
}

static void one_alone_asks_on_a_serial_line(void **state)
{
	struct slave slave;
	struct mat first, second;
	struct error err = {0};
	char *path = write_profile("type = u16");

	(void)state;
	start(&slave, "rtu:pty", path);
	const char *where = modbus_server_where(slave.server);
	assert_int_equal(describe(&first, path, where, "", &err), 0);
	assert_int_equal(describe(&second, path, where, "", &err), 0);
	assert_int_equal(first.device.driver->open(&first.device, &err), 0);
	assert_int_equal(second.device.driver->open(&second.device, &err), -EBUSY);
	assert_non_null(strstr(err.text, "is asked by another program"));
	close_mat(&second);
	close_mat(&first);
	assert_int_equal(describe(&second, path, where, "", &err), 0);
	assert_int_equal(second.device.driver->open(&second.device, &err), 0);
	close_mat(&second);
	stop(&slave);
	free(path);
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
	uint8_t request[12], answer[9 + 2 * CELLS];

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

static int open_units(const char *registers, const char *port, struct error *err)
{
	char *path = write_profile(registers);
	struct mat mat;

	assert_int_equal(describe(&mat, path, port, "", err), 0);
	int result = mat.device.driver->open(&mat.device, err);
	close_mat(&mat);
	free(path);
	return result;
}

static void a_host_that_ignores_unit_ids_has_one_unit(void **state)
{
	struct careless careless;
	struct error err = {0};

	(void)state;
	begin_careless(&careless);
	assert_int_equal(open_units("type = u16\nunits = 1, 247", careless.port, &err), -EINVAL);
	assert_non_null(strstr(err.text, "answers for units 246 and 245 too"));
	assert_int_equal(open_units("type = u16\nunits = 9", careless.port, &err), 0);
	end_careless(&careless);
}

/* A gateway refuses for units that it does not have. */
static void a_gateway_has_several(void **state)
{
	static const char registers[] = "type = u16\nunits = 1, 2";
	struct slave slave;
	struct error err = {0};
	char *path = write_profile(registers);

	(void)state;
	start(&slave, "tcp:0", path);
	const char *port = strrchr(modbus_server_where(slave.server), ':') + 1;
	assert_int_equal(open_units(registers, port, &err), 0);
	stop(&slave);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_slow_line_is_asked_for_less_at_once),
	    cmocka_unit_test(a_line_too_slow_for_the_mat_is_refused),
	    cmocka_unit_test(one_alone_asks_on_a_serial_line),
	    cmocka_unit_test(a_host_that_ignores_unit_ids_has_one_unit),
	    cmocka_unit_test(a_gateway_has_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
