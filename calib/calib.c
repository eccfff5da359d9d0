#include "calib/calib.h"

#include "calib/curve.h"
#include "calib/fill.h"
#include "calib/lost.h"
#include "calib/watch.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More cells than this share outside 0..full scale, and the frame is refused: see calib.h. */
static const float outside_share_most = 0.1f;
/* Fewer living cells than this, and what is interpolated outweighs what is measured. */
static const float health_least = 0.5f;
/* With fewer cells a few that are still by chance would be a part of the mat. */
enum { LOST_CELLS_LEAST = 64 };
enum { BLOCK = 8 }; /* arrays are padded to it, which spares vectors their rest */

struct calib {
	struct surface surface;
	struct calibration calibration; /* raw order */
	bool tared;                     /* it was given */
	size_t n_padded;
	float *counts;                   /* the frame in body order; padding stays 0 */
	float *offset, *gain, *exponent; /* body order; gain 0 for dead cells */
	float *pressure;                 /* body order, padded */
	bool linear;
	bool *dead;         /* body order: marked or stuck */
	bool *dead_now;     /* the same and the cells outside the scale in this frame */
	struct fill *fills; /* one for each dead cell */
	size_t n_dead;
	struct watch *watch;
	struct lost *lost;   /* NULL: too few cells to tell */
	struct drift *drift; /* NULL: the zero is not followed */
	bool drift_possible; /* the last frame was whole */
	int64_t applied_ns;
};

static size_t body_index(const struct surface *surface, size_t raw)
{
	if (!surface_is_grid(surface))
		return raw;
	size_t row = raw / surface->cols, col = raw % surface->cols;
	if (surface->flip & FLIP_ROWS)
		row = surface->rows - 1 - row;
	if (surface->flip & FLIP_COLS)
		col = surface->cols - 1 - col;
	return row * surface->cols + col;
}

/* Lays the mat's cells into body order. */
static void lay(const struct calib *calib, const float *raw, float *body)
{
	const struct surface *surface = &calib->surface;
	size_t rows = surface->rows, cols = surface->cols;

	if (!surface_is_grid(surface) || surface->flip == FLIP_NONE) {
		memcpy(body, raw, surface->n_cells * sizeof(float));
		return;
	}
	for (size_t row = 0; row < rows; row++) {
		size_t to = surface->flip & FLIP_ROWS ? rows - 1 - row : row;
		const float *in = raw + row * cols;
		float *out = body + to * cols;
		if (!(surface->flip & FLIP_COLS)) {
			memcpy(out, in, cols * sizeof(float));
			continue;
		}
		for (size_t col = 0; col < cols; col++)
			out[cols - 1 - col] = in[col];
	}
}

static void plan_fills(struct calib *calib)
{
	calib->n_dead = 0;
	for (size_t i = 0; i < calib->surface.n_cells; i++)
		if (calib->dead[i])
			fill_plan(&calib->surface, calib->dead, i, &calib->fills[calib->n_dead++]);
}

/* Takes the calibration into body order, and the marks of dead cells with what the watch saw. */
static void take_calibration(struct calib *calib)
{
	const bool *stuck = calib->watch ? watch_stuck(calib->watch) : NULL;

	calib->linear = true;
	for (size_t raw = 0; raw < calib->surface.n_cells; raw++) {
		const struct calib_cell *cell = &calib->calibration.cells[raw];
		size_t i = body_index(&calib->surface, raw);
		calib->dead[i] = cell->dead || (stuck && stuck[i]);
		calib->offset[i] = cell->offset_counts;
		calib->gain[i] = calib->dead[i] ? 0 : cell->gain;
		calib->exponent[i] = cell->exponent;
		if (!calib->dead[i] && cell->exponent != 1)
			calib->linear = false;
	}
	plan_fills(calib);
}

static int copy_calibration(struct calib *calib, const struct calibration *given, struct error *err)
{
	const struct surface *surface = &calib->surface;

	if (!given) {
		int result = calibration_init_relative(&calib->calibration, surface);
		return result < 0 ? error_set(err, result, "calibration: out of memory") : 0;
	}
	if (given->n_cells != surface->n_cells)
		return error_set(err, -EINVAL,
		    "%s: the calibration is of %zu cells, the surface has %zu: calibrate it anew",
		    surface->name, given->n_cells, surface->n_cells);
	calib->calibration = *given;
	calib->tared = true;
	calib->calibration.cells = calloc(given->n_cells, sizeof(*given->cells));
	if (!calib->calibration.cells)
		return error_set(err, -ENOMEM, "calibration: out of memory");
	memcpy(calib->calibration.cells, given->cells, given->n_cells * sizeof(*given->cells));
	return 0;
}

