/* The seat, by a made-up person on a made-up pad of 16 x 16 cells of 25 mm. */
#include "base/random.h"
#include "body/seat.h"
#include "support.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define ROWS     16
#define COLS     16
#define PITCH_MM 25.0
#define HZ       10
#define NS       1000000000LL

/* Two halves of a body; what a lean does is to shift load from one to the other. */
struct sitter {
	double kg;           /* 0: nobody */
	double lean_ratio;   /* (right - left) / all */
	double forward_mm;   /* of the whole load */
	double flat;         /* 0: seat bones show, 1: a slumped, even load */
	double noise;        /* of a cell, in mmHg */
	double offset, gain; /* of every cell */
};

struct chair {
	struct surface surface;
	struct seat *seat;
	struct seat_reading reading;
	struct random random;
	int64_t now_ns;
	float cells[ROWS * COLS];
	size_t bends;
};

static const struct sitter upright = {.kg = 50, .gain = 1};

static struct surface pad(void)
{
	return (struct surface){.name = "chair",
	    .kind = SURFACE_SEAT,
	    .rows = ROWS,
	    .cols = COLS,
	    .n_cells = ROWS * COLS,
	    .pitch_mm = (float)PITCH_MM,
	    .full_scale_counts = 4095,
	    .rate_hz = HZ};
}

static void open_chair(struct chair *chair)
{
	struct error err = {0};

	*chair = (struct chair){.surface = pad(), .now_ns = 100 * NS};
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
static void sit_down(const struct sitter *s, struct random *random, float *cells)
{
	double shape[ROWS * COLS], half[2] = {0, 0};

	for (int i = 0; i < ROWS * COLS; i++) {
		double x = (i % COLS - 7.5) * PITCH_MM;
		int row = i / COLS;
		double y = (7.5 - row) * PITCH_MM - s->forward_mm;
		double side = x < 0 ? -1 : 1, bone = 60 - 30 * s->flat;

		shape[i] = (1 - s->flat) * bump(x, y, side * 60, -70, 25, 25) +
		           0.5 * bump(x, y, side * 95, -60, bone, 70) +
		           0.35 * bump(x, y, side * 95, 60, 40, 60);
		half[x < 0 ? 0 : 1] += shape[i];
	}
	/* 1 kg on 625 mm2 is 117.7 mmHg. */
	for (int i = 0; i < ROWS * COLS; i++) {
		int right = i % COLS > 7;
		double kg = s->kg * (1 + (right ? s->lean_ratio : -s->lean_ratio)) / 2;
		double p = 117.7 * kg * shape[i] / half[right] + s->offset;
		if (s->noise > 0)
			p += s->noise * random_normal(random);
		cells[i] = (float)fmax(0, s->gain * p);
	}
}

static void step(struct chair *chair, const struct sitter *s)
{
	struct image image = {.surface = &chair->surface,
	    .mono_ns = chair->now_ns,
	    .unit = PRESSURE_MMHG,
	    .health_ratio = 1,
	    .cells = chair->cells};

	sit_down(s, &chair->random, chair->cells);
	seat_step(chair->seat, &image, &chair->reading);
	chair->bends += chair->reading.bend;
	chair->now_ns += NS / HZ;
}

static void sit(struct chair *chair, const struct sitter *s, double seconds)
{
	for (int i = 0; i < (int)(seconds * HZ); i++)
		step(chair, s);
}

static void know_upright(struct chair *chair)
{
	open_chair(chair);
	sit(chair, &upright, 80);
	assert_true(chair->reading.baseline);
	assert_int_equal(chair->reading.state, SEAT_UPRIGHT);
}

static void nobody_sits(void **state)
{
	(void)state;
	struct sitter nobody = {.gain = 1, .noise = 0.2, .offset = 0.5};
	struct chair chair;

	open_chair(&chair);
	sit(&chair, &nobody, 10);
	assert_int_equal(chair.reading.state, SEAT_EMPTY);
	assert_false(chair.reading.seated);
	assert_float_equal(chair.reading.confidence, 1, 1e-3F);
	assert_true(isnan(chair.reading.sideways_ratio));
	struct sitter child = {.kg = 4, .gain = 1};
	sit(&chair, &child, 60);
	assert_int_equal(chair.reading.state, SEAT_EMPTY);
	seat_destroy(chair.seat);
	seat_destroy(NULL);
}

static void a_session_begins_and_ends_with_dwell(void **state)
{
	(void)state;
	struct sitter nobody = {.gain = 1};
	struct chair chair;

	open_chair(&chair);
	sit(&chair, &nobody, 5);
	sit(&chair, &upright, 4.9);
	assert_false(chair.reading.seated);
	assert_int_equal(chair.reading.state, SEAT_UNKNOWN);
	sit(&chair, &upright, 5.2);
	assert_true(chair.reading.seated);
	assert_float_equal(chair.reading.session_s, 10, 0.2F);
	sit(&chair, &nobody, 2.8);
	assert_true(chair.reading.seated);
	sit(&chair, &nobody, 0.4);
	assert_false(chair.reading.seated);
	assert_int_equal(chair.reading.state, SEAT_EMPTY);
	assert_float_equal(chair.reading.session_s, 0, 0);
	seat_destroy(chair.seat);
}

static void the_first_quiet_minute_is_upright(void **state)
{
	(void)state;
	struct sitter crooked = upright, leaning = upright;
	struct seat_baseline baseline;
	struct chair chair;

	crooked.lean_ratio = 0.08; /* her own way to sit straight */
	open_chair(&chair);
	sit(&chair, &crooked, 60);
	assert_false(chair.reading.baseline);
	assert_true(chair.reading.confidence <= 0.6F);
	sit(&chair, &crooked, 25);
	assert_true(chair.reading.baseline);
	seat_baseline(chair.seat, &baseline);
	assert_float_equal(baseline.upright.sideways_ratio, 0.08F, 0.01F);
	assert_float_equal(chair.reading.sideways_ratio, 0, 0.01F);
	leaning.lean_ratio = 0.08 + 0.25;
	sit(&chair, &leaning, 20);
	assert_int_equal(chair.reading.state, SEAT_LEAN_RIGHT);
	assert_float_equal(chair.reading.sideways_ratio, 0.25F, 0.02F);
	seat_destroy(chair.seat);
}

/* docs/methods.md, section 5: 5 and 10 degrees are LR 0.20 and 0.40; a child is 0.06. */
static void leans_of_five_and_ten_degrees(void **state)
{
	(void)state;
	const struct {
		double lean_ratio;
		enum seat_state expected;
	} rows[] = {
	    {0.06, SEAT_UPRIGHT},
	    {-0.06, SEAT_UPRIGHT},
	    {0.20, SEAT_LEAN_RIGHT},
	    {-0.20, SEAT_LEAN_LEFT},
	    {0.40, SEAT_LEAN_RIGHT},
	    {-0.40, SEAT_LEAN_LEFT},
	};
	struct chair chair;

	know_upright(&chair);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sitter leaning = upright;

		leaning.lean_ratio = rows[i].lean_ratio;
		leaning.noise = 0.5;
		sit(&chair, &upright, 30);
		sit(&chair, &leaning, 60);
		assert_int_equal(chair.reading.state, rows[i].expected);
		assert_float_equal(chair.reading.sideways_ratio, (float)rows[i].lean_ratio, 0.03F);
		assert_true(chair.reading.confidence > 0.9F);
	}
	seat_destroy(chair.seat);
}

