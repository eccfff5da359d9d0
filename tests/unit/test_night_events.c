/* Feeds, turns and bad postures of a simulated night, found or not. */
#include "support.h"

#include "app/night_events.h"

#include <string.h>

#define N 3000

struct night {
	struct truth_second seconds[N];
	struct truth_surface truth;
	struct second_seen seen[N];
	struct night_events events;
};

static struct night night;

static int set_up(void **state)
{
	memset(&night, 0, sizeof(night));
	night.truth.seconds = night.seconds;
	*state = &night;
	return 0;
}

static void sits(size_t from, size_t until, enum seat_state truth, enum seat_state seen)
{
	for (size_t i = from; i < until; i++) {
		night.seconds[i] = (struct truth_second){
		    .known = true, .occupied = truth != SEAT_EMPTY, .seat = truth};
		night.seen[i] = (struct second_seen){.person = seen != SEAT_EMPTY, .seat = seen};
	}
}

static void lies(size_t from, size_t until, enum posture posture)
{
	for (size_t i = from; i < until; i++)
		night.seconds[i] = (struct truth_second){
		    .known = true, .occupied = posture != POSTURE_EMPTY, .posture = posture};
}

static void expect(size_t truth, size_t found, size_t wrong)
{
	assert_int_equal(night.events.truth, truth);
	assert_int_equal(night.events.found, found);
	assert_int_equal(night.events.wrong, wrong);
}

static void test_feeds(void **state)
{
	(void)state;
	sits(0, N, SEAT_EMPTY, SEAT_EMPTY);
	sits(100, 500, SEAT_UPRIGHT, SEAT_UPRIGHT);
	sits(520, 600, SEAT_UPRIGHT, SEAT_UPRIGHT);   /* she rose for 20 s */
	sits(1000, 1200, SEAT_UPRIGHT, SEAT_UPRIGHT); /* too short for a feed */
	sits(1500, 1900, SEAT_UPRIGHT, SEAT_EMPTY);   /* missed */
	sits(2200, 2600, SEAT_EMPTY, SEAT_UPRIGHT);   /* made up */
	night_events_feeds(&night.truth, night.seen, N, &night.events);
	expect(2, 1, 1);
}

static void test_shifts(void **state)
{
	(void)state;
	lies(0, 500, POSTURE_EMPTY);
	lies(500, 1000, POSTURE_LEFT);
	lies(1000, 1500, POSTURE_SUPINE);
	lies(1500, N, POSTURE_RIGHT);
	night.seen[530].shift = true;  /* lying down: neither found nor wrong */
	night.seen[1040].shift = true; /* found */
	night.seen[1300].shift = true; /* wrong */
	night.seen[1595].shift = true; /* too late, and near nothing */
	night_events_shifts(&night.truth, night.seen, N, &night.events);
	expect(2, 1, 2);
}

static void test_a_bad_posture_is_found_when_held_in_time(void **state)
{
	(void)state;
	sits(0, N, SEAT_UPRIGHT, SEAT_UPRIGHT);
	sits(200, 300, SEAT_LEAN_LEFT, SEAT_LEAN_LEFT); /* found, with a pause: */
	sits(220, 223, SEAT_LEAN_LEFT, SEAT_UPRIGHT);
	sits(500, 600, SEAT_SLUMP, SEAT_SLUMP); /* too late: */
	sits(500, 520, SEAT_SLUMP, SEAT_UPRIGHT);
	sits(800, 900, SEAT_FORWARD, SEAT_SLUMP);     /* another one */
	sits(1100, 1160, SEAT_FORWARD, SEAT_FORWARD); /* too short to be told */
	night_events_bad(&night.truth, night.seen, N, &night.events);
	expect(3, 1, 0);
	memset(&night.events, 0, sizeof(night.events));
	sits(2000, 2070, SEAT_UPRIGHT, SEAT_SLUMP);
	night_events_bad(&night.truth, night.seen, N, &night.events);
	expect(3, 1, 1);
}

static void test_good_feeds_are_silent(void **state)
{
	(void)state;
	sits(0, N, SEAT_EMPTY, SEAT_EMPTY);
	sits(100, 500, SEAT_UPRIGHT, SEAT_UPRIGHT);
	sits(700, 1100, SEAT_UPRIGHT, SEAT_UPRIGHT);
	sits(800, 870, SEAT_UPRIGHT, SEAT_SLUMP);
	sits(1500, 2000, SEAT_UPRIGHT, SEAT_UPRIGHT);
	sits(1600, 1700, SEAT_LEAN_LEFT, SEAT_LEAN_LEFT); /* no good feed */
	night_events_good(&night.truth, night.seen, N, &night.events);
	expect(2, 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_feeds, set_up),
	    cmocka_unit_test_setup(test_shifts, set_up),
	    cmocka_unit_test_setup(test_a_bad_posture_is_found_when_held_in_time, set_up),
	    cmocka_unit_test_setup(test_good_feeds_are_silent, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
