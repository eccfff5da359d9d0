#include "bodies.h"
#include "support.h"

#include "body/posture.h"
#include "core/names.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 64
#define COLS 32

static struct posture_model *model;

static int load_model(void **state)
{
	(void)state;
	model = posture_model_load(NULL, NULL);
	return model ? 0 : -1;
}

static int free_model(void **state)
{
	(void)state;
	posture_model_destroy(model);
	return 0;
}

static enum posture judge(const struct surface *surface, float *cells, float *confidence)
{
	struct posture_classifier *classifier = posture_classifier_create(surface, model);
	struct image image = bodies_image(surface, cells, 0);
	struct posture_reading reading;

	assert_non_null(classifier);
	posture_classify(classifier, &image, &reading);
	posture_classifier_destroy(classifier);
	if (confidence)
		*confidence = reading.confidence;
	return reading.posture;
}

/* Persons of other seeds than the model has seen, on grids of every size that is promised. */
static void test_postures_on_many_grids(void **state)
{
	const size_t grids[][3] = {/* rows, columns, how many of 24 must be right */
	    {128, 64, 23}, {64, 32, 24}, {64, 27, 24}, {32, 16, 24}, {24, 12, 22}, {16, 8, 22}};
	float *cells = calloc(SURFACE_CELLS_MAX, sizeof(float));

	(void)state;
	for (size_t g = 0; g < NAMES_COUNT(grids); g++) {
		struct surface surface = bodies_bed(grids[g][0], grids[g][1]);
		size_t right = 0;
		for (uint64_t seed = 501; seed < 507; seed++)
			for (enum posture p = POSTURE_SUPINE; p <= POSTURE_PRONE; p++) {
				bodies_lie(&surface, p, 80, seed, cells);
				right += judge(&surface, cells, NULL) == p;
			}
		if (right < grids[g][2])
			fail_msg("%zu x %zu: %zu of 24 right", grids[g][0], grids[g][1], right);
	}
	free(cells);
}

static void test_the_mirror_image_is_the_other_side(void **state)
{
	struct surface surface = bodies_bed(ROWS, COLS);
	float cells[ROWS * COLS], mirrored[ROWS * COLS], one, other;

	(void)state;
	bodies_lie(&surface, POSTURE_LEFT, 60, 9, cells);
	for (size_t i = 0; i < ROWS * COLS; i++)
		mirrored[i] = cells[i / COLS * COLS + COLS - 1 - i % COLS];
	assert_int_equal(judge(&surface, cells, &one), POSTURE_LEFT);
	assert_int_equal(judge(&surface, mirrored, &other), POSTURE_RIGHT);
	assert_float_equal(one, other, 0.01);
}

/* What a mat does to a map; each must leave the posture as it was. */
static void offset(float *cells)
{
	for (size_t i = 0; i < ROWS * COLS; i++)
		cells[i] += 12;
}

static void gain(float *cells)
{
	for (size_t i = 0; i < ROWS * COLS; i++)
		cells[i] *= 1 + 0.3f * sinf((float)(i * 7 % 101));
}

static void gamma_1_4(float *cells)
{
	for (size_t i = 0; i < ROWS * COLS; i++)
		cells[i] = powf(cells[i] / 30, 1.4f) * 30;
}

static void dead_lines(float *cells)
{
	for (size_t i = 0; i < COLS; i++)
		cells[20 * COLS + i] = cells[33 * COLS + i] = 0;
	for (size_t i = 0; i < ROWS; i++)
		cells[i * COLS + 15] = 0;
}

static void stuck_cells(float *cells)
{
	for (size_t i = 0; i < 12; i++)
		cells[(i * 531 + 7) % (ROWS * COLS)] = 4095;
}

static void shifted(float *cells)
{
	memmove(cells + 9 * COLS, cells, 55 * COLS * sizeof(float));
	memset(cells, 0, 9 * COLS * sizeof(float));
}

