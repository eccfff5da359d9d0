/* Weeks and trends: nights side by side, notes, and what changed with them. */
#include "night_fixture.h"
#include "report/measures.h"
#include "report/period.h"
#include "reports.h"
#include "support.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_DAYS 20

/* Twenty nights, one missing; from the eleventh on she lies an hour longer. Pain by the day. */
static char *make_nights(void)
{
	char *path = scratch_path("period.db");

	for (int i = 0; i < N_DAYS; i++) {
		int32_t day = FIXTURE_DAY - N_DAYS + 1 + i;
		struct night_fixture f;

		if (i == 5)
			continue;
		fixture_begin(&f, path, day);
		fixture_anchor(&f, 0, true);
		fixture_bed(&f, AT(23, 0), AT(i >= 10 ? 6 : 5, i % 3), 's');
		fixture_write(&f, 0, NIGHT_MINUTES);
		assert_int_equal(store_pain(f.store, day, i >= 10 ? 2 : 6, 1, NULL), 0);
		if (i == 9)
			assert_int_equal(store_note(f.store, day, "new topper", 1, NULL), 0);
		fixture_end(&f);
	}
	return path;
}

static struct report_period *build(const char *path, size_t n_days)
{
	struct store *store = NULL;
	struct report_period *period = NULL;
	struct error err = {0};

	assert_int_equal(store_open(&store, path, STORE_READ, &err), 0);
	if (period_build(store, FIXTURE_DAY, n_days, 0, &period, &err) != 0)
		fail_msg("%s", err.text);
	store_close(store, NULL);
	return period;
}

static size_t measure_of(const char *id)
{
	for (size_t i = 0; i < n_measures; i++)
		if (strcmp(measures[i].id, id) == 0)
			return i;
	fail_msg("no measure %s", id);
	return 0;
}

static void test_before_and_after_a_note(void **state)
{
	char *path = make_nights();
	struct report_period *period = build(path, N_DAYS);
	struct change change;

	(void)state;
	assert_int_equal(period->n_nights, N_DAYS - 1);
	assert_int_equal(period->n_notes, 1);
	period_change(period, 0, measure_of("lying_h"), &change);
	assert_int_equal(change.n_before, 9);
	assert_int_equal(change.n_after, 10);
	assert_float_equal(change.difference, 1.0, 0.05);
	assert_true(change.more_than_scatter);
	period_change(period, 0, measure_of("pain"), &change);
	assert_float_equal(change.before, 6, 0);
	assert_float_equal(change.after, 2, 0);
	period_change(period, 0, measure_of("feed_min"), &change);
	assert_false(change.more_than_scatter);
	period_free(period);
	free(path);
}

static char *written(const struct report_period *period, const struct language *language,
    int (*write)(const struct document *, FILE *))
{
	struct document *document = period_document(period, language);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(write(document, out), 0);
	assert_int_equal(fclose(out), 0);
	document_destroy(document);
	return text;
}

static void test_what_is_said(void **state)
{
	char *path = make_nights();
	struct report_period *period = build(path, N_DAYS);
	char *text = written(period, NULL, document_write_text);
	char *html = written(period, NULL, document_write_html);

	(void)state;
	assert_has(text, "19 of 20 nights were recorded. Pain was entered on 19");
	assert_has(text, "new topper");
	assert_has(text, "6 before, 2 after (");
	assert_has(text, "▅▅▅▅▅·▅▅▅▅"); /* the missing night is a dot */
	assert_has(html,
	    "(15 July) these changed by more than your usual scatter: Pain from 6 to 2 of 10, "
	    "Lying");
	assert_has(html, "More than your usual scatter:");
	assert_has(html, "<span>6 July</span>");
	free(text);
	free(html);
	period_free(period);
	period = build(path, 7);
	text = written(period, NULL, document_write_text);
	assert_has(text, "7 of 7 nights were recorded.");
	assert_has(text, "Nothing is noted.");
	free(text);
	period_free(period);
	free(path);
}

/* A night seen for less than half is not compared, and said; one that still runs is too young. */
static void test_half_seen_nights_are_said(void **state)
{
	static const char said[] = "1 of them was seen for less than half";
	char *path = make_nights();
	struct report_period *period = build(path, 7);

	(void)state;
	period->nights[period->n_nights - 1].dark_observed_s = 0.0f;
	char *text = written(period, NULL, document_write_text);
	assert_has(text, said);
	free(text);
	period->running = true;
	text = written(period, NULL, document_write_text);
	assert_null(strstr(text, said));
	free(text);
	period_free(period);
	free(path);
}

/* The night after which the note is made belongs to what was before; a second note ends it. */
static void test_notes_bound_each_other(void **state)
{
	char *path = make_nights();
	struct store *store = NULL;
	struct report_period *period;
	struct change change;

	(void)state;
	assert_int_equal(store_open(&store, path, STORE_APPEND, NULL), 0);
	assert_int_equal(store_note(store, FIXTURE_DAY - 5, "the old one again", 1, NULL), 0);
	assert_int_equal(store_close(store, NULL), 0);
	period = build(path, N_DAYS);
	assert_int_equal(period->n_notes, 2);
	period_change(period, 0, measure_of("lying_h"), &change);
	assert_int_equal(change.n_after, 5);
	period_change(period, 1, measure_of("lying_h"), &change);
	assert_int_equal(change.n_before, 5);
	assert_int_equal(change.n_after, 5);
	period_free(period);
	free(path);
}

static void test_nothing_recorded(void **state)
{
	char *path = make_nights();
	struct store *store = NULL;
	struct report_period *period = NULL;
	struct error err = {0};

	(void)state;
	assert_int_equal(store_open(&store, path, STORE_READ, &err), 0);
	assert_int_equal(period_build(store, FIXTURE_DAY - 100, 7, 0, &period, &err), -ENODATA);
	assert_null(period);
	assert_int_equal(period_build(store, FIXTURE_DAY + 100, 7, 0, &period, &err), -ENODATA);
	store_close(store, NULL);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_before_and_after_a_note),
	    cmocka_unit_test(test_what_is_said),
	    cmocka_unit_test(test_half_seen_nights_are_said),
	    cmocka_unit_test(test_notes_bound_each_other),
	    cmocka_unit_test(test_nothing_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
