#include "base/clock.h"
#include "calib/procedure_parts.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t gap_ns = 5 * NS_PER_S;     /* as the pipeline's */
static const int64_t frozen_ns = 10 * NS_PER_S; /* the same */
static const float outside_most = 0.1f;         /* as of calib_apply() */
static const float levels_apart = 1.2f;         /* each over the one before */
static const double load_s = 10;                /* one of conditioning, with its rest */

void procedure_defaults(struct procedure_plan *plan)
{
	plan->n_conditioning = 3;
	plan->tare_s = 60;
	plan->settle_s = 10;
	plan->hold_s = 20;
	plan->patience_s = 600;
}

/* ---- the plan ------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static int check_plan(const struct surface *surface, struct procedure_plan *plan, struct error *err)
{
	if (surface_sense(surface) == SENSE_SWITCH)
		return error_set(
		    err, -EINVAL, "%s: a switch has nothing to calibrate", surface->name);
	if (surface_sense(surface) == SENSE_LOAD && plan->n_levels > 0)
		return error_set(err, -EINVAL,
		    "%s: load cells know no pressures: give a weight (--weight 20kg)",
		    surface->name);
	if (plan->n_levels == 0 && !(plan->mass_kg > 0))
		return error_set(err, -EINVAL,
		    "nothing is known of the load: give pressures (--levels 20,40,80) or a weight "
		    "(--weight 20kg)");
	qsort(plan->levels_mmhg, plan->n_levels, sizeof(float), compare);
	for (size_t i = 0; i < plan->n_levels; i++) {
		if (!(plan->levels_mmhg[i] > 0))
			return error_set(err, -EINVAL, "a pressure must be above 0");
		if (i > 0 && plan->levels_mmhg[i] < levels_apart * plan->levels_mmhg[i - 1])
			return error_set(err, -EINVAL,
			    "%.1f and %.1f mmHg are too close: each pressure at least %.0f %% "
			    "above the one before",
			    (double)plan->levels_mmhg[i - 1], (double)plan->levels_mmhg[i],
			    100 * (double)(levels_apart - 1));
	}
	return 0;
}

static void add_step(struct procedure *p, enum procedure_step kind, float mmhg, double length_s)
{
	p->steps[p->n_steps++] = (struct step){kind, mmhg, length_s};
}

static void lay_out_steps(struct procedure *p)
{
	const struct procedure_plan *plan = &p->plan;

	if (plan->n_conditioning > 0)
		add_step(p, PROCEDURE_CONDITION, 0, load_s * plan->n_conditioning);
	add_step(p, PROCEDURE_TARE, 0, plan->tare_s);
	for (size_t i = 0; i < plan->n_levels; i++)
		add_step(p, PROCEDURE_LEVEL, plan->levels_mmhg[i], plan->settle_s + plan->hold_s);
	if (plan->mass_kg > 0)
		add_step(p, PROCEDURE_WEIGHT, 0, plan->settle_s + plan->hold_s);
	if (plan->creep_s > 0)
		add_step(p, PROCEDURE_CREEP, 0, plan->creep_s);
}

static bool allocate(struct procedure *p)
{
	size_t n = p->surface.n_cells;

	p->counts = calloc(n, sizeof(float));
	p->before = calloc(n, sizeof(float));
	p->scratch = calloc(n, sizeof(float));
	p->zero = calloc(n, sizeof(float));
	p->levels = calloc(PROCEDURE_LEVELS_MAX * n, sizeof(float));
	p->weight = calloc(n, sizeof(float));
	return window_init(&p->window, n) == 0 && p->counts && p->before && p->scratch && p->zero &&
	       p->levels && p->weight;
}

struct procedure *procedure_create(
    const struct surface *surface, const struct procedure_plan *plan, struct error *err)
{
	struct procedure *p = calloc(1, sizeof(*p));

	if (!p) {
		error_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	p->surface = *surface;
	p->plan = *plan;
	if (check_plan(&p->surface, &p->plan, err) < 0)
		goto fail;
	if (!allocate(p)) {
		error_set(err, -ENOMEM, "out of memory");
		goto fail;
	}
	lay_out_steps(p);
	step_begin(p);
	return p;
fail:
	procedure_destroy(p);
	return NULL;
}

void procedure_destroy(struct procedure *p)
{
	if (!p)
		return;
	calibration_finish(&p->made);
	window_finish(&p->window);
	free(p->counts);
	free(p->before);
	free(p->scratch);
	free(p->zero);
	free(p->levels);
	free(p->weight);
	free(p);
}

/* ---- the way on ---------------------------------------------------------------------------- */

void procedure_fail(struct procedure *p, int code, const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	p->state = PROCEDURE_FAILED;
	error_set(&p->failure, code, "%s", text);
}

void step_begin(struct procedure *p)
{
	p->sees[0] = '\0';
	p->good_ns = p->last_ns;
	p->settled_ns = 0;
	p->conditioning = (struct conditioning){.low_ratio = INFINITY, .high_ratio = -INFINITY};
	window_restart(
	    &p->window, p->steps[p->step].kind == PROCEDURE_TARE ? p->plan.tare_s : p->plan.hold_s);
}

