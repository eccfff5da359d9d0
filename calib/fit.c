#include "calib/fit.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double pa_per_mmhg = 133.322; /* ISO 80000-4 */
static const double gravity_m_s2 = 9.80665;

/* A cell with less than this share of the median answer is dead; docs/methods.md, section 7:
 * living cells spread by 15-30 %. */
static const float answer_least_share = 0.2f;
static const float exponent_least = 0.3f, exponent_most = 3;
/* rms error of a straight line through one level, docs/methods.md, section 7. */
static const double line_rms = 0.24;

struct fit {
	const struct surface *surface;
	const struct fit_level *levels;
	size_t n_levels, n_loaded;
	const float *empty; /* NULL: no empty level */
	double square_sum;  /* of relative errors */
	size_t n_errors, n_dead;
};

static float offset_of(const struct fit *fit, size_t cell)
{
	return fit->empty ? fit->empty[cell] : 0;
}

/* log p = log gain + exponent * log(counts - offset) */
static bool fit_cell(struct fit *fit, size_t cell, struct calib_cell *out)
{
	double sx = 0, sy = 0, sxx = 0, sxy = 0;
	size_t n = 0;

	for (size_t i = 0; i < fit->n_levels; i++) {
		const struct fit_level *level = &fit->levels[i];
		double above = level->counts[cell] - offset_of(fit, cell);
		if (level->pressure_mmhg <= 0)
			continue;
		if (!(above > 0))
			return false;
		double x = log(above), y = log(level->pressure_mmhg);
		sx += x;
		sy += y;
		sxx += x * x;
		sxy += x * y;
		n++;
	}
	double spread = (double)n * sxx - sx * sx;
	double exponent = n > 1 && spread > 1e-9 ? ((double)n * sxy - sx * sy) / spread : 1;
	if (exponent < (double)exponent_least || exponent > (double)exponent_most)
		return false;
	out->offset_counts = offset_of(fit, cell);
	out->exponent = (float)exponent;
	out->gain = (float)exp((sy - exponent * sx) / (double)n);
	return true;
}

static void add_errors(struct fit *fit, size_t cell, const struct calib_cell *made)
{
	for (size_t i = 0; i < fit->n_levels; i++) {
		const struct fit_level *level = &fit->levels[i];
		if (level->pressure_mmhg <= 0)
			continue;
		float above = level->counts[cell] - made->offset_counts;
		double read = (double)(made->gain * powf(above, made->exponent));
		double error = read / (double)level->pressure_mmhg - 1;
		fit->square_sum += error * error;
		fit->n_errors++;
	}
}

