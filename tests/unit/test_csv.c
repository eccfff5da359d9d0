/* CSV tables: manifests and labels as people write them. */
#include "support.h"

#include "base/csv.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int open_text(struct csv **csv, const char *text, struct error *err)
{
	char *path = scratch_file("table.csv", text);
	int result = csv_open(csv, path, err);

	free(path);
	return result;
}

static void cells_are_found_by_name(void **state)
{
	struct csv *csv = NULL;
	struct error err = {0};
	double number;

	(void)state;
	/* A byte order mark, blanks, a comment, an empty line and \r\n: what spreadsheets make. */
	assert_int_equal(open_text(&csv,
	                     "\xef\xbb\xbf"
	                     "file, rows ,note\r\n\r\n# no row\r\na.txt, 64 ,\r\nb.txt,,x\r\n",
	                     &err),
	    0);
	assert_int_equal(csv_n_rows(csv), 2);
	assert_int_equal(csv_column(csv, "file", &err), 0);
	assert_int_equal(csv_column(csv, "rows", &err), 1);
	assert_int_equal(csv_column_or_none(csv, "cols"), -1);
	assert_string_equal(csv_text(csv, 0, 0), "a.txt");
	assert_string_equal(csv_text(csv, 0, 2), "");
	assert_string_equal(csv_text(csv, 0, -1), "");
	assert_int_equal(csv_line(csv, 0), 4);
	assert_int_equal(csv_line(csv, 1), 5);
	assert_int_equal(csv_number(csv, 0, 1, 7, &number, &err), 0);
	assert_float_equal(number, 64, 0);
	assert_int_equal(csv_number(csv, 1, 1, 7, &number, &err), 0);
	assert_float_equal(number, 7, 0);
	assert_int_equal(csv_number(csv, 1, -1, NAN, &number, &err), 0);
	assert_true(isnan(number));
	csv_close(csv);
}

static void missing_columns_are_named(void **state)
{
	struct csv *csv = NULL;
	struct error err = {0};

	(void)state;
	assert_int_equal(open_text(&csv, "file,rows\na,1\n", &err), 0);
	assert_int_equal(csv_column(csv, "posture", &err), -ENOENT);
	assert_non_null(strstr(err.text, "table.csv:1: column \"posture\" is missing"));
	assert_non_null(strstr(err.text, "file, rows"));
	static const char *const wanted[] = {"subject", "file", "posture", NULL};
	assert_int_equal(csv_expect(csv, wanted, &err), -ENOENT);
	assert_non_null(
	    strstr(err.text, "\"subject\", \"posture\" is missing; there are: file, rows"));
	static const char *const there[] = {"rows", "file", NULL};
	assert_int_equal(csv_expect(csv, there, &err), 0);
	csv_close(csv);
	assert_int_equal(open_text(&csv, "file,rows\n# none yet\n", &err), 0);
	assert_int_equal(csv_expect(csv, there, &err), -EINVAL);
	csv_close(csv);
}

static void bad_numbers_name_their_cell(void **state)
{
	static const char *const bad[] = {"many", "12x", "nan", "inf", "1e999", "1 2"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct csv *csv = NULL;
		struct error err = {0};
		double number;
		char text[64], says[64];
		snprintf(text, sizeof(text), "file,rows\na,%s\n", bad[i]);
		snprintf(says, sizeof(says), "table.csv:2: rows = %s: not a number", bad[i]);
		assert_int_equal(open_text(&csv, text, &err), 0);
		assert_int_equal(csv_number(csv, 0, 1, 0, &number, &err), -EINVAL);
		assert_non_null(strstr(err.text, says));
		csv_close(csv);
	}
}

static void uneven_rows_are_refused(void **state)
{
	struct csv *csv = NULL;
	struct error err = {0};

	(void)state;
	assert_int_equal(open_text(&csv, "a,b\n1,2\n1,2,3\n", &err), -EINVAL);
	assert_non_null(strstr(err.text, "table.csv:3: 3 cells where the header has 2"));
	assert_int_equal(open_text(&csv, "a,b\n1\n", &err), -EINVAL);
	assert_non_null(strstr(err.text, "table.csv:2: 1 cells"));
}

static void empty_and_absent_files(void **state)
{
	struct csv *csv = NULL;
	struct error err = {0};

	(void)state;
	assert_int_equal(open_text(&csv, "\n# only a comment\n", &err), -EINVAL);
	assert_non_null(strstr(err.text, "the first line names the columns"));
	assert_int_equal(csv_open(&csv, "/no/such/table.csv", &err), -ENOENT);
	assert_int_equal(csv_open(&csv, "/", &err), -EISDIR);
	csv_close(NULL);
}

