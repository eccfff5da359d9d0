/*
 * A bed on four load cells, a seat on four, and a bed with a switch: simulated loads through the
 * whole pipeline. What they can tell is told, and what they cannot is not.
 */
#include "support.h"

#include "base/clock.h"
#include "pipeline/pipeline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE       80
#define FULL_SCALE 16777215.0F
#define MIDDLE     8388608.0F
/* Cells for 50 kg that give 1 mV/V: a quarter of the amplifier's +-4 mV/V half at gain 128. */
#define COUNTS_PER_KG (0.256 * 8388608 / 50)
#define CELLS         4

struct place_and_load {
	double x_mm, y_mm, kg; /* the centre of what lies there */
};

struct scale {
	struct surface surface;
	struct cell_place places[CELLS];
	struct calibration calibration;
	struct calib_cell cells[CELLS];
	struct pipeline *pipeline;
	struct frame frame;
	float counts[CELLS];
	double half_x_mm, half_y_mm;
	uint32_t noise;
	struct observation o; /* the newest */
	unsigned n_shifts, n_events;
	double breathing_sum;
	unsigned n_breathing, n_heart;
};

static void take_observation(void *user, const struct observation *o)
{
	struct scale *scale = user;

	scale->o = *o;
	scale->n_shifts += o->shift;
	if (isfinite(o->breathing_per_min)) {
		scale->breathing_sum += (double)o->breathing_per_min;
		scale->n_breathing++;
	}
}

static void take_event(void *user, const struct event *event)
{
	(void)event;
	((struct scale *)user)->n_events++;
}

/* Cells at the corners of 2 half_x by 2 half_y; each reads the frame and its own zero when empty. */
static void make(struct scale *scale, enum surface_kind kind, enum region region, double half_x_mm,
    double half_y_mm, bool calibrated)
{
	struct error err = {0};

	*scale = (struct scale){.half_x_mm = half_x_mm, .half_y_mm = half_y_mm, .noise = 1};
	for (size_t i = 0; i < CELLS; i++) {
		scale->places[i] = (struct cell_place){
		    (float)(i % 2 ? half_x_mm : -half_x_mm),
		    (float)(i / 2 ? -half_y_mm : half_y_mm),
		    region,
		};
		scale->cells[i] = (struct calib_cell){
		    .offset_counts = MIDDLE + 70000 * (float)i + (float)(10 * COUNTS_PER_KG),
		    .gain = (float)(2 / COUNTS_PER_KG), /* percent of 50 kg */
		    .exponent = 1,
		};
	}
	scale->surface = (struct surface){
	    .name = "scale",
	    .kind = kind,
	    .n_cells = CELLS,
	    .pitch_mm = 100,
	    .full_scale_counts = FULL_SCALE,
	    .rate_hz = RATE,
	    .places = scale->places,
	};
	scale->calibration = (struct calibration){
	    .unit = PRESSURE_RELATIVE, .n_cells = CELLS, .cells = scale->cells};
	struct pipeline_config config = {
	    .surface = &scale->surface,
	    .calibration = calibrated ? &scale->calibration : NULL,
	};
	struct pipeline_sink sink = {
	    .user = scale, .observation = take_observation, .event = take_event};
	scale->frame = (struct frame){
	    .mono_ns = 1000 * NS_PER_S, .n_cells = CELLS, .counts = scale->counts};
	scale->pipeline = pipeline_create(&config, &sink, &err);
	if (!scale->pipeline)
		fail_msg("%s", err.text);
}

/* Triangular noise of some 50 counts, as such amplifiers have. */
static double noise(struct scale *scale)
{
	double sum = 0;

	for (int i = 0; i < 2; i++) {
		scale->noise = scale->noise * 1664525 + 1013904223;
		sum += scale->noise / 4294967296.0 - 0.5;
	}
	return 120 * sum;
}

