/* The body on foam: balance of forces, what softness does, left against right, seat loads. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/sim/body.h"
#include "drivers/sim/sensor.h"

#define ROWS  64
#define COLS  32
#define CELLS (ROWS * COLS)

static const struct surface bed = {
    .kind = SURFACE_BED, .rows = ROWS, .cols = COLS, .n_cells = CELLS, .pitch_mm = 27};
static const struct surface pad = {
    .kind = SURFACE_SEAT, .rows = 16, .cols = 16, .n_cells = 256, .pitch_mm = 25};

/* One person's map on a surface; returns the force on it in newtons by summing the map. */
static double press(const struct surface *surface, uint64_t seed, double stiffness,
    const struct sim_pose *pose, float *mmhg, struct sim_person *person)
{
	struct random random;
	struct error err = {0};
	double area_m2 = pow(surface->pitch_mm / 1e3, 2), force_n = 0;

	random_init(&random, seed);
	sim_person_draw(person, &random, 0, 0);
	struct sim_body *body = sim_body_create(person, surface, stiffness, &err);
	assert_non_null(body);
	sim_body_press(body, pose, mmhg);
	for (size_t i = 0; i < surface->n_cells; i++)
		force_n += (double)mmhg[i] * SIM_PA_PER_MMHG * area_m2;
	sim_body_destroy(body);
	return force_n;
}

static void test_lying_body_presses_its_weight(void **state)
{
	static const enum posture postures[] = {
	    POSTURE_SUPINE, POSTURE_LEFT, POSTURE_RIGHT, POSTURE_PRONE};
	float mmhg[CELLS];
	struct sim_person person;

	(void)state;
	for (uint64_t seed = 1; seed <= 6; seed++)
		for (size_t i = 0; i < 4; i++) {
			struct sim_pose pose = {.posture = postures[i], .seed = seed + 100 * i};
			double force_n = press(
			    &bed, seed, 25 + 40 * (double)i, &pose, mmhg, &person);
			double weight_n = person.mass_kg * SIM_GRAVITY_N_PER_KG;
			/* Feet and hands may hang over: never more than the weight. */
			assert_true(force_n < 1.001 * weight_n);
			assert_true(force_n > 0.98 * weight_n);
		}
}

static void test_seated_body_presses_its_weight_and_the_baby(void **state)
{
	float without[256], with[256];
	struct sim_person person;
	struct sim_pose pose = {.seat = SEAT_UPRIGHT, .seed = 9};

	(void)state;
	double alone_n = press(&pad, 3, 110, &pose, without, &person);
	assert_true(alone_n < 0.81 * person.mass_kg * SIM_GRAVITY_N_PER_KG);
	assert_true(alone_n > 0.72 * person.mass_kg * SIM_GRAVITY_N_PER_KG);
	pose.baby_kg = 4;
	double both_n = press(&pad, 3, 110, &pose, with, &person);
	assert_true(fabs(both_n - alone_n - 4 * SIM_GRAVITY_N_PER_KG) < 2);
}

/* Mean pressure of rows, in shares of the mat's length. */
static double mean_of_rows(const float *mmhg, double from_ratio, double to_ratio)
{
	size_t first = (size_t)(from_ratio * ROWS), end = (size_t)(to_ratio * ROWS);
	double sum = 0;

	for (size_t i = first * COLS; i < end * COLS; i++)
		sum += mmhg[i];
	return sum / (double)((end - first) * COLS);
}

static void test_a_pillow_bears_the_knees(void **state)
{
	float plain[CELLS], pillow[CELLS];
	struct sim_person person;
	struct sim_pose pose = {.posture = POSTURE_SUPINE, .seed = 4};

	(void)state;
	double plain_n = press(&bed, 4, 80, &pose, plain, &person);
	pose.knee_pillow_m = 0.12;
	double pillow_n = press(&bed, 4, 80, &pose, pillow, &person);
	assert_true(fabs(pillow_n - plain_n) < 0.02 * plain_n);
	assert_true(mean_of_rows(pillow, 0.66, 0.76) > 2 * mean_of_rows(plain, 0.66, 0.76));
	assert_true(mean_of_rows(pillow, 0.80, 1) < 0.9 * mean_of_rows(plain, 0.80, 1));
}

static void test_a_raised_head_section_loads_the_hips(void **state)
{
	float flat[CELLS], raised[CELLS];
	struct sim_person person;
	struct sim_pose pose = {.posture = POSTURE_SUPINE, .seed = 4};

	(void)state;
	double flat_n = press(&bed, 4, 80, &pose, flat, &person);
	pose.tilt_rad = 0.5;
	double raised_n = press(&bed, 4, 80, &pose, raised, &person);
	assert_true(fabs(raised_n - flat_n) < 0.02 * flat_n);
	assert_true(mean_of_rows(raised, 0, 0.35) < 0.95 * mean_of_rows(flat, 0, 0.35));
	assert_true(mean_of_rows(raised, 0.45, 0.62) > 1.03 * mean_of_rows(flat, 0.45, 0.62));
}

