#include "bodies.h"
#include "support.h"

#include "body/occupancy.h"

#include <math.h>

struct fixture {
	struct surface surface;
	struct occupancy_tracker *tracker;
	struct occupancy_reading reading;
};

/* What lies there, as contact and signs of life. */
static const struct contact_reading nothing = {.floor = 3, .threshold = 3};
static const struct contact_reading person = {.coherence = 0.8f,
    .high = 20,
    .threshold = 2,
    .load = 5000,
    .contact_ratio = 0.35f,
    .length_mm = 1500};
static const struct contact_reading sitting = {.coherence = 0.8f,
    .high = 40,
    .threshold = 4,
    .load = 4500,
    .contact_ratio = 0.08f,
    .length_mm = 400};
static const struct contact_reading suitcase = {.coherence = 0.8f,
    .high = 30,
    .threshold = 3,
    .load = 1500,
    .contact_ratio = 0.12f,
    .length_mm = 700};
static const struct contact_reading coat = {.coherence = 0.8f,
    .high = 4,
    .threshold = 1,
    .load = 120,
    .contact_ratio = 0.05f,
    .length_mm = 900};

static const struct occupancy_signs dead = {.movement_ratio = 0.002f, .breathing_window_s = 45};
static const struct occupancy_signs alive = {.movement_ratio = 0.03f, .breathing_window_s = 45};
static const struct occupancy_signs moving = {.movement_ratio = 0.6f, .moving = true};
static const struct occupancy_signs breathing = {
    .movement_ratio = 0.01f, .breathing_seen = true, .breathing_window_s = 45};

static int set_up(void **state)
{
	static struct fixture f;

	f.surface = bodies_bed(32, 16);
	f.tracker = occupancy_create(&f.surface);
	*state = &f;
	return f.tracker ? 0 : -1;
}

static int tear_down(void **state)
{
	occupancy_destroy(((struct fixture *)*state)->tracker);
	return 0;
}

/* Lets it last at 10 Hz; the last reading stays. */
static enum occupancy last(struct fixture *f, const struct contact_reading *contact,
    const struct occupancy_signs *signs, int seconds)
{
	for (int i = 0; i < 10 * seconds; i++)
		occupancy_step(f->tracker, contact, signs, 0.1f, &f->reading);
	return f->reading.state;
}

static void test_the_first_seconds_are_unknown(void **state)
{
	struct fixture *f = *state;

	occupancy_step(f->tracker, &nothing, &dead, 0, &f->reading);
	assert_int_equal(f->reading.state, OCCUPANCY_UNKNOWN);
	assert_int_equal(last(f, &nothing, &dead, 2), OCCUPANCY_UNKNOWN);
	assert_int_equal(last(f, &nothing, &dead, 2), OCCUPANCY_EMPTY);
}

static void test_a_lying_person_is_known_within_ten_seconds(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(last(f, &person, &alive, 4), OCCUPANCY_UNKNOWN);
	assert_int_equal(last(f, &person, &alive, 6), OCCUPANCY_PERSON);
	assert_true(f->reading.confidence > 0.5f);
	assert_float_equal(f->reading.loaded_s, 10, 0.3);
}

static void test_a_person_is_known_at_one_frame_a_second(void **state)
{
	struct fixture *f = *state;
	struct occupancy_signs slow = {.movement_ratio = 0.022f};

	for (int i = 0; i < 10; i++)
		occupancy_step(f->tracker, &person, &slow, i ? 1 : 0, &f->reading);
	assert_int_equal(f->reading.state, OCCUPANCY_PERSON);
	for (int i = 0; i < 3600; i++)
		occupancy_step(f->tracker, &person, &slow, 1, &f->reading);
	assert_int_equal(f->reading.state, OCCUPANCY_PERSON);
}

static void test_a_suitcase_is_an_object(void **state)
{
	struct fixture *f = *state;

	last(f, &nothing, &dead, 10);
	last(f, &suitcase, &moving, 4); /* while it is put down */
	assert_int_equal(last(f, &suitcase, &dead, 30), OCCUPANCY_UNKNOWN);
	assert_int_equal(last(f, &suitcase, &dead, 60), OCCUPANCY_OBJECT);
	assert_int_equal(last(f, &suitcase, &dead, 3600), OCCUPANCY_OBJECT);
	assert_true(f->reading.confidence >= 0.7f);
}

static void test_who_breathes_is_a_person(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(last(f, &sitting, &dead, 20), OCCUPANCY_UNKNOWN);
	assert_int_equal(last(f, &sitting, &breathing, 1), OCCUPANCY_PERSON);
	/* A short pause changes nothing. */
	assert_int_equal(last(f, &sitting, &dead, 120), OCCUPANCY_PERSON);
}

static void test_sitting_down_and_leaving(void **state)
{
	struct fixture *f = *state;

	last(f, &nothing, &dead, 60);
	assert_int_equal(last(f, &sitting, &moving, 4), OCCUPANCY_UNKNOWN);
	last(f, &sitting, &moving, 20);
	assert_int_equal(f->reading.state, OCCUPANCY_PERSON);
	assert_int_equal(last(f, &nothing, &dead, 2), OCCUPANCY_PERSON); /* leave dwell */
	assert_int_equal(last(f, &nothing, &dead, 2), OCCUPANCY_EMPTY);
}

static void test_limits_follow_the_person(void **state)
{
	struct fixture *f = *state;

	last(f, &person, &alive, 120);
	last(f, &nothing, &dead, 10);
	/* A coat of 2.4 % of the person's load is nothing, though it would start a session. */
	assert_int_equal(last(f, &coat, &dead, 60), OCCUPANCY_EMPTY);
	occupancy_reset(f->tracker);
	assert_int_equal(last(f, &coat, &dead, 60), OCCUPANCY_EMPTY);
	assert_int_equal(last(f, &person, &alive, 10), OCCUPANCY_PERSON);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_the_first_seconds_are_unknown, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
	        test_a_lying_person_is_known_within_ten_seconds, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
	        test_a_person_is_known_at_one_frame_a_second, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_a_suitcase_is_an_object, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_who_breathes_is_a_person, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_sitting_down_and_leaving, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_limits_follow_the_person, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
