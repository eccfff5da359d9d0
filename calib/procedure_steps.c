/* The steps of a procedure: what each wants to see, and what it says when it sees something else. */
#include "base/clock.h"
#include "calib/procedure_parts.h"

#include <math.h>
#include <stdio.h>

/* Shares of full scale; starting points of our own where no source stands beside them. */
static const float seen_least = 0.03f;   /* a load that conditions */
static const float load_least = 0.01f;   /* a load at all */
static const float scale_unknown = 0.2f; /* what a load makes, while none was seen */
static const float lump_share = 0.1f;    /* of that: more, and something lies there */
static const float spread_share = 0.15f; /* of that: zeros of cells differ by no more */
static const float level_share = 0.15f;  /* of that: an empty mat reads no more */
static const float lump_spreads = 2.5f;  /* 3 x 3 medians of noise reach 1.5 spreads */
static const float level_empty_most = 0.25f;
static const float covered_least = 0.8f; /* dead cells and lines included */
static const float uneven_most = 2;      /* parts of the mat; a person: far more */
static const float full_most = 0.2f;
static const float steady_share = 0.08f;     /* creep of 8 % a decade makes 5 % in the time */
static const float exponent_most = 3;        /* as of fit.c: counts rise at least so steeply */
static const float rest_share = 0.7f;        /* of a resting load: less, and it was taken off */
static const int64_t turn_ns = 3 * NS_PER_S; /* of conditioning: on or off for so long */
static const double creep_tau_s = 10;        /* docs/methods.md, section 7 */
static const double creep_from_s = 30, creep_least_s = 300;
static const int64_t creep_every_ns = 5 * NS_PER_S;

#define SEES(p, ...) (snprintf((p)->sees, sizeof((p)->sees), __VA_ARGS__), false)

static double seconds(int64_t ns)
{
	return (double)ns / 1e9;
}

/* ---- conditioning -------------------------------------------------------------------------- */

bool step_condition(struct procedure *p, int64_t now_ns)
{
	struct conditioning *c = &p->conditioning;
	float reads = p->look.level_ratio + p->look.lump_ratio;

	c->low_ratio = fminf(c->low_ratio, reads);
	c->high_ratio = fmaxf(c->high_ratio, reads);
	float range = c->high_ratio - c->low_ratio;
	float limit = c->low_ratio + (c->loaded ? 0.3f : 0.6f) * range;
	bool across = range > seen_least && (c->loaded ? reads < limit : reads > limit);
	if (!across) {
		c->since_ns = 0;
		return false;
	}
	if (c->since_ns == 0)
		c->since_ns = now_ns;
	if (now_ns - c->since_ns < turn_ns)
		return true;
	c->loaded = !c->loaded;
	c->since_ns = 0;
	c->n_loads += !c->loaded;
	if (c->n_loads >= p->plan.n_conditioning) {
		p->seen_low_ratio = c->low_ratio;
		p->seen_ratio = range;
		step_done(p);
	}
	return true;
}

/* ---- tare ---------------------------------------------------------------------------------- */

/* A load on this mat is about this much; what is far less is nothing. */
static float load_scale(const struct procedure *p)
{
	return p->seen_ratio > 0 ? fminf(p->seen_ratio, scale_unknown) : scale_unknown;
}

static bool is_empty(struct procedure *p)
{
	char where[LOAD_WHERE_SIZE];
	float scale = load_scale(p);
	float spread = fminf(p->look.spread_ratio, spread_share * scale);
	float lump_most = fmaxf(lump_share * scale, lump_spreads * spread);

	float level_most = p->seen_ratio > 0 ? p->seen_low_ratio + level_share * p->seen_ratio
	                                     : level_empty_most;
	if (p->seen_ratio <= 0 && surface_sense(&p->surface) == SENSE_LOAD)
		level_most = 1;
	if (p->look.level_ratio > level_most)
		return SEES(p,
		    "the whole mat reads %.0f %% of its scale: take everything off, or look "
		    "whether it is creased or tight",
		    100 * (double)p->look.level_ratio);
	/* Load cells bear the bed itself, one more of it than another. */
	if (surface_sense(&p->surface) == SENSE_SHAPE && p->look.lump_ratio > lump_most)
		return SEES(p,
		    "something lies on the mat %s: take it off, and nobody may lean on it",
		    load_where(&p->surface, p->look.lump_cell, where));
	return true;
}

