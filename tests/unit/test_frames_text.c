/* Frames as text: what is taken, what is clamped, and what each bad line is told. */
#include "recording/frames_text.h"
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct frames_text *open_text(const char *content, size_t n_cells)
{
	char *path = scratch_file("frames.txt", content);
	struct frames_text *text = NULL;
	struct error err = {0};

	assert_int_equal(frames_text_open(&text, path, n_cells, 1000, &err), 0);
	free(path);
	return text;
}

static void test_separators_comments_and_line_ends(void **state)
{
	static const float expected[][3] = {{1, 2, 3}, {4, 5.5f, 6}, {7, 8, 9}, {1000, 0, 12}};
	struct frames_text *text = open_text(
	    "# a mat\n1\t2\t3\n\n4, 5.5, 6,\r\n  # more\n 7 8\t9 \n1e3 +0 012", 3);
	float counts[3];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(frames_text_read(text, counts, NULL), 0);
		assert_memory_equal(counts, expected[i], sizeof(counts));
	}
	assert_int_equal(frames_text_line(text), 7);
	assert_int_equal(frames_text_read(text, counts, NULL), -ENODATA);
	assert_int_equal(frames_text_read(text, counts, NULL), -ENODATA);
	assert_int_equal(frames_text_clamped(text), 0);
	frames_text_close(text);
}

/* Each bad line is refused with its own words, and the good line after it is still read. */
static void test_bad_lines(void **state)
{
	static const struct {
		const char *line;
		int code;
		const char *words;
	} cases[] = {
	    {"1 2 3", -EINVAL, "3 cells where 4"},
	    {"1 2 3 4 5", -EINVAL, "5 cells where 4"},
	    {"1 two 3 4", -EINVAL, "cell 2, \"two\", is not a number"},
	    {"1 2 3x 4", -EINVAL, "cell 3, \"3x\""},
	    {"1 2 0x10 4", -EINVAL, "cell 3, \"0x10\""},
	    {"1 -2- 3 4", -EINVAL, "cell 2"},
	    {"1;2;3;4", -EINVAL, "not a number"},
	    {"\x1f\x8b\x08 2 3 4", -EINVAL, "cell 1"},
	    {"1 nan 3 4", -ERANGE, "cell 2 is NAN"},
	    {"1 2 inf 4", -ERANGE, "cell 3 is infinite"},
	    {"1 2 3 -inf", -ERANGE, "cell 4 is infinite"},
	    {"1 2 3 1e99", -ERANGE, "cell 4 is infinite"},
	    {"1 2 3 -4", -ERANGE, "1 of 4 cells are negative"},
	    {"1 2 3 1001", -ERANGE, "over the full scale of 1000"},
	    {"1 2 3 99999999999999", -ERANGE, "over the full scale"},
	};
	char content[200];
	float counts[4];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};
		snprintf(content, sizeof(content), "4 3 2 1\n%s\n5 6 7 8\n", cases[i].line);
		struct frames_text *text = open_text(content, 4);
		assert_int_equal(frames_text_read(text, counts, &err), 0);
		assert_int_equal(frames_text_read(text, counts, &err), cases[i].code);
		assert_int_equal(err.code, cases[i].code);
		assert_non_null(strstr(err.text, "frames.txt:2: "));
		assert_non_null(strstr(err.text, cases[i].words));
		assert_int_equal(frames_text_read(text, counts, &err), 0);
		assert_true(counts[0] == 5 && counts[3] == 8);
		assert_int_equal(frames_text_line(text), 3);
		frames_text_close(text);
	}
}

static void test_a_byte_order_mark_is_skipped(void **state)
{
	struct frames_text *text = open_text("\xef\xbb\xbf"
	                                     "1 2 3 4\r\n5 6 7 8\r\n",
	    4);
	float counts[4];

	(void)state;
	assert_int_equal(frames_text_read(text, counts, NULL), 0);
	assert_true(counts[0] == 1 && counts[3] == 4);
	assert_int_equal(frames_text_read(text, counts, NULL), 0);
	assert_true(counts[0] == 5);
	frames_text_close(text);
}