static bool allocate(struct calib *calib)
{
	size_t n = calib->n_padded;
	bool failed = false;

	calib->counts = calloc(n, sizeof(float));
	calib->offset = calloc(n, sizeof(float));
	calib->gain = calloc(n, sizeof(float));
	calib->exponent = calloc(n, sizeof(float));
	calib->pressure = calloc(n, sizeof(float));
	calib->dead = calloc(n, sizeof(bool));
	calib->dead_now = calloc(n, sizeof(bool));
	calib->fills = calloc(n, sizeof(struct fill));
	calib->watch = watch_create(&calib->surface, &failed);
	if (surface_is_grid(&calib->surface) && calib->surface.n_cells >= LOST_CELLS_LEAST) {
		calib->lost = lost_create(calib->surface.n_cells, calib->surface.full_scale_counts);
		failed = failed || !calib->lost;
	}
	return calib->counts && calib->offset && calib->gain && calib->exponent &&
	       calib->pressure && calib->dead && calib->dead_now && calib->fills && !failed;
}

/* A strip bears the mattress, and an uncalibrated mat has no zero that was ever right. */
static int follow_zero(struct calib *calib)
{
	bool failed = false;

	if (calib->calibration.unit == PRESSURE_MMHG && calib->surface.kind != SURFACE_STRIP)
		calib->drift = drift_create(&calib->surface, calib->offset, &failed);
	return failed ? -ENOMEM : 0;
}

enum drift_verdict calib_follow(struct calib *calib, bool empty)
{
	if (!calib->drift)
		return DRIFT_NONE;
	if (!empty) {
		drift_reset(calib->drift);
		return DRIFT_NONE;
	}
	if (!calib->drift_possible)
		return DRIFT_NONE;
	enum drift_verdict verdict = drift_step(
	    calib->drift, calib->counts, calib->dead, calib->applied_ns, calib->offset);
	for (size_t i = 0; verdict == DRIFT_MOVED && i < calib->surface.n_cells; i++)
		calib->calibration.cells[body_index(&calib->surface, i)].offset_counts =
		    calib->offset[i]; /* the way there is the way back */
	return verdict;
}

float calib_drift_ratio(const struct calib *calib)
{
	return calib->drift ? drift_ratio(calib->drift, calib->offset) : NAN;
}

struct calib *calib_create(
    const struct surface *surface, const struct calibration *calibration, struct error *err)
{
	struct calib *calib = calloc(1, sizeof(*calib));

	if (!calib) {
		error_set(err, -ENOMEM, "calibration: out of memory");
		return NULL;
	}
	calib->surface = *surface;
	calib->n_padded = (surface->n_cells + BLOCK - 1) / BLOCK * BLOCK;
	if (copy_calibration(calib, calibration, err) < 0)
		goto fail;
	if (!allocate(calib)) {
		error_set(err, -ENOMEM, "calibration: out of memory");
		goto fail;
	}
	take_calibration(calib);
	if (follow_zero(calib) < 0) {
		error_set(err, -ENOMEM, "calibration: out of memory");
		goto fail;
	}
	return calib;
fail:
	calib_destroy(calib);
	return NULL;
}

void calib_destroy(struct calib *calib)
{
	if (!calib)
		return;
	calibration_finish(&calib->calibration);
	free(calib->counts);
	free(calib->offset);
	free(calib->gain);
	free(calib->exponent);
	free(calib->pressure);
	free(calib->dead);
	free(calib->dead_now);
	free(calib->fills);
	watch_destroy(calib->watch);
	lost_destroy(calib->lost);
	drift_destroy(calib->drift);
	free(calib);
}

/* An open line may read anything, and that says nothing of the frame. */
static void silence_dead(struct calib *calib)
{
	for (size_t i = 0; i < calib->n_dead; i++) {
		float *count = &calib->counts[calib->fills[i].cell];
		if (!(*count >= 0 && *count <= calib->surface.full_scale_counts))
			*count = 0;
	}
}

