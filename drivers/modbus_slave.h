/*
 * What a mat with a register map answers: Modbus requests in, answers out, by a profile. Pure: no
 * port, no framing (modbus_server.c has those). It shares no code with libmodbus, so that the
 * driver is tested against a second reading of the protocol.
 */
#ifndef LUMBAR_DRIVERS_MODBUS_SLAVE_H
#define LUMBAR_DRIVERS_MODBUS_SLAVE_H

#include "drivers/modbus_map.h"

#include <stddef.h>
#include <stdint.h>

#define MODBUS_PDU_MAX 253 /* Modbus application protocol 1.1b3, 4.1 */

struct modbus_slave;

/* The map is copied. NULL: out of memory. Destroying NULL is legal. */
struct modbus_slave *modbus_slave_create(const struct modbus_map *map);
void modbus_slave_destroy(struct modbus_slave *slave);

const struct modbus_map *modbus_slave_map(const struct modbus_slave *slave);

/* Puts a frame (rows * cols) into the registers, less the zero, and moves the frame counter. */
void modbus_slave_set_frame(struct modbus_slave *slave, const float *counts);

/*
 * Answers the request of `size` bytes (function code first): the answer's size, which may be an
 * exception; 0 when no unit of the profile has this id: a bus stays silent then.
 */
size_t modbus_slave_answer(struct modbus_slave *slave, int unit, const uint8_t *request,
    size_t size, uint8_t answer[static MODBUS_PDU_MAX]);

#endif