static void a_lean_holds_until_it_is_well_under_the_limit(void **state)
{
	(void)state;
	struct sitter leaning = upright;
	struct chair chair;

	know_upright(&chair);
	leaning.lean_ratio = 0.14;
	sit(&chair, &leaning, 10);
	assert_int_equal(chair.reading.state, SEAT_UPRIGHT);
	leaning.lean_ratio = 0.17;
	sit(&chair, &leaning, 1.5); /* shorter than the dwell */
	assert_int_equal(chair.reading.state, SEAT_UPRIGHT);
	sit(&chair, &leaning, 8);
	assert_int_equal(chair.reading.state, SEAT_LEAN_RIGHT);
	leaning.lean_ratio = 0.13;
	sit(&chair, &leaning, 10);
	assert_int_equal(chair.reading.state, SEAT_LEAN_RIGHT);
	leaning.lean_ratio = 0.10;
	sit(&chair, &leaning, 10);
	assert_int_equal(chair.reading.state, SEAT_UPRIGHT);
	seat_destroy(chair.seat);
}

static void forward_and_slump(void **state)
{
	(void)state;
	struct sitter forward = upright, slump = upright;
	struct chair chair;

	know_upright(&chair);
	forward.forward_mm = 75; /* 20 degrees */
	sit(&chair, &forward, 15);
	assert_int_equal(chair.reading.state, SEAT_FORWARD);
	assert_in_range(1000 * chair.reading.forward_ratio, 150, 200);
	sit(&chair, &upright, 15);
	assert_int_equal(chair.reading.state, SEAT_UPRIGHT);
	slump.flat = 0.5;
	slump.forward_mm = -25;
	sit(&chair, &slump, 15);
	assert_int_equal(chair.reading.state, SEAT_SLUMP);
	seat_destroy(chair.seat);
}

static void a_bend_returns_within_ten_seconds(void **state)
{
	(void)state;
	const struct {
		double seconds;
		size_t bends;
	} rows[] = {{4, 1}, {8, 1}, {14, 0}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sitter bent = upright;
		struct chair chair;

		bent.forward_mm = 85;
		know_upright(&chair);
		sit(&chair, &bent, rows[i].seconds);
		sit(&chair, &upright, 20);
		assert_int_equal(chair.bends, rows[i].bends);
		seat_destroy(chair.seat);
	}
}

