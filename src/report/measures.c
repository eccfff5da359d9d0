#include "report/measures.h"

#include "dsp/robust.h"
#include "report/wording.h"

#include <math.h>

/* What lies in the bed decides what of these can be compared (docs/methods.md, section 9). */
#define ANYONES ERA_BIT(PERSON)
#define SUPPORT (ERA_BIT(PERSON) | ERA_BIT(MAT))
#define BED     (ERA_BIT(PERSON) | ERA_BIT(SENSE))

static float pain(const struct night_facts *night)
{
	return night->pain >= 0 ? (float)night->pain : NAN;
}

static float valley(const struct night_facts *night)
{
	return night->quiet_supine_s >= 3600.0f ? night->valley_ratio : NAN;
}

static float lying_h(const struct night_facts *night)
{
	return night->lying_s / 3600.0f;
}

static float rest_h(const struct night_facts *night)
{
	return night->longest_rest_s / 3600.0f;
}

static float sleep_h(const struct night_facts *night)
{
	return night->sleep.asleep_s / 3600.0f;
}

static float turns(const struct night_facts *night)
{
	if (night->bed_sense == SENSE_SWITCH)
		return NAN;
	return (float)night->shifts;
}

static float chair_min(const struct night_facts *night)
{
	return night->feed_s / 60.0f;
}

static float unknown_h(const struct night_facts *night)
{
	return night->unknown_s / 3600.0f;
}

const struct measure measures[] = {
    {"pain", N_("Pain"), N_("of 10"), "term-pain", pain, 10.0f, 0, false, false, ANYONES},
    {"valley_ratio", N_("Valley under the waist"), "", "term-support", valley, 1.0f, 2, false,
        false, SUPPORT},
    {"lying_h", N_("Lying"), N_("h"), "term-lying", lying_h, 12.0f, 1, false, true, BED},
    {"longest_rest_h", N_("Longest rest"), N_("h"), "term-rest", rest_h, 8.0f, 1, false, true, BED},
    {"estimated_sleep_h", N_("Sleep (estimated)"), N_("h"), "term-sleep", sleep_h, 12.0f, 1, false,
        true, BED},
    {"shifts", N_("Turns"), N_("a night"), "term-turns", turns, 30.0f, 0, false, true, BED},
    {"feed_min", N_("In the chair"), N_("min"), "term-chair", chair_min, 240.0f, 0, true, true,
        ANYONES},
    {"unknown_h", N_("Not known"), N_("h"), "term-unknown", unknown_h, 24.0f, 1, true, false,
        ANYONES},
};
const size_t n_measures = sizeof(measures) / sizeof(measures[0]);

float measures_comparable(const struct measure *measure, const struct night_facts *night)
{
	return measure->is_counted && !night_well_seen(night) ? NAN : measure->value(night);
}

struct usual measures_usual(
    const struct measure *measure, const struct night_facts *nights, size_t n, bool is_now)
{
	struct usual usual = {
	    .median = NAN, .first = night_first_comparable(nights, n, measure->eras)};
	float known[BARS_MAX], scratch[BARS_MAX];
	size_t end = is_now ? n - 1 : n;

	for (size_t i = usual.first; i < end && usual.n < BARS_MAX; i++) {
		float value = measures_comparable(measure, &nights[i]);

		if (isfinite(value))
			known[usual.n++] = value;
	}
	if (usual.n >= USUAL_NIGHTS_LEAST)
		usual.median = robust_median(known, usual.n, scratch);
	return usual;
}

static bool has_something(const struct bars *bars, bool zero_counts)
{
	float least = 0.5f * powf(10.0f, -(float)bars->digits); /* less is written as 0 */

	for (size_t i = 0; i < bars->n; i++)
		if (isfinite(bars->values[i]) && (zero_counts || bars->values[i] >= least))
			return true;
	return false;
}

/* Where a day stands among the bars; those outside are not there: n. */
static size_t place_of(const struct bars *bars, int32_t day, int32_t last_day)
{
	int32_t place = day - last_day + (int32_t)bars->n - 1;

	return place >= 0 && place < (int32_t)bars->n ? (size_t)place : bars->n;
}

