/*
 * A bed whose calibration has failed without a word: the tare lost, taken under somebody, of another
 * mat, gains and curves far off. Nothing of it makes a person out of an empty bed; and somebody who
 * is there is still seen, on a good calibration.
 */
#include "bodies.h"
#include "drivers/sim/sensor.h"
#include "pipeline/pipeline.h"
#include "support.h"

#include "base/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 32
#define COLS 16
#define N    (ROWS * COLS)
#define RATE 4
#define FULL 4095

struct bed {
	struct surface surface;
	struct sim_sensor *sensor;
	struct calibration calibration;
	struct pipeline *pipeline;
	float dent[N]; /* counts that the mat reads of itself */
	float body[N]; /* mmHg of who lies there */
	int64_t now_ns;
	size_t n_person, n_unknown, n_empty, n_object;
	struct event events[16];
	size_t n_events;
};

static void take_observation(void *user, const struct observation *o)
{
	struct bed *bed = user;

	bed->n_person += o->occupancy == OCCUPANCY_PERSON;
	bed->n_unknown += o->occupancy == OCCUPANCY_UNKNOWN;
	bed->n_empty += o->occupancy == OCCUPANCY_EMPTY;
	bed->n_object += o->occupancy == OCCUPANCY_OBJECT;
	if (o->occupancy == OCCUPANCY_UNKNOWN)
		assert_true(o->posture == POSTURE_UNKNOWN && isnan(o->posture_confidence));
}

static void take_event(void *user, const struct event *event)
{
	struct bed *bed = user;

	if (event->level != EVENT_TECHNICAL)
		return;
	assert_true(bed->n_events < 16);
	bed->events[bed->n_events++] = *event;
}

static const struct event *find_event(const struct bed *bed, const char *rule)
{
	for (size_t i = 0; i < bed->n_events; i++)
		if (strcmp(bed->events[i].rule, rule) == 0)
			return &bed->events[i];
	return NULL;
}

/* A mat whose zero is nothing but noise, and the calibration that fits it. */
static void make(struct bed *bed)
{
	static const struct sim_wear wear = {
	    .gain_sigma = 0.1, .gamma_low = 0.95, .gamma_high = 1, .dead_row = -1};
	struct random random;

	*bed = (struct bed){.surface = bodies_bed(ROWS, COLS), .now_ns = NS_PER_H};
	bed->surface.full_scale_counts = FULL;
	bed->surface.rate_hz = RATE;
	random_init(&random, 23);
	bed->sensor = sim_sensor_create_worn(&bed->surface, &random, &wear, NULL);
	assert_non_null(bed->sensor);
	bodies_lie(&bed->surface, POSTURE_SUPINE, 80, 9, bed->body);
	struct calibration calibration;
	assert_int_equal(calibration_init_relative(&calibration, &bed->surface), 0);
	calibration.unit = PRESSURE_MMHG;
	for (size_t i = 0; i < N; i++)
		calibration.cells[i] = (struct calib_cell){
		    .offset_counts = 3, .gain = (float)SIM_BED_FULL_MMHG / FULL, .exponent = 1};
	bed->calibration = calibration;
}

static void begin(struct bed *bed)
{
	struct pipeline_config config = {
	    .surface = &bed->surface, .calibration = &bed->calibration};
	struct pipeline_sink sink = {
	    .user = bed, .observation = take_observation, .event = take_event};
	struct error err = {0};

	pipeline_destroy(bed->pipeline);
	bed->pipeline = pipeline_create(&config, &sink, &err);
	if (!bed->pipeline)
		fail_msg("%s", err.text);
}

static void unmake(struct bed *bed)
{
	pipeline_destroy(bed->pipeline);
	sim_sensor_destroy(bed->sensor);
	calibration_finish(&bed->calibration);
}

static void count_anew(struct bed *bed)
{
	bed->n_person = bed->n_unknown = bed->n_empty = bed->n_object = 0;
}

