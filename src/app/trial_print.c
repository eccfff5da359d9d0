/* A trial in plain words, as a map, and as JSON. */
#include "app/trial.h"

#include "app/observation_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LINES_MOST = 32, COLUMNS_MOST = 64 };
static const double slow_share = 0.9; /* of the rate that was asked for: less is said */

static bool is_driver(const struct trial *trial, const char *name)
{
	return strcmp(trial->config->driver->name, name) == 0;
}

/* ---- frames and errors ----------------------------------------------------------------------- */

static void print_rate(const struct trial *trial)
{
	double rate_hz = trial_rate_hz(trial), asked_hz = (double)trial->config->surface.rate_hz;

	printf("frames: %zu", trial->n_frames);
	if (!isnan(rate_hz))
		printf(", %.1f a second (%g asked for)", rate_hz, asked_hz);
	if (trial->n_frames)
		printf(", the first after %.2f s", trial->waited_s);
	putchar('\n');
	if (!(rate_hz < slow_share * asked_hz))
		return;
	if (is_driver(trial, "modbus"))
		puts("  slower than asked for: lumbar drivers modbus --profile PROFILE says what "
		     "the "
		     "line allows");
	else if (is_driver(trial, "hx711"))
		puts("  slower than asked for: is the amplifier's RATE pin wired as hx711.rate "
		     "says?");
	else if (is_driver(trial, "matrix"))
		puts("  slower than asked for: fewer conversions (matrix.oversample), a shorter "
		     "matrix.settle, a faster SPI");
}

static void print_faults(const struct trial *trial)
{
	struct trial_fault faults[TRIAL_FAULTS_MAX];
	size_t n = trial_faults(trial, faults);

	if (n == 0)
		puts("errors: none");
	for (size_t i = 0; i < n; i++) {
		printf("%s%llu %s", i ? "        " : "errors: ", (unsigned long long)faults[i].n,
		    faults[i].words);
		if (faults[i].advice)
			printf(": %s", faults[i].advice);
		putchar('\n');
	}
	if (trial->stats.fault[0])
		printf("  the last in the driver's own words: %s\n", trial->stats.fault);
	if (trial->failure[0])
		printf("ended early: %s\n", trial->failure);
}

/* Above a half they outweigh the load, and no arithmetic brings it back. */
static const char *ghost_advice(double ratio)
{
	if (ratio > 0.5)
		return "; drive the rows from 74HC595 registers (matrix.row_select = shift)";
	return ratio > 0.1 ? "; matrix.ghosts = correct takes it off" : "";
}

/* What only one kind of driver knows. */
static void print_own(const struct trial *trial)
{
	const struct driver_stats *stats = &trial->stats;

	if (is_driver(trial, "matrix") && stats->last_read_s > 0) {
		printf("scan: %.1f ms a frame, so at most %.0f frames a second\n",
		    1e3 * stats->last_read_s, 1 / stats->last_read_s);
		if (stats->ghost_ratio > 0)
			printf("ghosts: %.0f %% of what the row and the column carry%s\n",
			    100 * stats->ghost_ratio, ghost_advice(stats->ghost_ratio));
		else
			puts("ghosts: not known; put something on two corners at once");
	}
	if (is_driver(trial, "hx711") && stats->requests > 0)
		printf("samples: %llu read, %llu lost since this machine was late\n",
		    (unsigned long long)stats->requests, (unsigned long long)stats->late_samples);
}

/* ---- counts ---------------------------------------------------------------------------------- */

static void print_lines(const char *what, const bool *dead, size_t n_lines, size_t n_dead)
{
	const char *comma = "";

	if (n_dead == 0)
		return;
	printf("  %s ", what);
	for (size_t i = 0; i < n_lines; i++) {
		if (!dead[i])
			continue;
		printf("%s%zu", comma, i);
		comma = ", ";
	}
	puts(": dead from end to end: a wire, or an output of its multiplexer");
}