bool step_tare(struct procedure *p, int64_t now_ns)
{
	if (!is_empty(p)) {
		window_restart(&p->window, p->plan.tare_s);
		return false;
	}
	window_add(&p->window, p->counts, now_ns);
	if (window_ratio(&p->window, now_ns) < 1)
		return true;
	window_medians(&p->window, p->zero);
	p->noise_counts = window_noise(&p->window, p->scratch);
	p->tared = true;
	step_done(p);
	return true;
}

/* ---- loads --------------------------------------------------------------------------------- */

/*
 * Waits until the load has been steady for settle_s, then keeps hold_s of it. True when it is
 * steady; at the end the medians stand in `medians` and *done is set.
 */
static bool settle_and_hold(
    struct procedure *p, float load_ratio, int64_t now_ns, float *medians, bool *done)
{
	bool steady = fabsf(load_ratio - p->steady_ratio) <= steady_share * p->steady_ratio;

	*done = false;
	if (p->settled_ns == 0 || !steady) {
		bool moved = p->settled_ns != 0 && p->window.n_samples > 0;
		p->settled_ns = now_ns;
		p->steady_ratio = load_ratio;
		p->load_ns = now_ns;
		window_restart(&p->window, p->plan.hold_s);
		return moved ? SEES(p, "the load moved: leave it at rest") : true;
	}
	if (seconds(now_ns - p->settled_ns) < p->plan.settle_s)
		return true;
	window_add(&p->window, p->counts, now_ns);
	if (window_ratio(&p->window, now_ns) < 1)
		return true;
	window_medians(&p->window, medians);
	*done = true;
	return true;
}

static size_t level_index(const struct procedure *p)
{
	size_t first = 0;

	while (p->steps[first].kind != PROCEDURE_LEVEL)
		first++;
	return p->step - first;
}

static bool is_level(struct procedure *p)
{
	char where[LOAD_WHERE_SIZE];
	const struct load_look *look = &p->look;
	float mmhg = p->steps[p->step].pressure_mmhg;
	size_t index = level_index(p);

	if (look->total_ratio < load_least && look->level_ratio < load_least)
		return SEES(p, "no load is seen yet");
	if (look->full_ratio > full_most)
		return SEES(p,
		    "%.0f %% of the cells are at the end of their scale: this mat cannot read so "
		    "much, use less pressure",
		    100 * (double)look->full_ratio);
	if (look->level_ratio < load_least || look->covered_ratio < covered_least)
		return SEES(p,
		    "only %.0f %% of the mat is pressed: the load must lie on all of it, and "
		    "nobody on the mat",
		    look->level_ratio < load_least ? 0.0 : 100 * (double)look->covered_ratio);
	if (look->uneven_ratio > uneven_most)
		return SEES(p, "the load is uneven: %s it presses least, by a factor %.1f",
		    load_where(&p->surface, look->least_cell, where), (double)look->uneven_ratio);
	if (index > 0 &&
	    look->level_ratio < 0.98f * p->last_level *
	                            powf(mmhg / p->plan.levels_mmhg[index - 1], 1 / exponent_most))
		return SEES(p, "the mat reads as much as at %.0f mmHg: raise the pressure",
		    (double)p->plan.levels_mmhg[index - 1]);
	return true;
}

bool step_level(struct procedure *p, int64_t now_ns)
{
	bool done;

	if (!is_level(p)) {
		p->settled_ns = 0;
		window_restart(&p->window, p->plan.hold_s);
		return false;
	}
	float *medians = p->levels + level_index(p) * p->surface.n_cells;
	bool steady = settle_and_hold(p, p->look.level_ratio, now_ns, medians, &done);
	if (done) {
		p->last_level = p->look.level_ratio;
		if (p->look.uneven_ratio > (float)p->greatest_part)
			p->greatest_part = (double)p->look.uneven_ratio;
		step_done(p);
	}
	return steady;
}

