/* A load that is unlike her: how often it is said of nobody else, and how often of somebody else. */
#include "base/csv.h"
#include "base/random.h"
#include "drivers/sim/body.h"
#include "dsp/robust.h"
#include "recording/frames_text.h"
#include "report/load_change.h"
#include "support.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS 30

static struct night_facts night_of(int32_t day, float load)
{
	return (struct night_facts){.day = day, .lying_s = 8 * 3600, .load = load};
}

/* Eight nights; the last two are ratio times what the others are, which scatter by +-spread. */
static struct load_change of_eight(float ratio, float spread)
{
	struct night_facts nights[8];

	for (int i = 0; i < 8; i++)
		nights[i] = night_of(
		    i, i < 6 ? 5000.0f * (1 + spread * (float)(i % 3 - 1)) : 5000.0f * ratio);
	return load_change(nights, 8);
}

static void two_nights_beyond_the_limit(void **state)
{
	(void)state;
	struct load_change change = of_eight(0.7f, 0.01f);

	assert_true(change.unlike);
	assert_float_equal(change.usual, 5000, 1);
	assert_float_equal(change.ratio, 0.7f, 1e-3f);
	assert_float_equal(change.limit_ratio, 1.25f, 1e-3f);
	assert_true(of_eight(1.3f, 0.01f).unlike);
	assert_false(of_eight(1.24f, 0.01f).unlike);
	assert_false(of_eight(0.81f, 0.01f).unlike);
	/* Her own nights scatter: the limit is 3 x 1.4826 x 0.10 of the logarithm. */
	change = of_eight(1.45f, 0.10f);
	assert_false(change.unlike);
	assert_in_range((int)(100 * change.limit_ratio), 150, 162);
}

static void one_night_is_a_chance(void **state)
{
	(void)state;
	struct night_facts nights[8];

	for (int i = 0; i < 8; i++)
		nights[i] = night_of(i, i == 7 ? 9000.0f : 5000.0f);
	assert_false(load_change(nights, 8).unlike);
	assert_float_equal(load_change(nights, 8).ratio, 1.8f, 1e-3f);
	nights[6].load = 2000.0f; /* the other way */
	assert_false(load_change(nights, 8).unlike);
	nights[6].load = 9000.0f;
	assert_true(load_change(nights, 8).unlike);
}

static void what_cannot_be_compared_says_nothing(void **state)
{
	(void)state;
	struct night_facts nights[8];

	for (int i = 0; i < 8; i++)
		nights[i] = night_of(i, i < 6 ? 5000.0f : 9000.0f);
	assert_true(load_change(nights, 8).unlike);
	assert_true(load_change(nights + 2, 6).unlike);
	assert_true(isnan(load_change(nights + 3, 5).usual)); /* three nights before the two */
	assert_true(isnan(load_change(nights, 1).ratio));
	for (int i = 6; i < 8; i++)
		nights[i].era_day[ERA_GAIN] = 5; /* calibrated anew */
	assert_true(isnan(load_change(nights, 8).usual));
	for (int i = 6; i < 8; i++)
		nights[i].era_day[ERA_GAIN] = 0;
	nights[7].lying_s = 3600;
	assert_false(load_change(nights, 8).unlike);
	nights[7] = night_of(7, NAN);
	assert_true(isnan(load_change(nights, 8).ratio));
	nights[7] = night_of(7, 9000.0f);
	nights[4].load = NAN; /* a gap among those before */
	assert_true(load_change(nights, 8).unlike);
}

/* ---- nights that are made of positions ------------------------------------------------------ */

#define POSITIONS_MAX 16

/* What one person's mat shows of each position that she may lie in. */
struct sleeper {
	double loads[POSITIONS_MAX];
	size_t n;
};

struct position {
	double load, weight;
};

static int by_load(const void *a, const void *b)
{
	double x = ((const struct position *)a)->load, y = ((const struct position *)b)->load;

	return (x > y) - (x < y);
}

/* The median of some positions, each held for a while; sd: of the logarithm, from one to the next. */
static float sleep_one_night(
    struct random *random, const struct sleeper *sleeper, size_t n_positions, double sd)
{
	struct position positions[POSITIONS_MAX] = {{0}};
	double whole = 0, below = 0;

