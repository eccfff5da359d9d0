/* One section [surface NAME] of lumbard.conf. Only app/config*.c include this. */
#ifndef LUMBAR_APP_CONFIG_SURFACE_H
#define LUMBAR_APP_CONFIG_SURFACE_H

#include "app/config_section.h"

/*
 * Reads one section. Returns 0 (with problems added or not; the object is usable only without
 * problems), or -ENOMEM.
 */
int surface_config_read(struct surface_config **config, const struct config_entries *entries,
    struct problems *problems);

/* A section while it is read. */
struct section {
	struct config_entries entries;
	struct surface_config *config;
	struct options own; /* the keys without a dot */
	struct problems *problems;
	struct place place; /* of the section */
};

/* As config_place(). */
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
