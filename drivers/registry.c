#include "drivers/driver.h"

#include <string.h>

#define DRIVER(name) extern const struct driver driver_##name;
#include "drivers/drivers.def"
#undef DRIVER

const struct driver *const drivers[] = {
#define DRIVER(name) &driver_##name,
#include "drivers/drivers.def"
#undef DRIVER
    NULL,
};

const struct driver *driver_find(const char *name)
{
	for (size_t i = 0; drivers[i]; i++)
		if (strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
	return NULL;
}