static void step(struct scale *scale, const struct place_and_load *load)
{
	double right = 0.5 + load->x_mm / (2 * scale->half_x_mm);
	double top = 0.5 + load->y_mm / (2 * scale->half_y_mm);

	for (size_t i = 0; i < CELLS; i++) {
		double share = (i % 2 ? right : 1 - right) * (i / 2 ? 1 - top : top);
		double counts = (double)scale->cells[i].offset_counts +
		                share * load->kg * COUNTS_PER_KG + noise(scale);
		scale->counts[i] = (float)round(counts);
	}
	scale->frame.mono_ns += NS_PER_S / RATE;
	scale->frame.sequence++;
	assert_int_equal(pipeline_step(scale->pipeline, &scale->frame), 0);
}

/* Somebody at (x, y) who breathes 14 times a minute: her centre goes to and fro by half a mm. */
static void lie(struct scale *scale, double x_mm, double y_mm, double seconds)
{
	for (int i = 0; i < (int)(seconds * RATE); i++) {
		double t_s = (double)scale->frame.mono_ns / 1e9;
		double breath = sin(2 * M_PI * 14 / 60 * t_s);
		struct place_and_load load = {x_mm, y_mm + 2 * breath, 65 * (1 + 2e-4 * breath)};
		step(scale, &load);
	}
}

/* From here to there in some seconds, with all that this sets into motion. */
static void move(
    struct scale *scale, struct place_and_load from, struct place_and_load to, double seconds)
{
	int n = (int)(seconds * RATE);

	for (int i = 0; i < n; i++) {
		double t_s = (double)i / RATE, part = (double)i / n;
		double jolt = sin(2 * M_PI * 1.3 * t_s);
		struct place_and_load load = {
		    from.x_mm + part * (to.x_mm - from.x_mm) + 25 * jolt,
		    from.y_mm + part * (to.y_mm - from.y_mm) - 40 * jolt,
		    (from.kg + part * (to.kg - from.kg)) * (1 + 0.06 * jolt),
		};
		step(scale, &load);
	}
}

static void rest(struct scale *scale, double kg, double seconds)
{
	struct place_and_load load = {100, -50, kg};

	for (int i = 0; i < (int)(seconds * RATE); i++)
		step(scale, &load);
}

static void unmake(struct scale *scale)
{
	pipeline_destroy(scale->pipeline);
}

static void nothing_of_posture(const struct observation *o)
{
	assert_int_equal(o->sense, SENSE_LOAD);
	assert_int_equal(o->posture, POSTURE_UNKNOWN);
	assert_true(isnan(o->posture_confidence) && isnan(o->valley_ratio) && isnan(o->softness));
}

/* ---- a bed on its legs -------------------------------------------------------------------- */

static void a_bed_tells_who_comes_breathes_and_goes(void **state)
{
	static const struct place_and_load beside = {350, 0, 0}, in_bed = {0, 100, 65};
	struct scale scale;

	(void)state;
	make(&scale, SURFACE_BED, REGION_LEG, 400, 900, true);
	rest(&scale, 0, 20);
	assert_int_equal(scale.o.occupancy, OCCUPANCY_EMPTY);
	move(&scale, beside, in_bed, 8);
	lie(&scale, 0, 100, 200);
	assert_int_equal(scale.o.occupancy, OCCUPANCY_PERSON);
	nothing_of_posture(&scale.o);
	/* 65 kg: 130 % of a cell's rating, all four together */
	assert_float_equal(scale.o.load, 130, 1);
	assert_float_equal(scale.o.centre_x_ratio, 0.5, 0.01);
	assert_float_equal(scale.o.centre_y_ratio, 0.5F - 100.0F / 1800, 0.01F);
	assert_true(scale.n_breathing > 50 * RATE);
	assert_true(fabs(scale.breathing_sum / scale.n_breathing - 14) < 0.5);
	assert_false(scale.o.moving);
	move(&scale, in_bed, beside, 6);
	rest(&scale, 0, 10);
	assert_int_equal(scale.o.occupancy, OCCUPANCY_EMPTY);
	assert_true(isnan(scale.o.breathing_per_min));
	unmake(&scale);
}

