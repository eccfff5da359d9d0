/*
 * Power iteration, v <- R'R v, kept orthogonal to the components before. A fixed number of rounds:
 * what stands out is found in a few, and among equals (noise) any is as good as another.
 */
#include "dsp/components.h"

#include <math.h>
#include <string.h>

#define ROUNDS      10
#define LANES       8
#define LEAST_POWER 1e-6F /* of the first component's: what remains is rounding */

static float dot(const float *a, const float *b, size_t n)
{
	float lanes[LANES] = {0};
	float sum = 0;
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		for (size_t j = 0; j < LANES; j++)
			lanes[j] += a[i + j] * b[i + j];
	for (; i < n; i++)
		sum += a[i] * b[i];
	for (size_t j = 0; j < LANES; j++)
		sum += lanes[j];
	return sum;
}

static void add_scaled(float *to, const float *from, float scale, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] += scale * from[i];
}

/* Makes course k orthogonal to those before it, and of unit length. Returns its length before. */
static float make_unit(float *courses, size_t k, size_t n)
{
	float *course = courses + k * n;

	for (size_t i = 0; i < k; i++)
		add_scaled(course, courses + i * n, -dot(course, courses + i * n, n), n);
	float length = sqrtf(dot(course, course, n));
	for (size_t i = 0; i < n && length > 0; i++)
		course[i] /= length;
	return length;
}

/* Course k from the row that has most power beside the courses before: near the answer. */
static void start(const struct component_rows *rows, float *courses, size_t k)
{
	size_t n = rows->n_samples, greatest = 0;
	float most = -1;

	for (size_t r = 0; r < rows->n_rows; r++) {
		const float *row = rows->samples + r * rows->stride;
		float power = dot(row, row, n);
		for (size_t i = 0; i < k; i++) {
			float part = dot(row, courses + i * n, n);
			power -= part * part;
		}
		if (power > most) {
			most = power;
			greatest = r;
		}
	}
	memcpy(courses + k * n, rows->samples + greatest * rows->stride, n * sizeof(*courses));
}

static void project(const struct component_rows *rows, const float *course, float *weights)
{
	for (size_t r = 0; r < rows->n_rows; r++)
		weights[r] = dot(rows->samples + r * rows->stride, course, rows->n_samples);
}

/* Course k from its weights, at unit length. Returns its power. */
static float gather(
    const struct component_rows *rows, const float *weights, float *courses, size_t k)
{
	float *course = courses + k * rows->n_samples;

	memset(course, 0, rows->n_samples * sizeof(*course));
	for (size_t r = 0; r < rows->n_rows; r++)
		add_scaled(course, rows->samples + r * rows->stride, weights[r], rows->n_samples);
	return make_unit(courses, k, rows->n_samples);
}

size_t components_find(
    const struct component_rows *rows, float *weights, float *courses, size_t n_wanted)
{
	float first = 0;
	size_t n_found = 0;

	for (; n_found < n_wanted && n_found < rows->n_rows; n_found++) {
		float *course = courses + n_found * rows->n_samples;
		float *weight = weights + n_found * rows->n_rows;
		float power = 0;
		start(rows, courses, n_found);
		if (!(make_unit(courses, n_found, rows->n_samples) > 0))
			break;
		for (int round = 0; round < ROUNDS; round++) {
			project(rows, course, weight);
			power = gather(rows, weight, courses, n_found);
		}
		first = n_found ? first : power;
		if (!(power > LEAST_POWER * first))
			break;
		project(rows, course, weight);
	}
	return n_found;
}
