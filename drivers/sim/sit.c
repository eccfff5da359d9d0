/*
 * A seated body is four nodes: each side's ischium and mid-thigh. The trunk above is rigid, so
 * where its load falls decides the share of each node; the foam decides the map.
 */
#include "drivers/sim/sit.h"

#include <math.h>

enum { LEFT_REAR, LEFT_FRONT, RIGHT_REAR, RIGHT_FRONT, N_NODES };

#define SEATED_MASS_RATIO 0.80  /* of the body; the feet carry the rest */
#define SPAN_M            0.36  /* ischium to the front node */
#define LOAD_FORWARD_M    0.075 /* of the load before the ischia, upright */
#define BABY_FORWARD_M    0.14  /* of a carried child before the ischia */
#define PAD_REAR_M        0.125 /* of the ischia before the pad's rear edge */
#define EDGE_REACH_M      0.19  /* of the ischia from the mattress's edge */
#define EDGE_ROW_RATIO    0.45  /* where along the mat one sits on the edge */

/* Seat coordinates: forward from the ischia, rightward from the middle. */
struct chair_axes {
	double x_m, y_m;             /* of the middle between the ischia */
	double forward_x, forward_y; /* unit vectors on the grid */
	double right_x, right_y;
};

struct seat_rib {
	double forward_m, aside_m, half_width_m, half_depth_m, lift_mm;
};

/* Set by eye against real seat maps: two peaks 11 cm apart, thighs that part to the front. */
static const struct seat_rib buttock_and_thigh[] = {
    {-.055, .060, .070, .080, 14},
    {0, .062, .088, .090, 0},
    {.07, .066, .082, .085, 4},
    {.18, .076, .074, .075, 9},
    {.30, .090, .066, .068, 14},
    {.42, .102, .060, .062, 20},
};
static const struct seat_rib ischium[] = {
    {-.012, .055, .036, .040, -22},
    {.012, .058, .036, .040, -22},
};
/* Slumped, the pelvis rolls back: flatter ischia, and the rear of the buttocks comes down. */
static const struct seat_rib slumped_buttock[] = {
    {-.110, .050, .072, .058, 4},
    {-.04, .058, .090, .062, -4},
    {.03, .062, .092, .066, -4},
    {.08, .066, .084, .080, 2},
};

static void draw_stretch(struct contact *contact, const struct chair_axes *axes, double girth,
    const struct seat_rib *ribs, size_t n_ribs)
{
	for (int side = -1; side <= 1; side += 2)
		for (size_t i = 0; i + 1 < n_ribs; i++) {
			struct contact_rib ends[2];
			for (size_t k = 0; k < 2; k++) {
				const struct seat_rib *rib = &ribs[i + k];
				double aside = side * rib->aside_m * sqrt(girth);
				ends[k] = (struct contact_rib){
				    .x_m = axes->x_m + rib->forward_m * axes->forward_x +
				           aside * axes->right_x,
				    .y_m = axes->y_m + rib->forward_m * axes->forward_y +
				           aside * axes->right_y,
				    .half_width_m = rib->half_width_m * girth,
				    .half_depth_m = rib->half_depth_m * girth,
				    .lift_m = rib->lift_mm / 1e3,
				    .along = rib->forward_m / SPAN_M,
				};
			}
			size_t rear = side < 0 ? LEFT_REAR : RIGHT_REAR;
			contact_add_stretch(contact, rear, rear + 1, &ends[0], &ends[1]);
		}
}

static void add_loads(struct contact *contact, const struct sim_person *person,
    const struct sim_pose *pose, double depth_m)
{
	double body_n = SEATED_MASS_RATIO * person->mass_kg * SIM_GRAVITY_N_PER_KG;
	double baby_n = pose->baby_kg * SIM_GRAVITY_N_PER_KG, all_n = body_n + baby_n;
	double forward_m = (body_n * LOAD_FORWARD_M + baby_n * BABY_FORWARD_M) / all_n +
	                   pose->forward_ratio * depth_m;
	double front = fmin(fmax(forward_m / SPAN_M, 0.02), 0.95);
	double right = (1 + fmin(fmax(pose->lean_ratio, -0.95), 0.95)) / 2;

	contact_add_weight(contact, LEFT_REAR, all_n * (1 - right) * (1 - front));
	contact_add_weight(contact, LEFT_FRONT, all_n * (1 - right) * front);
	contact_add_weight(contact, RIGHT_REAR, all_n * right * (1 - front));
	contact_add_weight(contact, RIGHT_FRONT, all_n * right * front);
}

static void sit(struct contact *contact, const struct sim_person *person,
    const struct sim_pose *pose, const struct chair_axes *axes, double depth_m)
{
	double girth = person->girth_ratio;
	bool slump = pose->seat == SEAT_SLUMP;

	contact_clear(contact, N_NODES);
	add_loads(contact, person, pose, depth_m);
	draw_stretch(contact, axes, girth, buttock_and_thigh,
	    sizeof(buttock_and_thigh) / sizeof(buttock_and_thigh[0]));
	if (slump)
		draw_stretch(contact, axes, girth, slumped_buttock,
		    sizeof(slumped_buttock) / sizeof(slumped_buttock[0]));
	else
		draw_stretch(contact, axes, girth, ischium, sizeof(ischium) / sizeof(ischium[0]));
}

void sim_sit(struct contact *contact, const struct sim_person *person, const struct sim_pose *pose,
    const struct sim_ground *ground, struct sim_trunk *trunk)
{
	struct random random;

	random_init(&random, pose->seed);
	/* Row 0 is the front, column 0 her left (core/surface.h). */
	struct chair_axes axes = {
	    .x_m = ground->left_m + ground->width_m / 2 + 0.004 * random_normal(&random),
	    .y_m = ground->top_m + ground->length_m - PAD_REAR_M + 0.005 * random_normal(&random),
	    .forward_y = -1,
	    .right_x = 1,
	};
	sit(contact, person, pose, &axes, ground->length_m);
	*trunk = (struct sim_trunk){.top_ratio = 0.2, .bottom_ratio = 0.95, .centre_ratio = 0.5};
}

void sim_sit_on_edge(struct contact *contact, const struct sim_person *person,
    const struct sim_pose *pose, const struct sim_ground *ground, struct sim_trunk *trunk)
{
	struct random random;

	random_init(&random, pose->seed);
	/* She leaves on her right when lying on the back: towards greater columns. */
	struct chair_axes axes = {
	    .x_m = ground->left_m + ground->width_m - EDGE_REACH_M + 0.015 * random_normal(&random),
	    .y_m = ground->top_m + ground->length_m * EDGE_ROW_RATIO +
	           0.04 * random_normal(&random),
	    .forward_x = 1,
	    .right_y = 1,
	};
	sit(contact, person, pose, &axes, SPAN_M);
	*trunk = (struct sim_trunk){
	    .top_ratio = EDGE_ROW_RATIO - 0.15,
	    .bottom_ratio = EDGE_ROW_RATIO + 0.15,
	    .centre_ratio = 1 - EDGE_REACH_M / ground->width_m,
	};
}