/* share: of the body that lies there, 0: nobody; breathes: it is alive. */
static void pass(struct bed *bed, double minutes, float share, bool breathes)
{
	float mmhg[N], counts[N];

	for (int i = 0; i < minutes * 60 * RATE; i++) {
		bed->now_ns += NS_PER_S / RATE;
		double t_s = (double)bed->now_ns / 1e9;
		float breath = breathes ? 0.03f * (float)sin(2 * M_PI * 0.25 * t_s) : 0;
		for (size_t k = 0; k < N; k++)
			mmhg[k] = share * bed->body[k] *
			          (1 + (k / COLS > 6 && k / COLS < 16 ? breath : 0));
		sim_sensor_read(bed->sensor, mmhg, 1, counts);
		for (size_t k = 0; k < N; k++)
			counts[k] = fminf(FULL, counts[k] + bed->dent[k]);
		struct frame frame = {.mono_ns = bed->now_ns,
		    .real_ns = bed->now_ns + 1795359600LL * NS_PER_S,
		    .flags = FRAME_CLOCK_SYNCED,
		    .n_cells = N,
		    .counts = counts};
		pipeline_step(bed->pipeline, &frame);
	}
}

static void press_dent(struct bed *bed, float share)
{
	for (size_t i = 0; i < N; i++)
		bed->dent[i] = share * bed->body[i] * FULL / (float)SIM_BED_FULL_MMHG;
}

static void lose_the_tare(struct bed *bed)
{
	press_dent(bed, 0.3f);
	for (size_t i = 0; i < N; i++)
		bed->calibration.cells[i].offset_counts = 0;
}

static void lose_the_tare_of_a_tight_mat(struct bed *bed)
{
	/* Smooth over the length, heavy in the middle: the mattress sags there. */
	for (size_t i = 0; i < N; i++)
		bed->dent[i] = 0.25f * FULL * sinf((float)M_PI * (float)(i / COLS) / ROWS);
	for (size_t i = 0; i < N; i++)
		bed->calibration.cells[i].offset_counts = 0;
}

static void tare_under_somebody(struct bed *bed)
{
	for (size_t i = 0; i < N; i++)
		bed->calibration.cells[i].offset_counts += bed->body[i] * FULL /
		                                           (float)SIM_BED_FULL_MMHG;
}

static void take_another_mats(struct bed *bed)
{
	struct random random;

	random_init(&random, 77);
	for (size_t i = 0; i < N; i++) {
		bed->dent[i] = (float)random_between(&random, 0, 0.1 * FULL);
		bed->calibration.cells[i].offset_counts = (float)random_between(
		    &random, 0, 0.1 * FULL);
	}
}

static void turn_it_round(struct bed *bed)
{
	press_dent(bed, 0.25f);
	for (size_t i = 0; i < N; i++)
		bed->calibration.cells[i].offset_counts = bed->dent[N - 1 - i];
}

static void blow_up_the_gains(struct bed *bed)
{
	press_dent(bed, 0.02f);
	for (size_t i = 0; i < N; i++)
		bed->calibration.cells[i].gain *= 50;
}

/* The flattest and the steepest curves that a calibration is made with, 20 mmHg where they were. */
static void bend_the_curves(struct bed *bed, float exponent)
{
	press_dent(bed, 0.1f);
	for (size_t i = 0; i < N; i++) {
		bed->calibration.cells[i].exponent = exponent;
		bed->calibration.cells[i].gain = 20 / powf(0.2f * FULL, exponent);
	}
}

static void bend_down(struct bed *bed)
{
	bend_the_curves(bed, 0.85f);
}

static void bend_up(struct bed *bed)
{
	bend_the_curves(bed, 2);
}

static void kill_half_of_it(struct bed *bed)
{
	lose_the_tare(bed);
	for (size_t i = 0; i < N; i += 2)
		bed->calibration.cells[i].dead = i % 3 == 0;
}

static void test_no_failed_calibration_makes_a_person(void **state)
{
	static const struct {
		const char *name;
		void (*spoil)(struct bed *);
	} table[] = {
	    {"tare lost", lose_the_tare},
	    {"tare lost, tight mat", lose_the_tare_of_a_tight_mat},
	    {"tare under somebody", tare_under_somebody},
	    {"another mat's", take_another_mats},
	    {"turned round", turn_it_round},
	    {"gains", blow_up_the_gains},
	    {"curves, flat", bend_down},
	    {"curves, steep", bend_up},
	    {"half dead", kill_half_of_it},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct bed bed;
		make(&bed);
		table[i].spoil(&bed);
		begin(&bed);
		pass(&bed, 90, 0, false);
		print_message("%-22s person %zu, unknown %zu, object %zu, empty %zu; %zu said\n",
		    table[i].name, bed.n_person, bed.n_unknown, bed.n_object, bed.n_empty,
		    bed.n_events);
		assert_int_equal(bed.n_person, 0);
		if (bed.n_unknown > 20 * 60 * RATE)
			assert_non_null(find_event(&bed, "zero"));
		assert_true(bed.n_events < 4); /* said, but not with each frame */
		pipeline_finish(bed.pipeline);
		unmake(&bed);
	}
}

