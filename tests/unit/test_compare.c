/* lumbar compare as a person calls it, on maps of simulated people. */
#include "bodies.h"
#include "lumbar.h"
#include "support.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_ROWS 64
#define N_COLS 32

/* Three frames of somebody who lies there, counts of 1000. The caller frees the path. */
static char *make_maps(
    const char *name, enum posture posture, double stiffness_kpa_per_m, uint64_t seed)
{
	struct surface surface = bodies_bed(N_ROWS, N_COLS);
	float cells[N_ROWS * N_COLS];
	char *path = scratch_path(name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	bodies_lie(&surface, posture, stiffness_kpa_per_m, seed, cells);
	for (int frame = 0; frame < 3; frame++)
		for (size_t i = 0; i < N_ROWS * N_COLS; i++)
			fprintf(file, "%.0f%c", 8 * (double)cells[i],
			    i + 1 < N_ROWS * N_COLS ? ' ' : '\n');
	fclose(file);
	return path;
}

/* Runs it on two files; the object it prints. */
static json_t *compare_files(const char *a, const char *b, const char *options)
{
	return lumbar_json(
	    "compare --rows %d --cols %d --pitch 27 --full-scale 1000 --json %s %s %s", N_ROWS,
	    N_COLS, options, a, b);
}

static const char *text_of(const json_t *root, const char *key)
{
	const char *text = json_string_value(json_object_get(root, key));

	return text ? text : "null";
}

static void the_softer_one_is_named(void **state)
{
	char *soft = make_maps("soft.txt", POSTURE_SUPINE, 35, 3);
	char *firm = make_maps("firm.txt", POSTURE_SUPINE, 150, 3);
	json_t *root = compare_files(firm, soft, "");

	(void)state;
	assert_string_equal(text_of(root, "verdict"), "softer");
	assert_string_equal(text_of(root, "softer"), "b");
	assert_true(json_number_value(json_object_get(root, "confidence")) > 0.975);
	assert_true(json_number_value(json_object_get(root, "difference")) < -1.4);
	assert_non_null(strstr(text_of(root, "words"), "B is softer under her waist than A"));
	json_decref(root);
	/* The mat the other way round says the same. */
	json_t *turned = compare_files(soft, firm, "--flip none");
	assert_string_equal(text_of(turned, "softer"), "a");
	json_decref(turned);
	free(soft);
	free(firm);
}

static void what_cannot_be_told_is_said(void **state)
{
	char *one = make_maps("one.txt", POSTURE_SUPINE, 80, 5);
	char *same = make_maps("same.txt", POSTURE_SUPINE, 84, 5);
	char *side = make_maps("side.txt", POSTURE_LEFT, 80, 5);
	json_t *alike = compare_files(one, same, ""), *aside = compare_files(one, side, "");

	(void)state;
	assert_string_equal(text_of(alike, "verdict"), "cannot_be_told");
	assert_true(json_is_null(json_object_get(alike, "softer")));
	assert_string_equal(text_of(aside, "verdict"), "not_supine");
	assert_non_null(strstr(text_of(aside, "words"), "B holds no quiet time on the back"));
	assert_true(json_is_null(json_object_get(aside, "difference")));
	json_decref(alike);
	json_decref(aside);
	free(one);
	free(same);
	free(side);
}

static void two_that_bottom_out_are_not_told_apart(void **state)
{
	char *one = make_maps("deep.txt", POSTURE_SUPINE, 14, 12);
	char *other = make_maps("deeper.txt", POSTURE_SUPINE, 20, 12);
	json_t *root = compare_files(one, other, "--supine");

	(void)state;
	assert_string_equal(text_of(root, "verdict"), "bottoming");
	json_decref(root);
	free(one);
	free(other);
}

static void both_maps_are_drawn(void **state)
{
	char *soft = make_maps("a&b.txt", POSTURE_SUPINE, 35, 3), *svg = scratch_path("two.svg");
	char *page = scratch_path("two.html"), options[512], text[200000];
	FILE *file;

	(void)state;
	snprintf(options, sizeof(options), "-o %s", svg);
	char quoted[512];
	snprintf(quoted, sizeof(quoted), "'%s'", soft);
	json_decref(compare_files(quoted, quoted, options));
	file = fopen(svg, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_memory_equal(text, "<svg xmlns=", 11);
	const char *first = strstr(text, "class=\"map\"");
	assert_non_null(first);
	assert_non_null(strstr(first + 1, "class=\"map\""));
	assert_non_null(strstr(text, "a&amp;b.txt"));
	snprintf(options, sizeof(options), "--output %s", page);
	json_decref(compare_files(quoted, quoted, options));
	file = fopen(page, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, 15, file) == 15);
	fclose(file);
	assert_memory_equal(text, "<!DOCTYPE html>", 15);
	free(soft);
	free(svg);
	free(page);
}

static void wrong_calls_say_what_is_right(void **state)
{
	char *text = scratch_file("few.txt", "1 2 3\n");

	(void)state;
	lumbar_expect(2, "usage: lumbar compare", "compare one-file");
	lumbar_expect(2, "none, rows, cols or both", "compare --flip sideways a b");
	lumbar_expect(2, ".svg or .html", "compare -o picture.png a b");
	lumbar_expect(1, "give --rows and --cols", "compare %s %s", text, text);
	assert_int_equal(lumbar_run("compare --help"), 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_softer_one_is_named),
	    cmocka_unit_test(what_cannot_be_told_is_said),
	    cmocka_unit_test(two_that_bottom_out_are_not_told_apart),
	    cmocka_unit_test(both_maps_are_drawn),
	    cmocka_unit_test(wrong_calls_say_what_is_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
