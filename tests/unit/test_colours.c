/*
 * Colours that carry meaning: the ramp of the maps grows evenly in lightness, and what stands
 * beside each other on a strip or in a bar is told apart with every common colour blindness too.
 */
#include "report/canvas.h"
#include "report/figure.h"
#include "support.h"

#include <math.h>

struct lab {
	double l, a, b;
};

/* sRGB, IEC 61966-2-1. */
static double linear(uint32_t byte)
{
	double v = (double)byte / 255.0;

	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double curve(double t)
{
	return t > 216.0 / 24389.0 ? cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
}

/* CIELAB against the white of sRGB, D65. */
static struct lab lab_of(const double rgb[3])
{
	double x = (0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047;
	double y = 0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2];
	double z = (0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883;

	return (struct lab){
	    116.0 * curve(y) - 16.0, 500.0 * (curve(x) - curve(y)), 200.0 * (curve(y) - curve(z))};
}

/* Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB. */
static const struct {
	const char *name;
	double matrix[3][3];
} eyes[] = {
    {"usual", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {"protanopia", {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216},
                       {-0.003882, -0.048116, 1.051998}}},
    {"deuteranopia", {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413},
                         {-0.011820, 0.042940, 0.968881}}},
    {"tritanopia", {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602},
                       {0.004733, 0.691367, 0.303900}}},
};
#define N_EYES (sizeof(eyes) / sizeof(eyes[0]))

static struct lab seen_by(size_t eye, uint32_t rgb)
{
	double in[3] = {linear(rgb >> 16), linear(rgb >> 8 & 0xff), linear(rgb & 0xff)}, out[3];

	for (int i = 0; i < 3; i++) {
		const double *row = eyes[eye].matrix[i];
		double v = row[0] * in[0] + row[1] * in[1] + row[2] * in[2];
		out[i] = fmin(1.0, fmax(0.0, v));
	}
	return lab_of(out);
}

static double distance(const struct lab *a, const struct lab *b)
{
	return sqrt((a->l - b->l) * (a->l - b->l) + (a->a - b->a) * (a->a - b->a) +
	            (a->b - b->b) * (a->b - b->b));
}

/* Known answers: white, and the red of sRGB (Lindbloom's tables). */
static void test_lab(void **state)
{
	struct lab white = seen_by(0, 0xffffff), red = seen_by(0, 0xff0000);

	(void)state;
	assert_float_equal(white.l, 100.0, 0.01);
	assert_float_equal(white.a, 0.0, 0.02);
	assert_float_equal(white.b, 0.0, 0.02);
	assert_float_equal(red.l, 53.24, 0.02);
	assert_float_equal(red.a, 80.09, 0.05);
	assert_float_equal(red.b, 67.20, 0.05);
}

/* Each step is within a quarter of the mean step, for every eye within a half. */
static void test_ramp_is_even(void **state)
{
	(void)state;
	for (size_t eye = 0; eye < N_EYES; eye++) {
		double first = seen_by(eye, figure_colour(0)).l;
		double last = seen_by(eye, figure_colour(FIGURE_LEVELS - 1)).l;
		double mean = (last - first) / (FIGURE_LEVELS - 1), within = eye == 0 ? 0.25 : 0.5;

		assert_true(last - first > 70.0);
		for (size_t i = 1; i < FIGURE_LEVELS; i++) {
			double step = seen_by(eye, figure_colour(i)).l -
			              seen_by(eye, figure_colour(i - 1)).l;
			if (!(fabs(step - mean) <= within * mean))
				fail_msg("%s: step %zu is %.2f, the mean %.2f", eyes[eye].name, i,
				    step, mean);
		}
	}
}

/* What may touch: lanes of one strip and parts of one bar. Rows end with INK_COUNT. */
#define BESIDE_MAX 7
static const enum ink beside[][BESIDE_MAX] = {
    {INK_BED, INK_EDGE, INK_CHAIR, INK_AWAY, INK_COUNT},
    {INK_SUPINE, INK_LEFT, INK_RIGHT, INK_PRONE, INK_COUNT},
    {INK_ASLEEP, INK_AWAKE, INK_COUNT},
    {INK_UPRIGHT, INK_FORWARD, INK_SLUMP, INK_LEAN_LEFT, INK_LEAN_RIGHT, INK_COUNT},
    {INK_WELL, INK_PARTLY, INK_COUNT},
    {INK_THIS_NIGHT, INK_NIGHT_BEFORE, INK_COUNT},
};

/* A distance of 2.3 is just seen; side by side and small, more than six times that is asked for. */
#define LEAST_DISTANCE 15.0

static void test_neighbours_are_told_apart(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t eye = 0; eye < N_EYES; eye++)
		for (size_t row = 0; row < sizeof(beside) / sizeof(beside[0]); row++)
			for (size_t i = 0; beside[row][i] != INK_COUNT; i++)
				for (size_t k = 0; k < 2 * i; k++) {
					const struct ink_look *a = &ink_looks[beside[row][i]];
					const struct ink_look *b = &ink_looks[beside[row][k / 2]];
					struct lab x = seen_by(eye, k % 2 ? a->dark : a->light);
					struct lab y = seen_by(eye, k % 2 ? b->dark : b->light);

					if (distance(&x, &y) >= LEAST_DISTANCE)
						continue;
					print_message("%s, %s: %s and %s are %.1f apart\n",
					    eyes[eye].name, k % 2 ? "dark" : "light", a->class,
					    b->class, distance(&x, &y));
					bad++;
				}
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lab),
	    cmocka_unit_test(test_ramp_is_even),
	    cmocka_unit_test(test_neighbours_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
