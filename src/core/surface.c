#include "core/surface.h"

#include "core/names.h"

static const char *const kind_names[] = {"bed", "seat", "strip"};
static const char *const region_names[] = {"bed", "seat", "back", "strip", "leg"};
static const char *const sense_names[] = {"shape", "load", "switch"};
static const char *const flip_names[] = {"none", "rows", "cols", "both"};

const char *surface_kind_name(enum surface_kind kind)
{
	return kind_names[kind];
}

int surface_kind_parse(const char *text, enum surface_kind *kind)
{
	int found = name_find(kind_names, NAMES_COUNT(kind_names), text);

	if (found >= 0)
		*kind = (enum surface_kind)found;
	return found < 0 ? found : 0;
}

const char *region_name(enum region region)
{
	return region_names[region];
}

int region_parse(const char *text, enum region *region)
{
	int found = name_find(region_names, NAMES_COUNT(region_names), text);

	if (found >= 0)
		*region = (enum region)found;
	return found < 0 ? found : 0;
}

int flip_parse(const char *text, enum flip *flip)
{
	int found = name_find(flip_names, NAMES_COUNT(flip_names), text);

	if (found >= 0)
		*flip = (enum flip)found;
	return found < 0 ? found : 0;
}

enum sense surface_sense(const struct surface *surface)
{
	if (surface->full_scale_counts == 1)
		return SENSE_SWITCH;
	if (surface->kind != SURFACE_BED || !surface->places)
		return SENSE_SHAPE;
	for (size_t i = 0; i < surface->n_cells; i++)
		if (surface->places[i].region != REGION_LEG)
			return SENSE_SHAPE;
	return SENSE_LOAD;
}

const char *sense_name(enum sense sense)
{
	return sense_names[sense];
}

int sense_parse(const char *text, enum sense *sense)
{
	int found = name_find(sense_names, NAMES_COUNT(sense_names), text);

	if (found >= 0)
		*sense = (enum sense)found;
	return found < 0 ? found : 0;
}

const char *sense_limits(enum sense sense)
{
	static const char *const limits[] = {
	    [SENSE_LOAD] = "load cells tell no posture: posture and support are not assessed",
	    [SENSE_SWITCH] =
	        "a switch tells loaded or not: a person from a thing, posture, movement "
	        "and breathing are not assessed",
	};

	return limits[sense];
}

bool surface_is_grid(const struct surface *surface)
{
	return surface->rows > 0;
}
