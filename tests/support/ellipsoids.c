#include "ellipsoids.h"

#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEP_M       0.0135 /* half a cell of 64 x 32 */
#define MARGIN       8      /* of mattress around the mat, in steps */
#define MAT_ROWS     (2 * ELLIPSOIDS_ROWS)
#define MAT_COLS     (2 * ELLIPSOIDS_COLS)
#define ROWS         (MAT_ROWS + 2 * MARGIN)
#define COLS         (MAT_COLS + 2 * MARGIN)
#define SWEEPS       6  /* over the sheet for each step of the parts */
#define STEPS        40 /* then forces balance to 1 %, and all rest to a millimetre */
#define RELAX        1.6
#define DAMPING      .6 /* of the parts' steps: arms would bounce */
#define GRAVITY      9.81
#define PAD_RADIUS_M .1775 /* the loading pad of EN 1957 */

enum part {
	HEAD,
	THORAX,
	WAIST,
	PELVIS,
	THIGH,
	SHANK = THIGH + 2,
	UPPER_ARM = SHANK + 2,
	FOREARM = UPPER_ARM + 2,
	N_PARTS = FOREARM + 2
};

/*
 * Shares of the mass after Winter (Biomechanics and Motor Control of Human Movement); half of an
 * arm is borne by the shoulders. A spring ties each part to the one before it.
 */
static const struct {
	int part, tied_to, paired;
	double mass, spring_n_per_m;
} parts[] = {
    {HEAD, HEAD, 0, .075, 0},
    {THORAX, HEAD, 0, .278, 300},
    {WAIST, THORAX, 0, .139, 1500},
    {PELVIS, WAIST, 0, .142, 1500},
    {THIGH, PELVIS, 1, .100, 500},
    {SHANK, THIGH, 1, .061, 600},
    {UPPER_ARM, THORAX, 1, .014, 100},
    {FOREARM, UPPER_ARM, 1, .008, 100},
};

/* Centre and half axes in shares of the height, x and y of one side; lift: of the lowest point. */
static const struct ellipsoid {
	int part;
	double y, x, half_length, half_width, half_depth, lift_m;
} ellipsoids[] = {
    {HEAD, .055, 0, .056, .044, .050, 0},
    {THORAX, .245, .052, .085, .060, .050, 0},
    {THORAX, .275, 0, .120, .098, .060, .004},
    {WAIST, .390, 0, .115, .088, .060, 0},
    {PELVIS, .485, .046, .070, .056, .060, 0},
    {PELVIS, .480, 0, .085, .104, .060, .012},
    {THIGH, .610, .056, .125, .046, .046, 0},
    {SHANK, .800, .058, .085, .032, .034, 0},
    {SHANK, .955, .060, .018, .018, .026, -.004},
    {UPPER_ARM, .270, .140, .090, .026, .026, 0},
    {FOREARM, .435, .150, .110, .021, .020, 0},
};

struct sheet {
	double stiffness, thickness, shear, flesh; /* Pa/m, m, N/m, Pa/m */
	double depth[N_PARTS], rest[N_PARTS];      /* rest: below the part that it is tied to */
	double weight[N_PARTS], spring[N_PARTS];   /* N, N/m */
	int tied_to[N_PARTS];
	double sunk[ROWS * COLS];  /* u */
	double under[ROWS * COLS]; /* of the underside below its part's depth; -inf: none */
	int part[ROWS * COLS];
	double force[N_PARTS], slope[N_PARTS]; /* what the parts feel */
};

struct body {
	double height_m, mass_kg, girth, lordosis_m, pelvis_m, joints;
	double x_m, y_m, turn_rad, spread, away_m[2];
	enum ellipsoids_arms arms;
};

static struct body draw_person(struct sheet *sheet, const struct ellipsoids_lying *lying)
{
	struct random random;
	struct body body = {0};

	random_init(&random, lying->person * 7919 + 11);
	double man_m = random_uniform(&random) < .4 ? .12 : 0;
	body.height_m = fmin(fmax(1.65 + man_m + .06 * random_normal(&random), 1.50), 1.86);
	double index = fmin(fmax(25 + 4 * random_normal(&random), 18), 36);
	body.mass_kg = index * body.height_m * body.height_m;
	body.mass_kg *= lying->mass_ratio > 0 ? lying->mass_ratio : 1;
	body.girth = sqrt(index / 23) * exp(.04 * random_normal(&random));
	body.lordosis_m = fmin(fmax(.028 + .009 * random_normal(&random), .008), .05);
	sheet->flesh = 1e3 * random_between(&random, 150, 400);
	body.joints = random_between(&random, .5, 2);
	body.pelvis_m = .006 * random_normal(&random);
	return body;
}