void step_done(struct procedure *p)
{
	p->step++;
	if (p->step < p->n_steps)
		step_begin(p);
	else
		procedure_make(p);
}

/* Counts that cannot be are taken for nothing; true when they are too many to go on. */
static bool take_counts(struct procedure *p, const struct frame *frame)
{
	float full = p->surface.full_scale_counts;
	size_t n = p->surface.n_cells, n_outside = 0;

	for (size_t i = 0; i < n; i++) {
		float value = frame->counts[i];
		bool inside = value >= 0 && value <= full;
		p->counts[i] = inside ? value : 0;
		n_outside += !inside;
	}
	return (float)n_outside > outside_most * (float)n;
}

static bool all_zero(const float *counts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (counts[i] != 0)
			return false;
	return true;
}

/* A mat that hangs gives the same frame for ever; one that cuts off small counts zeros, when empty. */
static bool is_frozen(struct procedure *p, int64_t now_ns)
{
	size_t size = p->surface.n_cells * sizeof(float);

	if (!p->any || memcmp(p->before, p->counts, size) != 0) {
		memcpy(p->before, p->counts, size);
		p->changed_ns = now_ns;
		return false;
	}
	return now_ns - p->changed_ns > frozen_ns && !all_zero(p->counts, p->surface.n_cells);
}

static bool run_step(struct procedure *p, int64_t now_ns)
{
	static bool (*const run[])(struct procedure *, int64_t) = {
	    [PROCEDURE_CONDITION] = step_condition,
	    [PROCEDURE_TARE] = step_tare,
	    [PROCEDURE_LEVEL] = step_level,
	    [PROCEDURE_WEIGHT] = step_weight,
	    [PROCEDURE_CREEP] = step_creep,
	};

	load_look(&p->surface, p->counts, p->tared ? p->zero : NULL, p->scratch, &p->look);
	return run[p->steps[p->step].kind](p, now_ns);
}

static void forget_window(struct procedure *p)
{
	p->settled_ns = 0;
	p->window.begin_ns = 0;
	p->window.n_samples = p->window.n_steps = 0;
}

enum procedure_state procedure_feed(struct procedure *p, const struct frame *frame)
{
	int64_t now_ns = frame->mono_ns;

	if (p->state != PROCEDURE_RUNNING)
		return p->state;
	if (!p->any)
		p->good_ns = p->changed_ns = now_ns;
	if (p->any && (now_ns <= p->last_ns || now_ns - p->last_ns > gap_ns))
		forget_window(p); /* what happened meanwhile is not known */
	bool outside = take_counts(p, frame), frozen = is_frozen(p, now_ns);
	p->any = true;
	p->last_ns = now_ns;
	p->last_real_ns = frame->real_ns;
	if (outside || frozen) {
		forget_window(p);
		snprintf(p->sees, sizeof(p->sees), "%s",
		    outside ? "the mat gives counts that cannot be: look at full_scale and the "
		              "cell type of its profile"
		            : "the same frame comes again and again: restart the mat's controller");
	} else if (run_step(p, now_ns)) {
		p->sees[0] = '\0';
		p->good_ns = now_ns;
	}
	if (p->state == PROCEDURE_RUNNING &&
	    (double)(now_ns - p->good_ns) / 1e9 > p->plan.patience_s)
		procedure_end(p, "given up");
	return p->state;
}

void procedure_end(struct procedure *p, const char *why)
{
	char ask[PROCEDURE_TEXT_SIZE];

	if (p->state != PROCEDURE_RUNNING)
		return;
	step_ask(p, ask);
	procedure_fail(p, -ECANCELED, "%s at step %zu of %zu (%s)%s%s", why, p->step + 1,
	    p->n_steps, ask, p->sees[0] ? ": " : "", p->sees);
}

/* ---- what is said of it -------------------------------------------------------------------- */

void procedure_view(const struct procedure *p, struct procedure_view *view)
{
	double done_s = 0, all_s = 0;
	size_t last = p->step < p->n_steps ? p->step : p->n_steps - 1;

	*view = (struct procedure_view){
	    .state = p->state,
	    .step = p->steps[last].kind,
	    .n_done = p->step,
	    .n_steps = p->n_steps,
	    .step_ratio = p->step < p->n_steps ? step_ratio(p) : 1,
	};
	for (size_t i = 0; i < p->n_steps; i++) {
		double share = i < p->step ? 1 : i == p->step ? view->step_ratio : 0;
		done_s += share * p->steps[i].length_s;
		all_s += p->steps[i].length_s;
	}
	view->ratio = all_s > 0 ? done_s / all_s : 1;
	if (p->state == PROCEDURE_RUNNING)
		step_ask(p, view->ask);
	snprintf(view->sees, sizeof(view->sees), "%s",
	    p->state == PROCEDURE_FAILED ? p->failure.text : p->sees);
}

int procedure_result(struct procedure *p, struct calibration *calibration, struct error *err)
{
	*calibration = (struct calibration){0};
	if (p->state == PROCEDURE_RUNNING)
		return error_set(err, -EAGAIN, "the calibration is not finished");
	if (p->state == PROCEDURE_FAILED) {
		if (err)
			*err = p->failure;
		return p->failure.code;
	}
	*calibration = p->made; /* handed over */
	p->made = (struct calibration){0};
	return 0;
}
