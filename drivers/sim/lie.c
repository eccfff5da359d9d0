#include "drivers/sim/lie.h"

#include "drivers/sim/anatomy.h"

#include <math.h>
#include <string.h>

#define HEAD_GAP_M   0.03 /* from the mat's head end to the top of the head */
#define KNEE_NM      150.0 /* docs/methods.md, section 7, has 8 for a loose one; a straight knee locks */
#define NECK_NM      10.0
#define KNEE_STATION 0.74
#define PILLOW_REACH 0.13 /* of a pillow under the knees, to each side, in shares of the height */
#define PILLOW_WIDER 1.5  /* than the knees that it bears */
#define PILLOW_KEEPS 0.6  /* of its thickness under load */
#define TURN_ROW     0.5  /* the body is turned about this point of its height */

#define HIP_LINK 3 /* the links before it lie on the head section */

enum { ARM_NODE = ANATOMY_NODES, TOP_ARM_NODE = ANATOMY_NODES + 2, N_NODES = ANATOMY_NODES + 4 };

/* How this pose differs from the table, drawn from the pose's seed. */
struct placing {
	const struct sim_person *person;
	double x_m, y_m;        /* of the top of the head, on the foam's grid */
	double turn_rad;        /* about the pelvis */
	double knee_ratio;      /* how far the knees go to the front */
	double spread_ratio[2]; /* legs, per side */
	double arm_ratio[2];    /* arms, per side */
	double lift_m[2];       /* legs, per side: one weighs a little more */
	double knee_pillow_m;   /* as loaded */
	bool on_side;
	int front; /* +1: the front (or this side) is towards greater columns */
};

static struct placing draw_placing(
    const struct sim_person *person, const struct sim_pose *pose, const struct sim_ground *ground)
{
	struct random random;

	random_init(&random, pose->seed);
	struct placing placing = {
	    .person = person,
	    .x_m = ground->left_m + ground->width_m / 2 + 0.025 * random_normal(&random),
	    .y_m = ground->top_m + HEAD_GAP_M + random_between(&random, -0.02, 0.03),
	    .turn_rad = 0.04 * random_normal(&random),
	    .knee_ratio = random_between(&random, 0.6, 1.25),
	    .front = pose->posture == POSTURE_LEFT ? -1 : 1,
	    .knee_pillow_m = PILLOW_KEEPS * pose->knee_pillow_m,
	    .on_side = pose->posture == POSTURE_LEFT || pose->posture == POSTURE_RIGHT,
	};
	for (int i = 0; i < 2; i++) {
		placing.spread_ratio[i] = random_between(&random, 0.85, 1.35);
		placing.arm_ratio[i] = random_between(&random, 0.97, 1.2);
		placing.lift_m[i] = 0.003 * random_normal(&random);
	}
	if (pose->posture == POSTURE_PRONE && random_uniform(&random) < 0.5)
		placing.front = -1;
	/* Left is the mirror of right: also in where she lies. */
	if (placing.front < 0) {
		placing.x_m = 2 * ground->left_m + ground->width_m - placing.x_m;
		placing.turn_rad = -placing.turn_rad;
	}
	return placing;
}

/* The link on which a station of trunk or legs hangs: the first whose end is not before it. */
static size_t link_of(double station)
{
	size_t link = 0;

	while (link + 2 < ANATOMY_NODES && station > anatomy_node_ratio[link + 1] + 1e-9)
		link++;
	return link;
}

/* Under the knees a pillow is as much of the leg's underside; between them it bears the upper. */
static void add_knee_pillow(
    const struct placing *placing, const struct anatomy_rib *rib, struct contact_rib *out)
{
	double away = fabs(rib->station - KNEE_STATION) / PILLOW_REACH;

	if (placing->on_side) {
		out->lift_m += rib->part == PART_TOP_LEG ? placing->knee_pillow_m : 0;
	} else if (away < 1) {
		out->lift_m -= placing->knee_pillow_m * (1 - away * away);
		out->half_width_m *= 1 + (PILLOW_WIDER - 1) * (1 - away * away);
	}
}