static void rocking_is_seen_and_is_no_bending(void **state)
{
	(void)state;
	struct chair chair;

	know_upright(&chair);
	for (int i = 0; i < 150 * HZ; i++) {
		struct sitter rocking = upright;

		rocking.forward_mm = 15 * sin(2 * 3.14159265 * 0.5 * i / HZ);
		rocking.noise = 0.5;
		step(&chair, &rocking);
	}
	assert_true(chair.reading.rocking);
	assert_int_equal(chair.bends, 0);
	struct sitter still = upright;
	still.noise = 0.5;
	sit(&chair, &still, 90);
	assert_false(chair.reading.rocking);
	seat_destroy(chair.seat);
}

static void a_session_that_begins_with_a_lean_stays_a_lean(void **state)
{
	(void)state;
	struct sitter nobody = {.gain = 1}, leaning = upright;
	struct chair chair;

	leaning.lean_ratio = -0.25;
	know_upright(&chair);
	sit(&chair, &nobody, 60);
	sit(&chair, &leaning, 200);
	assert_int_equal(chair.reading.state, SEAT_LEAN_LEFT);
	assert_float_equal(chair.reading.sideways_ratio, -0.25F, 0.02F);
	seat_destroy(chair.seat);
}

static void reset_keeps_the_person(void **state)
{
	(void)state;
	struct sitter leaning = upright;
	struct chair chair;

	leaning.lean_ratio = -0.25;
	know_upright(&chair);
	seat_reset(chair.seat);
	chair.now_ns += 3600 * NS;
	sit(&chair, &leaning, 1);
	assert_false(chair.reading.seated);
	sit(&chair, &leaning, 15);
	assert_true(chair.reading.baseline);
	assert_int_equal(chair.reading.state, SEAT_LEAN_LEFT);
	seat_destroy(chair.seat);
}

static void weight_gain_and_offset_do_not_matter(void **state)
{
	(void)state;
	const struct sitter rows[] = {
	    {.kg = 50, .gain = 0.6}, {.kg = 65, .gain = 1}, {.kg = 50, .gain = 1, .offset = 3}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sitter leaning = rows[i];
		struct chair chair;

		open_chair(&chair);
		sit(&chair, &rows[i], 80);
		leaning.lean_ratio = 0.2;
		sit(&chair, &leaning, 20);
		assert_int_equal(chair.reading.state, SEAT_LEAN_RIGHT);
		assert_float_equal(chair.reading.sideways_ratio, 0.2F, 0.02F);
		seat_destroy(chair.seat);
	}
}

static void a_given_baseline_stands(void **state)
{
	(void)state;
	struct sitter crooked = upright;
	struct seat_baseline baseline;
	struct chair chair;
	struct image image = {.surface = &chair.surface, .unit = PRESSURE_MMHG, .health_ratio = 1};

	open_chair(&chair);
	seat_baseline_begin(chair.seat);
	assert_int_equal(seat_baseline_take(chair.seat), -ENODATA);
	crooked.lean_ratio = -0.1;
	image.cells = chair.cells;
	for (int i = 0; i < 5; i++) {
		sit_down(&crooked, &chair.random, chair.cells);
		seat_baseline_add(chair.seat, &image);
	}
	assert_int_equal(seat_baseline_take(chair.seat), 0);
	sit(&chair, &upright, 120);
	seat_baseline(chair.seat, &baseline);
	assert_float_equal(baseline.upright.sideways_ratio, -0.1F, 0.01F);
	assert_float_equal(chair.reading.sideways_ratio, 0.1F, 0.02F);
	seat_destroy(chair.seat);
}

static void a_sick_pad_is_unknown(void **state)
{
	(void)state;
	struct chair chair;

	know_upright(&chair);
	struct image image = {.surface = &chair.surface,
	    .mono_ns = chair.now_ns,
	    .unit = PRESSURE_MMHG,
	    .health_ratio = 0.7F,
	    .cells = chair.cells};
	seat_step(chair.seat, &image, &chair.reading);
	assert_int_equal(chair.reading.state, SEAT_UNKNOWN);
	assert_true(isnan(chair.reading.sideways_ratio));
	seat_destroy(chair.seat);
}

/* Two rows of four seat cells, two by two back cells. */
static const struct cell_place armchair[] = {{-150, 100, REGION_SEAT}, {-50, 100, REGION_SEAT},
    {50, 100, REGION_SEAT}, {150, 100, REGION_SEAT}, {-150, -100, REGION_SEAT},
    {-50, -100, REGION_SEAT}, {50, -100, REGION_SEAT}, {150, -100, REGION_SEAT},
    {-80, 300, REGION_BACK}, {80, 300, REGION_BACK}, {-80, 100, REGION_BACK},
    {80, 100, REGION_BACK}};

