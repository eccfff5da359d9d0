/*
 * A Modbus slave that serves frames by a profile's register map, over TCP or RTU: what
 * `lumbar simulate --serve` is made of.
 */
#ifndef LUMBAR_DRIVERS_MODBUS_SERVER_H
#define LUMBAR_DRIVERS_MODBUS_SERVER_H

#include "base/error.h"
#include "drivers/modbus_map.h"

struct modbus_server;

/*
 * address: "tcp:PORT" (loopback), "tcp:HOST:PORT", "rtu:DEVICE", or "rtu:pty" (a pseudo-terminal
 * is made). 0 or -errno with err.
 */
int modbus_server_open(struct modbus_server **server, const char *address,
    const struct modbus_map *map, struct error *err);
void modbus_server_close(struct modbus_server *server);

/* Where a master finds it: "127.0.0.1:1502" or "/dev/pts/4". Borrowed. */
const char *modbus_server_where(const struct modbus_server *server);

/* Puts a frame into the registers and moves the frame counter. counts: rows * cols. */
void modbus_server_set_frame(struct modbus_server *server, const float *counts);

/* Answers requests until the deadline (CLOCK_BOOTTIME). 0, or -errno when the port is gone. */
int modbus_server_run(struct modbus_server *server, int64_t deadline_ns, struct error *err);

#endif
