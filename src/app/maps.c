#include "app/maps.h"

#include "app/frames_source.h"
#include "dsp/robust.h"
#include "recording/recording.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FULL_SCALE_DEFAULT 4095
#define CELL_MM_DEFAULT    25.4

/* A frame whose sum is this many times the file's median, or this part of it, is a glitch. */
#define GLITCH_TIMES 3.0f

int maps_find_columns(const struct csv *csv, struct maps_columns *c, struct error *err)
{
	c->file = csv_column(csv, "file", err);
	c->rows = c->file < 0 ? -ENOENT : csv_column(csv, "rows", err);
	c->cols = c->rows < 0 ? -ENOENT : csv_column(csv, "cols", err);
	c->skip = csv_column_or_none(csv, "skip");
	c->full_scale = csv_column_or_none(csv, "full_scale");
	c->cell_mm = csv_column_or_none(csv, "cell_mm");
	c->rate_hz = csv_column_or_none(csv, "rate_hz");
	c->flip = csv_column_or_none(csv, "flip");
	return c->cols < 0 ? -ENOENT : 0;
}

/* A number of the row that must lie in [least, most]. */
static int read_in_range(const struct csv *csv, size_t row, int column, const char *name,
    double fallback, double least, double most, double *value, struct error *err)
{
	int result = csv_number(csv, row, column, fallback, value, err);

	if (result < 0)
		return result;
	if (*value >= least && *value <= most)
		return 0;
	struct place where = {csv_path(csv), csv_line(csv, row), name, csv_text(csv, row, column)};
	return error_at(err, -EINVAL, &where, "must be %g to %g", least, most);
}

static int read_surface(struct surface *surface, const struct csv *csv, size_t row,
    const struct maps_columns *c, struct error *err)
{
	double rows, cols, full_scale, cell_mm, rate_hz;
	const char *flip = csv_text(csv, row, c->flip);

	if (read_in_range(csv, row, c->rows, "rows", 0, 2, 128, &rows, err) < 0 ||
	    read_in_range(csv, row, c->cols, "cols", 0, 2, 128, &cols, err) < 0 ||
	    read_in_range(csv, row, c->full_scale, "full_scale", FULL_SCALE_DEFAULT, 1, 1e9,
	        &full_scale, err) < 0 ||
	    read_in_range(csv, row, c->cell_mm, "cell_mm", CELL_MM_DEFAULT, 1, 500, &cell_mm, err) <
	        0 ||
	    read_in_range(csv, row, c->rate_hz, "rate_hz", 1, 0.01, 1000, &rate_hz, err) < 0)
		return -EINVAL;
	*surface = (struct surface){
	    .kind = SURFACE_BED,
	    .rows = (size_t)rows,
	    .cols = (size_t)cols,
	    .n_cells = (size_t)rows * (size_t)cols,
	    .pitch_mm = (float)cell_mm,
	    .full_scale_counts = (float)full_scale,
	    .rate_hz = (float)rate_hz,
	};
	if (!*flip || flip_parse(flip, &surface->flip) == 0)
		return 0;
	struct place where = {csv_path(csv), csv_line(csv, row), "flip", flip};
	return error_at(err, -EINVAL, &where, "flip is none, rows, cols or both");
}

/* How many numbers the first line holds that is no comment; 0 when it cannot be told. */
static size_t cells_of_first_line(const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0, n = 0;

	while (file && n == 0 && getline(&line, &size, file) > 0) {
		if (line[0] == '#')
			continue;
		char *rest = line;
		while (strtok_r(rest, ", \t\r\n", &rest))
			n++;
	}
	free(line);
	if (file)
		fclose(file);
	return n;
}

void maps_lay(const struct surface *surface, const float *counts, float *cells)
{
	size_t rows = surface->rows, cols = surface->cols;
	float scale = 100 / surface->full_scale_counts;

	for (size_t row = 0; row < rows; row++)
		for (size_t col = 0; col < cols; col++) {
			size_t y = surface->flip & FLIP_ROWS ? rows - 1 - row : row;
			size_t x = surface->flip & FLIP_COLS ? cols - 1 - col : col;
			cells[y * cols + x] = counts[row * cols + col] * scale;
		}
}

static int add_map(struct maps *maps, const float *counts, size_t *n_room)
{
	size_t n_cells = maps->surface.n_cells;

	if (maps->n_maps == *n_room) {
		*n_room = *n_room ? 2 * *n_room : 16;
		float *cells = realloc(maps->cells, *n_room * n_cells * sizeof(float));
		if (!cells)
			return -ENOMEM;
		maps->cells = cells;
	}
	maps_lay(&maps->surface, counts, maps->cells + maps->n_maps++ * n_cells);
	return 0;
}

