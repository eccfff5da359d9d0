/*
 * The softness index on two simulators: ours, which its scale was made on, and that of
 * tests/support/ellipsoids.h, which nothing was made on. Prints the table of docs/methods.md,
 * section 1: what each measure tells.
 */
#include "bad_mat.h"
#include "bodies.h"
#include "ellipsoids.h"
#include "support.h"

#include "base/random.h"
#include "body/support.h"
#include "drivers/sim/body.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define STRANGERS 150 /* of each kind */
#define PAIRS     60
#define ORDERED   0.98
#define AUC       0.97

enum measure { VALLEY, AREA, SOFTNESS, MEAN_OF_ALL, MEASURES };
static const char *const names[MEASURES] = {
    "valley ratio", "contact area", "gradient (softness)", "mean of the three"};

enum { FINE, COARSE, GRIDS }; /* 64 x 32 and 32 x 16 */

struct reading {
	double value[MEASURES]; /* greater: softer */
	struct support_reading support;
};

/* How somebody lies: the same for the two mattresses of a pair. */
struct case_of {
	uint64_t person, pose, mat;
	double stiffness, thickness_m, mass_ratio, tilt_rad, knee_pillow, gain, offset;
	enum ellipsoids_arms arms;
};

static struct reading read_cells(const struct surface *surface, float *cells)
{
	struct contact_map *map = contact_map_create(surface);
	struct posture_reading supine = {POSTURE_SUPINE, 1};
	struct image image = bodies_image(surface, cells, 0);
	struct contact_reading contact;
	struct reading out;

	assert_non_null(map);
	image.unit = PRESSURE_RELATIVE;
	contact_map_step(map, &image, &contact);
	support_read(surface, contact_map_plane(map), &contact, &supine, &out.support);
	contact_map_destroy(map);
	out.value[VALLEY] = (double)out.support.valley_ratio;
	out.value[AREA] = log((double)contact.contact_ratio);
	out.value[SOFTNESS] = (double)out.support.softness;
	/* Each over what half the stiffness adds to it, on our simulator. */
	out.value[MEAN_OF_ALL] = out.value[VALLEY] / 0.13 + out.value[AREA] / 0.12 +
	                         out.value[SOFTNESS];
	return out;
}

typedef void press_fn(const struct case_of *, float *kpa);

static void press_ellipsoids(const struct case_of *c, float *kpa)
{
	const struct ellipsoids_lying lying = {.person = c->person,
	    .pose = c->pose,
	    .stiffness_kpa_per_m = c->stiffness,
	    .thickness_m = c->thickness_m,
	    .mass_ratio = c->mass_ratio,
	    .arms = c->arms,
	    .tilt_rad = c->tilt_rad,
	    .knee_pillow_ratio = c->knee_pillow};

	ellipsoids_press(&lying, kpa);
}

/* Our own body on the second one's mats: people drawn wider than the generator of nights does. */
static void press_ours(const struct case_of *c, float *kpa)
{
	struct surface surface = bodies_bed(ELLIPSOIDS_ROWS, ELLIPSOIDS_COLS);
	struct sim_person person;
	struct random random;
	struct error err = {0};

	random_init(&random, c->person);
	sim_person_draw(&person, &random, 0, 0);
	person.mass_kg *= exp(0.08 * random_normal(&random));
	person.mass_kg *= c->mass_ratio > 0 ? c->mass_ratio : 1;
	person.girth_ratio *= exp(0.03 * random_normal(&random));
	person.lumbar_lift_m = random_between(&random, 0.015, 0.045);
	struct sim_body *body = sim_body_create(&person, &surface, c->stiffness, &err);
	assert_non_null(body);
	sim_body_press(body,
	    &(struct sim_pose){.posture = POSTURE_SUPINE,
	        .seed = c->pose,
	        .tilt_rad = c->tilt_rad,
	        .knee_pillow_m = 0.1 * c->knee_pillow},
	    kpa);
	sim_body_destroy(body);
	for (size_t i = 0; i < ELLIPSOIDS_CELLS; i++)
		kpa[i] *= 0.133322f;
}

