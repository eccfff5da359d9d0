/* What the modbus driver's options say, before anything is opened. */
#ifndef LUMBAR_DRIVERS_MODBUS_SETTINGS_H
#define LUMBAR_DRIVERS_MODBUS_SETTINGS_H

#include "base/options.h"
#include "core/surface.h"
#include "drivers/modbus_map.h"

extern const struct option_spec modbus_options[];

/*
 * The profile that the options name, with what they say in its place: units, baud, parity; and on a
 * serial line not more registers a request than it carries in time. 0 or -errno with err.
 */
int modbus_settings_load(const struct options *options, struct modbus_map *map, struct error *err);

/* What modbus.zero asks for: a value for the zero register, -1: nothing. */
int modbus_settings_zero(const struct options *options, const struct modbus_map *map);

/* describe() of drivers/driver.h; refuses options that do not go together. */
int modbus_settings_describe(
    const struct options *options, struct surface *surface, struct error *err);

#endif
