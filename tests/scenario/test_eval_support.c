/* lumbar eval support as a person calls it: a mat that can tell, and mats that cannot. */
#include "bodies.h"
#include "lumbar.h"
#include "support.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Runs "lumbar eval support MANIFEST --json"; the first of its items, which the caller frees. */
static json_t *first_item(const char *manifest)
{
	json_t *json = lumbar_json("eval support '%s' --json", manifest);
	json_t *item = json_incref(json_array_get(json_object_get(json, "items"), 0));
	assert_non_null(item);
	json_decref(json);
	return item;
}

/* Somebody on the back, on rows x cols cells, and what is read of it. posture: "" for the model's. */
static json_t *read_person(size_t rows, size_t cols, const char *cell_mm, const char *posture)
{
	struct surface surface = bodies_bed(rows, cols);
	float *cells = calloc(surface.n_cells, sizeof(float));
	char *frames = scratch_path("person.txt"), text[256];
	FILE *file = fopen(frames, "w");

	assert_true(cells && file);
	bodies_lie(&surface, POSTURE_SUPINE, 70, 3, cells);
	for (size_t i = 0; i < surface.n_cells; i++)
		fprintf(
		    file, "%.0f%c", 30 * (double)cells[i], i + 1 < surface.n_cells ? '\t' : '\n');
	fclose(file);
	snprintf(text, sizeof(text),
	    "file,rows,cols,subject,posture,cell_mm,flip\nperson.txt,%zu,%zu,S,%s,%s,none\n", rows,
	    cols, posture, cell_mm);
	char *manifest = scratch_file("manifest.csv", text);
	json_t *item = first_item(manifest);
	free(manifest);
	free(frames);
	free(cells);
	return item;
}

static void a_fine_mat_is_read(void **state)
{
	json_t *item = read_person(64, 32, "27", "supine");

	(void)state;
	assert_true(json_is_real(json_object_get(item, "softness")));
	assert_true(json_is_real(json_object_get(item, "valley_ratio")));
	assert_null(json_object_get(item, "not_assessed"));
	json_decref(item);
}

static void refuses(const char *cell_mm, const char *posture, const char *reason)
{
	json_t *item = read_person(12, 6, cell_mm, posture);
	const char *said = json_string_value(json_object_get(item, "not_assessed"));

	assert_non_null(said);
	if (!strstr(said, reason))
		fail_msg("\"%s\" does not say \"%s\"", said, reason);
	assert_true(json_is_null(json_object_get(item, "softness")));
	assert_true(json_is_null(json_object_get(item, "valley_ratio")));
	assert_true(json_is_null(json_object_get(item, "soft_chance")));
	assert_true(json_is_false(json_object_get(item, "conclusive")));
	/* A posture that somebody wrote down stays; the model's of such a map is not asked. */
	if (*posture)
		assert_string_equal(json_string_value(json_object_get(item, "posture")), posture);
	else
		assert_true(json_is_null(json_object_get(item, "posture")));
	json_decref(item);
}

static void a_mat_of_12_x_6_cells_is_not_assessed_and_says_why(void **state)
{
	(void)state;
	refuses("144", "", "12 x 6 cells of 144 mm are too coarse");
	refuses("144", "left", "86 mm at most");
	refuses("", "", "12 x 6 cells of 25 mm are a mat of 0.30 m");
}

/* And so it is where two mattresses are compared. */
static void compare_says_it_too(void **state)
{
	char *frames = scratch_path("person.txt");

	(void)state;
	json_decref(read_person(12, 6, "144", "supine"));
	lumbar_expect(1, "too coarse for the softness",
	    "compare --rows 12 --cols 6 --pitch 144 --full-scale 4095 '%s' '%s'", frames, frames);
	free(frames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_fine_mat_is_read),
	    cmocka_unit_test(a_mat_of_12_x_6_cells_is_not_assessed_and_says_why),
	    cmocka_unit_test(compare_says_it_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
