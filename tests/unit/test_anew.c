/* Reports across a break: what is compared, what is said of it, and that the figures are the store's. */
#include "base/clock.h"
#include "night_fixture.h"
#include "report/measures.h"
#include "report/night_document.h"
#include "report/period.h"
#include "report/wording.h"
#include "store/breaks.h"
#include "support.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_NIGHTS 12

/* As in measures[]. */
enum { PAIN, VALLEY, LYING, REST, SLEEP, SHIFTS, CHAIR, UNKNOWN };

/* What is otherwise than in the nights before. */
struct change_at {
	int from; /* the first night of it */
	const char *mat;
	bool strip; /* a strip under the mattress until then, in the same place */
};

/* A strip, in the configuration's section of the bed. */
static void take_strip(struct night_fixture *f)
{
	static const struct surface strip = {.name = "bed",
	    .kind = SURFACE_STRIP,
	    .rows = 1,
	    .cols = 1,
	    .n_cells = 1,
	    .pitch_mm = 200.0f,
	    .full_scale_counts = 4095.0f};

	f->bed_id = store_add_surface(f->store, &strip, NULL);
}

/* Nights 0 to 11, the last on FIXTURE_DAY; each has other figures than the others. */
static void write_nights(const char *path, const struct change_at *change)
{
	for (int i = 0; i < N_NIGHTS; i++) {
		struct night_fixture f;
		int32_t day = FIXTURE_DAY - N_NIGHTS + 1 + i;

		fixture_begin(&f, path, day);
		if (change->strip && i < change->from)
			take_strip(&f);
		f.mat = i < change->from ? "A" : change->mat;
		f.valley_ratio = 0.30f + 0.02f * (float)(i * 5 % 7);
		fixture_anchor(&f, 0, true);
		fixture_bed(&f, AT(22, 30) + i * 7 % 11, AT(2, 0) + i % 4, 's');
		fixture_bed(&f, AT(2, 20), AT(6, 10) + i * 3 % 13, 'l');
		fixture_chair(&f, AT(2, 5), AT(2, 11) + i % 5, 'u');
		for (int k = 0; k < 3 + i * 4 % 6; k++)
			f.shift[AT(23, 0) + 11 * k] = true;
		fixture_write(&f, 0, NIGHT_MINUTES);
		assert_int_equal(store_pain(f.store, day, i * 3 % 8, 1, NULL), 0);
		fixture_end(&f);
	}
}

static struct store *open_path(const char *path, enum store_mode mode)
{
	struct store *store = NULL;
	struct error err = {0};

	if (store_open(&store, path, mode, &err) != 0)
		fail_msg("%s", err.text);
	return store;
}

static void enter(const char *path, int32_t day, enum break_entry kind, const char *text)
{
	struct store *store = open_path(path, STORE_APPEND);

	assert_int_equal(store_break(store, day, kind, text, 1, NULL), 0);
	assert_int_equal(store_close(store, NULL), 0);
}

static struct report_night *build(const char *path, int64_t now_ns)
{
	struct store *store = open_path(path, STORE_READ);
	struct report_night *report = NULL;

	assert_int_equal(report_build(store, FIXTURE_DAY, now_ns, &report, NULL), 0);
	store_close(store, NULL);
	return report;
}

static struct report_period *build_period(const char *path, size_t n_days)
{
	struct store *store = open_path(path, STORE_READ);
	struct report_period *period = NULL;

	assert_int_equal(period_build(store, FIXTURE_DAY, n_days, 0, &period, NULL), 0);
	store_close(store, NULL);
	return period;
}

typedef int writer(const struct document *, FILE *);

/* On one line, so that wrapped sentences can be found. Takes the document. */
static char *written(struct document *document, writer *write)
{
	char *text = NULL, *to;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(write(document, out), 0);
	assert_int_equal(fclose(out), 0);
	document_destroy(document);
	to = text;
	for (const char *from = text; *from; from++) {
		char c = *from;

		if (c == '\n')
			c = ' ';
		if (c != ' ' || to == text || to[-1] != ' ')
			*to++ = c;
	}
	*to = '\0';
	return text;
}

static json_t *json_of(const struct report_night *report)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(report_json(report, out), 0);
	assert_int_equal(fclose(out), 0);
	json_t *object = json_loads(text, 0, NULL);
	assert_non_null(object);
	free(text);
	return object;
}

