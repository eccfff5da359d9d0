/* A section of lumbard.conf whose keys are options. Only app/config*.c include this. */
#ifndef LUMBAR_APP_CONFIG_SECTION_H
#define LUMBAR_APP_CONFIG_SECTION_H

#include "app/config.h"
#include "base/inifile.h"

/* The entries of one section; begin with .ini alone, then config_next_section(). */
struct config_entries {
	const struct inifile *ini;
	size_t first, end;
};

/* Goes on to the next section; false when there is none. */
bool config_next_section(struct config_entries *entries);
/* The section of that heading; no entries when it is not there, which config_take() takes well. */
struct config_entries config_find_section(const struct inifile *ini, const char *heading);
const char *config_heading(const struct config_entries *entries);

/* The name in a section's heading, "surface bed": what follows `kind`, which ends with a blank. */
void config_name(const char *heading, const char *kind, char name[static SURFACE_NAME_SIZE],
    const struct place *where, struct problems *problems);

/* Where the key stands; where the section begins when it does not; else the file. */
struct place config_place(const struct config_entries *entries, const char *key);

/* Sets options from all entries. What is unknown, wrong, twice or missing goes to problems. */
void config_take(const struct config_entries *entries, const struct option_spec *specs,
    struct options *options, struct problems *problems);

/* Where the next problem is written; the last slot is overwritten when there are too many. */
struct error *problem_slot(struct problems *problems);

#endif