static void test_odd_cells_are_clamped_and_counted(void **state)
{
	struct frames_text *text = open_text(
	    "-3 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4095\n"
	    "-3 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 -1 18 19\n"
	    "-3 -1 -2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19",
	    20);
	float counts[20];

	(void)state;
	assert_int_equal(frames_text_read(text, counts, NULL), 0);
	assert_true(counts[0] == 0 && counts[1] == 1 && counts[19] == 1000);
	assert_int_equal(frames_text_clamped(text), 2);
	assert_int_equal(frames_text_read(text, counts, NULL), 0);
	assert_int_equal(frames_text_clamped(text), 4);
	assert_int_equal(frames_text_read(text, counts, NULL), -ERANGE);
	assert_int_equal(frames_text_clamped(text), 4);
	frames_text_close(text);
}

static void test_a_zero_byte_is_not_the_end_of_a_line(void **state)
{
	char *path = scratch_path("zero.txt");
	FILE *file = fopen(path, "w");
	struct frames_text *text = NULL;
	struct error err = {0};
	float counts[4];

	(void)state;
	assert_non_null(file);
	assert_int_equal(fwrite("1 2\0 3 4\n", 1, 9, file), 9);
	fclose(file);
	assert_int_equal(frames_text_open(&text, path, 4, 1000, &err), 0);
	assert_int_equal(frames_text_read(text, counts, &err), -EINVAL);
	assert_non_null(strstr(err.text, "cell 3"));
	frames_text_close(text);
	free(path);
}

static void test_files_that_cannot_be_opened(void **state)
{
	char *empty = scratch_file("empty.txt", "");
	char *comments = scratch_file("comments.txt", "# nothing\n\n  \n# here\n");
	struct frames_text *text = NULL;
	struct error err = {0};

	(void)state;
	assert_int_equal(frames_text_open(&text, empty, 4, 1000, &err), -ENODATA);
	assert_non_null(strstr(err.text, "empty.txt: holds no frame"));
	assert_int_equal(frames_text_open(&text, comments, 4, 1000, &err), -ENODATA);
	assert_int_equal(frames_text_open(&text, "/nowhere/at/all.txt", 4, 1000, &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nowhere/at/all.txt"));
	assert_int_equal(frames_text_open(&text, "/", 4, 1000, &err), -EISDIR);
	assert_null(text);
	frames_text_close(NULL);
	free(empty);
	free(comments);
}

static void test_a_real_file(void **state)
{
	char *path = data_path("pmd/exp1/S1/1.txt");
	struct frames_text *text = NULL;
	float counts[64 * 32];
	size_t good = 0, bad = 0;
	int result;

	(void)state;
	if (!path) {
		print_message("DATA=... holds no pmd/exp1/S1/1.txt\n");
		skip();
	}
	assert_int_equal(frames_text_open(&text, path, 64 * 32, 1000, NULL), 0);
	while ((result = frames_text_read(text, counts, NULL)) != -ENODATA) {
		good += result == 0;
		bad += result == -ERANGE;
		assert_int_not_equal(result, -EINVAL);
	}
	assert_int_equal(good + bad, 82);
	assert_true(good >= 79); /* a file's first 2-3 frames are glitches */
	frames_text_close(text);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_separators_comments_and_line_ends),
	    cmocka_unit_test(test_bad_lines),
	    cmocka_unit_test(test_a_byte_order_mark_is_skipped),
	    cmocka_unit_test(test_odd_cells_are_clamped_and_counted),
	    cmocka_unit_test(test_a_zero_byte_is_not_the_end_of_a_line),
	    cmocka_unit_test(test_files_that_cannot_be_opened),
	    cmocka_unit_test(test_a_real_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
