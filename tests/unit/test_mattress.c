#include "bodies.h"
#include "support.h"

#include "base/random.h"
#include "body/support.h"

#include <math.h>
#include <stdlib.h>

static struct support_reading read_support(
    const struct surface *surface, enum posture posture, double stiffness_kpa_per_m, uint64_t seed)
{
	float *cells = calloc(surface->n_cells, sizeof(float));
	struct contact_map *map = contact_map_create(surface);
	struct contact_reading contact;
	struct support_reading out;
	struct posture_reading known = {posture, 1};

	assert_true(cells && map);
	bodies_lie(surface, posture, stiffness_kpa_per_m, seed, cells);
	struct image image = bodies_image(surface, cells, 0);
	contact_map_step(map, &image, &contact);
	support_read(surface, contact_map_plane(map), &contact, &known, &out);
	contact_map_destroy(map);
	free(cells);
	return out;
}

/* A profile of two hills, 30 high at row 20 and 40 high at row 36, with a valley of 7 between. */
static void test_landmarks_of_a_known_profile(void **state)
{
	struct surface surface = bodies_bed(64, 32);
	float cells[64 * 32] = {0};
	struct landmarks marks;

	(void)state;
	for (size_t row = 0; row < 64; row++) {
		double thorax = 30 * exp(-0.5 * pow(((double)row - 20) / 3, 2));
		double pelvis = 40 * exp(-0.5 * pow(((double)row - 36) / 3, 2));
		double head = 12 * exp(-0.5 * pow(((double)row - 6) / 1.5, 2));
		double legs = row > 40 && row < 60 ? 3 : 0;
		for (size_t col = 12; col < 20; col++)
			cells[row * 32 + col] = (float)(thorax + pelvis + head + legs + 0.0);
	}
	assert_true(landmarks_find(&marks, &surface, cells, 1));
	assert_int_equal(marks.thorax, 20);
	assert_int_equal(marks.pelvis, 36);
	assert_in_range(marks.lumbar, 27, 29);
	assert_int_equal(marks.head, 6);
	assert_int_equal(marks.feet, 59);
	/* The hills' peaks, 8 columns wide, a little lower by the smoothing. */
	assert_float_equal(marks.profile[marks.pelvis], 8 * 40, 25);
}

static void test_no_landmarks_of_nothing(void **state)
{
	struct surface surface = bodies_bed(64, 32), coarse = bodies_bed(8, 4);
	float cells[64 * 32] = {0};
	struct landmarks marks;

	(void)state;
	assert_false(landmarks_find(&marks, &surface, cells, 1));
	assert_int_equal(marks.feet, -1);
	assert_false(landmarks_find(&marks, &coarse, cells, 1));
}

/* Somebody else on a mattress, read from a mat with faults of its own. */
static float read_stranger(const struct surface *surface, double stiffness_kpa_per_m, uint64_t seed)
{
	float *mmhg = calloc(surface->n_cells, sizeof(float));
	float *cells = calloc(surface->n_cells, sizeof(float));
	struct contact_map *map = contact_map_create(surface);
	struct posture_reading supine = {POSTURE_SUPINE, 1};
	struct contact_reading contact;
	struct support_reading out;
	struct random random;

	assert_true(mmhg && cells && map);
	random_init(&random, seed);
	bodies_lie(surface, POSTURE_SUPINE, stiffness_kpa_per_m, seed, mmhg);
	double exponent = random_between(&random, 0.85, 1.15);
	double offset = random_between(&random, 0, 1), gain = random_between(&random, 0.3, 3);
	for (size_t i = 0; i < surface->n_cells; i++)
		cells[i] = (float)(gain * exp(0.15 * random_normal(&random)) *
		                       pow((double)mmhg[i], exponent) +
		                   gain * fabs(offset * random_normal(&random)));
	struct image image = bodies_image(surface, cells, 0);
	contact_map_step(map, &image, &contact);
	support_read(surface, contact_map_plane(map), &contact, &supine, &out);
	contact_map_destroy(map);
	free(cells);
	free(mmhg);
	return out.softness;
}

