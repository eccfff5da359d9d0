/* The summary of an analysis, for programs and for people. */
#include "app/analysis.h"

#include "app/observation_json.h"
#include "dsp/robust.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* NAN: never assessed. Sorts nothing that anyone needs in order. */
static float median_of(const struct series *series)
{
	float *scratch = series->n ? malloc(series->n * sizeof(*scratch)) : NULL;

	if (!scratch)
		return NAN;
	float median = robust_median(series->values, series->n, scratch);
	free(scratch);
	return median;
}

static json_t *seconds_json(const float *seconds, size_t n, const char *(*name)(size_t))
{
	json_t *object = json_object();

	for (size_t i = 0; i < n; i++)
		json_object_set_new(object, name(i), json_seconds((double)seconds[i]));
	return object;
}

static const char *posture_word(size_t i)
{
	return posture_name((enum posture)i);
}

static const char *seat_word(size_t i)
{
	return seat_state_name((enum seat_state)i);
}

static json_t *occupancy_json(const struct epoch *sum)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "person", json_seconds((double)sum->person_s),
	    "object", json_seconds((double)sum->object_s), "empty",
	    json_seconds((double)sum->empty_s), "unknown", json_seconds((double)sum->unknown_s));
}

static json_t *events_json(const struct analysis *analysis)
{
	json_t *events = json_array();

	for (size_t i = 0; i < analysis->n_events; i++)
		json_array_append_new(
		    events, event_to_json(&analysis->events[i], false, 0, 0, analysis->start_ns));
	return events;
}

json_t *analysis_to_json(const struct analysis *analysis)
{
	const struct epoch *sum = &analysis->sum;
	bool bed = analysis->surface.kind == SURFACE_BED;
	bool seat = analysis->surface.kind == SURFACE_SEAT;

	return json_pack(
	    "{s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, "
	    "s:i, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "surface", surface_kind_name(analysis->surface.kind), "unit",
	    pressure_unit_name(analysis->unit), "frames", (json_int_t)analysis->frames,
	    "bad_frames", (json_int_t)analysis->bad_frames, "clamped_cells",
	    (json_int_t)analysis->clamped_cells, "length_s",
	    json_seconds(analysis_length_s(analysis)), "observed_s",
	    json_seconds((double)sum->observed_s), "technical_s",
	    json_seconds((double)sum->technical_s), "coverage_ratio",
	    json_measure(analysis_coverage_ratio(analysis)), "occupancy_s", occupancy_json(sum),
	    "posture_s",
	    bed ? seconds_json(sum->posture_s, POSTURE_COUNT, posture_word) : json_null(), "seat_s",
	    seat ? seconds_json(sum->seat_s, SEAT_STATE_COUNT, seat_word) : json_null(), "moving_s",
	    json_seconds((double)sum->moving_s), "shifts", sum->shifts, "exits", sum->exits,
	    "bends", sum->bends, "quiet_supine_s",
	    bed ? json_seconds((double)sum->quiet_supine_s) : json_null(), "valley_ratio",
	    json_measure((double)median_of(&analysis->valley)), "softness",
	    json_measure((double)median_of(&analysis->softness)), "breathing_per_min",
	    json_measure((double)median_of(&analysis->breathing)), "heart_per_min",
	    json_measure((double)median_of(&analysis->heart)), "events", events_json(analysis));
}

static void print_seconds(const char *word, double seconds, double of)
{
	if (seconds > 0)
		printf("  %-12s %9.1f s  %5.1f %%\n", word, seconds, 100 * seconds / of);
}

static void print_occupancy(const struct epoch *sum)
{
	double observed_s = (double)sum->observed_s;

	print_seconds("person", (double)sum->person_s, observed_s);
	print_seconds("object", (double)sum->object_s, observed_s);
	print_seconds("empty", (double)sum->empty_s, observed_s);
	print_seconds("unknown", (double)sum->unknown_s, observed_s);
}

static void print_median(const char *what, const struct series *series, int decimals)
{
	float median = median_of(series);

	if (isnan(median))
		printf("  %-20s not assessed\n", what);
	else
		printf(
		    "  %-20s %.*f (median of %zu s)\n", what, decimals, (double)median, series->n);
}

void analysis_print(const struct analysis *analysis, const char *path)
{
	const struct epoch *sum = &analysis->sum;
	double observed_s = (double)sum->observed_s;

	printf("%s: %s, %llu frames, %.1f s, observed %.0f %%%s\n", path,
	    surface_kind_name(analysis->surface.kind), (unsigned long long)analysis->frames,
	    analysis_length_s(analysis), 100 * fmax(0, analysis_coverage_ratio(analysis)),
	    analysis->unit == PRESSURE_RELATIVE ? "; not calibrated: relative units" : "");
	if (analysis->surface.kind == SURFACE_BED)
		for (size_t i = 0; i < POSTURE_COUNT; i++)
			print_seconds(posture_word(i), (double)sum->posture_s[i], observed_s);
	else if (analysis->surface.kind == SURFACE_SEAT)
		for (size_t i = 0; i < SEAT_STATE_COUNT; i++)
			print_seconds(seat_word(i), (double)sum->seat_s[i], observed_s);
	else
		print_occupancy(sum);
	print_seconds("technical", (double)sum->technical_s, analysis_length_s(analysis));
	printf("  %d posture shifts, %d exits, %d bends\n", sum->shifts, sum->exits, sum->bends);
	print_median("breathing per minute", &analysis->breathing, 1);
	print_median("heart per minute", &analysis->heart, 0);
	if (analysis->surface.kind == SURFACE_BED)
		print_median("lumbar valley ratio", &analysis->valley, 2);
	for (size_t i = 0; i < analysis->n_events; i++)
		printf("  %s: %s\n", analysis->events[i].rule, analysis->events[i].detail);
}
