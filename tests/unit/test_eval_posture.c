#include "bodies.h"
#include "lumbar.h"
#include "support.h"

#include "app/frames_source.h"
#include "app/maps.h"
#include "app/maps_damage.h"
#include "app/tally.h"
#include "body/posture.h"
#include "core/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_whole(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	assert_non_null(file);
	assert_true(getdelim(&text, &size, '\0', file) >= 0);
	fclose(file);
	return text;
}

/* ---- counting ---------------------------------------------------------------------------- */

static void test_confidence_is_compared_with_what_was_right(void **state)
{
	struct tally tally = {0};

	(void)state;
	for (int i = 0; i < 10; i++)
		tally_judgement(&tally, POSTURE_LEFT, i < 9 ? POSTURE_LEFT : POSTURE_SUPINE, 0.92);
	tally_judgement(&tally, POSTURE_LEFT, POSTURE_UNKNOWN, 0.45);
	assert_float_equal(tally_accuracy(&tally), 9.0 / 11, 1e-9);
	assert_float_equal(tally_calibration_error(&tally), 0.02, 1e-9);
	json_t *bins = tally_reliability(&tally);
	assert_int_equal(json_array_size(bins), 1); /* what is unknown was not said */
	json_t *bin = json_array_get(bins, 0);
	assert_float_equal(json_real_value(json_object_get(bin, "from")), 0.9, 1e-9);
	assert_float_equal(json_real_value(json_object_get(bin, "to")), 0.95, 1e-9);
	assert_float_equal(json_real_value(json_object_get(bin, "right")), 0.9, 1e-9);
	assert_int_equal(json_integer_value(json_object_get(bin, "n")), 10);
	json_decref(bins);
}

/* ---- faults ------------------------------------------------------------------------------ */

static void test_faults_do_what_they_say(void **state)
{
	struct surface surface = bodies_bed(8, 4), coarse = surface;
	float cells[32], scratch[32];
	struct random random;
	size_t n_dead = 0;

	(void)state;
	for (size_t i = 0; i < 32; i++)
		cells[i] = 1;
	damage_ghost(cells, &surface, 0.1);
	assert_float_equal(cells[0], 1.2, 1e-5);
	damage_saturate(cells, 32, 0.5);
	assert_float_equal(cells[7], 0.6, 1e-5);
	for (size_t i = 0; i < 32; i++)
		cells[i] = (float)(i / 4); /* rows of 0, 1, 2 ... */
	damage_move(cells, &surface, 0.25, 0, scratch);
	assert_float_equal(cells[2 * 4], 0, 1e-5);
	assert_float_equal(cells[7 * 4 + 3], 5, 1e-5);
	damage_coarsen(cells, &coarse, 2);
	assert_int_equal(coarse.n_cells, 8);
	assert_float_equal(coarse.pitch_mm, 2 * surface.pitch_mm, 1e-3);
	assert_float_equal(cells[3 * 2], 4.5, 1e-5); /* rows 4 and 5 */
	random_init(&random, 3);
	for (size_t i = 0; i < 32; i++)
		cells[i] = 1;
	damage_lines(cells, &surface, 1, 1, &random);
	for (size_t i = 0; i < 32; i++)
		n_dead += cells[i] == 0;
	assert_int_equal(n_dead, 4 + 8 - 1);
}

/* ---- the command ------------------------------------------------------------------------- */

/* Simulated maps of two persons as text; the manifest's path (the caller frees). */
static char *write_manifest(void)
{
	struct surface surface = bodies_bed(64, 32);
	float cells[64 * 32];
	char text[1024] = "file,rows,cols,full_scale,cell_mm,subject,posture\n";

	for (uint64_t person = 1; person <= 2; person++)
		for (enum posture p = POSTURE_SUPINE; p <= POSTURE_RIGHT; p++) {
			char name[64], line[128];
			snprintf(name, sizeof(name), "%d-%s.txt", (int)person, posture_name(p));
			char *path = scratch_path(name);
			FILE *file = fopen(path, "w");
			assert_non_null(file);
			bodies_lie(&surface, p, 80, 700 + person, cells);
			for (size_t i = 0; i < surface.n_cells; i++)
				fprintf(file, "%.0f%c", 5 * (double)cells[i],
				    i + 1 < surface.n_cells ? '\t' : '\n');
			fclose(file);
			free(path);
			snprintf(line, sizeof(line), "%s,64,32,1000,27,P<%d,%s\n", name,
			    (int)person, posture_name(p));
			strcat(text, line);
		}
	return scratch_file("m.csv", text);
}