static void a_turn_is_a_shift_of_the_centre(void **state)
{
	static const struct place_and_load left = {-40, 100, 65}, right = {50, 100, 65};
	struct scale scale;

	(void)state;
	make(&scale, SURFACE_BED, REGION_LEG, 400, 900, true);
	rest(&scale, 0, 20);
	move(&scale, (struct place_and_load){350, 0, 0}, left, 8);
	lie(&scale, -40, 100, 120);
	assert_int_equal(scale.n_shifts, 0);
	/* she stirs and lies as before */
	move(&scale, left, left, 4);
	lie(&scale, -40, 100, 60);
	assert_int_equal(scale.n_shifts, 0);
	move(&scale, left, right, 4);
	assert_true(scale.o.moving);
	lie(&scale, 50, 100, 60);
	assert_int_equal(scale.n_shifts, 1);
	assert_false(scale.o.moving);
	unmake(&scale);
}

static void a_suitcase_is_an_object(void **state)
{
	struct scale scale;

	(void)state;
	make(&scale, SURFACE_BED, REGION_LEG, 400, 900, true);
	rest(&scale, 0, 20);
	rest(&scale, 25, 200);
	assert_int_equal(scale.o.occupancy, OCCUPANCY_OBJECT);
	assert_int_equal(scale.n_breathing, 0);
	unmake(&scale);
}

static void an_untared_bed_is_unknown(void **state)
{
	struct scale scale;

	(void)state;
	make(&scale, SURFACE_BED, REGION_LEG, 400, 900, false);
	lie(&scale, 0, 100, 100);
	assert_int_equal(scale.o.occupancy, OCCUPANCY_UNKNOWN);
	assert_true(isnan(scale.o.load));
	unmake(&scale);
}

/* ---- a seat on four cells ----------------------------------------------------------------- */

static void a_seat_tells_a_lean(void **state)
{
	static const struct place_and_load up = {0, -20, 60}, left = {-60, -20, 60};
	struct scale scale;

	(void)state;
	make(&scale, SURFACE_SEAT, REGION_SEAT, 180, 180, true);
	rest(&scale, 0, 20);
	assert_int_equal(scale.o.seat, SEAT_EMPTY);
	move(&scale, (struct place_and_load){0, 150, 0}, up, 3);
	lie(&scale, 0, -20, 120);
	assert_int_equal(scale.o.sense, SENSE_SHAPE);
	assert_int_equal(scale.o.occupancy, OCCUPANCY_PERSON);
	assert_int_equal(scale.o.seat, SEAT_UPRIGHT);
	assert_true(scale.o.baseline);
	move(&scale, up, left, 2);
	lie(&scale, -60, -20, 30);
	assert_int_equal(scale.o.seat, SEAT_LEAN_LEFT);
	assert_true(scale.o.sideways_ratio < 0);
	move(&scale, left, (struct place_and_load){0, 150, 0}, 2);
	rest(&scale, 0, 10);
	assert_int_equal(scale.o.seat, SEAT_EMPTY);
	unmake(&scale);
}

/* ---- switches ----------------------------------------------------------------------------- */

struct strip {
	struct surface surface;
	struct pipeline *pipeline;
	struct frame frame;
	float counts[5];
	struct observation o;
	unsigned n_technical;
	char advice[EVENT_DETAIL_SIZE];
};

static void take_strip(void *user, const struct observation *o)
{
	struct strip *strip = user;

	strip->o = *o;
	strip->n_technical += o->technical != TECHNICAL_NONE;
}

static void take_strip_event(void *user, const struct event *event)
{
	struct strip *strip = user;

	if (strcmp(event->rule, "unchanged_posture") == 0)
		snprintf(strip->advice, sizeof(strip->advice), "%s", event->detail);
}