static void assert_has(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" is not in:\n%.6000s", words, text);
}

static size_t count(const char *text, const char *words)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, words)) != NULL; at += strlen(words))
		n++;
	return n;
}

/* ---- against the store ------------------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* The median of the figure on days (since, FIXTURE_DAY), of the last seven, straight from the store. */
static float queried(struct store *store, size_t which, int32_t since, size_t *n)
{
	float values[7];

	*n = 0;
	for (int32_t day = FIXTURE_DAY - 7; day < FIXTURE_DAY; day++) {
		struct night_facts facts;

		assert_int_equal(query_night(store, day, &facts, NULL), 0);
		if (day > since && isfinite(measures[which].value(&facts)))
			values[(*n)++] = measures[which].value(&facts);
	}
	if (*n < 3)
		return NAN;
	qsort(values, *n, sizeof(values[0]), compare);
	return (values[(*n - 1) / 2] + values[*n / 2]) / 2;
}

/* What the page says of a figure, up to the quote. */
static const char *label_of(const char *html, const char *name)
{
	char start[80];

	snprintf(start, sizeof(start), "aria-label=\"%s, ", name);
	const char *label = strstr(html, start);
	if (!label)
		fail_msg("%s is not on the page", name);
	return label;
}

/* Each figure's usual, on the page and in JSON; since: by the measure, 0: no break concerns it. */
static void check_usual(const char *path, const int32_t *since)
{
	struct store *store = open_path(path, STORE_READ);
	struct report_night *report = build(path, 0);
	char *html = written(night_document(report, NULL), document_write_html);
	json_t *json = json_of(report), *usual = json_object_get(json, "usual");

	for (size_t i = 0; i < n_measures; i++) {
		json_t *of = json_object_get(usual, measures[i].id);
		char words[120], number[NUMBER_SIZE];
		size_t n = 0;
		float wanted = queried(store, i, since[i], &n);

		assert_int_equal(json_integer_value(json_object_get(of, "nights")), n);
		assert_int_equal(json_is_null(json_object_get(of, "since")), since[i] == 0);
		assert_int_equal(json_is_null(json_object_get(of, "median")), isnan(wanted));
		language_number(NULL, (double)wanted, measures[i].digits, number);
		if (isnan(wanted))
			snprintf(words, sizeof(words), "; no usual yet: %zu of 3\"", n);
		else
			snprintf(words, sizeof(words), "; your usual: %s\"", number);
		if (!isnan(wanted))
			assert_float_equal(
			    json_number_value(json_object_get(of, "median")), wanted, 1e-4);
		if (i == UNKNOWN)
			continue; /* nothing was: it is left out */
		const char *label = label_of(html, measures[i].name);
		const char *said = strstr(label, words);
		if (!said || said > strstr(label, ">"))
			fail_msg("%s: \"%s\" is not in %.120s", measures[i].id, words, label);
	}
	json_decref(json);
	report_free(report);
	store_close(store, NULL);
	free(html);
}

/* ---- the night -------------------------------------------------------------------------------- */

static void test_no_break(void **state)
{
	(void)state;
	char *path = scratch_path("none.db");
	const struct change_at none = {.from = N_NIGHTS};

	write_nights(path, &none);
	check_usual(path, (const int32_t[8]){0});
	struct report_night *report = build(path, 0);
	char *text = written(night_document(report, NULL), document_write_text);
	assert_int_equal(count(text, "‖"), 0);
	assert_int_equal(count(text, "anew"), 0);
	assert_int_equal(report->n_breaks, 0);
	free(text);
	report_free(report);
	free(path);
}