static void test_a_picture_and_every_condition(void **state)
{
	char *manifest = write_manifest(), *picture = scratch_path("p.svg");

	(void)state;
	json_t *root = lumbar_json("eval posture %s --robust --json --plot %s", manifest, picture);
	json_t *conditions = json_object_get(root, "conditions");
	assert_int_equal(json_object_size(conditions), 15);
	json_t *moved = json_object_get(conditions, "shift-20");
	assert_true(json_real_value(json_object_get(moved, "accuracy")) > 0.8);
	json_decref(root);
	char *svg = read_whole(picture);
	assert_memory_equal(svg, "<svg ", 5);
	assert_non_null(strstr(svg, ">supine<"));
	assert_non_null(strstr(svg, ">P&lt;2<"));
	assert_non_null(strstr(svg, "</svg>"));
	free(svg);
	assert_int_equal(lumbar_run("eval posture %s --corrupt rust", manifest), 2);
	free(picture);
	free(manifest);
}

/* ---- how a mat lies ---------------------------------------------------------------------- */

static void write_laid(
    const struct surface *surface, const float *cells, enum flip flip, FILE *file)
{
	struct surface laid = *surface;
	float *counts = calloc(surface->n_cells, sizeof(float));

	/* Each flip undoes itself, so laying a true map turns it into what the mat gives. */
	laid.flip = flip;
	laid.full_scale_counts = 100;
	maps_lay(&laid, cells, counts);
	for (int frame = 0; frame < 20; frame++)
		for (size_t i = 0; i < surface->n_cells; i++)
			fprintf(file, "%.0f%c", 5 * (double)counts[i],
			    i + 1 < surface->n_cells ? '\t' : '\n');
	free(counts);
}

static void test_orient_finds_the_four_ways(void **state)
{
	static const char *const names[] = {"none", "rows", "cols", "both"};
	struct surface surface = bodies_bed(64, 32);
	float cells[64 * 32];
	char *path = scratch_path("left.txt");

	(void)state;
	for (uint64_t seed = 801; seed < 804; seed++) {
		bodies_lie(&surface, POSTURE_LEFT, 80, seed, cells);
		for (enum flip flip = FLIP_NONE; flip <= FLIP_BOTH; flip++) {
			FILE *file = fopen(path, "w");
			assert_non_null(file);
			write_laid(&surface, cells, flip, file);
			fclose(file);
			json_t *root = lumbar_json(
			    "orient %s --rows 64 --cols 32 --full-scale 1000 --json || true", path);
			assert_string_equal(
			    json_string_value(json_object_get(root, "flip")), names[flip]);
			json_decref(root);
		}
	}
	free(path);
}

static void test_orient_does_not_guess(void **state)
{
	struct surface surface = bodies_bed(64, 32);
	float cells[64 * 32] = {0};
	char *path = scratch_path("back.txt");

	(void)state;
	bodies_lie(&surface, POSTURE_SUPINE, 80, 9, cells);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	write_laid(&surface, cells, FLIP_NONE, file);
	fclose(file);
	lumbar_expect(1, "does not seem to lie on a side",
	    "orient %s --rows 64 --cols 32 --full-scale 1000", path);
	memset(cells, 0, sizeof(cells));
	file = fopen(path, "w");
	assert_non_null(file);
	write_laid(&surface, cells, FLIP_NONE, file);
	fclose(file);
	lumbar_expect(1, "nobody", "orient %s --rows 64 --cols 32 --full-scale 1000", path);
	assert_int_equal(lumbar_run("orient"), 2);
	free(path);
}

