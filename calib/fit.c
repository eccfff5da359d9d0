#include "calib/fit.h"

#include "dsp/robust.h"

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
	const float *empty;     /* NULL: no empty level */
	float usual_exponent;   /* the median of the cells that have one of their own */
	float *answers, *spare; /* n_cells each */
	double square_sum;      /* of relative errors */
	size_t n_errors, n_dead, n_full;
};

static float offset_of(const struct fit *fit, size_t cell)
{
	return fit->empty ? fit->empty[cell] : 0;
}

/* The point of a level that says something of the cell: log p over log counts. */
static bool take_point(const struct fit *fit, size_t level, size_t cell, double *x, double *y)
{
	const struct fit_level *at = &fit->levels[level];
	double above = at->counts[cell] - offset_of(fit, cell);

	if (at->pressure_mmhg <= 0 || !(above > 0) ||
	    at->counts[cell] >= FIT_FULL_SHARE * fit->surface->full_scale_counts)
		return false;
	*x = log(above);
	*y = log(at->pressure_mmhg);
	return true;
}

/* log p = log gain + exponent * log(counts - offset). The number of points that it rests on. */
static size_t fit_cell(const struct fit *fit, size_t cell, struct calib_cell *out)
{
	double sx = 0, sy = 0, sxx = 0, sxy = 0, x, y;
	size_t n = 0;

	for (size_t i = 0; i < fit->n_levels; i++) {
		if (!take_point(fit, i, cell, &x, &y))
			continue;
		sx += x;
		sy += y;
		sxx += x * x;
		sxy += x * y;
		n++;
	}
	double spread = (double)n * sxx - sx * sx;
	bool own = n > 1 && spread > 1e-9;
	double exponent = own ? ((double)n * sxy - sx * sy) / spread : (double)fit->usual_exponent;
	if (n == 0 || exponent < (double)exponent_least || exponent > (double)exponent_most)
		return 0;
	out->offset_counts = offset_of(fit, cell);
	out->exponent = (float)exponent;
	out->gain = (float)exp((sy - exponent * sx) / (double)n);
	return own ? n : 1;
}

