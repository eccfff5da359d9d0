/* What `lumbar drivers modbus --profile P` says: the mat, and how fast a wire lets it be read. */
#ifndef LUMBAR_APP_PROFILE_VIEW_H
#define LUMBAR_APP_PROFILE_VIEW_H

#include "drivers/modbus_map.h"

#include <jansson.h>

void profile_print(const struct modbus_map *map);

/* The caller owns it. NULL: out of memory. */
json_t *profile_json(const struct modbus_map *map);

#endif