/* More rows than the table first has room for, each cell in its place. */
static void many_rows(void **state)
{
	struct csv *csv = NULL;
	struct error err = {0};
	char *text = calloc(1, 64 * 1024);
	double number;

	(void)state;
	size_t used = (size_t)sprintf(text, "i,square\n");
	for (int i = 0; i < 1000; i++)
		used += (size_t)sprintf(text + used, "%d,%d\n", i, i * i);
	assert_int_equal(open_text(&csv, text, &err), 0);
	assert_int_equal(csv_n_rows(csv), 1000);
	for (size_t i = 0; i < 1000; i++) {
		assert_int_equal(csv_number(csv, i, 1, 0, &number, &err), 0);
		assert_float_equal(number, (double)(i * i), 0);
	}
	csv_close(csv);
	free(text);
}

static void quoted_cells_hold_anything(void **state)
{
	struct csv *csv = NULL;
	struct error err = {0};
	double number;

	(void)state;
	assert_int_equal(open_text(&csv,
	                     "file,\"the, note\",rows\r\n"
	                     "\"a, b.txt\",\" she said \"\"no\"\" \", \"64\" \r\n"
	                     "\"two\nlines\r\n# and no comment\",\"\",3\n"
	                     "c,\"\"\"\",\"\"",
	                     &err),
	    0);
	assert_int_equal(csv_n_rows(csv), 3);
	int note = csv_column(csv, "the, note", &err);
	assert_int_equal(note, 1);
	assert_string_equal(csv_text(csv, 0, 0), "a, b.txt");
	assert_string_equal(csv_text(csv, 0, note), " she said \"no\" ");
	assert_int_equal(csv_number(csv, 0, 2, NAN, &number, &err), 0);
	assert_float_equal(number, 64, 0);
	assert_string_equal(csv_text(csv, 1, 0), "two\nlines\r\n# and no comment");
	assert_string_equal(csv_text(csv, 1, note), "");
	assert_string_equal(csv_text(csv, 2, note), "\"");
	assert_string_equal(csv_text(csv, 2, 2), "");
	assert_int_equal(csv_line(csv, 0), 2);
	assert_int_equal(csv_line(csv, 1), 3);
	assert_int_equal(csv_line(csv, 2), 6); /* the row before had three lines */
	csv_close(csv);
}

static void wrong_quotes_name_their_line(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
	    {"a,b\n1,2\n3,\"4\n5,6\n", "table.csv:3: a cell opens with a quote"},
	    {"a,b\n1,\"", "table.csv:2: a cell opens with a quote"},
	    {"a,b\n1,5\" pad\n", "table.csv:2: a quote inside a cell"},
	    {"a,b\n\"1\"x,2\n", "table.csv:2: a quote inside a cell"},
	    {"a,b\n\"1\" \"2\",2\n", "table.csv:2: a quote inside a cell"},
	    {"a,b\n\"1,2\"\n", "table.csv:2: 1 cells where the header has 2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct csv *csv = NULL;
		struct error err = {0};
		assert_int_equal(open_text(&csv, cases[i].text, &err), -EINVAL);
		assert_null(csv);
		if (!strstr(err.text, cases[i].says))
			fail_msg("%s, not %s", err.text, cases[i].says);
	}
}

static void siblings_are_relative_to_the_table(void **state)
{
	struct csv *csv = NULL;
	struct error err = {0};
	char *here = scratch_path("sub.txt");

	(void)state;
	assert_int_equal(open_text(&csv, "file\nsub.txt\n", &err), 0);
	char *found = csv_sibling_path(csv, csv_text(csv, 0, 0));
	assert_string_equal(found, here);
	free(found);
	found = csv_sibling_path(csv, "/absolute");
	assert_string_equal(found, "/absolute");
	free(found);
	free(here);
	csv_close(csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cells_are_found_by_name),
	    cmocka_unit_test(missing_columns_are_named),
	    cmocka_unit_test(bad_numbers_name_their_cell),
	    cmocka_unit_test(uneven_rows_are_refused),
	    cmocka_unit_test(empty_and_absent_files),
	    cmocka_unit_test(many_rows),
	    cmocka_unit_test(quoted_cells_hold_anything),
	    cmocka_unit_test(wrong_quotes_name_their_line),
	    cmocka_unit_test(siblings_are_relative_to_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
