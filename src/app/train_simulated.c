/*
 * Simulated bodies to train on: plain shapes on other mats than the recorded ones, so that the
 * model learns bodies and not two mats.
 */
#include "app/train.h"
#include "drivers/sim/body.h"
#include "drivers/sim/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define STIFFNESS_LEAST 25.0 /* kPa/m: soft; docs/methods.md, section 7 */
#define STIFFNESS_MOST  220.0
#define SIM_ROWS        64
#define SIM_COLS        32

static int add_person(struct train_set *set, const struct surface *surface, struct random *random,
    float *mmhg, const char *name, struct error *err)
{
	struct sim_person person;

	sim_person_draw(&person, random, 0, 0);
	struct sim_body *body = sim_body_create(
	    &person, surface, random_between(random, STIFFNESS_LEAST, STIFFNESS_MOST), err);
	int result = body ? 0 : -ENOMEM;
	for (enum posture p = POSTURE_SUPINE; result == 0 && p <= POSTURE_PRONE; p++) {
		struct sim_pose pose = {
		    .posture = p, .seed = (uint64_t)(random_uniform(random) * 1e9)};
		sim_body_press(body, &pose, mmhg);
		if (train_set_add_sample(set, surface, mmhg, p, name) < 0)
			result = error_set(err, -ENOMEM, "out of memory");
	}
	sim_body_destroy(body);
	return result;
}

int train_set_add_simulated(
    struct train_set *set, size_t n_persons, uint64_t seed, struct error *err)
{
	struct surface surface = {.name = "bed"};
	struct random random;
	char name[TRAIN_SUBJECT_SIZE];
	int result = 0;

	sim_surface(&surface, SURFACE_BED, SIM_ROWS, SIM_COLS, 1);
	float *mmhg = calloc(surface.n_cells, sizeof(float));
	if (!mmhg)
		return error_set(err, -ENOMEM, "out of memory");
	random_init(&random, seed ^ 0x626f6479);
	for (size_t i = 0; result == 0 && i < n_persons; i++) {
		snprintf(name, sizeof(name), "simulated %zu", i + 1);
		result = add_person(set, &surface, &random, mmhg, name, err);
	}
	free(mmhg);
	return result;
}