static void make_strip(struct strip *strip, enum surface_kind kind, size_t n_cells)
{
	struct error err = {0};

	*strip = (struct strip){
	    .surface = {.name = "strip",
	        .kind = kind,
	        .rows = 1,
	        .cols = n_cells,
	        .n_cells = n_cells,
	        .pitch_mm = 100,
	        .full_scale_counts = 1,
	        .rate_hz = 5},
	};
	struct pipeline_config config = {.surface = &strip->surface};
	struct pipeline_sink sink = {
	    .user = strip, .observation = take_strip, .event = take_strip_event};
	strip->frame = (struct frame){
	    .mono_ns = 1000 * NS_PER_S, .n_cells = n_cells, .counts = strip->counts};
	strip->pipeline = pipeline_create(&config, &sink, &err);
	if (!strip->pipeline)
		fail_msg("%s", err.text);
}

static void hold(struct strip *strip, size_t cell, float value, double seconds)
{
	strip->counts[cell] = value;
	for (int i = 0; i < (int)(seconds * 5); i++) {
		strip->frame.mono_ns += NS_PER_S / 5;
		strip->frame.sequence++;
		assert_int_equal(pipeline_step(strip->pipeline, &strip->frame), 0);
	}
}

static void a_switch_tells_loaded_or_not_and_nothing_else(void **state)
{
	static const enum surface_kind kinds[] = {SURFACE_BED, SURFACE_SEAT, SURFACE_STRIP};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct strip strip;
		make_strip(&strip, kinds[i], 5);
		hold(&strip, 0, 0, 120);
		assert_int_equal(strip.o.occupancy, OCCUPANCY_EMPTY);
		hold(&strip, 3, 1, 4 * 3600); /* unmoved for hours: not a frozen mat */
		assert_int_equal(strip.n_technical, 0);
		assert_int_equal(strip.o.sense, SENSE_SWITCH);
		assert_int_equal(strip.o.occupancy, OCCUPANCY_PERSON);
		assert_true(strip.o.occupancy_confidence < 0.7F); /* it may be a thing */
		assert_int_equal(strip.o.posture, POSTURE_UNKNOWN);
		assert_int_equal(strip.o.seat, SEAT_UNKNOWN);
		assert_true(isnan(strip.o.movement_ratio) && !strip.o.moving);
		assert_true(isnan(strip.o.breathing_per_min) && isnan(strip.o.heart_per_min));
		hold(&strip, 3, 0, 10);
		assert_int_equal(strip.o.occupancy, OCCUPANCY_EMPTY);
		pipeline_finish(strip.pipeline);
		assert_string_equal(strip.advice, ""); /* nobody saw whether she turned */
		pipeline_destroy(strip.pipeline);
	}
}

static void a_short_touch_is_nobody(void **state)
{
	struct strip strip;

	(void)state;
	make_strip(&strip, SURFACE_BED, 1);
	hold(&strip, 0, 0, 20);
	hold(&strip, 0, 1, 2);
	hold(&strip, 0, 0, 4);
	assert_int_equal(strip.o.occupancy, OCCUPANCY_EMPTY);
	pipeline_destroy(strip.pipeline);
}

static void limits_are_said(void **state)
{
	(void)state;
	assert_null(sense_limits(SENSE_SHAPE));
	assert_non_null(strstr(sense_limits(SENSE_LOAD), "posture and support are not assessed"));
	assert_non_null(strstr(sense_limits(SENSE_SWITCH), "a person from a thing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_bed_tells_who_comes_breathes_and_goes),
	    cmocka_unit_test(a_turn_is_a_shift_of_the_centre),
	    cmocka_unit_test(a_suitcase_is_an_object),
	    cmocka_unit_test(an_untared_bed_is_unknown),
	    cmocka_unit_test(a_seat_tells_a_lean),
	    cmocka_unit_test(a_switch_tells_loaded_or_not_and_nothing_else),
	    cmocka_unit_test(a_short_touch_is_nobody),
	    cmocka_unit_test(limits_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