static int compare(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* The median answer of all cells to the greatest load, NAN when out of memory. */
static float median_answer(const struct fit *fit, const struct fit_level *greatest)
{
	size_t n = fit->surface->n_cells;
	float *answers = calloc(n, sizeof(float));

	if (!answers)
		return NAN;
	for (size_t i = 0; i < n; i++)
		answers[i] = greatest->counts[i] - offset_of(fit, i);
	qsort(answers, n, sizeof(float), compare);
	float median = answers[n / 2];
	free(answers);
	return median;
}

static const struct fit_level *look_at_levels(struct fit *fit, struct error *err)
{
	const struct fit_level *greatest = NULL;
	float least = INFINITY;

	for (size_t i = 0; i < fit->n_levels; i++) {
		const struct fit_level *level = &fit->levels[i];
		if (level->pressure_mmhg <= 0) {
			fit->empty = level->counts;
			continue;
		}
		fit->n_loaded++;
		least = fminf(least, level->pressure_mmhg);
		if (!greatest || level->pressure_mmhg > greatest->pressure_mmhg)
			greatest = level;
	}
	if (!greatest) {
		error_set(err, -EINVAL, "no loaded level: press the mat at 2 or 3 known pressures");
		return NULL;
	}
	if (fit->n_loaded > 1 && greatest->pressure_mmhg < 1.2f * least) {
		error_set(err, -EINVAL,
		    "levels of %.0f to %.0f mmHg are too close for a curve: go up to twice the "
		    "least",
		    (double)least, (double)greatest->pressure_mmhg);
		return NULL;
	}
	return greatest;
}

static void judge_quality(const struct fit *fit, struct calibration *calibration)
{
	double rms = fit->n_loaded > 1 ? sqrt(fit->square_sum / (double)fit->n_errors) : line_rms;
	double dead = (double)fit->n_dead / (double)fit->surface->n_cells;

	calibration->quality_ratio = (float)fmax(0, 1 - rms - dead);
	snprintf(calibration->note, sizeof(calibration->note),
	    "%s over %zu level%s, rms error %.1f %%%s; %zu of %zu cells dead%s",
	    fit->n_loaded > 1 ? "power law" : "straight line", fit->n_loaded,
	    fit->n_loaded > 1 ? "s" : "", 100 * rms, fit->n_loaded > 1 ? "" : " is usual with one",
	    fit->n_dead, fit->surface->n_cells, fit->empty ? "" : "; no empty level");
}

int fit_levels(struct calibration *calibration, const struct surface *surface,
    const struct fit_level *levels, size_t n_levels, int64_t made_real_ns, struct error *err)
{
	struct fit fit = {.surface = surface, .levels = levels, .n_levels = n_levels};
	const struct fit_level *greatest = look_at_levels(&fit, err);

	*calibration = (struct calibration){0};
	if (!greatest)
		return -EINVAL;
	float median = median_answer(&fit, greatest);
	if (isnan(median) || calibration_init_relative(calibration, surface) < 0)
		return error_set(err, -ENOMEM, "calibration: out of memory");
	for (size_t i = 0; i < surface->n_cells; i++) {
		struct calib_cell *cell = &calibration->cells[i];
		float answer = greatest->counts[i] - offset_of(&fit, i);
		cell->dead = answer < answer_least_share * median || !fit_cell(&fit, i, cell);
		if (cell->dead)
			fit.n_dead++;
		else
			add_errors(&fit, i, cell);
	}
	if (median <= 0 || 2 * fit.n_dead > surface->n_cells) {
		calibration_finish(calibration);
		return error_set(err, -ENODATA,
		    "%zu of %zu cells do not answer to the load: look at the mat's wiring and at "
		    "how evenly it is pressed",
		    fit.n_dead, surface->n_cells);
	}
	calibration->unit = PRESSURE_MMHG;
	calibration->made_real_ns = made_real_ns;
	judge_quality(&fit, calibration);
	return 0;
}

int fit_weight(struct calibration *calibration, const struct surface *surface, const float *empty,
    const float *loaded, float mass_kg, int64_t made_real_ns, struct error *err)
{
	double area_m2 = pow((double)surface->pitch_mm / 1000, 2);
	double sum = 0;

	*calibration = (struct calibration){0};
	for (size_t i = 0; i < surface->n_cells; i++)
		sum += fmax(0, (double)(loaded[i] - (empty ? empty[i] : 0)));
	if (!(sum > 0) || !(mass_kg > 0) || !(area_m2 > 0))
		return error_set(err, -EINVAL,
		    "nothing lies on the mat: the %.1f kg must rest on it wholly", (double)mass_kg);
	if (calibration_init_relative(calibration, surface) < 0)
		return error_set(err, -ENOMEM, "calibration: out of memory");
	double gain = (double)mass_kg * gravity_m_s2 / area_m2 / pa_per_mmhg / sum;
	for (size_t i = 0; i < surface->n_cells; i++)
		calibration->cells[i] = (struct calib_cell){
		    .offset_counts = empty ? empty[i] : 0, .gain = (float)gain, .exponent = 1};
	calibration->unit = PRESSURE_MMHG;
	calibration->made_real_ns = made_real_ns;
	calibration->quality_ratio = (float)(1 - line_rms);
	snprintf(calibration->note, sizeof(calibration->note),
	    "one gain for all cells from %.1f kg: cells may differ by 15-30 %%", (double)mass_kg);
	return 0;
}
