/* lumbar eval vitals: on a strip that is made here, on bad manifests, and on real recordings. */
#include "lumbar.h"
#include "support.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ   50
#define SECONDS   150
#define HEART     72.0
#define BREATHING 14.0

static double number(const json_t *json, const char *file, const char *rate, const char *name)
{
	const json_t *files = json_object_get(json, "files");
	const json_t *value = json_object_get(
	    json_object_get(json_object_get(files, file), rate), name);

	assert_non_null(value);
	return json_is_null(value) ? NAN : json_number_value(value);
}

/* A strip's counts, and a reference with the truth at every fifth second. */
static char *write_strip(void)
{
	char *frames = scratch_path("strip.txt"), *reference = scratch_path("strip.reference.csv");
	FILE *file = fopen(frames, "w");

	for (int i = 0; i < RATE_HZ * SECONDS; i++) {
		double t_s = i / (double)RATE_HZ;
		double since_s = fmod(t_s * HEART / 60, 1) * 60 / HEART;
		double beat = exp(-since_s / 0.12) * sin(2 * M_PI * 4 * since_s);
		double breath = sin(2 * M_PI * BREATHING / 60 * t_s);
		fprintf(file, "%.2f\n", 500 + 10 * breath + 4 * beat);
	}
	fclose(file);
	file = fopen(reference, "w");
	fputs("t_s,start_s,end_s,heart_per_min,heart_ok,breathing_per_min,breathing_agree,"
	      "breathing_clear,still\n",
	    file);
	for (int end_s = 30; end_s <= SECONDS - 5; end_s += 5) /* one of them not to be trusted */
		fprintf(file, "%d,%d,%d,%g,%d,%g,1,1,1\n", end_s - 15, end_s - 30, end_s,
		    end_s == 50 ? 300 : HEART, end_s != 50, BREATHING);
	fclose(file);
	free(frames);
	free(reference);
	return scratch_file("manifest.csv", "file,rows,cols,rate_hz,full_scale,subject,reference\n"
	                                    "strip.txt,1,1,50,1000,one,strip.reference.csv\n");
}

static void known_strip_is_read(void **state)
{
	(void)state;
	char *manifest = write_strip();
	json_t *json = lumbar_json("eval vitals '%s' --json", manifest); /* and not a warning */

	assert_true(number(json, "strip.txt", "heart", "windows") == 23);
	assert_true(number(json, "strip.txt", "breathing", "windows") == 24);
	assert_true(number(json, "strip.txt", "heart", "mae") < 0.5);
	assert_true(number(json, "strip.txt", "breathing", "mae") < 0.3);
	assert_true(number(json, "strip.txt", "heart", "coverage") > 0.9);
	assert_true(number(json, "strip.txt", "breathing", "coverage") > 0.9);
	json_decref(json);
	free(manifest);
}

static void bad_manifests_are_explained(void **state)
{
	(void)state;
	static const struct {
		const char *text, *says;
	} cases[] = {
	    {"file,rows,cols,rate_hz,subject\nx.txt,1,1,50,one\n", "\"reference\" is missing"},
	    {"file,rows,cols,rate_hz,subject,reference\nx.txt,0,1,50,one,r\n", "rows = 0"},
	    {"file,rows,cols,rate_hz,subject,reference\nx.txt,1,1,fast,one,r\n", "fast"},
	    {"file,rows,cols,rate_hz,subject,reference\nnot-there.txt,1,1,50,one,r\n",
	        "not-there.txt"},
	    {"file,rows,cols,rate_hz,subject,reference\n", "names no file"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *manifest = scratch_file("bad.csv", cases[i].text);
		lumbar_expect(1, cases[i].says, "eval vitals '%s' --json", manifest);
		free(manifest);
	}
}

/* A man under whose mattress one force sensor lay, and the same man singing. */
static void real_strip_agrees_with_a_chest_belt(void **state)
{
	(void)state;
	char *manifest = data_path("fsr-under-mattress/manifest.csv");

	if (!manifest) {
		print_message("DATA is not set, or has no fsr-under-mattress\n");
		skip();
	}
	json_t *json = lumbar_json("eval vitals '%s' --json 2>/dev/null", manifest);
	assert_true(number(json, "bed_b.txt", "heart", "mae") <= 1);
	assert_true(number(json, "bed_b.txt", "heart", "coverage") >= 0.7);
	assert_true(number(json, "bed_o_sound.txt", "heart", "coverage") <= 0.3);
	assert_true(number(json, "bed_o_sound.txt", "breathing", "mae") <= 1);
	assert_true(number(json, "bed_o_sound.txt", "breathing", "coverage") >= 0.5);
	json_decref(json);
	free(manifest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_strip_is_read),
	    cmocka_unit_test(bad_manifests_are_explained),
	    cmocka_unit_test(real_strip_agrees_with_a_chest_belt),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