/* Share of pairs of a soft and a firm map of strangers that softness orders right. */
static void test_soft_and_firm_mattresses_of_strangers(void **state)
{
	enum { N = 40 };
	float soft[N], firm[N];

	(void)state;
	for (size_t rows = 32; rows <= 64; rows *= 2) {
		struct surface surface = bodies_bed(rows, rows / 2);
		size_t right = 0;
		for (uint64_t i = 0; i < N; i++) {
			soft[i] = read_stranger(&surface, 22 + (double)(i % 13), 100 + i);
			firm[i] = read_stranger(&surface, 121 + 3 * (double)(i % 13), 500 + i);
		}
		for (size_t i = 0; i < N; i++)
			for (size_t k = 0; k < N; k++)
				right += soft[i] > firm[k];
		if (right < N * N * 97 / 100)
			fail_msg("%zu rows: %zu of %d pairs", rows, right, N * N);
	}
}

static void test_bottoming_and_what_is_not_conclusive(void **state)
{
	(void)state;
	assert_true(support_bottoming(1.2f) && !support_bottoming(0.9f));
	/* A low value may be of foam that has bottomed out. */
	assert_true(support_conclusive(1.2f) && !support_conclusive(0.9f));
	assert_true(!support_conclusive(-1.2f) && !support_conclusive(-3));
	assert_float_equal(support_soft_chance(0), 0.5, 1e-6);
	assert_in_range((int)(1000 * support_soft_chance(1)), 850, 950);
}

/* One body on four mattresses: softness must order them, at 64 x 32 and at 32 x 16. */
static void test_softness_orders_mattresses(void **state)
{
	const double stiffness[] = {200, 100, 50, 25};
	size_t wrong = 0, steps = 0;

	(void)state;
	for (size_t rows = 32; rows <= 64; rows *= 2) {
		struct surface surface = bodies_bed(rows, rows / 2);
		for (uint64_t seed = 1; seed <= 8; seed++) {
			float last = -INFINITY;
			for (size_t i = 0; i < 4; i++) {
				struct support_reading r = read_support(
				    &surface, POSTURE_SUPINE, stiffness[i], seed);
				assert_true(isfinite(r.softness) && isfinite(r.valley_ratio));
				assert_true(r.confidence > 0.4f);
				wrong += r.softness <= last;
				steps++;
				last = r.softness;
			}
		}
	}
	assert_int_equal(steps, 64);
	assert_int_equal(wrong, 0);
}

static void test_the_side_has_no_valley_and_less_confidence(void **state)
{
	struct surface surface = bodies_bed(64, 32);
	struct support_reading side = read_support(&surface, POSTURE_LEFT, 80, 1);
	struct support_reading prone = read_support(&surface, POSTURE_PRONE, 80, 1);

	(void)state;
	assert_true(isnan(side.valley_ratio) && isfinite(side.softness));
	assert_true(side.confidence <= 0.5f);
	/* Who reads as prone may be on the back: a value, and no trust in it. */
	assert_true(isfinite(prone.softness) && prone.confidence <= 0.5f);
}

static void test_an_offset_and_a_gain_do_not_change_it(void **state)
{
	struct surface surface = bodies_bed(64, 32);
	float cells[64 * 32];
	struct contact_map *map = contact_map_create(&surface);
	struct posture_reading supine = {POSTURE_SUPINE, 1};
	struct contact_reading contact;
	struct support_reading plain, changed;

	(void)state;
	bodies_lie(&surface, POSTURE_SUPINE, 60, 5, cells);
	struct image image = bodies_image(&surface, cells, 0);
	contact_map_step(map, &image, &contact);
	support_read(&surface, contact_map_plane(map), &contact, &supine, &plain);
	for (size_t i = 0; i < 64 * 32; i++)
		cells[i] = 3 * cells[i] + 45;
	contact_map_step(map, &image, &contact);
	support_read(&surface, contact_map_plane(map), &contact, &supine, &changed);
	contact_map_destroy(map);
	assert_float_equal(changed.valley_ratio, plain.valley_ratio, 0.01);
	assert_float_equal(changed.softness, plain.softness, 0.2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_landmarks_of_a_known_profile),
	    cmocka_unit_test(test_no_landmarks_of_nothing),
	    cmocka_unit_test(test_softness_orders_mattresses),
	    cmocka_unit_test(test_soft_and_firm_mattresses_of_strangers),
	    cmocka_unit_test(test_bottoming_and_what_is_not_conclusive),
	    cmocka_unit_test(test_the_side_has_no_valley_and_less_confidence),
	    cmocka_unit_test(test_an_offset_and_a_gain_do_not_change_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
