/*
 * Bending often. The article advises few bends to pick up the child.
 *
 *	bend   in the chair: a forward excursion that returned within 10 s (body/seat.c);
 *	       on the bed: rising from its edge
 *	raised `count` or more bends within `within`; again at each further bend
 *	value  the most bends of one such time; limit: `count`
 *
 * Limit: 10 in an hour, a starting point to be tuned (docs/methods.md, section 5). What is bent
 * away from chair and bed no mat sees, so the count is a lower bound. After a gap it begins anew.
 */
#include "detect/finding.h"

#include <math.h>
#include <stdio.h>

#define COUNT_MAX 60

static const struct option_spec options[] = {
    {"count", OPTION_INTEGER, "10", 2, COUNT_MAX, "", NULL, "bends that are too many"},
    {"within", OPTION_NUMBER, "1 h", 60, 24 * 3600, "s", NULL, "in this time"},
    {.key = NULL},
};

struct bend_mark {
	int64_t mono_ns;
	double observed_s; /* the count of observed seconds at that moment */
};

struct bending {
	size_t limit;
	int64_t within_ns;
	struct bend_mark marks[COUNT_MAX]; /* the newest n, a ring */
	size_t n, next;
	double observed_s;
	struct bend_mark start; /* of the finding under way */
	bool under_way;
	size_t most; /* bends within the time, while it is under way */
	int64_t frame_ns;
	bool on_edge; /* the bed: she sat on its edge when last seen */
};

static int bending_init(
    void *state, const struct options *given, const struct surface *surface, struct error *err)
{
	struct bending *bending = state;

	(void)surface;
	(void)err;
	bending->limit = (size_t)options_integer(given, "count");
	bending->within_ns = (int64_t)(options_number(given, "within") * 1e9);
	return 0;
}

static bool bent(struct bending *bending, const struct observation *o)
{
	if (o->kind == SURFACE_SEAT)
		return o->bend;
	bool rose = bending->on_edge && o->occupancy == OCCUPANCY_EMPTY;
	if (o->occupancy == OCCUPANCY_EMPTY || o->occupancy == OCCUPANCY_PERSON)
		bending->on_edge = o->occupancy == OCCUPANCY_PERSON && o->posture == POSTURE_EDGE;
	return rose;
}

/* The bends within the time, and the first of them. */
static size_t count_bends(
    const struct bending *bending, int64_t now_ns, const struct bend_mark **first)
{
	size_t count = 0;

	while (count < bending->n) {
		const struct bend_mark *mark =
		    &bending->marks[(bending->next + COUNT_MAX - 1 - count) % COUNT_MAX];
		if (now_ns - mark->mono_ns >= bending->within_ns)
			break;
		*first = mark;
		count++;
	}
	return count;
}

static void say(struct bending *bending, const struct observation *o, event_sink *sink, void *user)
{
	size_t count = bending->most;
	double span_s = (double)(o->mono_ns - bending->start.mono_ns) / 1e9;
	double seen_s = bending->observed_s - bending->start.observed_s;
	float coverage = span_s > 0 ? (float)fmin(1, seen_s / span_s) : 0;
	struct event event = {
	    .level = EVENT_ADVICE,
	    .start_ns = bending->start.mono_ns,
	    .end_ns = o->mono_ns,
	    .value = (float)count,
	    .limit = (float)bending->limit,
	    .unit = "bends",
	    .coverage_ratio = coverage,
	    .confidence = coverage * o->health_ratio,
	    .frame_ns = bending->frame_ns,
	};

	if (o->kind == SURFACE_SEAT)
		phrase_sentence_n(&event.phrase, "Bent forward {n} time within {length}.",
		    "Bent forward {n} times within {length}.", count);
	else
		phrase_sentence_n(&event.phrase,
		    "Rose from the edge of the bed {n} time within {length}.",
		    "Rose from the edge of the bed {n} times within {length}.", count);
	phrase_duration(&event.phrase, "length", (double)bending->within_ns / 1e9);
	finding_say(&detector_frequent_bending, &event, sink, user);
}

static void add_bend(
    struct bending *bending, const struct observation *o, event_sink *sink, void *user)
{
	struct bend_mark *mark = &bending->marks[bending->next];
	const struct bend_mark *first = mark;

	*mark = (struct bend_mark){o->mono_ns, bending->observed_s};
	bending->next = (bending->next + 1) % COUNT_MAX;
	bending->n += bending->n < COUNT_MAX;
	size_t count = count_bends(bending, o->mono_ns, &first);
	if (count < bending->limit) {
		bending->under_way = false;
		return;
	}
	if (!bending->under_way) {
		bending->under_way = true;
		bending->start = *first;
		bending->most = 0;
		bending->frame_ns = o->mono_ns;
	}
	bending->most = count > bending->most ? count : bending->most;
	say(bending, o, sink, user);
}

static void bending_step(void *state, const struct observation *o, event_sink *sink, void *user)
{
	struct bending *bending = state;

	if (o->technical != TECHNICAL_NONE || o->occupancy == OCCUPANCY_UNKNOWN)
		return;
	bending->observed_s += o->dt_s > 0 ? (double)o->dt_s : 0;
	if (bent(bending, o))
		add_bend(bending, o, sink, user);
}

static void bending_reset(void *state)
{
	struct bending *bending = state;

	*bending = (struct bending){.limit = bending->limit, .within_ns = bending->within_ns};
}

const struct detector detector_frequent_bending = {
    .name = "frequent_bending",
    .summary = "bending forward often",
    .advice_id = "bending.seldom",
    .definition =
        "`count` bends or more within `within`: forward in the chair and back in 10 s, or rising "
        "from the edge of the bed. Bends elsewhere are not seen, so it is a lower bound.",
    .options = options,
    .surfaces = 1U << SURFACE_SEAT | 1U << SURFACE_BED,
    .state_size = sizeof(struct bending),
    .init = bending_init,
    .step = bending_step,
    .reset = bending_reset,
    .finish = finding_no_finish,
};
