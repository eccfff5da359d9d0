#include "app/night_score.h"

#include "base/clock.h"
#include "pipeline/pipeline.h"
#include "store/sleep.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One surface under way. */
struct side {
	const struct surface *surface;
	const struct truth_surface *truth; /* NULL: nothing to compare with */
	size_t n_seconds;
	struct pipeline *pipeline;
	struct night_score *score;
	struct night_result *result;
	int64_t start_ns;
	size_t next_second; /* the first that has not been compared */
	bool was_person, failed;
	bool *exit_found;             /* per second: a true exit there has been found */
	struct second_seen *seen;     /* per second */
	struct sleep_minute *minutes; /* whole ones of mono time, from the first frame's on */
	enum sleep_state *sleep;      /* the same */
	size_t n_minutes;
};

static bool is_exit(const struct side *side, size_t second)
{
	const struct truth_second *seconds = side->truth->seconds;

	return second > 0 && seconds[second].known && !seconds[second].occupied &&
	       seconds[second - 1].occupied;
}

/* A true exit within EXIT_WITHIN_S that nothing was matched with yet, or n_seconds. */
static size_t exit_near(const struct side *side, size_t second)
{
	size_t from = second > EXIT_WITHIN_S ? second - EXIT_WITHIN_S : 0;

	for (size_t i = from; i <= second + EXIT_WITHIN_S && i < side->n_seconds; i++)
		if (is_exit(side, i) && !side->exit_found[i])
			return i;
	return side->n_seconds;
}

static void compare_exit(struct side *side, const struct observation *o, size_t second)
{
	bool person = o->occupancy == OCCUPANCY_PERSON;

	if (side->was_person && o->occupancy == OCCUPANCY_EMPTY) {
		size_t found = exit_near(side, second);
		if (found < side->n_seconds) {
			side->exit_found[found] = true;
			side->score->exits_found++;
		} else {
			side->score->exits_false++;
		}
	}
	if (person || o->occupancy == OCCUPANCY_EMPTY)
		side->was_person = person;
	side->score->exits += is_exit(side, second);
}

static bool is_quiet(const struct side *side, size_t second)
{
	if (second < QUIET_S)
		return false;
	for (size_t i = second - QUIET_S; i <= second; i++) {
		const struct truth_second *truth = &side->truth->seconds[i];
		if (!truth_is_lying(truth) || truth->moving)
			return false;
	}
	return true;
}

static void compare_vitals(
    struct night_score *score, const struct observation *o, const struct truth_second *truth)
{
	score->quiet++;
	if (isfinite(o->breathing_per_min)) {
		score->breathing_read++;
		score->breathing_error_per_min += fabs(
		    (double)o->breathing_per_min - (double)truth->breathing_per_min);
	}
	if (isfinite(o->heart_per_min)) {
		score->heart_read++;
		score->heart_error_per_min += fabs(
		    (double)o->heart_per_min - (double)truth->heart_per_min);
	}
}

static void compare_second(struct side *side, const struct observation *o, size_t second)
{
	const struct truth_second *truth = &side->truth->seconds[second];
	struct night_score *score = side->score;
	bool person = o->occupancy == OCCUPANCY_PERSON;

	if (!truth->known)
		return;
	score->seconds++;
	score->occupancy_right += truth->occupied ? person : o->occupancy == OCCUPANCY_EMPTY;
	compare_exit(side, o, second);
	if (!truth->occupied || truth->moving)
		return;
	if (side->surface->kind == SURFACE_BED) {
		score->posture[truth->posture][o->posture]++;
		if (is_quiet(side, second))
			compare_vitals(score, o, truth);
	} else {
		score->seat[truth->seat][o->seat]++;
	}
}

static void take_observation(void *user, const struct observation *o)
{
	struct side *side = user;

	if (!side->truth)
		return;
	/* The first frame of each second, at which the truth was taken too. */
	size_t second = (size_t)((o->mono_ns - side->start_ns) / NS_PER_S);
	if (second >= side->n_seconds)
		return;
	side->seen[second].shift = side->seen[second].shift || o->shift;
	side->seen[second].person = o->occupancy == OCCUPANCY_PERSON;
	side->seen[second].seat = o->seat;
	if (second < side->next_second)
		return;
	side->next_second = second + 1;
	compare_second(side, o, second);
}

/* Where a finding goes: over an earlier one of the same rule and start, or at the end. */
static struct night_finding *finding_slot(
    struct night_result *result, const struct event *event, const struct side *side, double start_s)
{
	for (size_t i = 0; i < result->n_findings; i++) {
		struct night_finding *found = &result->findings[i];
		if (found->rule == event->rule && found->start_s == start_s &&
		    strcmp(found->surface, side->surface->name) == 0)
			return found;
	}
	if (result->n_findings == result->findings_room) {
		size_t room = result->findings_room ? 2 * result->findings_room : 32;
		struct night_finding *grown = realloc(
		    result->findings, room * sizeof(*result->findings));
		if (!grown)
			return NULL;
		result->findings = grown;
		result->findings_room = room;
	}
	return &result->findings[result->n_findings++];
}

static void take_event(void *user, const struct event *event)
{
	struct side *side = user;
	double start_s = (double)(event->start_ns - side->start_ns) / 1e9;
	struct night_finding *slot = finding_slot(side->result, event, side, start_s);

	side->failed = side->failed || !slot;
	if (!slot)
		return;
	*slot = (struct night_finding){
	    .rule = event->rule,
	    .start_s = start_s,
	    .end_s = (double)(event->end_ns - side->start_ns) / 1e9,
	    .value = (double)event->value,
	    .limit = (double)event->limit,
	};
	memcpy(slot->surface, side->surface->name, sizeof(slot->surface));
}