static void print_cells(const struct trial *trial)
{
	const struct surface *surface = &trial->config->surface;

	printf("counts: %g to %g of %g", (double)trial->least, (double)trial->most,
	    (double)surface->full_scale_counts);
	if (!isnan(trial->noise_counts))
		printf("; from one frame to the next a cell moves by %.3g",
		    (double)trial->noise_counts);
	printf("\ncells: %zu of %zu changed", trial->n_changed, surface->n_cells);
	if (trial->n_changed == 0)
		printf(": press on the mat while this runs");
	putchar('\n');
	if (trial->n_full)
		printf("  %zu reached the end of the scale\n", trial->n_full);
	if (trial->n_dead)
		printf("  %zu kept one value while all around changed: dead\n", trial->n_dead);
	else if (2 * trial->n_lively < surface->n_cells && surface_sense(surface) != SENSE_SWITCH)
		puts("  too little moved to tell dead cells: press all over it, or --seconds 60");
	print_lines("row", trial->dead_rows, surface->rows, trial->n_dead_rows);
	print_lines("column", trial->dead_cols, surface->cols, trial->n_dead_cols);
}

void trial_print(const struct trial *trial)
{
	printf("opened: %s, by the driver %s\n", trial->config->surface.name,
	    trial->config->driver->name);
	print_rate(trial);
	print_faults(trial);
	if (trial->n_frames == 0)
		return;
	print_own(trial);
	print_cells(trial);
}

/* ---- the map --------------------------------------------------------------------------------- */

/* The cell that lies there in body coordinates. */
static size_t cell_at(const struct surface *surface, size_t row, size_t col)
{
	if (surface->flip & FLIP_ROWS)
		row = surface->rows - 1 - row;
	if (surface->flip & FLIP_COLS)
		col = surface->cols - 1 - col;
	return row * surface->cols + col;
}

/* The greatest of a block of cells; *dead: all of them are. */
static float block_most(
    const struct trial *trial, size_t row, size_t col, size_t rows, size_t cols, bool *dead)
{
	const struct surface *surface = &trial->config->surface;
	float most = -INFINITY;

	*dead = true;
	for (size_t r = row; r < row + rows && r < surface->rows; r++)
		for (size_t c = col; c < col + cols && c < surface->cols; c++) {
			const struct trial_cell *cell = &trial->cells[cell_at(surface, r, c)];
			most = fmaxf(most, cell->most);
			*dead = *dead && cell->dead;
		}
	return most;
}

