/* What the frames of a trial come to. */
#include "app/trial.h"

#include "dsp/robust.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const float full_share = 0.995F; /* of full scale: the end of the scale */

int trial_init(struct trial *trial, const struct surface_config *config, struct error *err)
{
	const struct surface *surface = &config->surface;

	*trial = (struct trial){.config = config, .waited_s = NAN, .noise_counts = NAN};
	trial->cells = calloc(surface->n_cells, sizeof(*trial->cells));
	bool made = trial->cells;
	if (surface_is_grid(surface)) {
		trial->dead_rows = calloc(surface->rows, sizeof(bool));
		trial->dead_cols = calloc(surface->cols, sizeof(bool));
		made = made && trial->dead_rows && trial->dead_cols;
	}
	return made ? 0 : error_set(err, -ENOMEM, "out of memory");
}

void trial_finish(struct trial *trial)
{
	free(trial->cells);
	free(trial->dead_rows);
	free(trial->dead_cols);
	*trial = (struct trial){0};
}

void trial_feed(struct trial *trial, const struct frame *frame)
{
	bool first = trial->n_frames == 0;

	for (size_t i = 0; i < trial->config->surface.n_cells; i++) {
		struct trial_cell *cell = &trial->cells[i];
		float count = frame->counts[i];
		double step = first ? 0 : (double)(count - cell->last);
		cell->least = first ? count : fminf(cell->least, count);
		cell->most = first ? count : fmaxf(cell->most, count);
		cell->last = count;
		cell->steps_squared += step * step;
		cell->n_steps += step != 0;
	}
	if (first)
		trial->first_ns = frame->mono_ns;
	trial->last_ns = frame->mono_ns;
	trial->n_frames++;
}

double trial_rate_hz(const struct trial *trial)
{
	double span_s = (double)(trial->last_ns - trial->first_ns) / 1e9;

	return trial->n_frames > 1 && span_s > 0 ? (double)(trial->n_frames - 1) / span_s
	                                         : (double)NAN;
}

/* ---- cells that changed ---------------------------------------------------------------------- */

static bool has_changed(const struct trial *trial, size_t cell)
{
	return trial->cells[cell].n_steps > 0;
}

static bool is_lively(const struct trial *trial, size_t cell)
{
	return trial->cells[cell].n_steps >= TRIAL_LIVELY_STEPS;
}

/* Slow changes hardly count in steps from frame to frame; each step has the noise of two counts. */
static float find_noise(const struct trial *trial)
{
	size_t n = 0;
	float *noise = calloc(trial->config->surface.n_cells, sizeof(*noise));

	if (!noise || trial->n_frames < 2) {
		free(noise);
		return NAN;
	}
	for (size_t i = 0; i < trial->config->surface.n_cells; i++) {
		double step = trial->cells[i].steps_squared / (double)(trial->n_frames - 1);
		if (has_changed(trial, i))
			noise[n++] = (float)sqrt(step / 2);
	}
	float median = n ? robust_median(noise, n, noise) : 0;
	free(noise);
	return median;
}

static void find_range(struct trial *trial)
{
	const struct surface *surface = &trial->config->surface;

	trial->least = trial->cells[0].least;
	trial->most = trial->cells[0].most;
	for (size_t i = 0; i < surface->n_cells; i++) {
		trial->least = fminf(trial->least, trial->cells[i].least);
		trial->most = fmaxf(trial->most, trial->cells[i].most);
		trial->n_changed += has_changed(trial, i);
		trial->n_lively += is_lively(trial, i);
		trial->n_full += trial->cells[i].most >= full_share * surface->full_scale_counts;
	}
}

/* ---- dead cells and lines -------------------------------------------------------------------- */

/* Lines of a grid seen in one direction: `n` of them, of `length` cells each. */
struct lines_view {
	size_t n, length, between,
	    along; /* steps in the array: to the next line, to the next cell */
};

struct line {
	size_t n_changed, n_lively; /* of its cells */
};

static struct line look_at(const struct trial *trial, const struct lines_view *view, size_t at)
{
	struct line line = {0};

	for (size_t i = 0; i < view->length; i++) {
		size_t cell = at * view->between + i * view->along;
		line.n_changed += has_changed(trial, cell);
		line.n_lively += is_lively(trial, cell);
	}
	return line;
}

/* The next line in this direction (1 or -1) that is not still: 1 lively, 0 not, -1 there is none. */
static int next_is_lively(
    const struct trial *trial, const struct lines_view *view, size_t at, int direction)
{
	struct line line = {0};

	while (line.n_changed == 0) {
		if (direction < 0 ? at == 0 : at + 1 == view->n)
			return -1;
		at = direction < 0 ? at - 1 : at + 1;
		line = look_at(trial, view, at);
	}
	return 4 * line.n_lively >= 3 * view->length;
}

static bool is_dead_line(const struct trial *trial, const struct lines_view *view, size_t at)
{
	if (look_at(trial, view, at).n_changed > 0)
		return false;
	int before = next_is_lively(trial, view, at, -1);
	int behind = next_is_lively(trial, view, at, 1);
	return before != 0 && behind != 0 && (before > 0 || behind > 0);
}

static size_t find_lines(const struct trial *trial, const struct lines_view *view, bool *dead)
{
	size_t n = 0;

	for (size_t at = 0; at < view->n; at++) {
		dead[at] = is_dead_line(trial, view, at);
		n += dead[at];
		for (size_t i = 0; dead[at] && i < view->length; i++)
			trial->cells[at * view->between + i * view->along].dead = true;
	}
	return n;
}

/* Nearly all cells around it are lively. */
static bool stands_out(const struct trial *trial, size_t row, size_t col)
{
	const struct surface *surface = &trial->config->surface;
	size_t n = 0, n_lively = 0;

	for (size_t r = row ? row - 1 : 0; r <= row + 1 && r < surface->rows; r++)
		for (size_t c = col ? col - 1 : 0; c <= col + 1 && c < surface->cols; c++) {
			if (r == row && c == col)
				continue;
			n++;
			n_lively += is_lively(trial, r * surface->cols + c);
		}
	return n_lively >= 3 && n_lively + 1 >= n;
}

/* A few cells anywhere have no neighbours: each is compared with all the others. */
static bool is_dead(const struct trial *trial, size_t cell)
{
	const struct surface *surface = &trial->config->surface;

	if (has_changed(trial, cell))
		return false;
	if (surface_sense(surface) == SENSE_SWITCH)
		return false;
	if (!surface_is_grid(surface) || surface->rows == 1)
		return trial->n_lively >= 3 && trial->n_lively + 2 >= surface->n_cells;
	return stands_out(trial, cell / surface->cols, cell % surface->cols);
}

void trial_judge(struct trial *trial)
{
	const struct surface *surface = &trial->config->surface;

	if (trial->n_frames == 0)
		return;
	find_range(trial);
	trial->noise_counts = find_noise(trial);
	if (surface_is_grid(surface) && surface->rows > 1) {
		struct lines_view rows = {surface->rows, surface->cols, surface->cols, 1};
		struct lines_view cols = {surface->cols, surface->rows, 1, surface->cols};
		trial->n_dead_rows = find_lines(trial, &rows, trial->dead_rows);
		trial->n_dead_cols = find_lines(trial, &cols, trial->dead_cols);
	}
	for (size_t i = 0; i < surface->n_cells; i++) {
		trial->cells[i].dead = trial->cells[i].dead || is_dead(trial, i);
		trial->n_dead += trial->cells[i].dead;
	}
}
