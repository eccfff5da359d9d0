/*
 * One Modbus port, through libmodbus: bounded requests, nothing stale, everything counted.
 *
 * What the field has taught (docs/hardware.md):
 * - The answer to a request that was given up may still come and be taken for the next one's, so
 *   what waits on the line is dropped before a request, and after a failure a TCP line is left alone
 *   until it is quiet: else each answer could come one request late, for ever.
 * - libmodbus's own error recovery can block for ever: it is off, the host reopens.
 * - Its byte timeout starts anew with each byte, so that a trickle never ends: it is off too, and
 *   an answer as a whole has one time limit.
 */
#ifndef LUMBAR_DRIVERS_MODBUS_BUS_H
#define LUMBAR_DRIVERS_MODBUS_BUS_H

#include "base/error.h"
#include "base/options.h"
#include "drivers/driver.h"
#include "drivers/modbus_map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct modbus_bus;

/*
 * Opens the port that the modbus driver's options name, with the map's line settings. The map is
 * borrowed. speaks: a port without RS-485 mode (rs485 = auto) is logged. 0 or -errno with err.
 * Takes at most 3 s for a host's name, and 1.5 s for each of up to four addresses. -EBUSY: another
 * program, or another mat of this one, asks on the serial line.
 */
int modbus_bus_open(struct modbus_bus **bus, const struct modbus_map *map,
    const struct options *options, bool speaks, struct error *err);
void modbus_bus_close(struct modbus_bus *bus); /* NULL is legal */

/*
 * Reads n registers of a unit, with the profile's function. Returns 0; -ETIMEDOUT: the unit is
 * silent; -EAGAIN: the deadline came before the answer's time was over; -EBADMSG: a wrong, short or
 * refusing answer; -EIO: the port is gone. Counts in stats.
 */
int modbus_bus_read(struct modbus_bus *bus, int unit, int first, size_t n, uint16_t *registers,
    int64_t deadline_ns, struct driver_stats *stats);

/* Writes one holding register. 0 or -errno with err. For opening, not for the frame path. */
int modbus_bus_write(
    struct modbus_bus *bus, int unit, int address, uint16_t value, struct error *err);

/*
 * Many a host on the network answers whatever the unit id: several of its units would be one and the
 * same, and each part of the mat a copy of the first. Asks two ids that are not the map's; when both
 * answer: -EINVAL with err. 0 on a serial line and with one unit. For opening; takes 3 s at most.
 */
int modbus_bus_tell_units(struct modbus_bus *bus, struct error *err);

/* For how long, at most, an answer may still come after a request was given up. */
double modbus_bus_drain_s(const struct modbus_bus *bus);

/* How long the last answered request took; 0: there was none yet. */
double modbus_bus_last_s(const struct modbus_bus *bus);

#endif
