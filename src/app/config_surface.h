/* One section [surface NAME] of lumbard.conf. Only app/config*.c include this. */
#ifndef LUMBAR_APP_CONFIG_SURFACE_H
#define LUMBAR_APP_CONFIG_SURFACE_H

#include "app/config.h"
#include "base/inifile.h"

/* Where the next problem is written; the last slot is overwritten when there are too many. */
struct error *problem_slot(struct problems *problems);

/* The name in a section's heading, "surface bed": what follows `kind`, which ends with a blank. */
void config_name(const char *heading, const char *kind, char name[static SURFACE_NAME_SIZE],
    const struct place *where, struct problems *problems);

/*
 * Reads entries [first, end), all of one section. Returns 0 (with problems added or not; the
 * object is then usable only without problems), or -ENOMEM.
 */
int surface_config_read(struct surface_config **config, const struct inifile *ini, size_t first,
    size_t end, struct problems *problems);

/* A section while it is read. */
struct section {
	const struct inifile *ini;
	size_t first, end;
	struct surface_config *config;
	struct options own; /* the keys without a dot */
	struct problems *problems;
	struct place place; /* of the section */
};

/* Where the key stands; where the section begins when it does not stand there. */
struct place section_place(const struct section *section, const char *key);

/* The fault of something that the key names (a profile, a layout), with the place of the key. */
struct error section_error(
    const struct section *section, const char *key, const struct error *fault);

/* The driver by its name, and the keys with a dot: config_parts.c. */
void section_take_driver(struct section *section);
void section_take_parts(struct section *section);

/* Layout, geometry as the file and the source give it, calibration: config_geometry.c. */
void section_take_geometry(struct section *section);
void section_take_calibration(struct section *section);

#endif