/* Four nights on the new mat, of the same kind: the support alone starts anew. */
static void test_another_mat(void **state)
{
	(void)state;
	char *path = scratch_path("mat.db");
	const struct change_at mat = {.from = N_NIGHTS - 4, .mat = "B"};
	int32_t since[8] = {[VALLEY] = FIXTURE_DAY - 4};

	write_nights(path, &mat);
	check_usual(path, since);
	struct report_night *report = build(path, 0);
	char *text = written(night_document(report, NULL), document_write_text);
	char *html = written(night_document(report, NULL), document_write_html);
	assert_has(text, "Your usual support starts anew on 21 July: the mat was replaced. So far "
	                 "there are 3 nights to compare with; it takes 3.");
	assert_has(text, "Two upright lines: the nights before them are not compared any more.");
	assert_int_equal(count(text, "‖"), 1);
	assert_int_equal(count(html, "class=\"anew\""), 1);
	json_t *json = json_of(report), *it = json_array_get(json_object_get(json, "breaks"), 0);
	assert_string_equal(json_string_value(json_object_get(it, "date")), "2026-07-21");
	assert_true(json_is_true(json_object_get(it, "mat")));
	assert_true(json_is_true(json_object_get(it, "found")));
	assert_true(json_is_false(json_object_get(it, "person")));
	assert_string_equal(
	    json_string_value(json_object_get(it, "after")), "64 x 32 cells of 30 mm, B");
	json_decref(json);
	report_free(report);
	/* It was the same mat after all. */
	enter(path, FIXTURE_DAY - 4, BREAK_SAME_MAT, "");
	check_usual(path, (const int32_t[8]){0});
	free(text);
	free(html);
	free(path);
}

/* Two nights after it no usual is known of anything, her pain included. */
static void test_another_person(void **state)
{
	(void)state;
	char *path = scratch_path("person.db");
	const struct change_at mat = {.from = N_NIGHTS - 5, .mat = "B"};
	int32_t since[8];

	write_nights(path, &mat);
	enter(path, FIXTURE_DAY - 3, BREAK_PERSON, "my sister");
	for (size_t i = 0; i < 8; i++)
		since[i] = FIXTURE_DAY - 3;
	check_usual(path, since);
	struct report_night *report = build(path, 0);
	char *text = written(night_document(report, NULL), document_write_text);
	assert_has(text,
	    "Your usual starts anew on 22 July: another person sleeps here. You noted: "
	    "my sister. So far there are 2 nights to compare with; it takes 3.");
	assert_int_equal(count(text, "anew on"), 1);    /* the mat before her matters no more */
	assert_int_equal(count(text, "‖"), n_measures); /* no "unknown", two in "valley" */
	assert_int_equal(report->n_breaks, 2);
	free(text);
	report_free(report);
	free(path);
}

/* A strip under the mattress until three nights ago: what a mat tells of nights is another thing. */
static void test_another_kind_of_mat(void **state)
{
	(void)state;
	char *path = scratch_path("kind.db");
	const struct change_at kind = {.from = N_NIGHTS - 3, .mat = "B", .strip = true};
	int32_t since[8] = {0};

	write_nights(path, &kind);
	since[VALLEY] = since[LYING] = since[REST] = since[SLEEP] = since[SHIFTS] = FIXTURE_DAY - 3;
	check_usual(path, since);
	struct report_night *report = build(path, 0);
	char *text = written(night_document(report, NULL), document_write_text);
	assert_has(text, "Your usual nights start anew on 22 July: the mat was replaced by one of "
	                 "another kind. So far there are 2 nights to compare with");
	assert_int_equal(count(text, "anew on"), 1);
	free(text);
	report_free(report);
	free(path);
}

/* ---- support ---------------------------------------------------------------------------------- */

/* While the night runs no rule has judged it: that there is no reference yet is said all the same. */
static void test_support_has_no_reference(void **state)
{
	(void)state;
	char *path = scratch_path("support.db"), text[400];
	const struct change_at mat = {.from = N_NIGHTS - 2, .mat = "B"};
	struct report_night *report;

	write_nights(path, &mat);
	int64_t noon_ns = ((int64_t)FIXTURE_DAY * 86400 + 12 * 3600 - FIXTURE_OFFSET_S) * NS_PER_S;
	report = build(path, noon_ns - 4 * NS_PER_H);
	assert_int_equal(report->support, SUPPORT_NO_REFERENCE);
	wording_support(NULL, report, text, sizeof(text));
	assert_has(text, "your nights on this mat are too few for a reference yet");
	json_t *json = json_of(report);
	assert_string_equal(json_string_value(json_object_get(json, "support")), "inconclusive");
	json_decref(json);
	report_free(report);
	/* Judged, and soft_support had a reference of that mat: it says nothing. */
	report = build(path, 0);
	assert_int_equal(report->support, SUPPORT_INCONCLUSIVE);
	report_free(report);
	enter(path, FIXTURE_DAY - 2, BREAK_SAME_MAT, "");
	report = build(path, noon_ns - 4 * NS_PER_H);
	assert_int_equal(report->support, SUPPORT_INCONCLUSIVE);
	report_free(report);
	free(path);
}

