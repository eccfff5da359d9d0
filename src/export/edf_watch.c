#include "export/edf_watch.h"

#include <stdlib.h>

#define HOLD_S    5.0  /* a posture goes on while it is not known for less */
#define POSTURE_S 5.0  /* and is noted when it lasts as long */
#define OUT_S     60.0 /* as an exit of a night: core/night.h */

static void add_span(struct edf_watch *watch, const struct edf_span *span)
{
	if (watch->n == watch->room) {
		size_t room = watch->room ? 2 * watch->room : 64;
		struct edf_span *spans = reallocarray(watch->spans, room, sizeof(*spans));
		if (!spans) {
			watch->full = true;
			return;
		}
		watch->spans = spans;
		watch->room = room;
	}
	watch->spans[watch->n++] = *span;
}

/* True: a state has ended, which lasted as `ended` says. */
static bool run_step(
    struct edf_run *run, int state, double t_s, double hold_s, struct edf_run *ended)
{
	if (state == run->state) {
		run->last_s = t_s;
		return false;
	}
	if (state == 0 && t_s - run->last_s < hold_s)
		return false;
	*ended = *run;
	ended->last_s = state ? t_s : run->last_s;
	*run = (struct edf_run){state, t_s, t_s};
	return ended->state != 0;
}

static void step_posture(struct edf_watch *watch, size_t i, int state, double t_s, double hold_s)
{
	struct edf_watched *mat = &watch->mats[i];
	struct edf_run ended;

	if (!run_step(&mat->posture, state, t_s, hold_s, &ended) ||
	    ended.last_s - ended.from_s < POSTURE_S)
		return;
	add_span(watch, &(struct edf_span){.from_s = ended.from_s,
	                    .to_s = ended.last_s,
	                    .what = mat->is_bed ? "Posture" : "Seat",
	                    .which = mat->is_bed ? posture_name((enum posture)ended.state)
	                                         : seat_state_name((enum seat_state)ended.state),
	                    .mat = i});
}

static void step_out(struct edf_watch *watch, size_t i, bool out, double t_s)
{
	struct edf_watched *mat = &watch->mats[i];
	struct edf_run ended;

	if (run_step(&mat->out, out, t_s, 0.0, &ended) && ended.last_s - ended.from_s >= OUT_S)
		add_span(watch, &(struct edf_span){.from_s = ended.from_s,
		                    .to_s = ended.last_s,
		                    .what = "Out of bed",
		                    .which = "",
		                    .mat = i,
		                    .pending = true});
}

/* She is back: what was noted of being out counts. */
static void confirm_out(struct edf_watch *watch, size_t mat)
{
	for (size_t i = 0; i < watch->n; i++)
		if (watch->spans[i].mat == mat)
			watch->spans[i].pending = false;
}

/* 0: none that is noted. */
static int posture_state(const struct observation *o)
{
	if (o->occupancy != OCCUPANCY_PERSON)
		return 0;
	if (o->kind == SURFACE_SEAT)
		return o->seat >= SEAT_UPRIGHT ? (int)o->seat : 0;
	return o->posture >= POSTURE_SUPINE && o->posture <= POSTURE_EDGE ? (int)o->posture : 0;
}

static void step_states(struct edf_watch *watch, size_t i, const struct observation *o, double t_s)
{
	struct edf_watched *mat = &watch->mats[i];
	bool person = o->occupancy == OCCUPANCY_PERSON;

	step_posture(watch, i, posture_state(o), t_s, person ? HOLD_S : 0.0);
	if (mat->is_bed && o->occupancy != OCCUPANCY_UNKNOWN)
		step_out(watch, i, mat->lain && !person, t_s);
	if (person && mat->occupancy != OCCUPANCY_PERSON)
		confirm_out(watch, i);
	mat->lain = mat->lain || person;
	mat->occupancy = o->occupancy;
}

/* From the last frame that could be judged until now nothing was seen, if that is long enough. */
static void step_gap(struct edf_watch *watch, size_t i, double t_s)
{
	struct edf_watched *mat = &watch->mats[i];

	if (t_s - mat->seen_s <= mat->gap_s)
		return;
	step_posture(watch, i, 0, mat->seen_s, 0.0);
	if (mat->is_bed)
		step_out(watch, i, false, mat->seen_s);
	add_span(watch, &(struct edf_span){.from_s = mat->seen_s,
	                    .to_s = t_s,
	                    .what = mat->is_bed ? "Bed not observed" : "Chair not observed",
	                    .which = "",
	                    .mat = i});
}

void edf_watch_observe(
    struct edf_watch *watch, size_t i, double gap_s, const struct observation *o, double t_s)
{
	struct edf_watched *mat = &watch->mats[i];

	mat->gap_s = gap_s;
	mat->is_bed = o->kind != SURFACE_SEAT;
	if (o->technical != TECHNICAL_NONE)
		return;
	step_gap(watch, i, t_s);
	mat->seen_s = t_s;
	step_states(watch, i, o, t_s);
}

void edf_watch_end(struct edf_watch *watch, double t_s)
{
	for (size_t i = 0; i < EDF_MATS_MAX; i++) {
		if (!(watch->mats[i].gap_s > 0)) /* no such mat */
			continue;
		step_gap(watch, i, t_s);
		step_posture(watch, i, 0, t_s, 0.0);
	}
}

void edf_watch_finish(struct edf_watch *watch)
{
	free(watch->spans);
	*watch = (struct edf_watch){0};
}
