/*
 * The driver of load cells on emulated HX711 in a kernel under test: exact samples at every input,
 * chips that share a clock and chips that do not, pulses that last too long, chips that fall silent.
 */
#include "support.h"
#include "tests/gpio/support/emulated.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { N_CELLS = 16, ZERO = 8388608 };

#define CHIP                                                                                       \
	{                                                                                          \
		"chip", "emulated-hx711"                                                           \
	}

static const struct setting eight[] = {
    CHIP, {"data", "1 2 3 4 5 6 7 8"}, {"clock", "0"}, {"rate", "80"}, {0}};
static const struct setting four[] = {
    CHIP, {"data", "1 2 3 4"}, {"clock", "0"}, {"rate", "80"}, {0}};
static const struct setting one[] = {CHIP, {"data", "1"}, {"clock", "0"}, {"rate", "80"}, {0}};

/* Loads of either sign and of every size, in which no two bits are exchanged unseen. */
static const int loads[N_CELLS] = {0, 1, -1, 8388606, -8388607, 0x123456, -0x123456, 0x555555,
    -0x555555, 0x2aaaaa, 4096, -4097, 100000, -100000, 0x400000, -0x400000};

static int set_up(void **state)
{
	static const int none[N_CELLS];

	(void)state;
	emulated_set("hx711_rate_hz", "80");
	emulated_set("hx711_skew_ppm", "0");
	emulated_set("hx711_power_down_us", "60");
	emulated_set("hx711_stall_us", "0");
	emulated_set("hx711_unplugged", "0");
	emulated_set("hx711_shorted", "0");
	emulated_set("hx711_noise", "0");
	emulated_set_all("hx711_load", loads, N_CELLS);
	emulated_set_all("hx711_sway", none, N_CELLS);
	emulated_restart("hx711");
	return 0;
}

/* n frames, each with the loads of cells `first`, first + 1 and so on. */
static void expect_loads(struct reader *reader, int n, const int *expected)
{
	for (int k = 0; k < n; k++) {
		assert_int_equal(reader_frame(reader, 2000), 0);
		for (size_t i = 0; i < reader->frame.n_cells; i++)
			assert_int_equal((int)reader->frame.counts[i] - ZERO, expected[i]);
	}
}

/* ---- samples -------------------------------------------------------------------------- */

static void samples_of_1_4_and_8_chips_are_exact(void **state)
{
	static const struct {
		const struct setting *settings;
		size_t n;
	} table[] = {{one, 1}, {four, 4}, {eight, 8}};

	(void)state;
	for (size_t t = 0; t < sizeof(table) / sizeof(table[0]); t++) {
		for (int turn = 0; turn < N_CELLS; turn++) {
			struct reader reader;
			int turned[N_CELLS];
			for (int i = 0; i < N_CELLS; i++)
				turned[i] = loads[(i + turn) % N_CELLS];
			emulated_set_all("hx711_load", turned, N_CELLS);
			reader_open_good(&reader, "hx711", table[t].settings);
			assert_int_equal(reader.surface.n_cells, table[t].n);
			expect_loads(&reader, 3, turned);
			reader_close(&reader);
		}
	}
	assert_int_equal(emulated_get("hx711_lost"), 0);
	assert_int_equal(emulated_get("hx711_early"), 0);
}

/* At gain 64 a load gives half the code; channel B is another bridge. */
static void every_input_is_read_at_its_own_gain(void **state)
{
	static const int other[N_CELLS] = {-77, 8000000, -8000000, 5};
	static const int half[N_CELLS] = {0, 0, 0, 4194303};
	static const struct {
		const char *input;
		int gain, pulses;
		const int *expected;
	} table[] = {{"A128", 128, 25, loads}, {"A64", 64, 27, half}, {"B32", 32, 26, other}};

	(void)state;
	emulated_set_all("hx711_load_b", other, N_CELLS);
	for (size_t t = 0; t < sizeof(table) / sizeof(table[0]); t++) {
		struct reader reader;
		reader_open_good(&reader, "hx711",
		    SETTINGS(CHIP, {"data", "1 2 3 4"}, {"clock", "0"}, {"rate", "80"},
		        {"input", table[t].input}));
		expect_loads(&reader, 4, table[t].expected);
		assert_int_equal(emulated_get("hx711_gain"), table[t].gain);
		int64_t before = emulated_get("hx711_pulses");
		expect_loads(&reader, 10, table[t].expected);
		assert_int_equal(emulated_get("hx711_pulses") - before, 10 * table[t].pulses);
		reader_close(&reader);
	}
}

