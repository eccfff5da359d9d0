/* How she sits: leans, forward, slumped, bending, rocking; on a pad and on a few cells. */
#include "sitter.h"
#include "support.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>
#include <string.h>

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

	chair_open_known(&chair);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sitter leaning = sitter_upright;

		leaning.lean_ratio = rows[i].lean_ratio;
		leaning.noise = 0.5;
		chair_sit(&chair, &sitter_upright, 30);
		chair_sit(&chair, &leaning, 60);
		assert_int_equal(chair.reading.state, rows[i].expected);
		assert_float_equal(chair.reading.sideways_ratio, (float)rows[i].lean_ratio, 0.03F);
		assert_true(chair.reading.confidence > 0.9F);
	}
	seat_destroy(chair.seat);
}

static void a_lean_holds_until_it_is_well_under_the_limit(void **state)
{
	(void)state;
	struct sitter leaning = sitter_upright;
	struct chair chair;

	chair_open_known(&chair);
	leaning.lean_ratio = 0.14;
	chair_sit(&chair, &leaning, 10);
	assert_int_equal(chair.reading.state, SEAT_UPRIGHT);
	leaning.lean_ratio = 0.17;
	chair_sit(&chair, &leaning, 1.5); /* shorter than the dwell */
	assert_int_equal(chair.reading.state, SEAT_UPRIGHT);
	chair_sit(&chair, &leaning, 8);
	assert_int_equal(chair.reading.state, SEAT_LEAN_RIGHT);
	leaning.lean_ratio = 0.13;
	chair_sit(&chair, &leaning, 10);
	assert_int_equal(chair.reading.state, SEAT_LEAN_RIGHT);
	leaning.lean_ratio = 0.10;
	chair_sit(&chair, &leaning, 10);
	assert_int_equal(chair.reading.state, SEAT_UPRIGHT);
	seat_destroy(chair.seat);
}

static void forward_and_slump(void **state)
{
	(void)state;
	struct sitter forward = sitter_upright, slump = sitter_upright;
	struct chair chair;

	chair_open_known(&chair);
	forward.forward_mm = 75; /* 20 degrees */
	chair_sit(&chair, &forward, 15);
	assert_int_equal(chair.reading.state, SEAT_FORWARD);
	assert_in_range(1000 * chair.reading.forward_ratio, 150, 200);
	chair_sit(&chair, &sitter_upright, 15);
	assert_int_equal(chair.reading.state, SEAT_UPRIGHT);
	slump.flat = 0.5;
	slump.forward_mm = -25;
	chair_sit(&chair, &slump, 15);
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
		struct sitter bent = sitter_upright;
		struct chair chair;

		bent.forward_mm = 85;
		chair_open_known(&chair);
		chair_sit(&chair, &bent, rows[i].seconds);
		chair_sit(&chair, &sitter_upright, 20);
		assert_int_equal(chair.bends, rows[i].bends);
		seat_destroy(chair.seat);
	}
}

static void rocking_is_seen_and_is_no_bending(void **state)
{
	(void)state;
	struct chair chair;

	chair_open_known(&chair);
	for (int i = 0; i < 150 * SITTER_HZ; i++) {
		struct sitter rocking = sitter_upright;

		rocking.forward_mm = 15 * sin(2 * 3.14159265 * 0.5 * i / SITTER_HZ);
		rocking.noise = 0.5;
		chair_step(&chair, &rocking);
	}
	assert_true(chair.reading.rocking);
	assert_int_equal(chair.bends, 0);
	struct sitter still = sitter_upright;
	still.noise = 0.5;
	chair_sit(&chair, &still, 90);
	assert_false(chair.reading.rocking);
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

		chair_open(&chair);
		chair_sit(&chair, &rows[i], 80);
		leaning.lean_ratio = 0.2;
		chair_sit(&chair, &leaning, 20);
		assert_int_equal(chair.reading.state, SEAT_LEAN_RIGHT);
		assert_float_equal(chair.reading.sideways_ratio, 0.2F, 0.02F);
		seat_destroy(chair.seat);
	}
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

	for (int i = 0; i < seconds * SITTER_HZ; i++, *now_ns += NS_PER_S / SITTER_HZ) {
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
	    .rate_hz = SITTER_HZ};
	struct error err = {0};
	int64_t now_ns = NS_PER_S;
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
	    .rate_hz = SITTER_HZ};
	struct error err = {0};

	assert_null(seat_create(&surface, &err));
	assert_int_equal(err.code, -EINVAL);
	assert_non_null(strstr(err.text, "stool"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leans_of_five_and_ten_degrees),
	    cmocka_unit_test(a_lean_holds_until_it_is_well_under_the_limit),
	    cmocka_unit_test(forward_and_slump),
	    cmocka_unit_test(a_bend_returns_within_ten_seconds),
	    cmocka_unit_test(rocking_is_seen_and_is_no_bending),
	    cmocka_unit_test(weight_gain_and_offset_do_not_matter),
	    cmocka_unit_test(a_few_cells_with_a_back_rest),
	    cmocka_unit_test(a_layout_without_two_seat_cells_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
