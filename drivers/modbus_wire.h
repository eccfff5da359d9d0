/*
 * How long a frame takes on an RTU line, by a profile: pure arithmetic.
 *
 *   a request   8 characters, silence, the slave's turnaround, 5 + 2 n characters, silence
 *
 * A character has 1 start, 8 data, 0-1 parity and 1-2 stop bits. The silences are 3.5 characters
 * each, above 19200 baud 1.75 ms (Modbus over serial line 1.02, 2.5.1.1); the profile's gap takes the
 * second one's place where it is longer.
 */
#ifndef LUMBAR_DRIVERS_MODBUS_WIRE_H
#define LUMBAR_DRIVERS_MODBUS_WIRE_H

#include "drivers/modbus_map.h"

#include <stddef.h>

#define WIRE_REQUEST_CHARS 8    /* unit, function, address, count, checksum */
#define WIRE_ANSWER_CHARS  5    /* around the registers: unit, function, size, checksum */
#define WIRE_TURNAROUND_S  5e-3 /* what ordinary modules need: docs/hardware.md */

struct modbus_wire {
	double char_s, silence_s;
	double pause_s;        /* after an answer: the silence or the gap */
	size_t n_requests;     /* of a frame, all units and the counter's two included */
	size_t most_registers; /* in one request */
	double request_s;      /* the one of most_registers, from begin to begin of the next */
	double frame_s;        /* all of them */
};

/* baud: > 0. */
void modbus_wire_read(const struct modbus_map *map, int baud, struct modbus_wire *wire);

/*
 * The registers of a request, at most: the profile's block, less on a line so slow that the answer
 * would take longer than WIRE_EXCHANGE_S of the second that a read has.
 */
#define WIRE_EXCHANGE_S 0.4
size_t modbus_wire_block(const struct modbus_map *map, int baud);

/* Seconds of silence that part two messages. */
double modbus_wire_silence_s(const struct modbus_map *map, int baud);

#endif