static void test_corrupted_maps(void **state)
{
	void (*const corruptions[])(float *) = {
	    offset, gain, gamma_1_4, dead_lines, stuck_cells, shifted};
	struct surface surface = bodies_bed(ROWS, COLS);
	float cells[ROWS * COLS];

	(void)state;
	for (size_t c = 0; c < NAMES_COUNT(corruptions); c++) {
		size_t right = 0;
		for (uint64_t seed = 601; seed < 606; seed++)
			for (enum posture p = POSTURE_SUPINE; p <= POSTURE_RIGHT; p++) {
				bodies_lie(&surface, p, 80, seed, cells);
				corruptions[c](cells);
				right += judge(&surface, cells, NULL) == p;
			}
		if (right < 14)
			fail_msg("corruption %zu: %zu of 15 right", c, right);
	}
}

static void test_edge_empty_and_the_middle(void **state)
{
	struct surface surface = bodies_bed(ROWS, COLS);
	float cells[ROWS * COLS] = {0};

	(void)state;
	assert_int_equal(judge(&surface, cells, NULL), POSTURE_EMPTY);
	bodies_add_box(&surface, 0, 600, 300, 400, 40, cells);
	assert_int_equal(judge(&surface, cells, NULL), POSTURE_EDGE);
	memset(cells, 0, sizeof(cells));
	bodies_add_box(&surface, 300, 600, 300, 400, 40, cells);
	assert_int_equal(judge(&surface, cells, NULL), POSTURE_UNKNOWN);
}

/* At 10 Hz: told at once, changed after two judgements, gone with the person. */
static void test_a_stream_changes_with_dwell(void **state)
{
	struct surface surface = bodies_bed(ROWS, COLS);
	struct posture_tracker *tracker = posture_tracker_create(&surface, model);
	float back[ROWS * COLS], side[ROWS * COLS];
	struct posture_reading reading;
	int judged = 0, changed_at = -1;

	(void)state;
	bodies_lie(&surface, POSTURE_SUPINE, 80, 1, back);
	bodies_lie(&surface, POSTURE_RIGHT, 80, 1, side);
	for (int i = 0; i < 200; i++) {
		struct image image = bodies_image(&surface, i < 100 ? back : side, 0.1 * i);
		judged += posture_step(tracker, &image, true, &reading) != NULL;
		if (i >= 20 && i < 100)
			assert_int_equal(reading.posture, POSTURE_SUPINE);
		if (changed_at < 0 && reading.posture == POSTURE_RIGHT)
			changed_at = i;
	}
	assert_in_range(judged, 15, 30); /* about once a second */
	assert_in_range(changed_at, 105, 130);
	struct image image = bodies_image(&surface, back, 20.1);
	assert_null(posture_step(tracker, &image, false, &reading));
	assert_int_equal(reading.posture, POSTURE_UNKNOWN);
	posture_tracker_destroy(tracker);
}

static void expect_refusal(const char *text, const char *words)
{
	struct error err = {0};

	assert_null(posture_model_parse(text, "a.model", &err));
	assert_true(err.code < 0);
	if (!strstr(err.text, words) || !strstr(err.text, "a.model"))
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void test_bad_models_are_refused(void **state)
{
	struct error err = {0};

	(void)state;
	expect_refusal("", "lumbar-posture");
	expect_refusal("lumbar-posture 2\n", "2");
	expect_refusal("lumbar-posture 1\nfeatures 10\n", "10");
	expect_refusal("lumbar-posture 1\nfeatures 224\nhidden 900\n", "900");
	expect_refusal(
	    "lumbar-posture 1\nfeatures 224\nhidden 2\nclasses supine sitting", "sitting");
	expect_refusal("lumbar-posture 1\nfeatures 224\nhidden 2\nclasses supine weights", "two");
	expect_refusal(
	    "lumbar-posture 1\nfeatures 224\nhidden 2\nclasses supine left\nweights 1 2", "early");
	expect_refusal(
	    "lumbar-posture 1\nfeatures 224\nhidden 2\nclasses supine left\nweights 1 x", "x");
	assert_null(posture_model_load("/nowhere/a.model", &err));
	assert_non_null(strstr(err.text, "/nowhere/a.model"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_postures_on_many_grids),
	    cmocka_unit_test(test_the_mirror_image_is_the_other_side),
	    cmocka_unit_test(test_corrupted_maps),
	    cmocka_unit_test(test_edge_empty_and_the_middle),
	    cmocka_unit_test(test_a_stream_changes_with_dwell),
	    cmocka_unit_test(test_bad_models_are_refused),
	};

	return cmocka_run_group_tests(tests, load_model, free_model);
}
