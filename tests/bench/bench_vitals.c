/* Nanoseconds a frame of movement and vitals, for a person lying still. */
#include "base/clock.h"
#include "base/random.h"
#include "body/movement.h"
#include "body/vitals.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define N_SCENES 64 /* frames drawn beforehand and played round */

struct result {
	double movement_ns, vitals_ns;
};

static void draw(float *cells, size_t rows, size_t cols, double breath, struct random *random)
{
	for (size_t i = 0; i < rows * cols; i++) {
		double y = ((double)(i / cols) + 0.5) / (double)rows - 0.45;
		double x = ((double)(i % cols) + 0.5) / (double)cols - 0.5;
		double body = fmax(0, 30 - 130 * y * y - 250 * x * x);
		double p = body + 0.02 * body * breath * sin(40 * x) + random_normal(random) / 10;
		cells[i] = (float)fmax(0, p);
	}
}

/* Fifteen breaths a minute, whatever the rate: where nobody breathes no heart is sought. */
static size_t scene_at(size_t frame, const struct surface *surface)
{
	double breaths = (double)frame / (double)surface->rate_hz / 4;

	return (size_t)(breaths * N_SCENES) % N_SCENES;
}

/* Plays n_frames through one of the two; returns nanoseconds a frame. */
static double play(const struct surface *surface, float *scenes, struct movement *movement,
    struct vitals *vitals, size_t n_frames)
{
	int64_t start_ns = clock_mono_ns();

	for (size_t i = 0; i < n_frames; i++) {
		struct image image = {
		    .surface = surface,
		    .mono_ns = NS_PER_H + (int64_t)((double)i * 1e9 / (double)surface->rate_hz),
		    .cells = scenes + scene_at(i, surface) * surface->n_cells,
		};
		struct movement_reading moved;
		struct vitals_reading read;
		if (movement)
			movement_step(movement, &image, true, POSTURE_SUPINE, &moved);
		if (vitals)
			vitals_step(vitals, &image, true, false, &read);
	}
	return (double)(clock_mono_ns() - start_ns) / (double)n_frames;
}

static int measure(size_t rows, size_t cols, float rate_hz, struct result *result)
{
	struct surface surface = {
	    .name = "bench",
	    .kind = rows * cols > 1 ? SURFACE_BED : SURFACE_STRIP,
	    .rows = rows,
	    .cols = cols,
	    .n_cells = rows * cols,
	    .pitch_mm = 25,
	    .full_scale_counts = 1000,
	    .rate_hz = rate_hz,
	};
	struct random random;
	float *scenes = calloc(N_SCENES * rows * cols, sizeof(*scenes));
	struct movement *movement = movement_create(&surface);
	struct vitals *vitals = vitals_create(&surface, NULL);
	size_t n_frames = (size_t)(1200 * rate_hz);
	int status = scenes && movement && vitals ? 0 : -1;

	random_init(&random, 1);
	for (size_t i = 0; i < N_SCENES && status == 0; i++)
		draw(scenes + i * rows * cols, rows, cols, sin(2 * M_PI * (double)i / N_SCENES),
		    &random);
	if (status == 0) {
		result->movement_ns = play(&surface, scenes, movement, NULL, n_frames);
		result->vitals_ns = play(&surface, scenes, NULL, vitals, n_frames);
	}
	vitals_destroy(vitals);
	movement_destroy(movement);
	free(scenes);
	return status;
}

int main(void)
{
	static const struct {
		size_t rows, cols;
		float rate_hz;
	} mats[] = {{64, 32, 10}, {32, 16, 10}, {16, 8, 50}, {64, 32, 25}, {1, 1, 172.13F}};

	printf("%-14s %12s %12s   ns a frame\n", "mat", "movement", "vitals");
	for (size_t i = 0; i < sizeof(mats) / sizeof(mats[0]); i++) {
		struct result r;
		char name[32];
		if (measure(mats[i].rows, mats[i].cols, mats[i].rate_hz, &r) < 0)
			return 1;
		snprintf(name, sizeof(name), "%zux%zu %g Hz", mats[i].rows, mats[i].cols,
		    (double)mats[i].rate_hz);
		printf("%-14s %12.0f %12.0f\n", name, r.movement_ns, r.vitals_ns);
	}
	return 0;
}