	for (size_t i = 0; i < n_positions; i++) {
		size_t which = (size_t)(random_uniform(random) * (double)sleeper->n);

		positions[i].load = sleeper->loads[which] * exp(sd * random_normal(random));
		positions[i].weight = -log(1 - random_uniform(random));
		whole += positions[i].weight;
	}
	qsort(positions, n_positions, sizeof(positions[0]), by_load);
	for (size_t i = 0; i < n_positions; i++) {
		below += positions[i].weight;
		if (below >= whole / 2)
			return (float)positions[i].load;
	}
	return (float)positions[n_positions - 1].load;
}

/* Whether anything is said in a month of hers: she grows lighter, and drinks and eats. */
static bool speaks_in_a_month(struct random *random, const struct sleeper *alone,
    const struct sleeper *with_child, size_t n_positions, double sd)
{
	struct night_facts nights[DAYS];
	bool said = false;

	for (int32_t day = 0; day < DAYS; day++) {
		bool child = with_child && random_uniform(random) < 0.33;
		double mass = pow(0.998, day) * exp(0.01 * random_normal(random));
		int32_t first = day < 7 ? 0 : day - 7; /* as many as a report looks at */

		nights[day] = night_of(
		    day, (float)mass *
		             sleep_one_night(random, child ? with_child : alone, n_positions, sd));
		size_t n = (size_t)day + 1 - (size_t)first;
		said = said || load_change(&nights[first], n).unlike;
	}
	return said;
}

/* Whether another person is suspected on her second night. */
static bool finds(struct random *random, const struct sleeper *she, const struct sleeper *other,
    size_t n_positions, double sd)
{
	struct night_facts nights[8];

	for (int day = 0; day < 8; day++)
		nights[day] = night_of(
		    day, sleep_one_night(random, day < 6 ? she : other, n_positions, sd));
	return load_change(nights, 8).unlike;
}

/* ---- simulated people, calibrated and not ---------------------------------------------------- */

#define PEOPLE 40
#define ROWS   32
#define COLS   16

/* Of the positions of one person on a mat (PMD experiment 1): 0.11 to 0.16 of the logarithm. */
#define POSITION_SD 0.13
#define POSITIONS   8

static const struct surface bed = {.name = "bed",
    .kind = SURFACE_BED,
    .rows = ROWS,
    .cols = COLS,
    .n_cells = ROWS * COLS,
    .pitch_mm = 54,
    .full_scale_counts = 4095,
    .rate_hz = 1};

/* What a mat without a calibration reads: some gain and some exponent, and an end of its scale. */
struct reading_of {
	double gain, exponent;
};

static double load_of(const float *mmhg, const struct reading_of *mat, double child_mmhg)
{
	double sum = 0;

	for (size_t i = 0; i < ROWS * COLS; i++) {
		/* A child sleeps in the corner beside her shoulder: five rows of three cells. */
		bool in_corner = i / COLS >= 4 && i / COLS < 9 && i % COLS < 3;
		double p = (double)mmhg[i] + (in_corner ? child_mmhg : 0);

		sum += mat ? fmin(100, mat->gain * pow(p, mat->exponent)) : p;
	}
	return sum;
}

static void make_sleepers(struct random *random, double mass_kg, const struct reading_of *mat,
    struct sleeper *alone, struct sleeper *with_child)
{
	static const enum posture postures[] = {POSTURE_SUPINE, POSTURE_LEFT, POSTURE_RIGHT};
	struct sim_person person;
	float mmhg[ROWS * COLS];

	sim_person_draw(&person, random, 0, mass_kg);
	struct sim_body *body = sim_body_create(&person, &bed, 75, NULL);
	assert_non_null(body);
	*alone = *with_child = (struct sleeper){.n = 0};
	for (size_t i = 0; i < 6; i++) {
		struct sim_pose pose = {.posture = postures[i % 3], .seed = i + 1};

		sim_body_press(body, &pose, mmhg);
		alone->loads[alone->n++] = load_of(mmhg, mat, 0);
		/* 5 kg of a child on 15 cells of 54 mm: 8.4 mmHg. */
		with_child->loads[with_child->n++] = load_of(mmhg, mat, 8.4);
	}
	sim_body_destroy(body);
}