/* ---- many nights ------------------------------------------------------------------------------ */

static void test_period(void **state)
{
	(void)state;
	char *path = scratch_path("period.db");
	const struct change_at mat = {.from = 5, .mat = "B"};
	struct change change;

	write_nights(
	    path, &mat); /* days -11 to 0; the mat of the nights from -6 on came on day -7 */
	struct store *store = open_path(path, STORE_APPEND);
	assert_int_equal(store_note(store, FIXTURE_DAY - 5, "firmer topper", 1, NULL), 0);
	assert_int_equal(store_close(store, NULL), 0);
	struct report_period *period = build_period(path, N_NIGHTS);
	period_change(period, 0, VALLEY, &change);
	assert_int_equal(change.n_before, 2);
	assert_int_equal(change.n_after, 5);
	assert_true(isnan(change.difference));
	period_change(period, 0, LYING, &change);
	assert_int_equal(change.n_before, 7);
	assert_true(isfinite(change.difference));
	char *text = written(period_document(period, NULL), document_write_text);
	assert_has(text, "Your usual support starts anew on 18 July: the mat was replaced. So far "
	                 "there are 7 nights to compare with; it takes 3.");
	assert_int_equal(count(text, "‖"), 1);
	assert_int_equal(
	    measures_usual(&measures[VALLEY], period->nights, period->n_nights, false).n, 7);
	assert_int_equal(measures_usual(&measures[PAIN], period->nights, period->n_nights, false).n,
	    (size_t)N_NIGHTS);
	free(text);
	period_free(period);
	/* A person who came on the day of the note: before and after are two people. */
	enter(path, FIXTURE_DAY - 5, BREAK_PERSON, "");
	period = build_period(path, N_NIGHTS);
	period_change(period, 0, LYING, &change);
	assert_int_equal(change.n_before, 0);
	assert_int_equal(change.n_after, 5);
	period_free(period);
	free(path);
}

/* ---- the load --------------------------------------------------------------------------------- */

static void test_the_load_is_unlike(void **state)
{
	(void)state;
	char *path = scratch_path("load.db");

	for (int i = 0; i < 8; i++) {
		struct night_fixture f;

		fixture_begin(&f, path, FIXTURE_DAY - 7 + i);
		f.load = i < 6 ? 5000.0f + 40.0f * (float)(i % 3) : 3500.0f;
		fixture_anchor(&f, 0, true);
		fixture_bed(&f, AT(23, 0), AT(6, 0), 's');
		fixture_write(&f, 0, NIGHT_MINUTES);
		fixture_end(&f);
	}
	struct report_night *report = build(path, 0);
	char *text = written(night_document(report, NULL), document_write_text);
	assert_has(text, "31 % below your usual, two nights running: another person, or a mat that "
	                 "reads otherwise?");
	json_t *json = json_of(report);
	json_t *load = json_object_get(json_object_get(json, "data_quality"), "load");
	assert_float_equal(json_number_value(json_object_get(load, "usual")), 5040, 1);
	assert_float_equal(json_number_value(json_object_get(load, "ratio")), 3500.0 / 5040, 1e-3);
	assert_true(json_is_true(json_object_get(load, "unlike")));
	assert_float_equal(json_number_value(json_object_get(json, "load")), 3500, 1);
	json_decref(json);
	free(text);
	report_free(report);
	enter(path, FIXTURE_DAY - 2, BREAK_PERSON, ""); /* as she confirms */
	report = build(path, 0);
	text = written(night_document(report, NULL), document_write_text);
	assert_int_equal(count(text, "two nights running"), 0);
	free(text);
	report_free(report);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_no_break),
	    cmocka_unit_test(test_another_mat),
	    cmocka_unit_test(test_another_person),
	    cmocka_unit_test(test_another_kind_of_mat),
	    cmocka_unit_test(test_support_has_no_reference),
	    cmocka_unit_test(test_period),
	    cmocka_unit_test(test_the_load_is_unlike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
