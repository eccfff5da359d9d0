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
	const char *slash = strrchr(section->ini->path, '/');
	char *whole = NULL;

	if (path[0] == '/' || !slash)
		return strdup(path);
	int folder = (int)(slash - section->ini->path);
	return asprintf(&whole, "%.*s/%s", folder, section->ini->path, path) < 0 ? NULL : whole;
}

static void take_layout(struct section *section)
{
	const char *path = options_text(&section->own, "layout");
	struct surface *surface = &section->config->surface;
	struct error err = {0};

	if (!path[0])
		return;
	if (options_given(&section->own, "rows") || options_given(&section->own, "cols") ||
	    surface->flip != FLIP_NONE) {
		error_at(problem_slot(section->problems), -EINVAL, &section->place,
		    "layout = %s: give either a layout or rows, cols and flip", path);
		return;
	}
	char *whole = resolve(section, path);
	if (!whole || layout_load(whole, surface->kind, &section->config->places, &surface->n_cells,
	                  &err) < 0) {
		error_prefix(&err, "[surface %s] layout", surface->name);
		*problem_slot(section->problems) = err;
	}
	surface->places = section->config->places;
	free(whole);
}

/* The source knows `known` (0: it does not); the file says `said` when `given`. */
static double settle(struct section *section, const char *key, double known)
{
	double said = options_number(&section->own, key);

	if (!(known > 0))
		return said;
	if (options_given(&section->own, key) && fabs(said - known) > 1e-6 * known)
		error_at(problem_slot(section->problems), -EINVAL, &section->place,
		    "%s = %s, but the %s driver's source says %g; leave %s out or use another "
		    "source",
		    key, options_text(&section->own, key), section->config->driver->name, known,
		    key);
	return known;
}

static void take_grid(struct section *section)
{
	struct surface_config *config = section->config;
	struct surface *surface = &config->surface;
	struct surface known = {.kind = surface->kind};
	struct error err = {0};

	snprintf(known.name, sizeof(known.name), "%s", surface->name);
	if (config->driver && config->driver->describe &&
	    config->driver->describe(&config->driver_options, &known, &err) < 0) {
		error_prefix(&err, "[surface %s]", surface->name);
		*problem_slot(section->problems) = err;
		return;
	}
	if (known.kind != surface->kind)
		error_at(problem_slot(section->problems), -EINVAL, &section->place,
		    "kind = %s, but the %s driver's source is a %s",
		    surface_kind_name(surface->kind), config->driver->name,
		    surface_kind_name(known.kind));
	surface->pitch_mm = (float)settle(section, "pitch", (double)known.pitch_mm);
	surface->full_scale_counts = (float)settle(
	    section, "full_scale", (double)known.full_scale_counts);
	/* Reading slower or faster than the source's usual rate is no contradiction. */
	surface->rate_hz = options_given(&section->own, "rate") || !(known.rate_hz > 0)
	                       ? (float)options_number(&section->own, "rate")
	                       : known.rate_hz;
	if (surface->places)
		return;
	surface->rows = (size_t)settle(section, "rows", (double)known.rows);
	surface->cols = (size_t)settle(section, "cols", (double)known.cols);
	if (surface->kind == SURFACE_STRIP && surface->rows == 0 && surface->cols == 0)
		surface->rows = surface->cols = 1;
	surface->n_cells = surface->rows * surface->cols;
	if (known.places && surface->n_cells == 0) {
		surface->places = known.places;
		surface->n_cells = known.n_cells;
	}
	if (surface->n_cells == 0 || surface->n_cells > SURFACE_CELLS_MAX)
		error_at(problem_slot(section->problems), -EINVAL, &section->place,
		    "[surface %s]: %zu rows x %zu cols: give rows and cols of 1 to %d cells in "
		    "all, "
		    "or a layout",
		    surface->name, surface->rows, surface->cols, SURFACE_CELLS_MAX);
}

void section_take_calibration(struct section *section)
{
	const char *path = options_text(&section->own, "calibration");
	struct surface_config *config = section->config;
	struct error err = {0};

	if (!path[0] || config->surface.n_cells == 0)
		return;
	char *whole = resolve(section, path);
	config->calibrated = whole && calibration_load(
	                                  &config->calibration, whole, &config->surface, &err) == 0;
	if (!config->calibrated)
		*problem_slot(section->problems) = err;
	free(whole);
}

void section_take_geometry(struct section *section)
{
	take_layout(section);
	take_grid(section);
}