static void take_epoch(void *user, const struct epoch *epoch)
{
	struct side *side = user;
	int64_t at = epoch->start_ns / EPOCH_NS - side->start_ns / EPOCH_NS;
	float edge_s = fminf(epoch->posture_s[POSTURE_EDGE], epoch->person_s);

	if (at < 0 || (size_t)at >= side->n_minutes)
		return;
	side->minutes[at] = (struct sleep_minute){.in_bed_s = epoch->person_s - edge_s,
	    .up_s = edge_s + epoch->empty_s + epoch->object_s,
	    .moving_s = epoch->moving_s};
}

static int open_side(struct side *side, const struct recording_reader *reader, size_t index,
    const struct night_truth *truth, struct night_result *result, struct error *err)
{
	const struct surface *surface = recording_surface(reader, index);
	struct pipeline_config config = {.surface = surface};
	struct pipeline_sink sink = {.user = side,
	    .observation = take_observation,
	    .event = take_event,
	    .epoch = surface->kind == SURFACE_SEAT ? NULL : take_epoch};

	*side = (struct side){
	    .surface = surface,
	    .truth = night_truth_find(truth, surface->name),
	    .n_seconds = truth->n_seconds,
	    .score = surface->kind == SURFACE_SEAT ? &result->seat : &result->bed,
	    .result = result,
	    .start_ns = recording_start_ns(reader),
	    .exit_found = calloc(truth->n_seconds, sizeof(bool)),
	    .seen = calloc(truth->n_seconds, sizeof(struct second_seen)),
	    .n_minutes = truth->n_seconds / 60 + 2,
	};
	side->minutes = calloc(side->n_minutes, sizeof(*side->minutes));
	side->sleep = calloc(side->n_minutes, sizeof(*side->sleep));
	if (!side->exit_found || !side->seen || !side->minutes || !side->sleep)
		return error_set(err, -ENOMEM, "out of memory");
	side->pipeline = pipeline_create(&config, &sink, err);
	return side->pipeline ? 0 : -EINVAL;
}

static void score_minute(struct side *side, size_t minute, size_t asleep_s, size_t awake_s)
{
	struct night_sleep_score *score = &side->score->sleep;
	enum sleep_state state = side->sleep[minute];

	if (asleep_s + awake_s < 30)
		return;
	if (state == SLEEP_UNKNOWN) {
		score->unknown++;
	} else if (asleep_s >= awake_s) {
		score->asleep++;
		score->asleep_found += state == SLEEP_ASLEEP;
	} else {
		score->awake++;
		score->awake_found += state != SLEEP_ASLEEP;
	}
}

static void score_sleep(struct side *side)
{
	int64_t into_minute_ns = side->start_ns % EPOCH_NS;
	size_t minute = 0, asleep_s = 0, awake_s = 0;

	sleep_estimate(side->minutes, side->n_minutes, side->sleep);
	for (size_t i = 0; i < side->n_seconds; i++) {
		const struct truth_second *truth = &side->truth->seconds[i];
		size_t here = (size_t)((into_minute_ns + (int64_t)i * NS_PER_S) / EPOCH_NS);
		if (here != minute) {
			score_minute(side, minute, asleep_s, awake_s);
			asleep_s = awake_s = 0;
			minute = here;
		}
		asleep_s += truth->asleep;
		awake_s += truth->awake;
	}
	score_minute(side, minute, asleep_s, awake_s);
}

static void score_events(struct side *side)
{
	const struct truth_surface *truth = side->truth;
	struct night_score *score = side->score;
	size_t n_seconds = side->n_seconds;

	if (!truth)
		return;
	if (side->surface->kind != SURFACE_SEAT) {
		night_events_shifts(truth, side->seen, n_seconds, &score->shifts);
		score_sleep(side);
		return;
	}
	night_events_feeds(truth, side->seen, n_seconds, &score->feeds);
	night_events_bad(truth, side->seen, n_seconds, &score->bad);
	night_events_good(truth, side->seen, n_seconds, &score->good);
}

static int run(struct recording_reader *reader, struct side *sides, struct error *err)
{
	struct frame frame;
	int surface, code;

	for (;;) {
		code = recording_next(reader, -1, &surface, &frame, err);
		if (code == -ENODATA)
			break;
		if (code < 0)
			return code;
		/* What cannot be judged is an observation too, and counts against the reader. */
		pipeline_step(sides[surface].pipeline, &frame);
	}
	for (size_t i = 0; i < recording_n_surfaces(reader); i++) {
		pipeline_finish(sides[i].pipeline);
		score_events(&sides[i]);
		if (sides[i].failed)
			return error_set(err, -ENOMEM, "out of memory");
	}
	return 0;
}

int night_score_run(const char *path, const struct night_truth *truth, struct night_result *result,
    struct error *err)
{
	struct side sides[RECORDING_SURFACES_MAX] = {0};
	struct recording_reader *reader = NULL;

	*result = (struct night_result){0};
	int code = recording_open(&reader, path, err);
	if (code < 0)
		return code;
	for (size_t i = 0; i < recording_n_surfaces(reader) && code == 0; i++)
		code = open_side(&sides[i], reader, i, truth, result, err);
	if (code == 0)
		code = run(reader, sides, err);
	for (size_t i = 0; i < RECORDING_SURFACES_MAX; i++) {
		pipeline_destroy(sides[i].pipeline);
		free(sides[i].exit_found);
		free(sides[i].seen);
		free(sides[i].minutes);
		free(sides[i].sleep);
	}
	recording_close_reader(reader);
	return code;
}

void night_result_finish(struct night_result *result)
{
	free(result->findings);
	*result = (struct night_result){0};
}