static const char *block_text(const struct trial *trial, float value, bool dead)
{
	static const char *const blocks[] = {"·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	float span = trial->most - trial->least;
	float place = span > 0 ? (value - trial->least) / span : 0;

	return dead ? "x" : blocks[(size_t)lrintf(8 * place)];
}

static void print_grid(const struct trial *trial)
{
	const struct surface *surface = &trial->config->surface;
	size_t rows = (surface->rows + LINES_MOST - 1) / LINES_MOST;
	size_t cols = (surface->cols + COLUMNS_MOST - 1) / COLUMNS_MOST;
	bool seat = surface->kind == SURFACE_SEAT, dead;

	printf("\nthe most that each cell read, · %g to █ %g%s; %s on top, her left on the left\n",
	    (double)trial->least, (double)trial->most, trial->n_dead ? ", x dead" : "",
	    seat ? "the knees" : "the head");
	for (size_t row = 0; row < surface->rows; row += rows) {
		fputs("  ", stdout);
		for (size_t col = 0; col < surface->cols; col += cols) {
			float value = block_most(trial, row, col, rows, cols, &dead);
			fputs(block_text(trial, value, dead), stdout);
		}
		putchar('\n');
	}
}

static void print_table(const struct trial *trial)
{
	const struct surface *surface = &trial->config->surface;

	puts("\ncell      least       most       last   noise");
	for (size_t i = 0; i < surface->n_cells; i++) {
		const struct trial_cell *cell = &trial->cells[i];
		printf("%4zu %10.0f %10.0f %10.0f ", i, (double)cell->least, (double)cell->most,
		    (double)cell->last);
		if (trial->n_frames > 1)
			printf("%7.3g ",
			    sqrt(cell->steps_squared / (double)(trial->n_frames - 1) / 2));
		printf("%s", block_text(trial, cell->most, cell->dead));
		if (surface->places)
			printf("  %s at %g, %g mm", region_name(surface->places[i].region),
			    (double)surface->places[i].x_mm, (double)surface->places[i].y_mm);
		puts(cell->dead ? ": dead" : "");
	}
}

void trial_print_map(const struct trial *trial)
{
	if (trial->n_frames == 0)
		return;
	if (surface_is_grid(&trial->config->surface) && trial->config->surface.rows > 1)
		print_grid(trial);
	else
		print_table(trial);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *lines_json(const bool *dead, size_t n_lines)
{
	json_t *list = json_array();

	for (size_t i = 0; dead && i < n_lines; i++)
		if (dead[i])
			json_array_append_new(list, json_integer((json_int_t)i));
	return list;
}

static json_t *faults_json(const struct trial *trial)
{
	struct trial_fault faults[TRIAL_FAULTS_MAX];
	size_t n = trial_faults(trial, faults);
	json_t *list = json_object();

	for (size_t i = 0; i < n; i++)
		json_object_set_new(list, faults[i].kind,
		    json_pack("{s:I, s:s?}", "count", (json_int_t)faults[i].n, "advice",
		        faults[i].advice));
	return list;
}

static json_t *cells_json(const struct trial *trial)
{
	json_t *list = json_array();

	for (size_t i = 0; trial->n_frames && i < trial->config->surface.n_cells; i++) {
		const struct trial_cell *cell = &trial->cells[i];
		json_array_append_new(list,
		    json_pack("{s:o, s:o, s:o, s:b}", "least", json_measure((double)cell->least),
		        "most", json_measure((double)cell->most), "last",
		        json_measure((double)cell->last), "dead", cell->dead));
	}
	return list;
}

json_t *trial_json(const struct trial *trial)
{
	const struct surface *surface = &trial->config->surface;
	const struct driver_stats *stats = &trial->stats;
	double none = (double)NAN, ghosts = stats->ghost_ratio > 0 ? stats->ghost_ratio : none;
	bool any = trial->n_frames > 0;

	return json_pack("{s:s, s:s, s:I, s:o, s:o, s:o, s:s?, s:s?, s:o, s:o, s:o, s:o, s:o, s:I, "
	                 "s:I, s:I, s:o, s:o, s:o, s:o, s:o}",
	    "surface", surface->name, "driver", trial->config->driver->name, "frames",
	    (json_int_t)trial->n_frames, "rate_hz", json_measure(trial_rate_hz(trial)),
	    "asked_rate_hz", json_measure((double)surface->rate_hz), "first_frame_s",
	    json_seconds(trial->waited_s), "fault", stats->fault[0] ? stats->fault : NULL, "ended",
	    trial->failure[0] ? trial->failure : NULL, "errors", faults_json(trial), "least_counts",
	    json_measure(any ? (double)trial->least : none), "most_counts",
	    json_measure(any ? (double)trial->most : none), "full_scale_counts",
	    json_measure((double)surface->full_scale_counts), "noise_counts",
	    json_measure((double)trial->noise_counts), "changed", (json_int_t)trial->n_changed,
	    "full", (json_int_t)trial->n_full, "dead", (json_int_t)trial->n_dead, "dead_rows",
	    lines_json(trial->dead_rows, surface->rows), "dead_cols",
	    lines_json(trial->dead_cols, surface->cols), "last_read_s",
	    json_measure(stats->last_read_s > 0 ? stats->last_read_s : none), "ghost_ratio",
	    json_measure(ghosts), "cells", cells_json(trial));
}