static void add_errors(struct fit *fit, size_t cell, const struct calib_cell *made)
{
	double x, y;

	for (size_t i = 0; i < fit->n_levels; i++) {
		if (!take_point(fit, i, cell, &x, &y))
			continue;
		double read = log((double)made->gain) + (double)made->exponent * x;
		double error = exp(read - y) - 1;
		fit->square_sum += error * error;
		fit->n_errors++;
	}
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

/* The median exponent of the cells that at least two levels say something of; 1 when none. */
static float find_usual_exponent(struct fit *fit)
{
	struct calib_cell cell;
	size_t n = 0;

	fit->usual_exponent = 1;
	for (size_t i = 0; i < fit->surface->n_cells; i++)
		if (fit_cell(fit, i, &cell) > 1)
			fit->spare[n++] = cell.exponent;
	return n ? robust_median(fit->spare, n, fit->spare) : 1;
}

/* How unlike the living cells answer, as a standard deviation of the logarithm. */
static double gain_sigma(struct fit *fit, const struct calibration *calibration)
{
	size_t n = 0;

	for (size_t i = 0; i < calibration->n_cells; i++)
		if (!calibration->cells[i].dead && fit->answers[i] > 0)
			fit->spare[n++] = logf(fit->answers[i]);
	return (double)(ROBUST_SIGMA_PER_MAD * robust_mad(fit->spare, n, fit->spare));
}

static void judge_quality(
    struct fit *fit, struct calibration *calibration, struct fit_report *report)
{
	double n = (double)fit->surface->n_cells;
	double rms = fit->n_loaded > 1 ? sqrt(fit->square_sum / (double)fit->n_errors) : line_rms;

	calibration->quality_ratio = (float)fmax(0, 1 - rms - (double)fit->n_dead / n);
	snprintf(calibration->note, sizeof(calibration->note),
	    "%s over %zu level%s, rms error %.1f %%%s; %zu of %zu cells dead%s",
	    fit->n_loaded > 1 ? "power law" : "straight line", fit->n_loaded,
	    fit->n_loaded > 1 ? "s" : "", 100 * rms, fit->n_loaded > 1 ? "" : " is usual with one",
	    fit->n_dead, fit->surface->n_cells, fit->empty ? "" : "; no empty level");
	if (!report)
		return;
	*report = (struct fit_report){
	    .n_levels = fit->n_loaded,
	    .rms_ratio = rms,
	    .usual_exponent = (double)fit->usual_exponent,
	    .gain_sigma = gain_sigma(fit, calibration),
	    .saturated_ratio = (double)fit->n_full / n,
	    .n_dead = fit->n_dead,
	};
}

static void fit_cells(
    struct fit *fit, struct calibration *calibration, const struct fit_level *greatest)
{
	size_t n = fit->surface->n_cells;

	for (size_t i = 0; i < n; i++) {
		fit->answers[i] = greatest->counts[i] - offset_of(fit, i);
		fit->n_full += greatest->counts[i] >=
		               FIT_FULL_SHARE * fit->surface->full_scale_counts;
	}
	float least = answer_least_share * robust_median(fit->answers, n, fit->spare);
	fit->usual_exponent = find_usual_exponent(fit);
	for (size_t i = 0; i < n; i++) {
		struct calib_cell *cell = &calibration->cells[i];
		cell->offset_counts = offset_of(fit, i);
		cell->dead = !(least > 0) || fit->answers[i] < least || !fit_cell(fit, i, cell);
		fit->n_dead += cell->dead;
		if (!cell->dead)
			add_errors(fit, i, cell);
	}
}

int fit_levels(struct calibration *calibration, const struct surface *surface,
    const struct fit_level *levels, size_t n_levels, int64_t made_real_ns,
    struct fit_report *report, struct error *err)
{
	struct fit fit = {.surface = surface, .levels = levels, .n_levels = n_levels};
	const struct fit_level *greatest = look_at_levels(&fit, err);
	int result = 0;

	*calibration = (struct calibration){0};
	if (!greatest)
		return -EINVAL;
	fit.answers = calloc(surface->n_cells, sizeof(float));
	fit.spare = calloc(surface->n_cells, sizeof(float));
	if (!fit.answers || !fit.spare || calibration_init_relative(calibration, surface) < 0) {
		result = error_set(err, -ENOMEM, "calibration: out of memory");
		goto end;
	}
	fit_cells(&fit, calibration, greatest);
	if (2 * fit.n_dead > surface->n_cells) {
		result = error_set(err, -ENODATA,
		    "%zu of %zu cells do not answer to the load: look at the mat's wiring and at "
		    "how evenly it is pressed",
		    fit.n_dead, surface->n_cells);
		goto end;
	}
	calibration->unit = PRESSURE_MMHG;
	calibration->made_real_ns = made_real_ns;
	judge_quality(&fit, calibration, report);
end:
	if (result < 0)
		calibration_finish(calibration);
	free(fit.answers);
	free(fit.spare);
	return result;
}

/* ---- a known weight ------------------------------------------------------------------------ */

static float answer_of(const float *empty, const float *loaded, size_t cell)
{
	return fmaxf(0, loaded[cell] - (empty ? empty[cell] : 0));
}

/* Reads nothing although six or more of the cells around it are pressed, which spares the rim. */
static bool is_silent(
    const struct surface *surface, const float *empty, const float *loaded, size_t cell)
{
	size_t row = cell / surface->cols, col = cell % surface->cols, n_pressed = 0;
	float pressed = 0.02f * surface->full_scale_counts, sum = 0;

	for (size_t r = row ? row - 1 : 0; r <= row + 1 && r < surface->rows; r++)
		for (size_t c = col ? col - 1 : 0; c <= col + 1 && c < surface->cols; c++) {
			float answer = answer_of(empty, loaded, r * surface->cols + c);
			if ((r == row && c == col) || answer < pressed)
				continue;
			n_pressed++;
			sum += answer;
		}
	return n_pressed >= 6 &&
	       answer_of(empty, loaded, cell) < answer_least_share * sum / (float)n_pressed;
}

static double area_m2(const struct surface *surface)
{
	return pow((double)surface->pitch_mm / 1000, 2);
}

double fit_mass_kg(
    const struct calibration *calibration, const struct surface *surface, const float *counts)
{
	double sum_mmhg = 0;
	size_t n = 0;

	for (size_t i = 0; i < calibration->n_cells; i++) {
		const struct calib_cell *cell = &calibration->cells[i];
		float above = counts[i] - cell->offset_counts;
		if (cell->dead)
			continue;
		n++;
		/* Below zero as above: the flicker of cells that bear nothing must not add up. */
		float mmhg = cell->gain * powf(fabsf(above), cell->exponent);
		sum_mmhg += (double)copysignf(mmhg, above);
	}
	double share = n ? (double)n / (double)calibration->n_cells : 1;
	return sum_mmhg / share * pa_per_mmhg * area_m2(surface) / gravity_m_s2;
}

int fit_weight(struct calibration *calibration, const struct surface *surface, const float *empty,
    const float *loaded, float mass_kg, int64_t made_real_ns, struct fit_report *report,
    struct error *err)
{
	double sum = 0;
	size_t n_dead = 0;

	*calibration = (struct calibration){0};
	for (size_t i = 0; i < surface->n_cells; i++)
		sum += (double)answer_of(empty, loaded, i);
	if (!(sum > 0) || !(mass_kg > 0) || !(surface->pitch_mm > 0))
		return error_set(err, -EINVAL,
		    "nothing lies on the mat: the %.1f kg must rest on it wholly", (double)mass_kg);
	if (calibration_init_relative(calibration, surface) < 0)
		return error_set(err, -ENOMEM, "calibration: out of memory");
	for (size_t i = 0; i < surface->n_cells; i++) {
		bool dead = surface_is_grid(surface) && is_silent(surface, empty, loaded, i);
		calibration->cells[i] = (struct calib_cell){
		    .offset_counts = empty ? empty[i] : 0, .gain = 1, .exponent = 1, .dead = dead};
		n_dead += dead;
	}
	double read_kg = fit_mass_kg(calibration, surface, loaded);
	if (!(read_kg > 0)) {
		calibration_finish(calibration);
		return error_set(
		    err, -ENODATA, "no living cell lies under the %.1f kg", (double)mass_kg);
	}
	float gain = (float)((double)mass_kg / read_kg);
	for (size_t i = 0; i < surface->n_cells; i++)
		calibration->cells[i].gain = gain;
	calibration->unit = PRESSURE_MMHG;
	calibration->made_real_ns = made_real_ns;
	calibration->quality_ratio = (float)(1 - line_rms);
	snprintf(calibration->note, sizeof(calibration->note),
	    "one gain for all cells from %.1f kg: cells may differ by 15-30 %%", (double)mass_kg);
	if (report)
		*report = (struct fit_report){.rms_ratio = line_rms,
		    .usual_exponent = 1,
		    .gain_sigma = NAN,
		    .n_dead = n_dead};
	return 0;
}