static void samples_come_at_the_rate_of_the_chip(void **state)
{
	static const struct {
		const char *rate;
		int hz;
	} table[] = {{"10", 10}, {"80", 80}};

	(void)state;
	for (size_t t = 0; t < 2; t++) {
		struct reader reader;
		emulated_set("hx711_rate_hz", "%d", table[t].hz);
		emulated_restart("hx711");
		reader_open_good(&reader, "hx711",
		    SETTINGS(CHIP, {"data", "1 2 3 4"}, {"clock", "0"}, {"rate", table[t].rate}));
		expect_loads(&reader, 1, loads);
		int64_t begun_ns = reader.frame.mono_ns, missed = emulated_get("hx711_missed");
		expect_loads(&reader, 4 * table[t].hz, loads);
		assert_in_range((reader.frame.mono_ns - begun_ns) / NS_PER_MS, 3980, 4020);
		assert_int_equal(emulated_get("hx711_missed"), missed);
		reader_close(&reader);
	}
}

/* Oscillators of chips differ by percents: no chip may be clocked before it is ready. */
static void chips_of_unlike_speed_are_read_when_the_last_is_ready(void **state)
{
	struct reader reader;
	int64_t early[8], missed[8];

	(void)state;
	emulated_set("hx711_skew_ppm", "10000");
	emulated_restart("hx711");
	reader_open_good(&reader, "hx711", eight);
	expect_loads(&reader, 1, loads);
	int64_t begun_ns = reader.frame.mono_ns;
	expect_loads(&reader, 400, loads);
	/* the slowest chip is 7 % slower than 80 a second: 5.35 s */
	assert_in_range((reader.frame.mono_ns - begun_ns) / NS_PER_MS, 5300, 5400);
	emulated_get_all("hx711_early", early, 8);
	emulated_get_all("hx711_missed", missed, 8);
	for (int i = 0; i < 8; i++)
		assert_int_equal(early[i], 0);
	assert_int_equal(missed[7], 0);
	assert_in_range(
	    missed[0], 20, 28); /* 7 % of 400, but for those that end while it is read */
	reader_close(&reader);
}