static const struct simulator {
	const char *name;
	press_fn *press;
} simulators[] = {{"ours", press_ours}, {"second", press_ellipsoids}};

static void read_case(press_fn *press, const struct case_of *c, struct reading out[GRIDS])
{
	float kpa[ELLIPSOIDS_CELLS], cells[ELLIPSOIDS_CELLS];
	const struct bad_mat mat = {c->mat, c->gain, c->offset};

	press(c, kpa);
	for (size_t grid = 0; grid < GRIDS; grid++) {
		struct surface surface = bodies_bed(
		    ELLIPSOIDS_ROWS >> grid, ELLIPSOIDS_COLS >> grid);
		bad_mat_read(&mat, kpa, &surface, cells);
		out[grid] = read_cells(&surface, cells);
		assert_true(isfinite(out[grid].support.softness));
	}
}

/* A quarter have a pillow under their knees, a quarter a raised head section. */
static struct case_of draw_case(uint64_t seed, double softest, double firmest)
{
	struct random random;
	struct case_of c = {.person = seed, .pose = seed, .mat = seed};

	random_init(&random, seed);
	c.stiffness = random_between(&random, softest, firmest);
	double pillow = random_between(&random, -1.8, 0.6),
	       tilt = random_between(&random, -1.5, 0.5);
	c.knee_pillow = fmax(pillow, 0);
	c.tilt_rad = fmax(tilt, 0);
	return c;
}

static double auc(const double *soft, const double *firm, size_t n)
{
	size_t right = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			right += soft[i] > firm[k];
	return (double)right / (double)(n * n);
}

/* Soft (18-35 kPa/m) over firm (120-250) mattresses, all of strangers on mats of their own. */
static void find_auc(const struct simulator *simulator, double out[GRIDS][MEASURES])
{
	static double soft[GRIDS][MEASURES][STRANGERS], firm[GRIDS][MEASURES][STRANGERS];
	struct reading reading[GRIDS];

	for (size_t i = 0; i < 2 * STRANGERS; i++) {
		bool is_soft = i % 2 == 0;
		struct case_of c = draw_case(1000 + i, is_soft ? 18 : 120, is_soft ? 35 : 250);
		read_case(simulator->press, &c, reading);
		for (size_t grid = 0; grid < GRIDS; grid++)
			for (size_t m = 0; m < MEASURES; m++)
				(is_soft ? soft : firm)[grid][m][i / 2] = reading[grid].value[m];
	}
	for (size_t grid = 0; grid < GRIDS; grid++)
		for (size_t m = 0; m < MEASURES; m++)
			out[grid][m] = auc(soft[grid][m], firm[grid][m], STRANGERS);
}

/* One person on two mattresses, stiffness a factor 2 apart, lying as before on the same mat. */
static void find_pairs(const struct simulator *simulator, double out[GRIDS][MEASURES])
{
	struct reading softer[GRIDS], firmer[GRIDS];
	size_t right[GRIDS][MEASURES] = {0};

	for (size_t i = 0; i < PAIRS; i++) {
		struct case_of c = draw_case(9000 + i, 25, 120);
		read_case(simulator->press, &c, softer);
		c.stiffness *= 2;
		read_case(simulator->press, &c, firmer);
		for (size_t grid = 0; grid < GRIDS; grid++)
			for (size_t m = 0; m < MEASURES; m++)
				right[grid][m] += softer[grid].value[m] > firmer[grid].value[m];
	}
	for (size_t grid = 0; grid < GRIDS; grid++)
		for (size_t m = 0; m < MEASURES; m++)
			out[grid][m] = (double)right[grid][m] / PAIRS;
}

