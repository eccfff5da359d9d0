/*
 * The simulated person's body, lying, sitting on the bed's edge or sitting on a pad: anatomy and
 * poses become a map of interface pressure in mmHg, by the mechanics of contact.h.
 */
#ifndef LUMBAR_DRIVERS_SIM_BODY_H
#define LUMBAR_DRIVERS_SIM_BODY_H

#include "base/error.h"
#include "base/random.h"
#include "core/observation.h"
#include "core/surface.h"
#include "drivers/sim/contact.h"

#include <stddef.h>
#include <stdint.h>

#define SIM_GRAVITY_N_PER_KG 9.81
#define SIM_PA_PER_MMHG      133.322

struct sim_person {
	double height_m, mass_kg;
	double girth_ratio;       /* widths against those of a body mass index of 23 */
	double lumbar_lift_m;     /* L3 above the line between thorax and pelvis, lying */
	double spine_nm, hips_nm; /* joint springs, N m per radian */
};

/* Draws a person; height_m and mass_kg of 0 are drawn too. */
void sim_person_draw(
    struct sim_person *person, struct random *random, double height_m, double mass_kg);

/* How she rests. Which of posture and seat counts follows from the surface's kind. */
struct sim_pose {
	enum posture posture;
	enum seat_state seat;
	double lean_ratio;    /* (right - left) / (right + left) of the load on a seat */
	double forward_ratio; /* shift of the load in shares of the pad's depth, > 0: forward */
	double baby_kg;       /* carried in front of her; lying: a child or a pillow on her chest */
	double tilt_rad;      /* of the bed's head section */
	double knee_pillow_m; /* how thick: under the knees, on the side between them; 0: none */
	uint64_t seed;        /* of the small differences between two poses of the same name */
};

struct sim_body;

/* One person on one surface, a grid (not borrowed afterwards). NULL with err filled. */
struct sim_body *sim_body_create(const struct sim_person *person, const struct surface *surface,
    double stiffness_kpa_per_m, struct error *err);
void sim_body_destroy(struct sim_body *body);

/*
 * Solves a pose and fills mmhg (rows * cols): the mean pressure over each cell. Some ms of work.
 * Returns the force on mat and mattress around it in newtons.
 */
double sim_body_press(struct sim_body *body, const struct sim_pose *pose, float *mmhg);

/* Where the trunk lies: rows and columns in shares of the mat, of the pose pressed last. */
struct sim_trunk {
	double top_ratio, bottom_ratio, centre_ratio; /* shoulders, hips; column of the spine */
};
struct sim_trunk sim_body_trunk(const struct sim_body *body);

#endif