static void each_pulse_has_its_reason(void **state)
{
	struct reader reader;
	int64_t samples[4];

	(void)state;
	reader_open_good(&reader, "hx711", four);
	expect_loads(&reader, 50, loads);
	uint64_t requests = reader.device.stats.requests;
	assert_int_equal(requests, 51); /* the first sample after power-up is thrown away */
	/* and one pulse that powered the chips down and up when they were opened */
	assert_int_equal(emulated_get("hx711_pulses"), 25 * requests + 1);
	assert_int_equal(emulated_get("hx711_power_downs"), 1);
	emulated_get_all("hx711_samples", samples, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(samples[i], requests);
	reader_close(&reader);
}

static void a_moving_load_is_followed(void **state)
{
	static const int sway[N_CELLS] = {1000, 0, 400000, 3};
	struct reader reader;
	int64_t code[4];
	int turns = 0, lowest = 0, highest = 0;

	(void)state;
	emulated_set_all("hx711_load", (const int[]){5000, -5000, 1000000, 0}, 4);
	emulated_set_all("hx711_sway", sway, N_CELLS);
	emulated_set("hx711_sway_ms", "1000");
	reader_open_good(&reader, "hx711", four);
	for (int k = 0, before = 0; k < 800; k++) {
		assert_int_equal(reader_frame(&reader, 2000), 0);
		emulated_get_all("hx711_code", code, 4);
		for (int i = 0; i < 4; i++)
			assert_int_equal((int)reader.frame.counts[i] - ZERO, code[i]);
		int moved = (int)code[2] - 1000000;
		turns += (moved >= 0) != (before >= 0);
		before = moved;
		lowest = moved < lowest ? moved : lowest;
		highest = moved > highest ? moved : highest;
	}
	assert_in_range(turns, 19, 21); /* twice a second for 10 s */
	assert_in_range(highest, 390000, 400000);
	assert_in_range(-lowest, 390000, 400000);
	reader_close(&reader);
}

static void the_ends_of_the_converter_are_no_load(void **state)
{
	static const int ends[] = {8388607, 9000000, -8388608, -9000000};
	struct reader reader;

	(void)state;
	reader_open_good(&reader, "hx711", four);
	expect_loads(&reader, 2, loads);
	for (size_t i = 0; i < 4; i++) {
		int beyond[N_CELLS];
		memcpy(beyond, loads, sizeof(beyond));
		beyond[2] = ends[i];
		emulated_set_all("hx711_load", beyond, N_CELLS);
		assert_int_equal(reader_frame(&reader, 2000), -ERANGE);
		assert_non_null(strstr(reader.device.stats.fault, "amplifier 3 (data 3)"));
	}
	assert_int_equal(reader.device.stats.content_errors, 4);
	emulated_set_all("hx711_load", loads, N_CELLS);
	expect_loads(&reader, 2, loads);
	reader_close(&reader);
}

static void one_clock_each_is_read_like_one_for_all(void **state)
{
	struct reader reader;

	(void)state;
	reader_open_good(
	    &reader, "hx711", SETTINGS(CHIP, {"data", "3 19"}, {"clock", "0 16"}, {"rate", "80"}));
	expect_loads(&reader, 20, (const int[]){loads[2], loads[10]});
	reader_close(&reader);
}

static void two_beds_do_not_meet(void **state)
{
	struct reader bed, chair;

	(void)state;
	reader_open_good(&bed, "hx711", four);
	reader_open_good(
	    &chair, "hx711", SETTINGS(CHIP, {"data", "17 18"}, {"clock", "16"}, {"rate", "80"}));
	for (int k = 0; k < 40; k++) {
		expect_loads(&bed, 1, loads);
		expect_loads(&chair, 1, loads + 8);
	}
	reader_close(&bed);
	expect_loads(&chair, 3, loads + 8);
	assert_int_equal(chair.device.stats.frames, 43);
	reader_close(&chair);
}

/* ---- a computer that is busy elsewhere ------------------------------------------------- */

/*
 * One frame has one pulse of 100 us, which powers the chips down: what they say from there on is no
 * sample. A driver that does not see it would give shifted or empty bits.
 */
static void a_late_pulse_costs_its_sample_and_no_more(void **state)
{
	static const int pulses[] = {1, 2, 12, 23, 24, 25};
	uint64_t late = 0;
	struct reader reader;

	(void)state;
	reader_open_good(&reader, "hx711", four);
	expect_loads(&reader, 2, loads);
	for (size_t i = 0; i < sizeof(pulses) / sizeof(pulses[0]); i++) {
		emulated_set("hx711_stall_pulse", "%d", pulses[i]);
		emulated_set("hx711_stall_us", "100");
		assert_int_equal(reader_frame(&reader, 40), -ETIMEDOUT);
		late++;
		assert_int_equal(reader.device.stats.late_samples, late);
		emulated_set("hx711_stall_us", "0");
		expect_loads(&reader, 5, loads);
		assert_int_equal(reader.device.stats.late_samples, late);
	}
	/* each by the late pulse and once more by the driver, to be sure; once when it was opened */
	assert_int_equal(emulated_get("hx711_power_downs"), 1 + 2 * late);
	assert_int_equal(reader.device.stats.integrity_errors, 0);
	reader_close(&reader);
}

static void a_pulse_within_the_limit_costs_nothing(void **state)
{
	struct reader reader;

	(void)state;
	emulated_set("hx711_stall_pulse", "12");
	emulated_set("hx711_stall_us", "40");
	reader_open_good(&reader, "hx711", four);
	expect_loads(&reader, 50, loads);
	assert_int_equal(reader.device.stats.late_samples, 0);
	assert_int_equal(emulated_get("hx711_power_downs"), 1); /* when it was opened */
	reader_close(&reader);
}

/* Rather no frame than a wrong one, for as long as it lasts; then all is well again. */
static void a_computer_that_is_always_late_gives_no_frame(void **state)
{
	struct reader reader;

	(void)state;
	emulated_set("hx711_stall_pulse", "7");
	emulated_set("hx711_stall_us", "200");
	reader_open_good(&reader, "hx711", four);
	for (int k = 0; k < 20; k++)
		assert_int_equal(reader_read(&reader, 100), -ETIMEDOUT);
	assert_int_equal(reader.device.stats.frames, 0);
	assert_true(reader.device.stats.late_samples >= 20);
	emulated_set("hx711_stall_us", "0");
	expect_loads(&reader, 5, loads);
	reader_close(&reader);
}

/* ---- wires ----------------------------------------------------------------------------- */

static void an_unplugged_chip_is_named_and_taken_back(void **state)
{
	struct reader reader;

	(void)state;
	reader_open_good(&reader, "hx711", four);
	expect_loads(&reader, 3, loads);
	emulated_set("hx711_unplugged", "4");
	for (int k = 0; k < 5; k++)
		assert_int_equal(reader_read(&reader, 1000), -ETIMEDOUT);
	assert_int_equal(reader.device.stats.frames, 3);
	assert_true(reader.device.stats.timeouts > 0);
	assert_non_null(strstr(reader.device.stats.fault, "amplifier 3 (data 3) gives no sample"));
	emulated_set("hx711_unplugged", "0");
	expect_loads(&reader, 3, loads);
	reader_close(&reader);
}

static void a_data_line_at_ground_is_no_sample(void **state)
{
	struct reader reader;

	(void)state;
	reader_open_good(&reader, "hx711", four);
	expect_loads(&reader, 3, loads);
	emulated_set("hx711_shorted", "2");
	assert_int_equal(reader_frame(&reader, 1000), -EBADMSG);
	assert_non_null(strstr(reader.device.stats.fault, "amplifier 2 (data 2)"));
	assert_int_equal(reader.device.stats.frames, 3);
	emulated_set("hx711_shorted", "0");
	expect_loads(&reader, 3, loads);
	reader_close(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(samples_of_1_4_and_8_chips_are_exact, set_up),
	    cmocka_unit_test_setup(every_input_is_read_at_its_own_gain, set_up),
	    cmocka_unit_test_setup(samples_come_at_the_rate_of_the_chip, set_up),
	    cmocka_unit_test_setup(chips_of_unlike_speed_are_read_when_the_last_is_ready, set_up),
	    cmocka_unit_test_setup(each_pulse_has_its_reason, set_up),
	    cmocka_unit_test_setup(a_moving_load_is_followed, set_up),
	    cmocka_unit_test_setup(the_ends_of_the_converter_are_no_load, set_up),
	    cmocka_unit_test_setup(one_clock_each_is_read_like_one_for_all, set_up),
	    cmocka_unit_test_setup(two_beds_do_not_meet, set_up),
	    cmocka_unit_test_setup(a_late_pulse_costs_its_sample_and_no_more, set_up),
	    cmocka_unit_test_setup(a_pulse_within_the_limit_costs_nothing, set_up),
	    cmocka_unit_test_setup(a_computer_that_is_always_late_gives_no_frame, set_up),
	    cmocka_unit_test_setup(an_unplugged_chip_is_named_and_taken_back, set_up),
	    cmocka_unit_test_setup(a_data_line_at_ground_is_no_sample, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
