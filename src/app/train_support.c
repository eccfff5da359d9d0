#include "app/train_support.h"

#include "base/random.h"
#include "body/contact.h"
#include "body/gradient.h"
#include "drivers/sim/body.h"
#include "drivers/sim/sensor.h"
#include "drivers/sim/world.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MATTRESSES    4
#define SOFTEST       25.0 /* kPa/m: softer foam bottoms out; docs/methods.md, section 7 */
#define FIRMEST       250.0
#define MIDDLING      70.0
#define LOADED_LEAST  60.0 /* s on the mattress: creep and warmth */
#define LOADED_MOST   7200.0
#define PILLOW_ODDS   0.2 /* under the knees; and as often a raised head section */
#define PILLOW_MOST_M 0.10
#define TILT_MOST     0.5 /* rad */

/* Sums for a straight line y = a + b x. */
struct line {
	double n, x, y, xx, xy;
};

static void line_add(struct line *line, double x, double y)
{
	line->n++;
	line->x += x;
	line->y += y;
	line->xx += x * x;
	line->xy += x * y;
}

/* One mat, and what reads it. */
struct mat {
	struct surface surface;
	struct contact_map *contact;
	float *mmhg, *cells;
};

static int mat_init(struct mat *mat, size_t rows, struct error *err)
{
	mat->surface = (struct surface){.name = "bed"};
	sim_surface(&mat->surface, SURFACE_BED, rows, rows / 2, 1);
	mat->contact = contact_map_create(&mat->surface);
	mat->mmhg = calloc(mat->surface.n_cells, sizeof(float));
	mat->cells = calloc(mat->surface.n_cells, sizeof(float));
	if (mat->contact && mat->mmhg && mat->cells)
		return 0;
	return error_set(err, -ENOMEM, "out of memory");
}

static void mat_finish(struct mat *mat)
{
	contact_map_destroy(mat->contact);
	free(mat->mmhg);
	free(mat->cells);
}

/* The gradient of what a mat of its own faults reads of these pressures; NAN: none. */
static int read_gradient(struct mat *mat, struct random *random, double *ln, struct error *err)
{
	struct sim_sensor *sensor = sim_sensor_create(&mat->surface, random, 0, err);
	struct image image = {.surface = &mat->surface,
	    .mono_ns = 1,
	    .unit = PRESSURE_RELATIVE,
	    .health_ratio = 1,
	    .cells = mat->cells};
	struct contact_reading contact;

	if (!sensor)
		return err->code;
	double loaded_s = random_between(random, log(LOADED_LEAST), log(LOADED_MOST));
	sim_sensor_read(sensor, mat->mmhg, exp(loaded_s), mat->cells);
	sim_sensor_destroy(sensor);
	for (size_t i = 0; i < mat->surface.n_cells; i++)
		mat->cells[i] *= 100 / mat->surface.full_scale_counts;
	contact_map_step(mat->contact, &image, &contact);
	*ln = log((double)gradient_per_m(&mat->surface, contact_map_plane(mat->contact), &contact));
	return 0;
}

static struct sim_pose draw_pose(struct random *random)
{
	struct sim_pose pose = {
	    .posture = POSTURE_SUPINE, .seed = (uint64_t)(random_uniform(random) * 0x1p48)};

	if (random_uniform(random) < PILLOW_ODDS)
		pose.knee_pillow_m = random_between(random, 0, PILLOW_MOST_M);
	if (random_uniform(random) < PILLOW_ODDS)
		pose.tilt_rad = random_between(random, 0, TILT_MOST);
	return pose;
}

static int add_person(
    struct line *line, struct mat *mats, size_t n_mats, struct random *random, struct error *err)
{
	struct sim_person person;
	int result = 0;

	sim_person_draw(&person, random, 0, 0);
	for (size_t i = 0; result == 0 && i < MATTRESSES * n_mats; i++) {
		struct mat *mat = &mats[i % n_mats];
		double stiffness = exp(random_between(random, log(SOFTEST), log(FIRMEST)));
		struct sim_pose pose = draw_pose(random);
		struct sim_body *body = sim_body_create(&person, &mat->surface, stiffness, err);
		double ln = NAN;
		if (!body)
			return err->code;
		sim_body_press(body, &pose, mat->mmhg);
		sim_body_destroy(body);
		result = read_gradient(mat, random, &ln, err);
		if (result == 0 && isfinite(ln))
			line_add(line, log2(MIDDLING / stiffness), ln);
	}
	return result;
}

int train_support(
    uint64_t seed, size_t n_people, struct train_support_scale *scale, struct error *err)
{
	struct mat mats[2] = {0};
	struct line l = {0};
	struct random random;

	if (n_people < 2)
		return error_set(err, -EINVAL, "at least two people are needed");
	random_init(&random, seed ^ 0x737570706f7274);
	int result = mat_init(&mats[0], 64, err);
	if (result == 0)
		result = mat_init(&mats[1], 32, err);
	for (size_t i = 0; result == 0 && i < n_people; i++)
		result = add_person(&l, mats, 2, &random, err);
	mat_finish(&mats[0]);
	mat_finish(&mats[1]);
	if (result < 0)
		return result;
	scale->halving = (l.n * l.xy - l.x * l.y) / (l.n * l.xx - l.x * l.x);
	scale->middle = (l.y - scale->halving * l.x) / l.n;
	return 0;
}

int train_support_write(const struct train_support_scale *scale, uint64_t seed, size_t n_people,
    const char *path, struct error *err)
{
	struct place where = {.file = path};
	FILE *file = fopen(path, "w");

	if (!file)
		return error_at(err, -errno, &where, "%s", strerror(errno));
	fprintf(file,
	    "/*\n * Made by `lumbar train support -o src/body/support_scale.h --seed %llu --people "
	    "%zu`; "
	    "do not edit.\n */\n"
	    "#ifndef LUMBAR_BODY_SUPPORT_SCALE_H\n#define LUMBAR_BODY_SUPPORT_SCALE_H\n\n"
	    "/* ln of the gradient per metre: on %g kPa/m, and what half the stiffness adds. */\n"
	    "#define SUPPORT_MIDDLE  %.3ff\n#define SUPPORT_HALVING (%.4ff)\n\n#endif\n",
	    (unsigned long long)seed, n_people, MIDDLING, scale->middle, scale->halving);
	bool failed = ferror(file) != 0;
	if (fclose(file) != 0 || failed)
		return error_at(err, -EIO, &where, "could not be written");
	return 0;
}
