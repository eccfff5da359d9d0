#include "calib/lost.h"

#include "base/clock.h"

#include <stdlib.h>

static const int64_t sample_ns = NS_PER_S;

/* Starting points of our own. */
static const float rest_share = 0.02f; /* of full scale over the cell's least: nothing lies on it */
static const float least_share = 0.2f; /* of the cells, at one blow: less may be chance */
static const float back_share = 0.1f;  /* of the cells still lost: under it none is */
static const uint32_t still_samples = 30; /* at a change in most seconds chance is under 1e-9 */
static const uint32_t blow_samples = 4;   /* so far apart cells may fall still */
static const float follow_share = 1e-4f;  /* a sample: the least follows what creeps, in hours */

/* How lively a cell is at rest: up when it changes, down by the samples for which it did not. */
enum { LIVELY_UP = 4, LIVELY_DOWN = 2, LIVELY_MOST = 255, LIVELY_LEAST = 64 };

struct cell {
	float last, least;
	uint32_t changed; /* the sample at which it did */
	int lively;
	bool lost;
};

struct lost {
	size_t n_cells, n_lost;
	float rest;
	int64_t next_ns; /* 0: no sample yet */
	uint32_t sample;
	struct cell *cells;
};

struct lost *lost_create(size_t n_cells, float full_scale)
{
	struct lost *lost = calloc(1, sizeof(*lost));

	if (!lost)
		return NULL;
	lost->n_cells = n_cells;
	lost->rest = rest_share * full_scale;
	lost->cells = calloc(n_cells, sizeof(*lost->cells));
	if (!lost->cells) {
		free(lost);
		return NULL;
	}
	return lost;
}

void lost_destroy(struct lost *lost)
{
	if (!lost)
		return;
	free(lost->cells);
	free(lost);
}

static void learn(struct cell *cell, int still)
{
	cell->lively += LIVELY_UP - LIVELY_DOWN * still;
	if (cell->lively < 0)
		cell->lively = 0;
	if (cell->lively > LIVELY_MOST)
		cell->lively = LIVELY_MOST;
}

static void take(struct lost *lost, struct cell *cell, float count)
{
	uint32_t since = lost->sample - cell->changed;

	if (count == cell->last)
		return;
	/* What was learnt while something lay on it does not hold for its rest. */
	if (count < cell->least - lost->rest)
		cell->lively = 0;
	if (count < cell->least)
		cell->least = count;
	cell->least += follow_share * (count - cell->least);
	if (count <= cell->least + lost->rest && cell->last <= cell->least + lost->rest)
		learn(cell, since > LIVELY_MOST ? LIVELY_MOST : (int)since - 1);
	cell->last = count;
	cell->changed = lost->sample;
	lost->n_lost -= cell->lost;
	cell->lost = false;
}

static bool fell_now(const struct lost *lost, const struct cell *cell)
{
	uint32_t since = lost->sample - cell->changed;

	return cell->lively >= LIVELY_LEAST && since >= still_samples &&
	       since < still_samples + blow_samples;
}

/* Most of them are back: so are the others, which have only not changed yet. */
static void forgive(struct lost *lost)
{
	for (size_t i = 0; i < lost->n_cells; i++)
		lost->cells[i].lost = false;
	lost->n_lost = 0;
}

/* Those that fell still together: enough of them are a part that is lost. */
static void judge(struct lost *lost)
{
	size_t n = 0;

	if ((float)lost->n_lost < back_share * (float)lost->n_cells)
		forgive(lost);
	for (size_t i = 0; i < lost->n_cells; i++)
		n += fell_now(lost, &lost->cells[i]);
	if ((float)n < least_share * (float)lost->n_cells)
		return;
	for (size_t i = 0; i < lost->n_cells; i++) {
		struct cell *cell = &lost->cells[i];
		if (!cell->lost && fell_now(lost, cell)) {
			cell->lost = true;
			lost->n_lost++;
		}
	}
}

/* The whole mat stands still, or the same frame came again: no part of it, and no time passes. */
static bool stands_still(const struct lost *lost, const float *counts)
{
	for (size_t i = 0; i < lost->n_cells; i++)
		if (counts[i] != lost->cells[i].last)
			return false;
	return true;
}

size_t lost_step(struct lost *lost, const float *counts, int64_t mono_ns)
{
	if (lost->next_ns == 0) {
		for (size_t i = 0; i < lost->n_cells; i++)
			lost->cells[i].last = lost->cells[i].least = counts[i];
	} else if (mono_ns < lost->next_ns || stands_still(lost, counts)) {
		return lost->n_lost;
	}
	lost->next_ns = mono_ns + sample_ns;
	lost->sample++;
	for (size_t i = 0; i < lost->n_cells; i++)
		take(lost, &lost->cells[i], counts[i]);
	judge(lost);
	return lost->n_lost;
}