static void strangers_and_pairs_on_two_simulators(void **state)
{
	double area[GRIDS][MEASURES], ordered[GRIDS][MEASURES];

	(void)state;
	for (size_t s = 0; s < 2; s++) {
		find_auc(&simulators[s], area);
		find_pairs(&simulators[s], ordered);
		for (size_t m = 0; m < MEASURES; m++)
			print_message("%-7s %-20s AUC %.3f, %.3f  pairs %.0f, %.0f %%\n",
			    simulators[s].name, names[m], area[FINE][m], area[COARSE][m],
			    100 * ordered[FINE][m], 100 * ordered[COARSE][m]);
		for (size_t grid = 0; grid < GRIDS; grid++) {
			assert_true(area[grid][SOFTNESS] >= AUC);
			assert_true(ordered[grid][SOFTNESS] >= ORDERED);
		}
	}
}

/* Twice the stiffness is firmer, whoever lies how on what mat. */
static void half_the_stiffness_is_softer_in_every_condition(void **state)
{
	static const struct {
		const char *name;
		struct case_of c;
	} conditions[] = {
	    {"15 % lighter", {.mass_ratio = 0.85}},
	    {"15 % heavier", {.mass_ratio = 1.15}},
	    {"arms beside", {.arms = ARMS_BESIDE}},
	    {"arms away", {.arms = ARMS_AWAY}},
	    {"arms on the body", {.arms = ARMS_ON_BODY}},
	    {"head section at 30 degrees", {.tilt_rad = 0.52}},
	    {"knee pillow", {.knee_pillow = 0.5}},
	    {"gain 0.3", {.gain = 0.3}},
	    {"gain 3", {.gain = 3}},
	    {"offsets of 1.5 %", {.offset = 0.015}},
	};
	size_t n = 0, right = 0;

	(void)state;
	for (size_t k = 0; k < sizeof(conditions) / sizeof(*conditions); k++)
		for (uint64_t seed = 0; seed < 5; seed++) {
			struct reading softer[GRIDS], firmer[GRIDS];
			struct case_of c = conditions[k].c;
			c.person = c.pose = c.mat = 500 + 10 * k + seed;
			c.stiffness = 30 * exp2((double)seed / 2);
			read_case(press_ellipsoids, &c, softer);
			c.stiffness *= 2;
			read_case(press_ellipsoids, &c, firmer);
			for (size_t grid = 0; grid < GRIDS; grid++, n++)
				if (softer[grid].support.softness > firmer[grid].support.softness)
					right++;
				else
					print_message("%s, person %zu, grid %zu: wrong\n",
					    conditions[k].name, (size_t)seed, grid);
		}
	print_message("%zu of %zu\n", right, n);
	assert_true((double)right >= ORDERED * (double)n);
}

/* Thin soft foam under a heavy person: never said to be anything that it is not. */
static void foam_that_bottoms_out_is_marked_or_inconclusive(void **state)
{
	size_t conclusive = 0, firm_chance = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 24; seed++) {
		struct case_of c = {.person = 700 + seed,
		    .pose = seed,
		    .mat = seed,
		    .stiffness = seed % 2 ? 12 : 20,
		    .thickness_m = 0.05 + 0.01 * (double)(seed % 5),
		    .mass_ratio = 1.2};
		struct reading ours[GRIDS], second[GRIDS];
		read_case(press_ours, &c, ours);
		read_case(press_ellipsoids, &c, second);
		for (size_t grid = 0; grid < GRIDS; grid++) {
			const struct support_reading *both[] = {
			    &ours[grid].support, &second[grid].support};
			for (size_t i = 0; i < 2; i++) {
				/* Soft is true of it; the rest has to stay open. */
				conclusive += support_conclusive(both[i]->softness) &&
				              both[i]->softness < 0;
				firm_chance += both[i]->softness < -1;
			}
		}
	}
	print_message("%zu of 96 read as firm\n", firm_chance);
	assert_int_equal(conclusive, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(strangers_and_pairs_on_two_simulators),
	    cmocka_unit_test(half_the_stiffness_is_softer_in_every_condition),
	    cmocka_unit_test(foam_that_bottoms_out_is_marked_or_inconclusive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