static struct contact_rib place_rib(
    const struct placing *placing, const struct anatomy_rib *rib, size_t link, int which)
{
	const struct sim_person *person = placing->person;
	double height = person->height_m, x = rib->x, y = rib->y;
	bool arm = rib->part == PART_ARM || rib->part == PART_TOP_ARM;
	bool leg = rib->part == PART_LEG || rib->part == PART_TOP_LEG;
	struct contact_rib out = {.along = rib->station};

	if (leg && x > 0.08) /* a bent knee */
		x *= placing->knee_ratio;
	else if (leg)
		x *= 1 + (placing->spread_ratio[which] - 1) * fmax(0, rib->station - .55) / .45;
	if (arm)
		x *= placing->arm_ratio[which];
	if (!arm)
		out.along = (rib->station - anatomy_node_ratio[link]) /
		            (anatomy_node_ratio[link + 1] - anatomy_node_ratio[link]);
	double across_m = x * height * (which ? -1 : 1) * placing->front;
	double down_m = (y - TURN_ROW) * height;
	out.x_m = placing->x_m + across_m * cos(placing->turn_rad) -
	          down_m * sin(placing->turn_rad);
	out.y_m = placing->y_m + TURN_ROW * height + across_m * sin(placing->turn_rad) +
	          down_m * cos(placing->turn_rad);
	out.half_width_m = rib->half_width * height * person->girth_ratio;
	out.half_depth_m = rib->half_depth * height * person->girth_ratio;
	out.lift_m = rib->lift_mm / 1e3 + rib->lumbar_ratio * person->lumbar_lift_m;
	if (leg)
		out.lift_m += placing->lift_m[which];
	if (leg && placing->knee_pillow_m > 0)
		add_knee_pillow(placing, rib, &out);
	return out;
}

static void draw_ribs(
    struct contact *contact, const struct placing *placing, const struct anatomy *anatomy)
{
	for (size_t i = 1; i < anatomy->n_ribs; i++) {
		const struct anatomy_rib *from = &anatomy->ribs[i - 1], *to = &anatomy->ribs[i];
		int sides = anatomy->paired && to->part != PART_TRUNK ? 2 : 1;
		if (to->new_part)
			continue;
		for (int which = 0; which < sides; which++) {
			size_t link = link_of(to->station), first = link;
			if (to->part == PART_ARM)
				first = which ? TOP_ARM_NODE : ARM_NODE;
			if (to->part == PART_TOP_ARM)
				first = TOP_ARM_NODE;
			struct contact_rib a = place_rib(placing, from, link, which);
			struct contact_rib b = place_rib(placing, to, link, which);
			contact_add_stretch(contact, first, first + 1, &a, &b);
		}
	}
}

/*
 * With the head section raised the trunk presses on it with the cosine of its weight; what is lost
 * slides down to the buttocks.
 */
static void add_weights(
    struct contact *contact, const struct sim_person *person, const struct sim_pose *pose)
{
	double upright = cos(pose->tilt_rad), chest_n = pose->baby_kg * SIM_GRAVITY_N_PER_KG;
	double weight_n = person->mass_kg * SIM_GRAVITY_N_PER_KG;

	for (size_t link = 0; link + 1 < ANATOMY_NODES; link++) {
		double half_n = weight_n * anatomy_link_mass_ratio[link] / 2;
		if (link == 1) /* the arms are taken from the thorax */
			half_n += chest_n / 2 - weight_n * ANATOMY_ARM_MASS_RATIO;
		double borne_n = link < HIP_LINK ? half_n * upright : half_n;
		contact_add_weight(contact, link, borne_n);
		contact_add_weight(contact, link + 1, borne_n);
		contact_add_weight(contact, HIP_LINK + 1, 2 * (half_n - borne_n));
	}
	for (size_t node = ARM_NODE; node < N_NODES; node++)
		contact_add_weight(contact, node, weight_n * ANATOMY_ARM_MASS_RATIO / 2);
}

static void add_joints(struct contact *contact, const struct sim_person *person)
{
	const double stiffness_nm[ANATOMY_NODES] = {
	    0, NECK_NM, person->spine_nm, person->spine_nm, person->hips_nm, KNEE_NM, 0};

	for (size_t node = 1; node + 1 < ANATOMY_NODES; node++) {
		struct contact_joint joint = {.a = node - 1,
		    .b = node,
		    .c = node + 1,
		    .ab_m = (anatomy_node_ratio[node] - anatomy_node_ratio[node - 1]) *
		            person->height_m,
		    .bc_m = (anatomy_node_ratio[node + 1] - anatomy_node_ratio[node]) *
		            person->height_m,
		    .stiffness_nm = stiffness_nm[node]};
		contact_add_joint(contact, &joint);
	}
}

static const struct anatomy *anatomy_of(enum posture posture)
{
	if (posture == POSTURE_LEFT || posture == POSTURE_RIGHT)
		return &anatomy_side;
	return posture == POSTURE_PRONE ? &anatomy_prone : &anatomy_supine;
}

void sim_lie(struct contact *contact, const struct sim_person *person, const struct sim_pose *pose,
    const struct sim_ground *ground, struct sim_trunk *trunk)
{
	struct placing placing = draw_placing(person, pose, ground);

	contact_clear(contact, N_NODES);
	add_weights(contact, person, pose);
	add_joints(contact, person);
	draw_ribs(contact, &placing, anatomy_of(pose->posture));
	double head_m = placing.y_m - ground->top_m;
	*trunk = (struct sim_trunk){
	    .top_ratio = (head_m + 0.16 * person->height_m) / ground->length_m,
	    .bottom_ratio = (head_m + 0.55 * person->height_m) / ground->length_m,
	    .centre_ratio = (placing.x_m - ground->left_m) / ground->width_m,
	};
}
