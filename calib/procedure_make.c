/* The last step of a procedure: fits, checks by the weight, and grades. */
#include "calib/fit.h"
#include "calib/grade.h"
#include "calib/procedure_parts.h"

#include "dsp/robust.h"

#include <errno.h>
#include <math.h>

/* Noise is told where a body presses. */
static const float noise_at_mmhg = 20;
/* Counts go with p ^ 0.7-1.0 (docs/methods.md, section 7), so pressures with counts ^ 1.0-1.43. A
 * curve far from that is no mat's; a flat one would make pressures of the flicker at zero. */
static const double exponent_least = 0.85, exponent_most = 2;

/* The median cell's flicker in counts, as pressure: dp = exponent p / counts, on its own curve. */
static float noise_mmhg(struct procedure *p, const struct calibration *made)
{
	size_t n = 0;

	for (size_t i = 0; i < made->n_cells; i++) {
		const struct calib_cell *cell = &made->cells[i];
		if (cell->dead)
			continue;
		float counts = powf(noise_at_mmhg / cell->gain, 1 / cell->exponent);
		p->scratch[n++] = cell->exponent * noise_at_mmhg * p->noise_counts / counts;
	}
	return n ? robust_median(p->scratch, n, p->scratch) : NAN;
}

/* How much more the load reads each time its time is tenfold, of what it read in its tau. */
static float creep_ratio(const struct creep *creep)
{
	double spread = creep->n * creep->sxx - creep->sx * creep->sx;

	if (creep->n < 3 || !(spread > 0))
		return NAN;
	double slope = (creep->n * creep->sxy - creep->sx * creep->sy) / spread;
	double start = (creep->sy - slope * creep->sx) / creep->n;
	return start > 0 ? (float)(slope / start) : NAN;
}

static int fit(struct procedure *p, struct fit_report *report)
{
	struct fit_level levels[PROCEDURE_LEVELS_MAX + 1] = {{0, p->zero}};
	size_t n = p->surface.n_cells, n_levels = p->plan.n_levels;

	if (n_levels == 0)
		return fit_weight(&p->made, &p->surface, p->zero, p->weight, p->plan.mass_kg,
		    p->last_real_ns, report, &p->failure);
	for (size_t i = 0; i < n_levels; i++)
		levels[i + 1] = (struct fit_level){p->plan.levels_mmhg[i], p->levels + i * n};
	return fit_levels(
	    &p->made, &p->surface, levels, n_levels + 1, p->last_real_ns, report, &p->failure);
}

static bool is_a_mats(struct procedure *p, const struct fit_report *report)
{
	if (report->usual_exponent >= exponent_least && report->usual_exponent <= exponent_most)
		return true;
	procedure_fail(p, -ERANGE,
	    "the counts rose %s than the pressures (exponent %.2f, usual is 1 to 1.4): were the "
	    "pressures what was said, and was nothing on the mat during the tare?",
	    report->usual_exponent < exponent_least ? "much more" : "much less",
	    report->usual_exponent);
	return false;
}

/* The tare took place, the load came and was even, and yet pressures would be senseless. */
static bool reads_the_load(struct procedure *p)
{
	if (p->plan.n_levels == 0 || !(p->plan.mass_kg > 0))
		return true;
	double read_kg = fit_mass_kg(&p->made, &p->surface, p->weight);
	double ratio = read_kg / (double)p->plan.mass_kg;
	if (ratio > 0.5 && ratio < 2)
		return true;
	procedure_fail(p, -ERANGE,
	    "the %.1f kg are read as %.1f kg: were the pressures and the weight what was said, and "
	    "is the mat's pitch right?",
	    (double)p->plan.mass_kg, read_kg);
	return false;
}

void procedure_make(struct procedure *p)
{
	struct grade_facts facts = {
	    .conditioned = p->plan.n_conditioning > 0,
	    .creep_s = p->creep.watched_s,
	    .check_ratio = NAN,
	    .uneven_ratio = p->greatest_part > 0 ? p->greatest_part : (double)NAN,
	};

	if (fit(p, &facts.fit) < 0) {
		p->state = PROCEDURE_FAILED;
		return;
	}
	if (!is_a_mats(p, &facts.fit) || !reads_the_load(p))
		return;
	if (p->plan.n_levels > 0 && p->plan.mass_kg > 0)
		facts.check_ratio =
		    fit_mass_kg(&p->made, &p->surface, p->weight) / (double)p->plan.mass_kg - 1;
	facts.offset_ratio = (double)(robust_median(p->zero, p->surface.n_cells, p->scratch) /
	                              p->surface.full_scale_counts);
	facts.n_lines = calibration_dead_lines(&p->made, &p->surface);
	p->made.noise_mmhg = noise_mmhg(p, &p->made);
	p->made.creep_ratio = creep_ratio(&p->creep);
	grade_judge(&facts, &p->made);
	p->state = PROCEDURE_DONE;
}