static void test_a_child_on_the_chest_weighs(void **state)
{
	float alone[CELLS], both[CELLS];
	struct sim_person person;
	struct sim_pose pose = {.posture = POSTURE_SUPINE, .seed = 4};

	(void)state;
	double alone_n = press(&bed, 4, 80, &pose, alone, &person);
	pose.baby_kg = 5;
	double both_n = press(&bed, 4, 80, &pose, both, &person);
	assert_true(fabs(both_n - alone_n - 5 * SIM_GRAVITY_N_PER_KG) < 3);
	assert_true(mean_of_rows(both, 0.15, 0.35) > mean_of_rows(alone, 0.15, 0.35));
}

/* The lumbar valley ratio as docs/methods.md, section 1, defines it. */
static double valley_ratio(const float *mmhg)
{
	const double pitch_cm = bed.pitch_mm / 10.0, sigma = 2.5 / pitch_cm;
	double sum = 0, moment = 0, raw[ROWS] = {0}, r[ROWS];

	for (size_t i = 0; i < CELLS; i++) {
		sum += mmhg[i];
		moment += mmhg[i] * (double)(i % COLS);
	}
	for (size_t i = 0; i < CELLS; i++)
		if (fabs((double)(i % COLS) - moment / sum) * pitch_cm <= 16)
			raw[i / COLS] += mmhg[i];
	for (int row = 0; row < ROWS; row++) {
		double weights = 0;
		r[row] = 0;
		for (int other = 0; other < ROWS; other++) {
			double weight = exp(-0.5 * pow((row - other) / sigma, 2));
			weights += weight;
			r[row] += weight * raw[other];
		}
		r[row] /= weights;
	}
	int pelvis = (int)(0.36 * ROWS);
	for (int row = pelvis; row < (int)(0.68 * ROWS); row++)
		pelvis = r[row] > r[pelvis] ? row : pelvis;
	int thorax = (int)fmax(pelvis - 50 / pitch_cm, 0);
	for (int row = thorax; row <= pelvis - 20 / pitch_cm; row++)
		thorax = r[row] > r[thorax] ? row : thorax;
	double least = r[pelvis];
	for (int row = thorax; row < pelvis; row++)
		least = fmin(least, r[row]);
	return least / sqrt(r[thorax] * r[pelvis]);
}

static size_t contact_cells(const float *mmhg)
{
	size_t n = 0;

	for (size_t i = 0; i < CELLS; i++)
		n += mmhg[i] > 3;
	return n;
}

/* docs/methods.md, section 1: k = 20/40/80/160/320 gives .47/.52/.39/.27/.19 for one body. */
static void test_softness_fills_the_waist(void **state)
{
	static const double stiffness[] = {20, 40, 80, 160, 320};
	float mmhg[CELLS];
	struct sim_person person;

	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		double ratio[5];
		size_t area[5];
		struct sim_pose pose = {.posture = POSTURE_SUPINE, .seed = seed};
		for (size_t i = 0; i < 5; i++) {
			press(&bed, seed, stiffness[i], &pose, mmhg, &person);
			ratio[i] = valley_ratio(mmhg);
			area[i] = contact_cells(mmhg);
		}
		/* Falling from 40 on by about a tenth an octave; below it the foam bottoms out. */
		for (size_t i = 2; i < 5; i++) {
			double step = ratio[i - 1] - ratio[i];
			assert_true(step > 0.03 && step < 0.20);
			assert_true(area[i] < area[i - 1]);
		}
		assert_true(ratio[0] - ratio[1] < 0.6 * (ratio[1] - ratio[2]));
		/* Softer against firm is at least one and a half of the index's 0.13. */
		assert_true(ratio[1] - ratio[4] > 1.5 * 0.13);
		/* Soft at its best still is a valley; firm is not an abyss. */
		assert_true(ratio[1] < 0.85 && ratio[4] > 0.05);
	}
}

static void test_left_is_the_mirror_of_right(void **state)
{
	float left[CELLS], right[CELLS];
	struct sim_person person;
	struct sim_pose pose = {.posture = POSTURE_LEFT, .seed = 5};

	(void)state;
	press(&bed, 4, 60, &pose, left, &person);
	pose.posture = POSTURE_RIGHT;
	press(&bed, 4, 60, &pose, right, &person);
	for (size_t row = 0; row < ROWS; row++)
		for (size_t col = 0; col < COLS; col++)
			assert_float_equal(
			    left[row * COLS + col], right[row * COLS + COLS - 1 - col], 0.05);
}

/* Column 0 is her left on the back (core/surface.h), so the knees of "right" point to higher ones. */
static void test_knees_point_to_the_right_side(void **state)
{
	float mmhg[CELLS];
	struct sim_person person;

	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct sim_pose pose = {.posture = POSTURE_RIGHT, .seed = seed};
		double hips = 0, hips_x = 0, knees = 0, knees_x = 0;
		press(&bed, seed, 60, &pose, mmhg, &person);
		for (size_t i = 0; i < CELLS; i++) {
			size_t row = i / COLS, col = i % COLS;
			if (row >= 26 && row < 34) {
				hips += mmhg[i];
				hips_x += mmhg[i] * (double)col;
			} else if (row >= 38 && row < 45) {
				knees += mmhg[i];
				knees_x += mmhg[i] * (double)col;
			}
		}
		assert_true(knees_x / knees > hips_x / hips + 2);
	}
}

