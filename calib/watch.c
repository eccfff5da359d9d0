#include "calib/watch.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

static const int64_t window_ns = 60 * NS_PER_S;
static const int64_t sample_ns = NS_PER_S; /* a movement lasts seconds: 1 Hz sees it */

/* Shares of the mat's greatest count in the window; starting points of our own. */
static const float still_share = 0.002f; /* a living cell under load has more noise than this */
static const float moved_share = 0.10f;  /* a turn, not breathing */
static const float nothing_share = 0.02f;
static const float busy_share = 0.05f; /* of full scale: less, and nobody is there */
static const float full_share = 0.98f; /* of full scale: saturated, which living cells are too */

static const float neighbours_moved_least = 0.6f;
static const float line_moved_least = 0.3f;
static const int line_reach = 3; /* dead lines side by side that are still seen */
static const int strikes_loaded = 2, strikes_nothing = 3;

struct watch {
	size_t rows, cols, n_cells;
	float full_scale;
	int64_t start_ns, next_ns; /* 0: no window is open */
	float *low, *high;
	bool *still, *moved, *stuck;
	unsigned char *strikes;
};

struct watch *watch_create(const struct surface *surface, bool *failed)
{
	*failed = false;
	if (!surface_is_grid(surface) || surface_sense(surface) == SENSE_SWITCH)
		return NULL;
	struct watch *watch = calloc(1, sizeof(*watch));
	if (!watch) {
		*failed = true;
		return NULL;
	}
	size_t n = surface->n_cells;
	watch->rows = surface->rows;
	watch->cols = surface->cols;
	watch->n_cells = n;
	watch->full_scale = surface->full_scale_counts;
	watch->low = calloc(n, sizeof(float));
	watch->high = calloc(n, sizeof(float));
	watch->still = calloc(n, sizeof(bool));
	watch->moved = calloc(n, sizeof(bool));
	watch->stuck = calloc(n, sizeof(bool));
	watch->strikes = calloc(n, 1);
	*failed = !watch->low || !watch->high || !watch->still || !watch->moved || !watch->stuck ||
	          !watch->strikes;
	if (*failed) {
		watch_destroy(watch);
		return NULL;
	}
	return watch;
}

void watch_destroy(struct watch *watch)
{
	if (!watch)
		return;
	free(watch->low);
	free(watch->high);
	free(watch->still);
	free(watch->moved);
	free(watch->stuck);
	free(watch->strikes);
	free(watch);
}

/* The share of living neighbours that moved, and the mean of their greatest counts. */
static float around(const struct watch *watch, size_t row, size_t col, float *mean)
{
	size_t n = 0, n_moved = 0;
	float sum = 0;

	for (size_t r = row ? row - 1 : 0; r <= row + 1 && r < watch->rows; r++) {
		for (size_t c = col ? col - 1 : 0; c <= col + 1 && c < watch->cols; c++) {
			size_t i = r * watch->cols + c;
			if ((r == row && c == col) || watch->stuck[i])
				continue;
			n++;
			n_moved += watch->moved[i];
			sum += watch->high[i];
		}
	}
	*mean = n ? sum / (float)n : 0;
	return n >= 3 ? (float)n_moved / (float)n : 0;
}

static void judge_cell(struct watch *watch, size_t row, size_t col, float greatest)
{
	size_t i = row * watch->cols + col;
	bool loaded = watch->high[i] > nothing_share * greatest;
	float mean;

	if (!watch->still[i]) {
		watch->strikes[i] = 0;
		return;
	}
	if (around(watch, row, col, &mean) < neighbours_moved_least)
		return;
	if (watch->high[i] >= full_share * watch->full_scale && mean > 0.5f * watch->full_scale)
		return;
	int enough = loaded ? strikes_loaded : strikes_nothing;
	if (watch->strikes[i] < enough)
		watch->strikes[i]++;
}

/* Lines: index of the line's first cell and the step along it. */
struct line {
	size_t first, step, length;
};

static struct line line_at(const struct watch *watch, bool is_row, size_t index)
{
	if (is_row)
		return (struct line){index * watch->cols, 1, watch->cols};
	return (struct line){index, watch->cols, watch->rows};
}