static void simulated_months_are_silent(void **state)
{
	(void)state;
	struct random random;
	int said[2] = {0}, found = 0, n_pairs = 0;

	random_init(&random, 5);
	for (int i = 0; i < PEOPLE; i++) {
		struct reading_of mat = {
		    random_between(&random, 0.3, 3), random_between(&random, 0.6, 1.4)};
		struct sleeper alone, with_child, other, nobody;

		for (int raw = 0; raw < 2; raw++) {
			make_sleepers(&random, 0, raw ? &mat : NULL, &alone, &with_child);
			for (int month = 0; month < 10; month++)
				said[raw] += speaks_in_a_month(
				    &random, &alone, &with_child, POSITIONS, POSITION_SD);
		}
		/* 60 kg, and then 85. */
		make_sleepers(&random, 60, NULL, &alone, &nobody);
		make_sleepers(&random, 85, NULL, &other, &nobody);
		for (int k = 0; k < 10; k++, n_pairs++)
			found += finds(&random, &alone, &other, POSITIONS, POSITION_SD);
	}
	print_message("of %d months each: %d calibrated, %d not; of %d pairs of 60 and 85 kg %d\n",
	    10 * PEOPLE, said[0], said[1], n_pairs, found);
	assert_in_range(said[0], 0, 10 * PEOPLE * 5 / 100);
	assert_in_range(said[1], 0, 10 * PEOPLE * 5 / 100);
	assert_in_range(found, n_pairs * 60 / 100, n_pairs);
}

/* ---- real people ----------------------------------------------------------------------------- */

/* The median sum of a recording's frames, its first ones left out: they are glitches. */
static double real_load(const char *path)
{
	static float counts[64 * 32];
	float sums[200], scratch[200];
	struct frames_text *text = NULL;
	struct error err = {0};
	size_t n = 0;

	if (frames_text_open(&text, path, 64 * 32, 1000, &err) != 0)
		fail_msg("%s", err.text);
	/* A glitch is refused, and the next frame read all the same. */
	for (int rc = 0, frame = 0; rc != -ENODATA && n < 200; frame++) {
		rc = frames_text_read(text, counts, &err);
		if (rc != 0 || frame < 3)
			continue;
		sums[n] = 0;
		for (size_t i = 0; i < 64 * 32; i++)
			sums[n] += counts[i];
		n++;
	}
	frames_text_close(text);
	assert_true(n > 10);
	return (double)robust_median(sums, n, scratch);
}

/* Eight people, each in 14 positions on a flat bed. */
static size_t read_people(const char *manifest, struct sleeper people[static 8])
{
	struct csv *csv = NULL;
	size_t n = 0;

	assert_int_equal(csv_open(&csv, manifest, NULL), 0);
	int file = csv_column(csv, "file", NULL), subject = csv_column(csv, "subject", NULL),
	    note = csv_column(csv, "note", NULL);
	for (size_t row = 0; row < csv_n_rows(csv); row++) {
		size_t person = (size_t)(csv_text(csv, row, subject)[1] - '1');
		char *path = csv_sibling_path(csv, csv_text(csv, row, file));

		assert_true(person < 8);
		if (!strstr(csv_text(csv, row, note), "raised") &&
		    people[person].n < POSITIONS_MAX) {
			people[person].loads[people[person].n++] = real_load(path);
			n++;
		}
		free(path);
	}
	csv_close(csv);
	return n;
}

static void months_of_real_people_are_silent(void **state)
{
	(void)state;
	struct sleeper people[8] = {{.n = 0}};
	struct random random;
	char *manifest = data_path("pmd/exp1.csv");
	int said = 0, found = 0, n_pairs = 0;

	if (!manifest)
		skip();
	assert_int_equal(read_people(manifest, people), 8 * 14);
	random_init(&random, 5);
	for (size_t i = 0; i < 8; i++)
		for (int month = 0; month < 50; month++)
			said += speaks_in_a_month(&random, &people[i], NULL, POSITIONS, 0);
	for (size_t i = 0; i < 64; i++)
		for (int k = 0; k < 20 && i / 8 != i % 8; k++, n_pairs++)
			found += finds(&random, &people[i / 8], &people[i % 8], POSITIONS, 0);
	print_message("%d of 400 months; %d of %d pairs of people\n", said, found, n_pairs);
	assert_in_range(said, 0, 400 * 5 / 100);
	assert_in_range(found, n_pairs * 45 / 100, n_pairs);
	free(manifest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(two_nights_beyond_the_limit),
	    cmocka_unit_test(one_night_is_a_chance),
	    cmocka_unit_test(what_cannot_be_compared_says_nothing),
	    cmocka_unit_test(simulated_months_are_silent),
	    cmocka_unit_test(months_of_real_people_are_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