static void fill(struct bars *bars, const struct measure *measure, const struct night_facts *nights,
    size_t n_nights, int32_t last_day)
{
	bars->digits = measure->digits;
	bars->greatest = measure->full;
	for (size_t i = 0; i < bars->n; i++)
		bars->values[i] = NAN;
	for (size_t i = 0; i < n_nights; i++) {
		size_t place = place_of(bars, nights[i].day, last_day);

		if (place == bars->n)
			continue;
		bars->values[place] = measure->value(&nights[i]);
		bars->breaks[place] = i > 0 && place > 0 &&
		                      !night_comparable(&nights[i - 1], &nights[i], measure->eras);
		if (bars->breaks[place])
			bars->since = place;
	}
	for (size_t i = 0; i < bars->n; i++)
		bars->greatest = fmaxf(bars->greatest, bars->values[i]);
}

const char *measures_title(struct document *document, const struct measure *measure)
{
	const struct language *l = document->language;

	return *measure->unit ? document_print(document, tr(l, "%1$s, %2$s"), tr(l, measure->name),
	                            tr(l, measure->unit))
	                      : tr(l, measure->name);
}

/* A median of whole numbers may lie between two of them. */
const char *measures_number(struct document *document, const struct measure *measure, float value)
{
	char number[NUMBER_SIZE];
	bool between = measure->digits == 0 && fabsf(value - roundf(value)) > 0.05f;

	return document_keep(document, language_number(document->language, (double)value,
	                                   between ? 1 : measure->digits, number));
}

const char *measures_value(struct document *document, const struct measure *measure, float value)
{
	const char *number = measures_number(document, measure, value);

	return *measure->unit ? document_print(document, "%s %s", number,
	                            tr(document->language, measure->unit))
	                      : number;
}

/* "7.5 h; your usual: 7.2 h", as far as they are known. */
static const char *words(struct document *document, const struct measure *measure,
    const struct bars *bars, size_t n_usual)
{
	const struct language *l = document->language;
	const char *now = measures_value(document, measure, bars->values[bars->n - 1]);

	if (!isfinite(bars->usual) && !bars->last_is_now)
		return NULL;
	if (!isfinite(bars->usual))
		return document_print(document, tr(l, "%1$s; no usual yet: %2$zu of %3$d"), now,
		    n_usual, USUAL_NIGHTS_LEAST);
	if (!bars->last_is_now)
		return document_print(document, tr(l, "middle value: %s"),
		    measures_value(document, measure, bars->usual));
	return document_print(document, tr(l, "%1$s; your usual: %2$s"), now,
	    measures_number(document, measure, bars->usual));
}

struct bars *measures_add(struct document *document, const struct measure *measure,
    const struct night_facts *nights, size_t n_nights, int32_t last_day, size_t n_days, bool is_now)
{
	const struct language *l = document->language;
	struct bars *bars = document_memory(document, sizeof(*bars));
	char day[WORDING_SIZE];

	if (!bars)
		return NULL;
	bars->n = n_days < BARS_MAX ? n_days : BARS_MAX;
	bars->measure = measure->id;
	bars->last_is_now = is_now;
	fill(bars, measure, nights, n_nights, last_day);
	if (!has_something(bars, !measure->may_be_left_out))
		return NULL;
	struct usual usual = measures_usual(measure, nights, n_nights, is_now);
	bars->usual = usual.median;
	struct block *block = document_block(document, BLOCK_BARS);
	block->name = tr(l, measure->name);
	block->text = *measure->unit ? tr(l, measure->unit) : NULL;
	block->term = measure->term;
	block->bars = bars;
	block->note = words(document, measure, bars, usual.n);
	if (is_now)
		return bars;
	bars->first_label = document_keep(
	    document, wording_day(l, last_day - (int32_t)bars->n + 1, day));
	bars->last_label = document_keep(document, wording_day(l, last_day, day));
	return bars;
}