static uint32_t bits_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/*
 * Cells that are NAN, negative or over full scale. As whole numbers the bits of floats from 0 to
 * full scale stand in order below all others, so that one comparison does, and does in vectors;
 * adding 0 makes -0 a 0.
 */
static size_t count_outside(const struct calib *calib)
{
	const float *counts = calib->counts;
	uint32_t full = bits_of(calib->surface.full_scale_counts);
	uint32_t n = 0;

	for (size_t i = 0; i < calib->n_padded; i++)
		n += bits_of(counts[i] + 0.0F) > full;
	return n;
}

/*
 * The common case, straight lines: 2,048 cells in about a microsecond. (x + |x|) / 2 is max(x, 0)
 * without a branch; what comes of NAN is filled afterwards.
 */
static void to_pressure_linear(struct calib *calib)
{
	const float *restrict counts = calib->counts, *restrict offset = calib->offset;
	const float *restrict gain = calib->gain;
	float *restrict pressure = calib->pressure;

	for (size_t i = 0; i < calib->n_padded; i++) {
		float above = counts[i] - offset[i];
		pressure[i] = gain[i] * ((above + fabsf(above)) * 0.5F);
	}
}

/* Cells outside the scale count as dead in this frame: plans are made afresh, which is rare. */
static void fill_now(struct calib *calib, size_t *n_dead)
{
	float full = calib->surface.full_scale_counts;
	struct fill fill;

	*n_dead = 0;
	for (size_t i = 0; i < calib->surface.n_cells; i++) {
		bool inside = calib->counts[i] >= 0 && calib->counts[i] <= full;
		calib->dead_now[i] = calib->dead[i] || !inside;
		*n_dead += calib->dead_now[i];
	}
	for (size_t i = 0; i < calib->surface.n_cells; i++) {
		if (!calib->dead_now[i])
			continue;
		fill_plan(&calib->surface, calib->dead_now, i, &fill);
		calib->pressure[i] = fill_value(&fill, calib->pressure);
	}
}

static void fill_dead(struct calib *calib)
{
	for (size_t i = 0; i < calib->n_dead; i++)
		calib->pressure[calib->fills[i].cell] = fill_value(
		    &calib->fills[i], calib->pressure);
}

int calib_apply(struct calib *calib, const struct frame *frame, struct image *image)
{
	size_t n = calib->surface.n_cells, n_dead;

	assert(frame->n_cells == n);
	lay(calib, frame->counts, calib->counts);
	silence_dead(calib);
	size_t n_outside = count_outside(calib);
	image->surface = &calib->surface;
	image->mono_ns = frame->mono_ns;
	image->real_ns = frame->real_ns;
	image->utc_offset_s = frame->utc_offset_s;
	image->unit = calib->calibration.unit;
	image->tared = calib->tared;
	calib->applied_ns = frame->mono_ns;
	calib->drift_possible = n_outside == 0;
	image->health_ratio = 1 - (float)(calib->n_dead + n_outside) / (float)n;
	if ((float)n_outside > outside_share_most * (float)n)
		return -ERANGE;
	if (n_outside == 0 && calib->watch &&
	    watch_step(calib->watch, calib->counts, frame->mono_ns))
		take_calibration(calib);
	if (calib->linear)
		to_pressure_linear(calib);
	else
		curve_apply(calib->counts, calib->offset, calib->gain, calib->exponent,
		    calib->pressure, calib->n_padded);
	if (n_outside > 0) {
		fill_now(calib, &n_dead);
	} else {
		fill_dead(calib);
		n_dead = calib->n_dead;
	}
	/* A part that is lost is too large to be filled from around it. */
	size_t n_lost = calib->lost ? lost_step(calib->lost, calib->counts, frame->mono_ns) : 0;
	image->health_ratio = 1 - (float)(n_dead > n_lost ? n_dead : n_lost) / (float)n;
	if (image->health_ratio < health_least || n_lost > 0)
		return -ENODATA;
	memcpy(image->cells, calib->pressure, n * sizeof(float));
	return 0;
}

const struct calibration *calib_in_force(const struct calib *calib)
{
	return &calib->calibration;
}
