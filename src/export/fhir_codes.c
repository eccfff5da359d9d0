#include "export/fhir_codes.h"

#include <math.h>
#include <string.h>

const struct fhir_code fhir_breathing_code = {"breathing_per_min", "Respiratory rate",
    "Median of the minutes of the night in which it could be read.", "9279-1", "Respiratory rate",
    "breaths/minute", "/min"};
const struct fhir_code fhir_heart_code = {"heart_per_min", "Heart rate",
    "Median of the minutes of the night in which it could be read.", "8867-4", "Heart rate",
    "beats/minute", "/min"};
const struct fhir_code fhir_pain_code = {"pain", "Pain in the morning", "Her own entry, 0 to 10.",
    "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported", "{score}",
    "{score}"};
const struct fhir_code fhir_night_code = {"night", "A night in bed, noon to noon",
    "What pressure mats saw from noon to noon. Sleep is estimated from movement.", NULL, NULL, "",
    ""};
const struct fhir_code fhir_feed_code = {"feed", "A stay in the chair",
    "Five minutes or more in the nursing chair.", NULL, NULL, "", ""};
const struct fhir_code fhir_course_code = {"breathing_course", "Respiratory rate, by the minute",
    "One value a minute since the first noon; E where none could be read.", NULL, NULL,
    "breaths/minute", "/min"};
const struct fhir_code fhir_limit_code = {
    "limit", "Limit in force", "What the value was held against, in its unit.", NULL, NULL, "", ""};
const struct fhir_code fhir_coverage_code = {"coverage_ratio", "Share observed",
    "Share of the time that was really observed.", NULL, NULL, "ratio", "1"};
const struct fhir_code fhir_confidence_code = {
    "confidence", "Confidence", "How sure the rule is, 0 to 1.", NULL, NULL, "ratio", "1"};

#define SECONDS NULL, NULL, "seconds", "s"
#define COUNT   NULL, NULL, "times", "1"
#define RATIO   NULL, NULL, "ratio", "1"

/* Components of a night: the names and meanings of docs/names.md. */
const struct fhir_code fhir_facts_codes[FHIR_FACTS] = {
    {"bed_observed_s", "Bed observed", "With frames of the bed; the rest is unknown.", SECONDS},
    {"lying_s", "Lying", "On the bed, its edge not counted.", SECONDS},
    {"sitting_s", "Sitting", "On a seat or the bed's edge.", SECONDS},
    {"away_s", "Away", "Every mat observed, and nobody on any.", SECONDS},
    {"unknown_s", "Not known", "Neither lying, nor sitting, nor away.", SECONDS},
    {"posture_supine_s", "On the back", "Of the time in bed.", SECONDS},
    {"posture_left_s", "On her left side", "Of the time in bed.", SECONDS},
    {"posture_right_s", "On her right side", "Of the time in bed.", SECONDS},
    {"posture_prone_s", "On the front", "Of the time in bed.", SECONDS},
    {"posture_edge_s", "On the bed's edge", "Of the time in bed.", SECONDS},
    {"longest_rest_s", "Longest rest", "Lying without an absence of a minute.", SECONDS},
    {"longest_unchanged_s", "Longest in one posture", "Lying without a posture shift.", SECONDS},
    {"exits", "Times out of bed", "For a minute or more.", COUNT},
    {"feeds", "Stays in the chair", "Of five minutes or more.", COUNT},
    {"feed_s", "In the chair", "In those stays.", SECONDS},
    {"shifts", "Turns", "Posture shifts in bed.", COUNT},
    {"valley_ratio", "Valley under the waist", "Median of quiet time on the back.", RATIO},
    {"estimated_sleep_s", "Asleep (estimated)", "Estimated from movement.", SECONDS},
    {"estimated_awake_s", "Awake in bed (estimated)", "Estimated from movement.", SECONDS},
};

/* What no mat of the kind could see is not known, and not 0. */
static double seen(bool had_mat, double value)
{
	return had_mat ? value : (double)NAN;
}

void fhir_list_facts(const struct night_facts *facts, const struct minutes *minutes,
    double values[static FHIR_FACTS])
{
	bool bed = minutes->has_bed, seat = minutes->has_seat;
	bool turns = bed && minutes->bed_sense != SENSE_SWITCH;
	bool shape = bed && minutes->bed_sense == SENSE_SHAPE; /* else postures are not seen */
	const float *lain_s = facts->posture_s;
	const double list[FHIR_FACTS] = {(double)facts->bed_observed_s,
	    seen(bed, (double)facts->lying_s), seen(bed || seat, (double)facts->sitting_s),
	    (double)facts->away_s, (double)facts->unknown_s,
	    seen(shape, (double)lain_s[POSTURE_SUPINE]), seen(shape, (double)lain_s[POSTURE_LEFT]),
	    seen(shape, (double)lain_s[POSTURE_RIGHT]), seen(shape, (double)lain_s[POSTURE_PRONE]),
	    seen(shape, (double)lain_s[POSTURE_EDGE]), seen(bed, (double)facts->longest_rest_s),
	    seen(turns, (double)facts->longest_unchanged_s), seen(bed, facts->exits),
	    seen(seat, facts->feeds), seen(seat, (double)facts->feed_s), seen(turns, facts->shifts),
	    (double)facts->valley_ratio, (double)facts->sleep.asleep_s,
	    (double)facts->sleep.awake_s};

	memcpy(values, list, sizeof(list));
}

/* Components of a stay in the chair; seat states follow in the order of enum seat_state. */
const struct fhir_code fhir_feed_codes[FHIR_FEED] = {
    {"seated_s", "Seated", "On the seat.", SECONDS},
    {"observed_s", "Observed", "With frames of the seat.", SECONDS},
    {"bends", "Bends", "Forward and back within 10 s.", COUNT},
    {"sideways_ratio", "Sideways load, mean", "Above 0: to her right.", RATIO},
    {"sideways_peak_ratio", "Sideways load, strongest", "Above 0: to her right.", RATIO},
    {"seat_unknown_s", "Seat: not known", "Of the time observed.", SECONDS},
    {"seat_empty_s", "Seat: nobody", "Of the time observed.", SECONDS},
    {"seat_upright_s", "Seat: upright", "Of the time observed.", SECONDS},
    {"seat_forward_s", "Seat: forward", "Of the time observed.", SECONDS},
    {"seat_slump_s", "Seat: slump", "Of the time observed.", SECONDS},
    {"seat_lean_left_s", "Seat: leaning to her left", "Of the time observed.", SECONDS},
    {"seat_lean_right_s", "Seat: leaning to her right", "Of the time observed.", SECONDS},
    {"seat_other_s", "Seat: otherwise", "Of the time observed.", SECONDS},
};
_Static_assert(FHIR_FEED == FHIR_FEED_PLAIN + SEAT_STATE_COUNT, "a code for each seat state");

/* The units that rules give their values, and what UCUM has for them. */
const char *fhir_ucum_of(const char *unit)
{
	static const struct {
		const char *unit, *ucum;
	} units[] = {{"min", "min"}, {"s", "s"}, {"h", "h"}, {"ratio", "1"}, {"index", "1"},
	    {"of 10", "{score}"}, {"bends", "{bends}"}, {"nights", "{nights}"}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(unit, units[i].unit) == 0)
			return units[i].ucum;
	return "1";
}