/* With the good calibration she is seen within a minute, the bed is empty when she is gone. */
static void test_somebody_is_still_seen(void **state)
{
	struct bed bed;

	(void)state;
	make(&bed);
	begin(&bed);
	pass(&bed, 2, 1, true); /* she lies there already when the daemon starts */
	count_anew(&bed);
	pass(&bed, 30, 1, true);
	assert_int_equal(bed.n_person, 30 * 60 * RATE);
	pass(&bed, 1, 0, false);
	count_anew(&bed);
	pass(&bed, 10, 0, false);
	assert_int_equal(bed.n_empty, 10 * 60 * RATE);
	pass(&bed, 0.5, 1, true); /* at once, when the bed was seen empty before */
	count_anew(&bed);
	pass(&bed, 1, 1, true);
	assert_int_equal(bed.n_person, 60 * RATE);
	assert_null(find_event(&bed, "zero"));
	pipeline_finish(bed.pipeline);
	unmake(&bed);
}

/* She leaves a dent that reads like a fifth of her; a zero that goes while she is away. */
static void test_a_dent_is_not_her(void **state)
{
	struct bed bed;

	(void)state;
	make(&bed);
	begin(&bed);
	pass(&bed, 2, 0, false);
	pass(&bed, 30, 1, true);
	press_dent(&bed, 0.2f);
	pass(&bed, 11, 0, false); /* a sign of life counts for ten minutes */
	count_anew(&bed);
	pass(&bed, 120, 0, false);
	print_message(
	    "dent: unknown %zu, object %zu, empty %zu\n", bed.n_unknown, bed.n_object, bed.n_empty);
	assert_int_equal(bed.n_person, 0);
	pipeline_finish(bed.pipeline);
	unmake(&bed);

	make(&bed);
	begin(&bed);
	pass(&bed, 2, 0, false);
	pass(&bed, 10, 1, true);
	pass(&bed, 2, 0, false);
	count_anew(&bed);
	for (int step = 0; step <= 60; step++) {
		press_dent(&bed, 0.3f * (float)step / 60);
		pass(&bed, 2, 0, false);
	}
	assert_int_equal(bed.n_person, 0);
	pipeline_finish(bed.pipeline);
	unmake(&bed);
}

static void test_an_old_calibration_is_said_once(void **state)
{
	struct bed bed;

	(void)state;
	make(&bed);
	bed.calibration.made_real_ns = bed.now_ns + (1795359600LL - 91 * 86400) * NS_PER_S;
	begin(&bed);
	pass(&bed, 30, 0, false);
	assert_int_equal(bed.n_events, 1);
	assert_string_equal(bed.events[0].rule, "calibration");
	assert_non_null(strstr(bed.events[0].detail, "91 days old, the limit is 90"));
	assert_non_null(strstr(bed.events[0].detail, "lumbar calibrate bed"));
	unmake(&bed);

	make(&bed);
	bed.calibration.made_real_ns = bed.now_ns + (1795359600LL - 89 * 86400) * NS_PER_S;
	begin(&bed);
	pass(&bed, 5, 0, false);
	assert_int_equal(bed.n_events, 0);
	unmake(&bed);
}

/* The zero wanders by 7 % of full scale over a day of absence: followed, said, and then too far. */
static void test_drift_is_followed_and_said(void **state)
{
	struct bed bed;

	(void)state;
	make(&bed);
	begin(&bed);
	for (int minute = 0; minute < 14 * 60; minute++) {
		for (size_t i = 0; i < N; i++)
			bed.dent[i] = 0.07f * FULL * (float)minute / (14 * 60);
		pass(&bed, 1, 0, false);
	}
	assert_int_equal(bed.n_person, 0);
	const struct event *tare = find_event(&bed, "tare"), *old = find_event(&bed, "calibration");
	assert_non_null(tare);
	assert_non_null(strstr(tare->detail, "its zero was moved; it is now 0."));
	assert_non_null(old);
	assert_non_null(strstr(old->detail, "has drifted by 5 % of full scale"));
	assert_true(bed.n_events <= 14 + 1);
	unmake(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_no_failed_calibration_makes_a_person),
	    cmocka_unit_test(test_somebody_is_still_seen),
	    cmocka_unit_test(test_a_dent_is_not_her),
	    cmocka_unit_test(test_an_old_calibration_is_said_once),
	    cmocka_unit_test(test_drift_is_followed_and_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
