/* What `lumbar simulate` was asked for, and its two kinds of work. */
#ifndef LUMBAR_APP_SIMULATE_H
#define LUMBAR_APP_SIMULATE_H

#include "base/error.h"
#include "drivers/sim/world.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct simulate {
	struct sim_settings settings;
	const char *output;          /* a recording's path, or NULL */
	const char *serve, *profile; /* a Modbus address and register map, or NULL */
	bool bed, chair;
	bool plan_given, progress;
	size_t rows, cols; /* 0: the simulator's own */
	double rate_hz;    /* 0: the default, or the profile's */
	double length_s;   /* 0: the plan's */
};

/* Writes a recording at output and its truth, a row a second, at output.truth.csv. */
int simulate_file(const struct simulate *simulate, struct error *err);

/* Serves one mat as a Modbus slave until SIGTERM or SIGINT. */
int simulate_serve(const struct simulate *simulate, struct error *err);

#endif
