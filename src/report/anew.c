#include "report/anew.h"

#include "base/clock.h"
#include "base/json.h"
#include "report/measures.h"
#include "report/wording.h"

#include <math.h>

#define SAID (ERA_BIT(PERSON) | ERA_BIT(MAT) | ERA_BIT(SENSE))

int anew_read(struct store *store, int32_t first, int32_t last, struct stored_break **breaks,
    size_t *n, struct error *err)
{
	size_t n_all = 0;
	int rc = query_breaks(store, breaks, &n_all, err);

	*n = 0;
	for (size_t i = 0; i < n_all; i++) {
		const struct stored_break *it = &(*breaks)[i];

		if (it->day >= first && it->day < last && it->eras & SAID)
			(*breaks)[(*n)++] = *it;
	}
	return rc;
}

/* ---- in words ------------------------------------------------------------------------------- */

static const char *noted_on(const struct stored_break *breaks, size_t n, int32_t day)
{
	for (size_t i = 0; i < n; i++)
		if (breaks[i].day == day)
			return breaks[i].text;
	return "";
}

static bool is_among(const struct stored_break *breaks, size_t n, int32_t day)
{
	for (size_t i = 0; i < n; i++)
		if (breaks[i].day == day)
			return true;
	return false;
}

static const char *cause_words(struct document *document, enum era era, int32_t day)
{
	const struct language *l = document->language;
	char date[WORDING_SIZE];

	wording_day(l, day, date);
	switch (era) {
	case ERA_PERSON:
		return document_print(document,
		    tr(l, "Your usual starts anew on %s: another person sleeps here."), date);
	case ERA_SENSE:
		return document_print(document,
		    tr(l, "Your usual nights start anew on %s: the mat was replaced by one of "
		          "another kind."),
		    date);
	case ERA_MAT:
	case ERA_GAIN:
		break;
	}
	return document_print(
	    document, tr(l, "Your usual support starts anew on %s: the mat was replaced."), date);
}

static void say(struct document *document, const char *why, const char *noted, size_t n_since)
{
	const struct language *l = document->language;

	if (*noted)
		why = document_print(document, "%s%s%s", why, language_gap(l),
		    document_print(document, tr(l, "You noted: %s."), noted));
	document_text(document,
	    document_print(document, "%s%s%s", why, language_gap(l),
	        document_print(document,
	            tr_n(l, "So far there is %1$zu night to compare with; it takes %2$d.",
	                "So far there are %1$zu nights to compare with; it takes %2$d.", n_since),
	            n_since, USUAL_NIGHTS_LEAST)));
}

void anew_say(struct document *document, const struct stored_break *breaks, size_t n_breaks,
    const struct night_facts *nights, size_t n_nights, bool is_now)
{
	/* One that came before another that concerns more has nothing to say. */
	static const enum era causes[] = {ERA_PERSON, ERA_SENSE, ERA_MAT};
	int32_t latest = 0;

	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		int32_t day = nights[n_nights - 1].era_day[causes[i]];
		size_t first = night_first_comparable(nights, n_nights, 1u << causes[i]);

		if (day <= latest || !is_among(breaks, n_breaks, day))
			continue;
		latest = day;
		say(document, cause_words(document, causes[i], day),
		    noted_on(breaks, n_breaks, day), n_nights - first - is_now);
	}
}

void anew_explain(struct document *document, const struct night_facts *nights, size_t n_nights)
{
	if (night_first_comparable(nights, n_nights, SAID) > 0)
		document_note(document,
		    tr(document->language, "Two upright lines: the nights before them are not "
		                           "compared any more."));
}

/* ---- for programs --------------------------------------------------------------------------- */

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

json_t *anew_json(const struct stored_break *breaks, size_t n)
{
	json_t *array = json_array();
	char date[DATE_SIZE];

	for (size_t i = 0; i < n; i++) {
		const struct stored_break *it = &breaks[i];

		clock_format_day(it->day, date);
		json_array_append_new(array,
		    json_pack("{s:s, s:b, s:b, s:b, s:b, s:s?, s:s?, s:s?}", "date", date, "person",
		        (it->eras & ERA_BIT(PERSON)) != 0, "mat", (it->eras & ERA_BIT(MAT)) != 0,
		        "kind_of_mat", (it->eras & ERA_BIT(SENSE)) != 0, "found",
		        (it->found & ERA_BIT(MAT)) != 0, "note", or_null(it->text), "before",
		        or_null(it->before), "after", or_null(it->after)));
	}
	return array;
}

json_t *usual_json(const struct night_facts *nights, size_t n_nights, bool is_now)
{
	json_t *object = json_object();
	char date[DATE_SIZE];

	for (size_t i = 0; i < n_measures; i++) {
		struct usual usual = measures_usual(&measures[i], nights, n_nights, is_now);
		int32_t since = 0;

		for (int era = 0; era < ERA_COUNT; era++)
			if (measures[i].eras & 1u << era &&
			    nights[n_nights - 1].era_day[era] > since)
				since = nights[n_nights - 1].era_day[era];
		clock_format_day(since, date);
		json_object_set_new(object, measures[i].id,
		    json_pack("{s:o, s:I, s:o}", "median",
		        json_number_or_null((double)usual.median), "nights", (json_int_t)usual.n,
		        "since", since != 0 ? json_string(date) : json_null()));
	}
	return object;
}
