/* The geometry of a surface, as the file and the driver's source give it, and its calibration. */
#include "app/config_surface.h"

#include "app/layout.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A path in the file is relative to the file's own folder. The caller frees. */
static char *resolve(const struct section *section, const char *path)
{
	const char *slash = strrchr(section->entries.ini->path, '/');
	char *whole = NULL;

	if (path[0] == '/' || !slash)
		return strdup(path);
	int folder = (int)(slash - section->entries.ini->path);
	return asprintf(&whole, "%.*s/%s", folder, section->entries.ini->path, path) < 0 ? NULL
	                                                                                 : whole;
}

static void take_layout(struct section *section)
{
	const char *path = options_text(&section->own, "layout");
	struct surface *surface = &section->config->surface;
	struct place where = section_place(section, "layout");
	struct error err = {0};

	if (!path[0])
		return;
	if (options_given(&section->own, "rows") || options_given(&section->own, "cols") ||
	    surface->flip != FLIP_NONE) {
		error_at(problem_slot(section->problems), -EINVAL, &where,
		    "give either a layout or rows, cols and flip");
		return;
	}
	char *whole = resolve(section, path);
	if (!whole || layout_load(whole, surface->kind, &section->config->places, &surface->n_cells,
	                  &err) < 0) {
		*problem_slot(section->problems) = section_error(section, "layout", &err);
	}
	surface->places = section->config->places;
	free(whole);
}

static double given_or_zero(const struct section *section, const char *key)
{
	return options_given(&section->own, key) ? options_number(&section->own, key) : 0;
}

/* The value that holds: what the source says, else the file, else the fallback. */
static double settle(struct section *section, const char *key, double known)
{
	double said = options_number(&section->own, key);
	struct place where = section_place(section, key);

	if (!(known > 0))
		return said;
	if (options_given(&section->own, key) && fabs(said - known) > 1e-6 * known)
		error_at(problem_slot(section->problems), -EINVAL, &where,
		    "the %s driver's source says %g; leave it out or use another source",
		    section->config->driver->name, known);
	return known;
}

static bool paces_itself(const struct driver *driver)
{
	for (size_t i = 0; driver && driver->options[i].key; i++)
		if (strcmp(driver->options[i].key, "rate") == 0)
			return true;
	return false;
}

/* A mat may be asked more or less often than its profile says; a file or a simulation may not. */
static double settle_rate(struct section *section, double known)
{
	if (paces_itself(section->config->driver) || !options_given(&section->own, "rate"))
		return settle(section, "rate", known);
	return options_number(&section->own, "rate");
}

/* Lets the source say what it knows; what the file gives is there already. */
static int ask_source(struct section *section, struct surface *known)
{
	const struct surface_config *config = section->config;
	struct error err = {0};

	*known = (struct surface){
	    .kind = config->surface.kind,
	    .rows = (size_t)given_or_zero(section, "rows"),
	    .cols = (size_t)given_or_zero(section, "cols"),
	    .n_cells = config->surface.n_cells,
	    .pitch_mm = (float)given_or_zero(section, "pitch"),
	    .full_scale_counts = (float)given_or_zero(section, "full_scale"),
	    .rate_hz = (float)given_or_zero(section, "rate"),
	    .flip = config->surface.flip,
	    .places = config->surface.places,
	};
	snprintf(known->name, sizeof(known->name), "%s", config->surface.name);
	if (!config->driver || !config->driver->describe ||
	    config->driver->describe(&config->driver_options, known, &err) == 0)
		return 0;
	*problem_slot(section->problems) = section_error(section, "driver", &err);
	return -EINVAL;
}

static void take_size(struct section *section, const struct surface *known)
{
	struct surface *surface = &section->config->surface;

	surface->rows = (size_t)settle(section, "rows", (double)known->rows);
	surface->cols = (size_t)settle(section, "cols", (double)known->cols);
	if (surface->kind == SURFACE_STRIP && surface->rows == 0 && surface->cols == 0)
		surface->rows = surface->cols = 1;
	surface->n_cells = surface->rows * surface->cols;
	if (surface->n_cells == 0 && known->n_cells > 0)
		error_at(problem_slot(section->problems), -EINVAL, &section->place,
		    "[surface %s]: the source has %zu cells that are no grid; give their layout",
		    surface->name, known->n_cells);
	else if (surface->n_cells == 0 || surface->n_cells > SURFACE_CELLS_MAX)
		error_at(problem_slot(section->problems), -EINVAL, &section->place,
		    "[surface %s]: %zu rows x %zu cols: give rows and cols of 1 to %d cells in "
		    "all, or a layout",
		    surface->name, surface->rows, surface->cols, SURFACE_CELLS_MAX);
}

/* Those that the source knows, unless the file says otherwise. They are the section's now. */
static void take_places(struct section *section, const struct surface *known)
{
	struct surface_config *config = section->config;

	if (!known->places || known->places == config->places)
		return;
	config->places = (struct cell_place *)known->places;
	if (options_given(&section->own, "rows") || options_given(&section->own, "cols"))
		return;
	config->surface.places = config->places;
	config->surface.n_cells = known->n_cells;
}

static void take_grid(struct section *section)
{
	struct surface *surface = &section->config->surface;
	struct place where = section_place(section, "kind");
	struct surface known;

	if (ask_source(section, &known) < 0)
		return;
	if (known.kind != surface->kind)
		error_at(problem_slot(section->problems), -EINVAL, &where,
		    "the %s driver's source is a %s", section->config->driver->name,
		    surface_kind_name(known.kind));
	surface->pitch_mm = (float)settle(section, "pitch", (double)known.pitch_mm);
	surface->full_scale_counts = (float)settle(
	    section, "full_scale", (double)known.full_scale_counts);
	surface->rate_hz = (float)settle_rate(section, (double)known.rate_hz);
	if (!options_given(&section->own, "flip"))
		surface->flip = known.flip;
	take_places(section, &known);
	if (!surface->places)
		take_size(section, &known);
	else if (known.n_cells != surface->n_cells)
		error_at(problem_slot(section->problems), -EINVAL, &section->place,
		    "[surface %s]: the layout has %zu cells, the source %zu", surface->name,
		    surface->n_cells, known.n_cells);
}

/* A recording holds the calibration that was in force. */
static void take_calibration_of_source(struct section *section)
{
	struct surface_config *config = section->config;
	struct error err = {0};
	char *text = NULL;

	if (!config->driver || !config->driver->calibration)
		return;
	int result = config->driver->calibration(&config->driver_options, &text, &err);
	if (result == 0 && text) {
		result = calibration_parse(
		    &config->calibration, text, "the one inside", &config->surface, &err);
		config->calibrated = result == 0;
	}
	free(text);
	if (result < 0)
		*problem_slot(section->problems) = section_error(section, "driver", &err);
}

void section_take_calibration(struct section *section)
{
	const char *path = options_text(&section->own, "calibration");
	struct surface_config *config = section->config;
	struct error err = {0};

	if (config->surface.n_cells == 0 || strcmp(path, "none") == 0)
		return;
	if (!path[0]) {
		take_calibration_of_source(section);
		return;
	}
	config->calibration_path = resolve(section, path);
	config->calibrated = config->calibration_path &&
	                     calibration_load(&config->calibration, config->calibration_path,
	                         &config->surface, &err) == 0;
	if (!config->calibrated)
		config->calibration_fault = section_error(section, "calibration", &err);
}

void section_take_geometry(struct section *section)
{
	take_layout(section);
	take_grid(section);
}
