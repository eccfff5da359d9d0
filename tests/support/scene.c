#include "scene.h"

#include "support.h"

#include <math.h>

#include "base/clock.h"

void scene_open(struct scene *s, size_t rows, size_t cols, float rate_hz, uint64_t seed)
{
	*s = (struct scene){
	    .surface = {.name = "mat",
	        .kind = rows * cols > 1 ? SURFACE_BED : SURFACE_STRIP,
	        .rows = rows,
	        .cols = cols,
	        .n_cells = rows * cols,
	        .pitch_mm = 25,
	        .full_scale_counts = 1000,
	        .rate_hz = rate_hz},
	    .start_ns = NS_PER_H,
	    .mono_ns = NS_PER_H,
	    .per_min = 15,
	    .depth = 0.3,
	    .noise = 0.1,
	    .harmonics = 1,
	};
	random_init(&s->random, seed);
	for (size_t i = 0; i < rows * cols; i++) {
		double y = ((double)(i / cols) + 0.5) / (double)rows;
		double x = ((double)(i % cols) + 0.5) / (double)cols;
		double chest = fmax(0, 1 - pow((x - 0.5) / 0.3, 2) - pow((y - 0.35) / 0.2, 2));
		s->load[i] = (float)(20 * chest);
		s->share[i] = (float)(sqrt(chest) * sin(17 * x + 3) * cos(13 * y));
		if (rows * cols == 1)
			s->share[i] = 1;
	}
	s->vitals = vitals_create(&s->surface, NULL);
	assert_non_null(s->vitals);
}

/* A beat shakes the mat: two short swings of 4 Hz, as under a mattress. */
static double beat_at(double phase, double per_min)
{
	double since_s = phase * 60 / per_min;

	return exp(-since_s / 0.12) * sin(2 * M_PI * 4 * since_s);
}

/* Drawn in more quickly than let out: a comb of lines, up into where a heart has its own. */
static double breath_at(const struct scene *s, double cycles)
{
	double breath = 0;

	for (int n = 1; n <= s->harmonics; n++)
		breath += sin(2 * M_PI * n * cycles + n * n - 1) / (n * n);
	return breath;
}

static double steps_at(double t_s)
{
	double since_s = fmod(t_s, 1 / 1.8);

	return exp(-since_s / 0.05) * sin(2 * M_PI * 7 * since_s);
}

void scene_step(struct scene *s)
{
	double interval_s = 1 / (double)s->surface.rate_hz;
	double late_s = s->jitter * interval_s * (random_uniform(&s->random) - 0.5);
	double t_s = (double)(s->mono_ns - s->start_ns) * 1e-9 + late_s;
	double breath = breath_at(s, s->breath_phase + s->per_min / 60 * late_s);
	double beat = s->beat != 0 ? s->beat * beat_at(s->heart_phase, s->heart_per_min) : 0;
	double creep = 1 + s->creep * log10(1 + t_s / 10);
	double shake = s->steps * steps_at(t_s);

	if (s->walk > 0)
		s->walked += s->walk * sqrt(interval_s) * random_normal(&s->random);
	for (size_t i = 0; i < s->surface.n_cells; i++) {
		double p = s->load[i] * (creep + s->walked) +
		           s->share[i] * (s->depth * breath + beat) + (s->load[i] > 0) * shake;
		s->cells[i] = (float)fmax(0, p + 1 + s->noise * random_normal(&s->random));
	}
	struct image image = {.surface = &s->surface,
	    .mono_ns = s->mono_ns + (int64_t)(late_s * 1e9),
	    .health_ratio = 1,
	    .cells = s->cells};
	bool whole = vitals_step(s->vitals, &image, true, s->moving, &s->reading);
	s->mono_ns += (int64_t)(interval_s * 1e9);
	s->breath_phase += s->per_min / 60 * interval_s;
	s->heart_phase = fmod(s->heart_phase + s->heart_per_min / 60 * interval_s, 1);
	if (!whole)
		return;
	s->n_readings++;
	s->n_seen += s->reading.breathing_seen;
	if (!isnan(s->reading.breathing_per_min)) {
		double error = fabs((double)s->reading.breathing_per_min - s->per_min);
		s->n_values++;
		s->error_sum += error;
		s->error_max = fmax(s->error_max, error);
	}
	if (!isnan(s->reading.heart_per_min)) {
		double error = fabs((double)s->reading.heart_per_min - s->heart_per_min);
		s->n_hearts++;
		s->heart_error_max = fmax(s->heart_error_max, error);
	}
}

void scene_run(struct scene *s, double seconds)
{
	int n = (int)(seconds * (double)s->surface.rate_hz);

	s->n_readings = s->n_values = s->n_seen = s->n_hearts = 0;
	s->error_max = s->error_sum = s->heart_error_max = 0;
	for (int i = 0; i < n; i++)
		scene_step(s);
}