static float line_share(const bool *flags, struct line line)
{
	size_t n = 0;

	for (size_t k = 0; k < line.length; k++)
		n += flags[line.first + k * line.step];
	return (float)n / (float)line.length;
}

/* True when the nearest line on this side that is not still has moved over much of its length. */
static bool side_moved(const struct watch *watch, bool is_row, size_t index, int direction)
{
	long n_lines = (long)(is_row ? watch->rows : watch->cols);

	for (int k = 1; k <= line_reach; k++) {
		long at = (long)index + direction * k;
		if (at < 0 || at >= n_lines)
			return false;
		struct line line = line_at(watch, is_row, (size_t)at);
		if (line_share(watch->still, line) < 1)
			return line_share(watch->moved, line) >= line_moved_least;
	}
	return false;
}

/* A line that is still while both sides move: each of its cells that has no strike gets one. */
static void judge_line(struct watch *watch, bool is_row, size_t index, const unsigned char *before)
{
	struct line line = line_at(watch, is_row, index);

	if (line_share(watch->still, line) < 1 || !side_moved(watch, is_row, index, -1) ||
	    !side_moved(watch, is_row, index, 1))
		return;
	for (size_t k = 0; k < line.length; k++) {
		size_t i = line.first + k * line.step;
		if (watch->strikes[i] == before[i] && before[i] < strikes_nothing)
			watch->strikes[i]++;
	}
}

static bool take_verdicts(struct watch *watch, float greatest)
{
	bool changed = false;

	for (size_t i = 0; i < watch->n_cells; i++) {
		bool loaded = watch->high[i] > nothing_share * greatest;
		int enough = loaded ? strikes_loaded : strikes_nothing;
		bool stuck = watch->still[i] && (watch->stuck[i] || watch->strikes[i] >= enough);
		changed = changed || stuck != watch->stuck[i];
		watch->stuck[i] = stuck;
	}
	return changed;
}

static bool judge_window(struct watch *watch)
{
	unsigned char before[SURFACE_CELLS_MAX] = {0};
	float greatest = 0;

	for (size_t i = 0; i < watch->n_cells; i++)
		greatest = watch->high[i] > greatest ? watch->high[i] : greatest;
	if (greatest < busy_share * watch->full_scale)
		return false;
	for (size_t i = 0; i < watch->n_cells; i++) {
		float range = watch->high[i] - watch->low[i];
		watch->still[i] = range <= still_share * greatest;
		watch->moved[i] = range > moved_share * greatest;
	}
	memcpy(before, watch->strikes, watch->n_cells);
	for (size_t row = 0; row < watch->rows; row++)
		for (size_t col = 0; col < watch->cols; col++)
			judge_cell(watch, row, col, greatest);
	for (size_t row = 0; row < watch->rows; row++)
		judge_line(watch, true, row, before);
	for (size_t col = 0; col < watch->cols; col++)
		judge_line(watch, false, col, before);
	return take_verdicts(watch, greatest);
}

bool watch_step(struct watch *watch, const float *counts, int64_t mono_ns)
{
	bool changed = false;

	if (watch->start_ns && mono_ns < watch->next_ns && mono_ns >= watch->start_ns)
		return false;
	if (watch->start_ns && mono_ns - watch->start_ns >= window_ns) {
		changed = judge_window(watch);
		watch->start_ns = 0;
	}
	watch->next_ns = mono_ns + sample_ns;
	if (!watch->start_ns || mono_ns < watch->start_ns) {
		watch->start_ns = mono_ns ? mono_ns : 1;
		memcpy(watch->low, counts, watch->n_cells * sizeof(float));
		memcpy(watch->high, counts, watch->n_cells * sizeof(float));
		return changed;
	}
	for (size_t i = 0; i < watch->n_cells; i++) {
		watch->low[i] = counts[i] < watch->low[i] ? counts[i] : watch->low[i];
		watch->high[i] = counts[i] > watch->high[i] ? counts[i] : watch->high[i];
	}
	return changed;
}

const bool *watch_stuck(const struct watch *watch)
{
	return watch->stuck;
}
