#include "bodies.h"
#include "lumbar.h"
#include "support.h"

#include "app/maps.h"
#include "app/train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_whole(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	assert_non_null(file);
	assert_true(getdelim(&text, &size, '\0', file) > 0);
	fclose(file);
	return text;
}

/* Writes one simulated map and returns its file name's path (the caller frees). */
static char *write_map(const char *name, enum posture posture, uint64_t seed, bool turned)
{
	struct surface surface = bodies_bed(32, 16);
	float cells[32 * 16];
	char *path = scratch_path(name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	bodies_lie(&surface, posture, 80, seed, cells);
	for (size_t i = 0; i < 32 * 16; i++)
		fprintf(file, "%.0f%c", 5 * (double)cells[turned ? 32 * 16 - 1 - i : i],
		    i + 1 < 32 * 16 ? '\t' : '\n');
	fclose(file);
	return path;
}

static char *write_manifest(const char *name, bool turned)
{
	char text[1024] = "file,rows,cols,full_scale,cell_mm,subject,posture\n";

	for (uint64_t seed = 1; seed <= 2; seed++)
		for (enum posture p = POSTURE_SUPINE; p <= POSTURE_PRONE; p++) {
			char file[64], line[128];
			snprintf(file, sizeof(file), "%s%d-%s.txt", turned ? "t" : "", (int)seed,
			    posture_name(p));
			free(write_map(file, p, seed, turned));
			snprintf(line, sizeof(line), "%s,32,16,1000,54,P%d,%s\n", file, (int)seed,
			    posture_name(p));
			strcat(text, line);
		}
	return scratch_file(name, text);
}

static char *train_once(const char *manifest, uint64_t seed)
{
	struct train_settings settings = {.seed = seed, .n_epochs = 3};
	struct train_set set = {0};
	struct error err = {0};
	char *path = scratch_path("trained.model");

	assert_int_equal(train_set_add(&set, manifest, 3, &err), 0);
	assert_int_equal(train_set_add_simulated(&set, 1, seed, &err), 0);
	assert_int_equal(set.n_samples, 8 + 4);
	struct posture_model *model = train_posture(&set, NULL, &settings, &err);
	assert_non_null(model);
	assert_int_equal(train_write(model, "a test", path, &err), 0);
	posture_model_destroy(model);
	train_set_finish(&set);
	model = posture_model_load(path, &err); /* what is written can be read */
	assert_non_null(model);
	posture_model_destroy(model);
	char *text = read_whole(path);
	free(path);
	return text;
}

static void test_the_same_seed_gives_the_same_bytes(void **state)
{
	char *manifest = write_manifest("m.csv", false);
	char *first = train_once(manifest, 7), *second = train_once(manifest, 7);
	char *other = train_once(manifest, 8);

	(void)state;
	assert_string_equal(first, second);
	assert_string_not_equal(first, other);
	assert_memory_equal(first, "# a test\nlumbar-posture 1\n", 26);
	free(first);
	free(second);
	free(other);
	free(manifest);
}

static void test_one_posture_cannot_be_learnt(void **state)
{
	struct train_settings settings = {.seed = 1, .n_epochs = 1};
	struct surface surface = bodies_bed(32, 16);
	float cells[32 * 16];
	struct train_set set = {0};
	struct error err = {0};

	(void)state;
	bodies_lie(&surface, POSTURE_SUPINE, 80, 1, cells);
	train_set_add_sample(&set, &surface, cells, POSTURE_SUPINE, "A");
	assert_null(train_posture(&set, NULL, &settings, &err));
	assert_non_null(strstr(err.text, "two postures"));
	train_set_finish(&set);
}

static void test_maps_that_lie_head_down_are_found(void **state)
{
	char *upright = write_manifest("up.csv", false), *turned = write_manifest("down.csv", true);
	struct maps_columns columns;
	struct csv *csv;
	bool found;

	(void)state;
	assert_int_equal(csv_open(&csv, upright, NULL), 0);
	assert_int_equal(maps_find_columns(csv, &columns, NULL), 0);
	assert_int_equal(maps_find_turned(csv, &columns, &found, NULL), 0);
	assert_false(found);
	csv_close(csv);
	assert_int_equal(csv_open(&csv, turned, NULL), 0);
	assert_int_equal(maps_find_turned(csv, &columns, &found, NULL), 0);
	assert_true(found);
	csv_close(csv);
	free(upright);
	free(turned);
}

static void test_manifests_that_are_wrong(void **state)
{
	const struct {
		const char *manifest, *words;
	} faults[] = {
	    {"file,rows,subject,posture\na,1,A,supine\n", "cols"},
	    {"file,rows,cols,subject\na,32,16,A\n", "posture"},
	    {"file,rows,cols,subject,posture\n1-supine.txt,32,16,A,floating\n", "floating"},
	    {"file,rows,cols,subject,posture\n1-supine.txt,32,x,A,supine\n", "x"},
	    {"file,rows,cols,subject,posture\n1-supine.txt,32,0,A,supine\n", "cols"},
	    {"file,rows,cols,subject,posture\nno-file.txt,32,16,A,supine\n", "no-file.txt"},
	    {"file,rows,cols,subject,posture\n1-supine.txt,10,10,A,supine\n", "10 x 10"},
	    {"file,rows,cols,subject,posture,flip\n1-supine.txt,32,16,A,supine,up\n", "flip"},
	    {"file,rows,cols,subject,posture,skip\n1-supine.txt,32,16,A,supine,9\n", "after"},
	};
	char *maps = write_manifest("m.csv", false);

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char *path = scratch_file("bad.csv", faults[i].manifest);
		lumbar_expect(1, faults[i].words, "eval posture %s", path);
		free(path);
	}
	lumbar_expect(2, "usage", "eval posture");
	lumbar_expect(2, "usage", "eval support --nonsense x");
	lumbar_expect(2, "usage", "train posture");
	free(maps);
}

static void test_a_manifest_is_judged(void **state)
{
	char *manifest = write_manifest("m.csv", false);

	(void)state;
	json_decref(lumbar_json("eval posture %s --json", manifest));
	json_decref(lumbar_json("eval support %s --json", manifest));
	free(manifest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_same_seed_gives_the_same_bytes),
	    cmocka_unit_test(test_one_posture_cannot_be_learnt),
	    cmocka_unit_test(test_maps_that_lie_head_down_are_found),
	    cmocka_unit_test(test_manifests_that_are_wrong),
	    cmocka_unit_test(test_a_manifest_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
