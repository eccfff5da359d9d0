#include "sitter.h"

#include "support.h"

#include <math.h>

#include "base/clock.h"

#define PITCH_MM 25.0

const struct sitter sitter_upright = {.kg = 50, .gain = 1};

static struct surface pad(void)
{
	return (struct surface){.name = "chair",
	    .kind = SURFACE_SEAT,
	    .rows = 16,
	    .cols = 16,
	    .n_cells = SITTER_CELLS,
	    .pitch_mm = (float)PITCH_MM,
	    .full_scale_counts = 4095,
	    .rate_hz = SITTER_HZ};
}

void chair_open(struct chair *chair)
{
	struct error err = {0};

	*chair = (struct chair){.surface = pad(), .now_ns = 100 * NS_PER_S};
	random_init(&chair->random, 3);
	chair->seat = seat_create(&chair->surface, &err);
	assert_non_null(chair->seat);
}

static double bump(double x, double y, double at_x, double at_y, double sd_x, double sd_y)
{
	double u = (x - at_x) / sd_x, v = (y - at_y) / sd_y;

	return exp(-(u * u + v * v) / 2);
}

/* x from the middle to the right, y from the middle to the front, both mm. */
void sitter_press(const struct sitter *s, struct random *random, float *cells)
{
	double shape[SITTER_CELLS], half[2] = {0, 0};

	for (int i = 0; i < SITTER_CELLS; i++) {
		double x = (i % 16 - 7.5) * PITCH_MM;
		int row = i / 16;
		double y = (7.5 - row) * PITCH_MM - s->forward_mm;
		double side = x < 0 ? -1 : 1, bone = 60 - 30 * s->flat;

		shape[i] = (1 - s->flat) * bump(x, y, side * 60, -70, 25, 25) +
		           0.5 * bump(x, y, side * 95, -60, bone, 70) +
		           0.35 * bump(x, y, side * 95, 60, 40, 60);
		half[x < 0 ? 0 : 1] += shape[i];
	}
	/* 1 kg on 625 mm2 is 117.7 mmHg. */
	for (int i = 0; i < SITTER_CELLS; i++) {
		int right = i % 16 > 7;
		double kg = s->kg * (1 + (right ? s->lean_ratio : -s->lean_ratio)) / 2;
		double p = 117.7 * kg * shape[i] / half[right] + s->offset;
		if (s->noise > 0)
			p += s->noise * random_normal(random);
		cells[i] = (float)fmax(0, s->gain * p);
	}
}

void chair_step(struct chair *chair, const struct sitter *s)
{
	struct image image = {.surface = &chair->surface,
	    .mono_ns = chair->now_ns,
	    .unit = PRESSURE_MMHG,
	    .health_ratio = 1,
	    .cells = chair->cells};

	sitter_press(s, &chair->random, chair->cells);
	seat_step(chair->seat, &image, &chair->reading);
	chair->bends += chair->reading.bend;
	chair->now_ns += NS_PER_S / SITTER_HZ;
}

void chair_sit(struct chair *chair, const struct sitter *s, double seconds)
{
	for (int i = 0; i < (int)(seconds * SITTER_HZ); i++)
		chair_step(chair, s);
}

void chair_open_known(struct chair *chair)
{
	chair_open(chair);
	chair_sit(chair, &sitter_upright, 80);
	assert_true(chair->reading.baseline);
	assert_int_equal(chair->reading.state, SEAT_UPRIGHT);
}
