/* Configurations as text, and the sections that tests put together. */
#ifndef LUMBAR_TESTS_CONFIGS_H
#define LUMBAR_TESTS_CONFIGS_H

#include "app/config.h"

#define BED    "[surface bed]\nkind = bed\n"
#define SIM    BED "driver = sim\n"
#define MATRIX "driver = matrix\nmatrix.rows = 8\nmatrix.cols = 8\nmatrix.row_lines = 1 2 3\n"
#define LED    "[indicator led]\nsurfaces = bed\n"
#define CHAIR  "[surface chair]\nkind = seat\ndriver = "
#define RTU    "driver = modbus\nmodbus.transport = rtu\nmodbus.device = /dev/ttyUSB0\n"

/* Loads it; NULL with its problems. */
struct config *configs_load(const char *text, struct problems *problems);

#endif