/*
 * k and T from the stiffness under a flat round pad of radius R, which the shear around it adds to:
 * k (1 + 2 (l / R) K1(R / l) / K0(R / l)), l^2 = T / k. T: of an elastic layer (Vlasov), k H^2 / 7.5
 * or less where layers slip, and the cover's tension.
 */
static void find_foam(
    struct sheet *sheet, double pad_pa_per_m, double layer_share, double cover_n_per_m)
{
	double layer_m2 = layer_share * sheet->thickness * sheet->thickness / 7.5;

	sheet->stiffness = pad_pa_per_m;
	for (int i = 0; i < 20; i++) {
		sheet->shear = layer_m2 * sheet->stiffness + cover_n_per_m;
		double x = PAD_RADIUS_M / sqrt(sheet->shear / sheet->stiffness);
		sheet->stiffness = pad_pa_per_m / (1 + 2 / x * (1 + 1 / (2 * x) - 1 / (8 * x * x)));
	}
}

static void draw_pose(struct sheet *sheet, struct body *body, const struct ellipsoids_lying *lying)
{
	struct random random;

	random_init(&random, lying->pose * 104729 + 3);
	double thickness = random_between(&random, .13, .22);
	sheet->thickness = lying->thickness_m > 0 ? lying->thickness_m : thickness;
	double layer = random_between(&random, .3, 1), cover = random_between(&random, 10, 50);
	find_foam(sheet, 1e3 * lying->stiffness_kpa_per_m, layer, cover);
	body->x_m = .432 + .03 * random_normal(&random);
	body->y_m = .02 + .5 * body->height_m + random_between(&random, -.02, .05) +
	            .1 * sin(lying->tilt_rad);
	body->turn_rad = .05 * random_normal(&random);
	body->spread = random_between(&random, .9, 1.8);
	double reach[2] = {random_between(&random, 0, .1), random_between(&random, 0, .1)};
	double arms = random_uniform(&random);
	body->arms = arms < .5 ? ARMS_BESIDE : arms < .75 ? ARMS_AWAY : ARMS_ON_BODY;
	if (lying->arms != ARMS_DRAWN)
		body->arms = lying->arms;
	for (int side = 0; side < 2; side++)
		body->away_m[side] = body->arms == ARMS_AWAY ? .1 + reach[side] : .2 * reach[side];
}

static void draw_ellipsoid(
    struct sheet *sheet, const struct body *body, const struct ellipsoid *e, int side)
{
	int arm = e->part >= UPPER_ARM, limb = e->part >= THIGH;
	int part = e->part + (limb ? side : 0), sign = side ? -1 : 1;
	double wide = body->height_m * (limb ? sqrt(body->girth) : body->girth);
	double x = e->x * (arm ? body->height_m * body->girth : wide);
	double y = (e->y - .5) * body->height_m, deep = e->half_depth * wide;

	if (arm)
		x += body->away_m[side] * (e->part == FOREARM ? 1.5 : .5);
	else if (limb)
		x *= 1 + (body->spread - 1) * (e->y - .5) / .45;
	double x_m = body->x_m + sign * x * cos(body->turn_rad) - y * sin(body->turn_rad);
	double y_m = body->y_m + sign * x * sin(body->turn_rad) + y * cos(body->turn_rad);
	for (int i = 0; i < ROWS * COLS; i++) {
		double across = ((i % COLS - MARGIN + .5) * STEP_M - x_m) / (e->half_width * wide);
		double along = (((int)(i / COLS) - MARGIN + .5) * STEP_M - y_m) /
		               (e->half_length * body->height_m);
		double in = 1 - across * across - along * along;
		double under = deep * (sqrt(fmax(in, 0)) - 1) - e->lift_m;
		/* An arm gives way to the trunk. */
		if (in > 0 && (arm ? isinf(sheet->under[i]) : under > sheet->under[i])) {
			sheet->under[i] = under;
			sheet->part[i] = part;
		}
	}
}

static void draw_body(struct sheet *sheet, const struct body *body)
{
	for (int i = 0; i < ROWS * COLS; i++)
		sheet->under[i] = -INFINITY;
	for (size_t i = 0; i < sizeof(ellipsoids) / sizeof(*ellipsoids); i++)
		for (int side = 0; side < (ellipsoids[i].x > 0 ? 2 : 1); side++)
			if (ellipsoids[i].part < UPPER_ARM || body->arms != ARMS_ON_BODY)
				draw_ellipsoid(sheet, body, &ellipsoids[i], side);
}

/* On a raised head section the trunk presses with cos, and the rest on the pelvis. */
static void load_part(struct sheet *sheet, int part, double weight_n,
    const struct ellipsoids_lying *lying, int arms_on_body)
{
	int trunk = part < WAIST, leg = part >= THIGH && part < UPPER_ARM;

	if (part >= UPPER_ARM && arms_on_body)
		sheet->weight[part < FOREARM ? THORAX : WAIST] += weight_n;
	else if (leg)
		sheet->weight[part] += weight_n * (1 - lying->knee_pillow_ratio);
	else
		sheet->weight[part] += weight_n * (trunk ? cos(lying->tilt_rad) : 1);
	if (trunk)
		sheet->weight[PELVIS] += weight_n * (1 - cos(lying->tilt_rad));
}