/* lines_a_map: 1, or rows when a map is spread over as many lines. */
static int read_maps(struct maps *maps, struct frames_source *source, size_t lines_a_map,
    size_t skip, size_t stride, struct error *why_refused)
{
	size_t n_line = maps->surface.n_cells / lines_a_map, n_room = 0, n_lines = 0, seen = 0;
	float *counts = calloc(maps->surface.n_cells, sizeof(float));
	struct frame frame;
	int result = counts ? 0 : -ENOMEM;

	while (result == 0) {
		int read = frames_source_read(source, &frame, why_refused);
		if (read == -ENODATA)
			break;
		if (read < 0) {
			maps->n_refused++;
			n_lines = 0;
			continue;
		}
		memcpy(counts + n_lines * n_line, frame.counts, n_line * sizeof(float));
		if (++n_lines < lines_a_map)
			continue;
		n_lines = 0;
		if (seen >= skip && (seen - skip) % stride == 0)
			result = add_map(maps, counts, &n_room);
		seen++;
	}
	free(counts);
	return result;
}

static int mark_glitches(struct maps *maps)
{
	float *sums = calloc(2 * maps->n_maps, sizeof(float));

	maps->glitch = calloc(maps->n_maps, sizeof(bool));
	if (!sums || !maps->glitch) {
		free(sums);
		return -ENOMEM;
	}
	for (size_t k = 0; k < maps->n_maps; k++)
		for (size_t i = 0; i < maps->surface.n_cells; i++)
			sums[k] += maps->cells[k * maps->surface.n_cells + i];
	float median = robust_median(sums, maps->n_maps, sums + maps->n_maps);
	for (size_t k = 0; k < maps->n_maps; k++) {
		maps->glitch[k] = sums[k] > GLITCH_TIMES * median ||
		                  sums[k] * GLITCH_TIMES < median;
		maps->n_glitches += maps->glitch[k];
	}
	free(sums);
	return 0;
}

static int open_and_read(
    struct maps *maps, const char *path, size_t skip, size_t stride, struct error *err)
{
	struct surface lines = maps->surface;
	struct frames_source *source;
	bool spread = !recording_is(path) && cells_of_first_line(path) == lines.cols;

	if (spread) {
		lines.rows = 1;
		lines.n_cells = lines.cols;
	}
	int result = frames_source_open(&source, path, &lines, err);
	if (result < 0)
		return result;
	if (!spread && frames_source_surface(source)->n_cells != maps->surface.n_cells) {
		frames_source_close(source);
		return error_set(err, -EINVAL, "%s: its grid is not the manifest's", path);
	}
	struct error refused = {0};
	result = read_maps(maps, source, spread ? maps->surface.rows : 1, skip, stride, &refused);
	frames_source_close(source);
	if (result == 0 && maps->n_maps > 0)
		result = mark_glitches(maps);
	if (result == -ENOMEM)
		return error_set(err, result, "%s: out of memory", path);
	if (maps->n_maps > 0)
		return 0;
	if (maps->n_refused)
		return error_set(err, -ENODATA, "no map of %zu x %zu cells: %s", maps->surface.rows,
		    maps->surface.cols, refused.text);
	return error_set(err, -ENODATA, "%s: no map after the first %zu", path, skip);
}

int maps_read(struct maps *maps, const struct csv *csv, size_t row, const struct maps_columns *c,
    size_t stride, struct error *err)
{
	double skip;

	*maps = (struct maps){0};
	if (read_surface(&maps->surface, csv, row, c, err) < 0 ||
	    read_in_range(csv, row, c->skip, "skip", 0, 0, 1e9, &skip, err) < 0)
		return -EINVAL;
	char *path = csv_sibling_path(csv, csv_text(csv, row, c->file));
	if (!path)
		return error_set(err, -ENOMEM, "%s: out of memory", csv_path(csv));
	int result = open_and_read(maps, path, (size_t)skip, stride, err);
	free(path);
	return result;
}

int maps_load(struct maps *maps, const char *path, const struct surface *surface, size_t stride,
    struct error *err)
{
	*maps = (struct maps){.surface = *surface};
	if (recording_is(path)) {
		struct frames_source *source;
		int result = frames_source_open(&source, path, surface, err);
		if (result < 0)
			return result;
		maps->surface = *frames_source_surface(source);
		maps->surface.places = NULL;
		frames_source_close(source);
	}
	if (!surface_is_grid(&maps->surface))
		return error_set(err, -EINVAL, "%s: a grid is needed", path);
	return open_and_read(maps, path, 0, stride, err);
}

void maps_finish(struct maps *maps)
{
	free(maps->cells);
	free(maps->glitch);
	*maps = (struct maps){0};
}

struct image maps_image(const struct maps *maps, size_t k)
{
	return (struct image){
	    .surface = &maps->surface,
	    .mono_ns = (int64_t)((double)k * 1e9 / (double)maps->surface.rate_hz),
	    .unit = PRESSURE_RELATIVE,
	    .health_ratio = 1,
	    .cells = maps->cells + k * maps->surface.n_cells,
	};
}