#define N_PLACES (sizeof(armchair) / sizeof(armchair[0]))

static enum seat_state state_of(struct seat *seat, const struct surface *surface,
    const float *cells, int64_t *now_ns, int seconds)
{
	struct seat_reading reading = {0};

	for (int i = 0; i < seconds * HZ; i++, *now_ns += NS / HZ) {
		float copy[N_PLACES];
		struct image image = {.surface = surface,
		    .mono_ns = *now_ns,
		    .unit = PRESSURE_RELATIVE,
		    .health_ratio = 1,
		    .cells = copy};

		for (size_t k = 0; k < N_PLACES; k++)
			copy[k] = cells[k];
		seat_step(seat, &image, &reading);
	}
	return reading.state;
}

static void a_few_cells_with_a_back_rest(void **state)
{
	(void)state;
	const float straight[] = {15, 20, 20, 15, 30, 50, 50, 30, 20, 20, 25, 25};
	const float left[] = {22, 28, 12, 8, 42, 65, 35, 18, 24, 14, 30, 18};
	const float forward[] = {25, 35, 35, 25, 25, 45, 45, 25, 0, 0, 1, 1};
	const float slouch[] = {35, 45, 45, 35, 2, 5, 5, 2, 30, 30, 20, 20};
	const float empty[N_PLACES] = {0};
	struct surface surface = {.name = "armchair",
	    .kind = SURFACE_SEAT,
	    .n_cells = N_PLACES,
	    .places = armchair,
	    .pitch_mm = 100,
	    .rate_hz = HZ};
	struct error err = {0};
	int64_t now_ns = NS;
	struct seat *seat = seat_create(&surface, &err);

	assert_non_null(seat);
	/* A stranger off the back rest is forward; upright is not known yet. */
	assert_int_equal(state_of(seat, &surface, forward, &now_ns, 20), SEAT_FORWARD);
	assert_int_equal(state_of(seat, &surface, straight, &now_ns, 80), SEAT_UPRIGHT);
	assert_int_equal(state_of(seat, &surface, left, &now_ns, 10), SEAT_LEAN_LEFT);
	assert_int_equal(state_of(seat, &surface, forward, &now_ns, 10), SEAT_FORWARD);
	assert_int_equal(state_of(seat, &surface, slouch, &now_ns, 10), SEAT_SLUMP);
	assert_int_equal(state_of(seat, &surface, empty, &now_ns, 10), SEAT_EMPTY);
	seat_destroy(seat);
}

static void a_layout_without_two_seat_cells_is_refused(void **state)
{
	(void)state;
	struct surface surface = {.name = "stool",
	    .kind = SURFACE_SEAT,
	    .n_cells = 3,
	    .places = &armchair[7],
	    .pitch_mm = 100,
	    .rate_hz = HZ};
	struct error err = {0};

	assert_null(seat_create(&surface, &err));
	assert_int_equal(err.code, -EINVAL);
	assert_non_null(strstr(err.text, "stool"));
}

static void no_more_than_ten_readings_a_second(void **state)
{
	(void)state;
	struct sitter leaning = upright;
	struct chair chair;

	know_upright(&chair);
	struct seat_reading before = chair.reading;
	leaning.lean_ratio = 0.5;
	chair.now_ns -= NS / HZ / 2; /* 50 ms after the last */
	step(&chair, &leaning);
	assert_float_equal(chair.reading.sideways_ratio, before.sideways_ratio, 0);
	assert_float_equal(chair.reading.session_s, before.session_s, 0);
	seat_destroy(chair.seat);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_sits),
	    cmocka_unit_test(a_session_begins_and_ends_with_dwell),
	    cmocka_unit_test(the_first_quiet_minute_is_upright),
	    cmocka_unit_test(leans_of_five_and_ten_degrees),
	    cmocka_unit_test(a_lean_holds_until_it_is_well_under_the_limit),
	    cmocka_unit_test(forward_and_slump),
	    cmocka_unit_test(a_bend_returns_within_ten_seconds),
	    cmocka_unit_test(rocking_is_seen_and_is_no_bending),
	    cmocka_unit_test(a_session_that_begins_with_a_lean_stays_a_lean),
	    cmocka_unit_test(reset_keeps_the_person),
	    cmocka_unit_test(weight_gain_and_offset_do_not_matter),
	    cmocka_unit_test(a_given_baseline_stands),
	    cmocka_unit_test(a_sick_pad_is_unknown),
	    cmocka_unit_test(a_few_cells_with_a_back_rest),
	    cmocka_unit_test(a_layout_without_two_seat_cells_is_refused),
	    cmocka_unit_test(no_more_than_ten_readings_a_second),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