static void tie_parts(
    struct sheet *sheet, const struct body *body, const struct ellipsoids_lying *lying)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		for (int side = 0; side <= parts[i].paired; side++) {
			int part = parts[i].part + side, to = parts[i].tied_to;
			sheet->tied_to[part] = to + (parts[i].paired && to >= THIGH ? side : 0);
			sheet->spring[part] = parts[i].spring_n_per_m * body->joints;
			sheet->depth[part] = .02;
			load_part(sheet, part, GRAVITY * body->mass_kg * parts[i].mass, lying,
			    body->arms == ARMS_ON_BODY);
		}
	sheet->rest[THORAX] = .01;
	sheet->rest[WAIST] = -body->lordosis_m;
	sheet->rest[PELVIS] = body->lordosis_m + body->pelvis_m + .012;
	for (int side = 0; side < 2; side++) {
		sheet->rest[THIGH + side] = -.035 - .05 * lying->knee_pillow_ratio;
		sheet->rest[SHANK + side] = -.01;
		sheet->rest[UPPER_ARM + side] = -.01;
	}
}

/* Of the flesh at one place, Pa; 0 or less: no contact. */
static double press_at(const struct sheet *s, int i)
{
	if (isinf(s->under[i]))
		return 0;
	return s->flesh * (s->depth[s->part[i]] + s->under[i] - s->sunk[i]);
}

/* One pass of successive over-relaxation; what the parts feel on the way. */
static void sweep(struct sheet *s)
{
	const double side = s->shear / (STEP_M * STEP_M), area_m2 = STEP_M * STEP_M;

	memset(s->force, 0, sizeof(s->force));
	memset(s->slope, 0, sizeof(s->slope));
	for (int i = COLS; i < (ROWS - 1) * COLS; i++) {
		double *u = &s->sunk[i], in = fmin(fabs(*u) / s->thickness, .95);
		if (i % COLS == 0 || i % COLS == COLS - 1)
			continue;
		double lock = 1 - in * in, foam = s->stiffness / lock;
		double pull = side * (u[-1] + u[1] + u[-COLS] + u[COLS] - 4 * *u) - foam * *u;
		double slope = foam * (1 + 2 * in * in / lock) + 4 * side, press = press_at(s, i);
		if (press > 0) {
			s->force[s->part[i]] += press * area_m2;
			s->slope[s->part[i]] += area_m2 * s->flesh * foam * 2 /
			                        (s->flesh + 2 * foam);
			pull += press;
			slope += s->flesh;
		}
		*u = fmin(*u + RELAX * pull / slope, .95 * s->thickness);
	}
}

static void sink(struct sheet *s)
{
	double pull[N_PARTS], slope[N_PARTS];

	for (int part = 0; part < N_PARTS; part++) {
		pull[part] = s->weight[part] - s->force[part];
		slope[part] = s->slope[part] + 150; /* no part falls for want of contact */
	}
	for (int part = 1; part < N_PARTS; part++) {
		int to = s->tied_to[part];
		double force = s->spring[part] * (s->depth[part] - s->depth[to] - s->rest[part]);
		pull[part] -= force;
		pull[to] += force;
		slope[part] += s->spring[part];
		slope[to] += s->spring[part];
	}
	for (int part = 0; part < N_PARTS; part++)
		s->depth[part] += fmin(fmax(DAMPING * pull[part] / slope[part], -.02), .02);
}

/* Means over the mat's cells, kPa. */
static void gather(const struct sheet *s, float *kpa)
{
	memset(kpa, 0, ELLIPSOIDS_CELLS * sizeof(*kpa));
	for (size_t row = 0; row < MAT_ROWS; row++)
		for (size_t col = 0; col < MAT_COLS; col++) {
			double press = press_at(s, (int)((row + MARGIN) * COLS + col + MARGIN));
			kpa[row / 2 * ELLIPSOIDS_COLS + col / 2] += (float)(fmax(press, 0) / 4e3);
		}
}

void ellipsoids_press(const struct ellipsoids_lying *lying, float *kpa)
{
	struct sheet *sheet = calloc(1, sizeof(*sheet));

	if (!sheet)
		abort();
	struct body body = draw_person(sheet, lying);
	draw_pose(sheet, &body, lying);
	draw_body(sheet, &body);
	tie_parts(sheet, &body, lying);
	for (int step = 0; step < STEPS; step++) {
		for (int i = 0; i < SWEEPS; i++)
			sweep(sheet);
		sink(sheet);
	}
	gather(sheet, kpa);
	free(sheet);
}