/* ---- other mats, from real maps ---------------------------------------------------------- */

static enum posture judge(
    const struct posture_model *model, const struct surface *surface, float *cells)
{
	struct posture_classifier *classifier = posture_classifier_create(surface, model);
	struct posture_reading reading;
	struct image image = bodies_image(surface, cells, 0);

	assert_non_null(classifier);
	image.unit = PRESSURE_RELATIVE;
	posture_classify(classifier, &image, &reading);
	posture_classifier_destroy(classifier);
	return reading.posture;
}

/* A 64 x 32 map on a grid of rows x cols of the same size, by interpolation. */
static struct surface resample(
    const struct surface *from, const float *cells, size_t rows, size_t cols, float *out)
{
	struct surface surface = *from;

	surface.rows = rows;
	surface.cols = cols;
	surface.n_cells = rows * cols;
	surface.pitch_mm = from->pitch_mm * (float)from->rows / (float)rows;
	for (size_t i = 0; i < surface.n_cells; i++) {
		double row = ((double)(i / cols) + 0.5) * (double)from->rows / (double)rows - 0.5;
		double col = ((double)(i % cols) + 0.5) * (double)from->cols / (double)cols - 0.5;
		out[i] = damage_between(cells, from, row, col);
	}
	return surface;
}

static void test_real_maps_on_other_mats(void **state)
{
	const struct {
		const char *file;
		enum posture posture;
	} maps[] = {{"pmd/exp1/S1/1.txt", POSTURE_SUPINE}, {"pmd/exp1/S1/2.txt", POSTURE_RIGHT},
	    {"pmd/exp1/S1/3.txt", POSTURE_LEFT}, {"pmd/exp1/S4/2.txt", POSTURE_RIGHT},
	    {"pmd/exp1/S4/3.txt", POSTURE_LEFT}};
	const size_t fine[][2] = {{128, 64}, {96, 48}, {80, 32}, {48, 24}};
	struct posture_model *model = posture_model_load(NULL, NULL);
	float cells[64 * 32], *other = calloc(SURFACE_CELLS_MAX, sizeof(float));

	(void)state;
	assert_non_null(model);
	for (size_t m = 0; m < NAMES_COUNT(maps); m++) {
		struct surface surface = bodies_bed(64, 32), coarse;
		char *path = data_path(maps[m].file);
		struct frames_source *source = NULL;
		struct frame frame;
		if (!path) {
			posture_model_destroy(model);
			free(other);
			print_message("set DATA to the folder that holds pmd\n");
			skip();
		}
		surface.full_scale_counts = 5000;
		assert_int_equal(frames_source_open(&source, path, &surface, NULL), 0);
		for (int i = 0; i < 30; i++)
			assert_int_equal(frames_source_read(source, &frame, NULL), 0);
		surface.full_scale_counts = 1000;
		maps_lay(&surface, frame.counts, cells);
		frames_source_close(source);
		free(path);
		for (size_t f = 0; f < NAMES_COUNT(fine); f++) {
			struct surface to = resample(
			    &surface, cells, fine[f][0], fine[f][1], other);
			assert_int_equal(judge(model, &to, other), maps[m].posture);
		}
		for (size_t factor = 2; factor <= 8; factor *= 2) {
			memcpy(other, cells, sizeof(cells));
			coarse = surface;
			damage_coarsen(other, &coarse, factor);
			enum posture said = judge(model, &coarse, other);
			if (said != maps[m].posture && !(factor == 8 && said == POSTURE_UNKNOWN))
				fail_msg("%s in %zu x %zu: %s", maps[m].file, coarse.rows,
				    coarse.cols, posture_name(said));
		}
	}
	posture_model_destroy(model);
	free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_confidence_is_compared_with_what_was_right),
	    cmocka_unit_test(test_faults_do_what_they_say),
	    cmocka_unit_test(test_a_picture_and_every_condition),
	    cmocka_unit_test(test_orient_finds_the_four_ways),
	    cmocka_unit_test(test_orient_does_not_guess),
	    cmocka_unit_test(test_real_maps_on_other_mats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
