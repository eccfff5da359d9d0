/* A mat of 6 x 4 cells behind Modbus: the driver on one end, a slave in a thread on the other. */
#ifndef LUMBAR_TESTS_MODBUS_BENCH_H
#define LUMBAR_TESTS_MODBUS_BENCH_H

#include "drivers/driver.h"
#include "drivers/modbus_server.h"

#include <pthread.h>
#include <stdatomic.h>

#define BENCH_CELLS       24
#define BENCH_EVER_SLOWER 1 /* ms: a frame's time, when it is to double six times, over and over */

struct bench_mat {
	struct options options;
	struct surface surface;
	struct device device;
	float counts[BENCH_CELLS];
	struct frame frame;
};

struct bench_slave {
	struct modbus_server *server;
	pthread_t thread;
	atomic_bool stops;
	atomic_bool sick; /* one cell is not a number */
	int64_t frame_ns; /* a new frame so often */
	int doublings;    /* that time grows so often to its double, and then begins again */
};

/* Static: its slave runs on after a test that fails, until the next begins. */
struct modbus_bench {
	struct bench_mat mat;
	struct bench_slave slave;
	char *profile; /* by which the mat is read */
};

/*
 * Serves at "tcp:0" or "rtu:pty" the profile with the registers `served`, a new frame each frame_ms,
 * and opens the mat by the profile with the registers `asked`, NULL: the same.
 */
void bench_begin(struct modbus_bench *bench, const char *address, const char *served,
    const char *asked, int64_t frame_ms);
void bench_end(struct modbus_bench *bench);
void bench_stop_slave(struct bench_slave *slave);

/* The path of the profile with these registers; the caller frees. */
char *bench_profile(const char *registers);

/* where: "127.0.0.1:PORT" or "/dev/pts/N" */
void bench_open(struct bench_mat *mat, const char *profile_path, const char *where);
void bench_close(struct bench_mat *mat);

/* Reads a frame; gives up after wait_ms. What the driver returns. */
int bench_read(struct bench_mat *mat, int64_t wait_ms);

/* Sets an option and opens the driver anew with it; what that returns. */
void bench_set(struct bench_mat *mat, const char *key, const char *value);
int bench_reopen(struct bench_mat *mat, const char *key, const char *value, struct error *err);

/* The cells belong to one frame: each is the first plus its index. */
void bench_assert_whole(const struct bench_mat *mat);

#endif
