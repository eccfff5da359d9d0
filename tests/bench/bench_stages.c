/* Where the time of a frame goes: each stage alone, over the same six minutes of a night. */
#include "bench.h"
#include "night_ring.h"

#include "body/body.h"
#include "body/movement.h"
#include "body/vitals.h"
#include "calib/calib.h"
#include "detect/detector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N NIGHT_RING_FRAMES

/* The ring, calibrated, is too large to keep: each stage calibrates again, outside its time. */
struct source {
	struct night_ring ring;
	struct calib *calib;
	float *cells;
	struct observation *observations; /* N of them, what the body model makes of the ring */
};

static void *take(size_t n, size_t size)
{
	void *memory = calloc(n, size);

	if (!memory)
		night_die(&(struct error){.text = "out of memory"});
	return memory;
}

/* exponent 1: relative units; else a power law as of methods.md, section 7. */
static struct calib *make_calib(float exponent)
{
	struct calibration calibration;
	struct error err = {0};

	if (calibration_init_relative(&calibration, &night_mat) < 0)
		night_die(&(struct error){.text = "out of memory"});
	if (exponent < 1) {
		calibration.unit = PRESSURE_MMHG;
		for (size_t c = 0; c < night_mat.n_cells; c++)
			calibration.cells[c].exponent = exponent;
	}
	struct calib *calib = calib_create(&night_mat, &calibration, &err);
	if (!calib)
		night_die(&err);
	calibration_finish(&calibration);
	return calib;
}

static struct image image_of(struct source *source, size_t i)
{
	struct image image = {.surface = &night_mat, .cells = source->cells};
	struct frame frame = night_ring_frame(&source->ring, i);

	if (calib_apply(source->calib, &frame, &image) < 0)
		night_die(&(struct error){.text = "a frame of the ring could not be calibrated"});
	return image;
}

static void time_calibration(struct source *source, const char *name, float exponent)
{
	struct image image = {.surface = &night_mat, .cells = source->cells};
	struct calib *calib = make_calib(exponent);
	int64_t total_ns = 0;

	for (size_t i = 0; i < N; i++) {
		struct frame frame = night_ring_frame(&source->ring, i);
		int64_t begun_ns = bench_now_ns();
		calib_apply(calib, &frame, &image);
		total_ns += bench_now_ns() - begun_ns;
	}
	bench_print_stage(name, total_ns, N);
	calib_destroy(calib);
}

/* Also keeps the observations, for the stages behind. */
static void time_body(struct source *source)
{
	struct options options;
	struct error err = {0};

	options_init(&options, body_options);
	struct body *body = body_create(&night_mat, &options, &err);
	if (!body)
		night_die(&err);
	int64_t total_ns = 0;
	for (size_t i = 0; i < N; i++) {
		struct image image = image_of(source, i);
		int64_t begun_ns = bench_now_ns();
		body_step(body, &image, &source->observations[i]);
		total_ns += bench_now_ns() - begun_ns;
	}
	bench_print_stage("body, whole", total_ns, N);
	body_destroy(body);
}

static void time_movement(struct source *source)
{
	struct movement *movement = movement_create(&night_mat);
	struct movement_reading reading;
	int64_t total_ns = 0;

	if (!movement)
		night_die(&(struct error){.text = "out of memory"});
	for (size_t i = 0; i < N; i++) {
		const struct observation *o = &source->observations[i];
		struct image image = image_of(source, i);
		int64_t begun_ns = bench_now_ns();
		movement_step(
		    movement, &image, o->occupancy == OCCUPANCY_PERSON, o->posture, &reading);
		total_ns += bench_now_ns() - begun_ns;
	}
	bench_print_stage("  movement", total_ns, N);
	movement_destroy(movement);
}

static void time_vitals(struct source *source)
{
	struct error err = {0};
	struct vitals *vitals = vitals_create(&night_mat, &err);
	struct vitals_reading reading;
	int64_t total_ns = 0;

	if (!vitals)
		night_die(&err);
	for (size_t i = 0; i < N; i++) {
		const struct observation *o = &source->observations[i];
		struct image image = image_of(source, i);
		int64_t begun_ns = bench_now_ns();
		vitals_step(vitals, &image, o->occupancy == OCCUPANCY_PERSON, o->moving, &reading);
		total_ns += bench_now_ns() - begun_ns;
	}
	bench_print_stage("  vitals", total_ns, N);
	vitals_destroy(vitals);
}

static void ignore_event(void *user, const struct event *event)
{
	(void)user;
	(void)event;
}

static void time_detector(const struct detector *detector, const struct observation *observations)
{
	struct options options;
	struct error err = {0};
	void *state = take(1, detector->state_size);

	options_init(&options, detector->options);
	if (detector->init(state, &options, &night_mat, &err) < 0)
		night_die(&err);
	for (size_t i = 0; i < N; i++)
		detector->step(state, &observations[i], ignore_event, NULL);
	free(state);
}

static void time_detectors(const struct source *source)
{
	int64_t begun_ns = bench_now_ns();

	for (size_t d = 0; detectors[d]; d++)
		if (detectors[d]->step && detectors[d]->surfaces & 1u << SURFACE_BED)
			time_detector(detectors[d], source->observations);
	bench_print_stage("detectors, all of a bed", bench_now_ns() - begun_ns, N);
}

int main(void)
{
	struct source source = {0};

	night_ring_init(&source.ring);
	source.calib = make_calib(1);
	source.cells = take(night_mat.n_cells, sizeof(*source.cells));
	source.observations = take(N, sizeof(*source.observations));

	printf("bench_stages: CPU time a frame of a 64 x 32 mat\n");
	time_calibration(&source, "calibration, relative", 1);
	time_calibration(&source, "calibration, power law", 0.8f);
	time_body(&source);
	time_movement(&source);
	time_vitals(&source);
	time_detectors(&source);

	calib_destroy(source.calib);
	free(source.cells);
	free(source.observations);
	night_ring_finish(&source.ring);
	return 0;
}