static void test_edge_is_short_and_near_the_edge(void **state)
{
	float mmhg[CELLS];
	struct sim_person person;
	struct sim_pose pose = {.posture = POSTURE_EDGE, .seat = SEAT_UPRIGHT, .seed = 2};
	double sum = 0, x = 0;
	size_t first = ROWS, last = 0;

	(void)state;
	press(&bed, 2, 60, &pose, mmhg, &person);
	for (size_t i = 0; i < CELLS; i++) {
		sum += mmhg[i];
		x += mmhg[i] * ((double)(i % COLS) + 0.5);
		if (mmhg[i] > 3) {
			first = first < i / COLS ? first : i / COLS;
			last = i / COLS;
		}
	}
	/* docs/methods.md, section 4: within 20 cm of an edge, shorter than 60 cm. */
	assert_true((COLS - x / sum) * bed.pitch_mm < 200);
	assert_true((double)(last - first + 1) * bed.pitch_mm < 600);
}

static double sideways(const float *mmhg)
{
	double left = 0, right = 0;

	for (size_t i = 0; i < pad.n_cells; i++)
		*(i % 16 < 8 ? &left : &right) += mmhg[i];
	return (right - left) / (right + left);
}

static double centre_row(const float *mmhg)
{
	double sum = 0, moment = 0;

	for (size_t i = 0; i < pad.n_cells; i++) {
		sum += mmhg[i];
		moment += mmhg[i] * ((double)(i / 16) + 0.5) / 16;
	}
	return moment / sum;
}

static void test_seat_loads_follow_the_trunk(void **state)
{
	float upright[256], lean[256], forward[256], slump[256];
	struct sim_person person;
	struct sim_pose pose = {.seat = SEAT_UPRIGHT, .seed = 7};
	float peak_upright = 0, peak_slump = 0;

	(void)state;
	press(&pad, 7, 110, &pose, upright, &person);
	pose.seat = SEAT_LEAN_LEFT;
	pose.lean_ratio = -0.3;
	press(&pad, 7, 110, &pose, lean, &person);
	pose = (struct sim_pose){.seat = SEAT_FORWARD, .forward_ratio = 0.16, .seed = 7};
	press(&pad, 7, 110, &pose, forward, &person);
	pose = (struct sim_pose){.seat = SEAT_SLUMP, .forward_ratio = -0.07, .seed = 7};
	press(&pad, 7, 110, &pose, slump, &person);

	assert_true(fabs(sideways(upright)) < 0.1);
	assert_true(sideways(lean) - sideways(upright) < -0.25);
	/* Row 0 is the front. docs/methods.md, section 5: 10 % forward, 3 % back, lower peaks. */
	assert_true(centre_row(forward) < centre_row(upright) - 0.10);
	assert_true(centre_row(slump) > centre_row(upright) + 0.03);
	for (size_t i = 128; i < 256; i++) {
		peak_upright = fmaxf(peak_upright, upright[i]);
		peak_slump = fmaxf(peak_slump, slump[i]);
	}
	assert_true(peak_slump < 0.95f * peak_upright);
}

static void test_two_ischial_peaks(void **state)
{
	float mmhg[256];
	struct sim_person person;
	struct sim_pose pose = {.seat = SEAT_UPRIGHT, .seed = 7};
	size_t best[2] = {0};

	(void)state;
	press(&pad, 7, 110, &pose, mmhg, &person);
	for (size_t half = 0; half < 2; half++)
		for (size_t i = 0; i < 256; i++)
			if (i % 16 / 8 == half && mmhg[i] > mmhg[best[half]])
				best[half] = i;
	/* In the rear half, and at least 8 cm apart. */
	assert_true(best[0] / 16 >= 8 && best[1] / 16 >= 8);
	assert_true((double)(best[1] % 16 - best[0] % 16) * pad.pitch_mm >= 80);
	/* A saddle between them. */
	size_t between = best[0] / 16 * 16 + (best[0] % 16 + best[1] % 16) / 2;
	assert_true(mmhg[between] < 0.9f * mmhg[best[0]]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_pillow_bears_the_knees),
	    cmocka_unit_test(test_a_raised_head_section_loads_the_hips),
	    cmocka_unit_test(test_a_child_on_the_chest_weighs),
	    cmocka_unit_test(test_lying_body_presses_its_weight),
	    cmocka_unit_test(test_seated_body_presses_its_weight_and_the_baby),
	    cmocka_unit_test(test_softness_fills_the_waist),
	    cmocka_unit_test(test_left_is_the_mirror_of_right),
	    cmocka_unit_test(test_knees_point_to_the_right_side),
	    cmocka_unit_test(test_edge_is_short_and_near_the_edge),
	    cmocka_unit_test(test_seat_loads_follow_the_trunk),
	    cmocka_unit_test(test_two_ischial_peaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