/* After levels the bladder must go first: what lies there is then a lump, or little of the mat. */
static bool is_weight(struct procedure *p)
{
	if (p->look.lump_ratio < load_least && p->look.level_ratio < load_least)
		return SEES(p, "no load is seen yet");
	if (p->plan.n_levels > 0 && p->look.level_ratio > 0.8f * p->last_level)
		return SEES(
		    p, "the even load still lies there: take it off, then put the weight on");
	if (p->look.full_ratio > full_most)
		return SEES(p, "the weight drives the cells to the end of their scale: put it on a "
		               "board, or take less");
	return true;
}

bool step_weight(struct procedure *p, int64_t now_ns)
{
	bool done;

	if (!is_weight(p)) {
		p->settled_ns = 0;
		window_restart(&p->window, p->plan.hold_s);
		return false;
	}
	bool steady = settle_and_hold(p, p->look.total_ratio, now_ns, p->weight, &done);
	if (done)
		step_done(p);
	return steady;
}

/* ---- creep --------------------------------------------------------------------------------- */

static void add_point(struct creep *creep, double t_s, double y)
{
	double x = log10(1 + t_s / creep_tau_s);

	creep->n++;
	creep->sx += x;
	creep->sy += y;
	creep->sxx += x * x;
	creep->sxy += x * y;
}

bool step_creep(struct procedure *p, int64_t now_ns)
{
	struct creep *creep = &p->creep;
	double total = (double)p->look.total_ratio, lies_s = seconds(now_ns - p->load_ns);

	if (creep->first <= 0)
		creep->first = total;
	if (total < (double)rest_share * creep->first) {
		/* Taken off too soon: what was seen counts, if it is enough to tell. */
		if (creep->watched_s < creep_least_s)
			*creep = (struct creep){0};
		step_done(p);
		return true;
	}
	if (lies_s >= creep_from_s && now_ns >= creep->next_ns) {
		add_point(creep, lies_s, total);
		creep->next_ns = now_ns + creep_every_ns;
	}
	creep->watched_s = lies_s;
	if (lies_s >= p->plan.creep_s)
		step_done(p);
	return true;
}

/* ---- what is said -------------------------------------------------------------------------- */

double step_ratio(const struct procedure *p)
{
	const struct conditioning *c = &p->conditioning;
	double whole_s = p->plan.settle_s + p->plan.hold_s;
	double settled_s = p->settled_ns ? seconds(p->last_ns - p->settled_ns) : 0;

	switch (p->steps[p->step].kind) {
	case PROCEDURE_CONDITION:
		return (double)(2 * c->n_loads + c->loaded) / (2.0 * p->plan.n_conditioning);
	case PROCEDURE_TARE:
		return window_ratio(&p->window, p->last_ns);
	case PROCEDURE_LEVEL:
	case PROCEDURE_WEIGHT:
		return whole_s > 0 ? fmin(1, settled_s / whole_s) : 1;
	default:
		return fmin(1, p->creep.watched_s / p->plan.creep_s);
	}
}

void step_ask(const struct procedure *p, char text[static PROCEDURE_TEXT_SIZE])
{
	const struct step *step = &p->steps[p->step < p->n_steps ? p->step : p->n_steps - 1];
	unsigned load = p->conditioning.n_loads + 1, loads = p->plan.n_conditioning;

	switch (step->kind) {
	case PROCEDURE_CONDITION:
		snprintf(text, PROCEDURE_TEXT_SIZE, "%s (%u of %u)",
		    p->conditioning.loaded
		        ? "Take the load off the mat"
		        : "Press the whole mat for some seconds, with the load or lying on it",
		    load > loads ? loads : load, loads);
		break;
	case PROCEDURE_TARE:
		snprintf(text, PROCEDURE_TEXT_SIZE,
		    "Take everything off the mat and leave it alone for %.0f s", p->plan.tare_s);
		break;
	case PROCEDURE_LEVEL:
		snprintf(text, PROCEDURE_TEXT_SIZE, "Press the whole mat evenly with %.1f mmHg",
		    (double)step->pressure_mmhg);
		break;
	case PROCEDURE_WEIGHT:
		snprintf(text, PROCEDURE_TEXT_SIZE,
		    "Put the %.1f kg on the mat, nothing of it beside, and leave it alone",
		    (double)p->plan.mass_kg);
		break;
	case PROCEDURE_CREEP:
		snprintf(text, PROCEDURE_TEXT_SIZE,
		    "Leave the load where it is for %.0f min; taking it off earlier ends this step",
		    p->plan.creep_s / 60);
		break;
	}
}
