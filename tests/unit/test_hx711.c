/*
 * HX711: the wire's protocol on a wire with a clock of its own, and the driver on chips that
 * behave as the data sheet says, and on some that do not.
 */
#include "support.h"

#include "base/clock.h"
#include "drivers/driver.h"
#include "drivers/hx711_wire.h"
#include "tests/fakes/hx711_fake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the wire ----------------------------------------------------------------------------- */

struct wire {
	uint32_t bits[HX711_CHIPS_MAX];
	size_t n_chips;
	bool high;
	unsigned n_pulses;
	uint64_t end;        /* DOUT after the 24th bit */
	int64_t ns;          /* now */
	unsigned late_pulse; /* this one lasts late_ns, 0: none */
	int64_t late_ns;
	unsigned fail_pulse; /* set_clock() fails at this one, 0: none */
};

static int set_clock(void *user, bool high)
{
	struct wire *wire = user;

	wire->n_pulses += high && !wire->high;
	wire->high = high;
	wire->ns += 2000;
	if (high && wire->n_pulses == wire->late_pulse)
		wire->ns += wire->late_ns;
	return wire->fail_pulse && wire->n_pulses == wire->fail_pulse ? -EIO : 0;
}

static int get_data(void *user, uint64_t *data)
{
	struct wire *wire = user;

	*data = 0;
	for (size_t i = 0; i < wire->n_chips && wire->n_pulses <= 24; i++)
		*data |= (uint64_t)(wire->bits[i] >> (24 - wire->n_pulses) & 1) << i;
	if (wire->n_pulses > 24)
		*data = wire->end;
	return 0;
}

static int64_t now_ns(void *user)
{
	return ((struct wire *)user)->ns;
}

static int read_wire(struct wire *wire, unsigned n_pulses, int32_t *raw, size_t *chip)
{
	struct hx711_wire hx711 = {wire, set_clock, get_data, now_ns};

	return hx711_read(&hx711, wire->n_chips, n_pulses, raw, chip);
}

static void samples_are_twos_complement(void **state)
{
	static const struct {
		uint32_t bits;
		int32_t raw;
		bool saturated;
	} table[] = {
	    {0, 0, false},
	    {1, 1, false},
	    {0x7ffffe, 8388606, false},
	    {0x7fffff, 8388607, true},
	    {0x800000, -8388608, true},
	    {0x800001, -8388607, false},
	    {0xffffff, -1, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(hx711_extend(table[i].bits), table[i].raw);
		assert_int_equal(hx711_saturated(table[i].raw), table[i].saturated);
	}
	assert_float_equal(hx711_counts(0, false), 8388608, 0);
	assert_float_equal(hx711_counts(-8388608, false), 0, 0);
	assert_float_equal(hx711_counts(8388607, false), HX711_FULL_SCALE, 0);
	assert_float_equal(hx711_counts(8388607, true), 0, 0);
	assert_float_equal(hx711_counts(-8388608, true), HX711_FULL_SCALE, 0);
	assert_float_equal(hx711_counts(100001, false) - hx711_counts(100000, false), 1, 0);
}

static void chips_are_read_together_high_bit_first(void **state)
{
	struct wire wire = {
	    .bits = {0x123456, 0xfedcba, 0x000001, 0x800000}, .n_chips = 4, .end = 0xf};
	int32_t raw[HX711_CHIPS_MAX];
	size_t chip;

	(void)state;
	assert_int_equal(read_wire(&wire, 25, raw, &chip), 0);
	assert_int_equal(raw[0], 0x123456);
	assert_int_equal(raw[1], 0xfedcba - 0x1000000);
	assert_int_equal(raw[2], 1);
	assert_int_equal(raw[3], -0x800000);
}

static void pulses_choose_the_input(void **state)
{
	(void)state;
	for (unsigned n_pulses = 25; n_pulses <= 27; n_pulses++) {
		struct wire wire = {.n_chips = 1, .end = 1};
		int32_t raw;
		size_t chip;
		assert_int_equal(read_wire(&wire, n_pulses, &raw, &chip), 0);
		assert_int_equal(wire.n_pulses, n_pulses);
		assert_false(wire.high);
	}
}

static void any_late_pulse_costs_the_sample(void **state)
{
	int32_t raw;
	size_t chip;

	(void)state;
	for (unsigned pulse = 1; pulse <= 27; pulse++) {
		struct wire wire = {.n_chips = 1, .end = 1, .late_pulse = pulse, .late_ns = 61000};
		assert_int_equal(read_wire(&wire, 27, &raw, &chip), -ETIME);
		assert_false(wire.high);
		assert_int_equal(wire.n_pulses, pulse); /* and no more than that */
		/* long, but not too long: two calls of 2 us stand around it */
		wire = (struct wire){.n_chips = 1, .end = 1, .late_pulse = pulse, .late_ns = 55000};
		assert_int_equal(read_wire(&wire, 27, &raw, &chip), 0);
	}
}

static void a_chip_that_lost_count_is_named(void **state)
{
	struct wire wire = {.n_chips = 3, .end = 5};
	int32_t raw[HX711_CHIPS_MAX];
	size_t chip;

	(void)state;
	assert_int_equal(read_wire(&wire, 25, raw, &chip), -EBADMSG);
	assert_int_equal(chip, 1);
}

static void a_wire_that_fails_is_said(void **state)
{
	int32_t raw;
	size_t chip;

	(void)state;
	for (unsigned pulse = 1; pulse <= 25; pulse++) {
		struct wire wire = {.n_chips = 1, .end = 1, .fail_pulse = pulse};
		assert_int_equal(read_wire(&wire, 25, &raw, &chip), -EIO);
	}
}

/* ---- the driver --------------------------------------------------------------------------- */

#define CHIPS 2

struct scale {
	struct fake_hx711 chips[CHIPS];
	struct fake_part parts[CHIPS];
	struct options options;
	struct surface surface;
	struct device device;
	float counts[CHIPS];
	struct frame frame;
};

static void set(struct scale *scale, const char *key, const char *value)
{
	assert_int_equal(
	    options_set(&scale->options, key, value, &(struct place){.key = key}, NULL), 0);
}

/* Two chips at 80 Hz; `key` = `value` is set besides. */
static int make_scale(
    struct scale *scale, const char *clock, const char *key, const char *value, struct error *err)
{
	const struct driver *driver = driver_find("hx711");
	bool shared = !strchr(clock, ' ');

	*scale = (struct scale){.surface = {.name = "bed", .kind = SURFACE_BED}};
	for (size_t i = 0; i < CHIPS; i++) {
		scale->chips[i] = (struct fake_hx711){
		    .data = i ? "GPIO6" : "GPIO5",
		    .clock = i && !shared ? "GPIO21" : "GPIO20",
		    .period_ns = NS_PER_S / 80 + (int64_t)i * NS_PER_MS,
		    .settle_ns = 50 * NS_PER_MS,
		    .samples = {1000 + (int32_t)i, 2000 + (int32_t)i, 3000 + (int32_t)i},
		};
		fake_hx711_init(&scale->chips[i], &scale->parts[i]);
		scale->parts[i].next = i + 1 < CHIPS ? &scale->parts[i + 1] : NULL;
	}
	fake_lines_plug(scale->parts);
	options_init(&scale->options, driver->options);
	set(scale, "chip", "fake");
	set(scale, "data", "GPIO5 GPIO6");
	set(scale, "clock", clock);
	set(scale, "rate", "80");
	if (key)
		set(scale, key, value);
	scale->device = (struct device){
	    .driver = driver,
	    .surface = &scale->surface,
	    .options = &scale->options,
	    .state = calloc(1, driver->state_size),
	};
	scale->frame.counts = scale->counts;
	int result = driver->describe(&scale->options, &scale->surface, err);
	return result < 0 ? result : driver->open(&scale->device, err);
}

static void open_scale(struct scale *scale, const char *clock, const char *key, const char *value)
{
	struct error err = {0};

	if (make_scale(scale, clock, key, value, &err) < 0)
		fail_msg("%s", err.text);
}

static void close_scale(struct scale *scale)
{
	scale->device.driver->close(&scale->device);
	free(scale->device.state);
	fake_lines_plug(NULL);
}

/* The first result that is not "nothing yet": a busy machine may need several attempts. */
static int read_scale(struct scale *scale)
{
	int64_t end_ns = clock_mono_ns() + 20 * NS_PER_S;
	int result;

	do {
		result = scale->device.driver->read(
		    &scale->device, clock_mono_ns() + NS_PER_S, &scale->frame);
	} while (result == -ETIMEDOUT && !scale->device.stats.fault[0] && clock_mono_ns() < end_ns);
	return result;
}

static void settled_samples_are_counts(void **state)
{
	struct scale scale;

	(void)state;
	open_scale(&scale, "GPIO20", NULL, NULL);
	assert_int_equal(scale.surface.n_cells, CHIPS);
	assert_float_equal(scale.surface.rate_hz, 80, 0);
	for (int32_t k = 0; k < 5; k++) {
		int64_t last_ns = scale.frame.mono_ns;
		assert_int_equal(read_scale(&scale), 0);
		assert_float_equal(scale.counts[0], 8388608 + 1000, 0);
		assert_float_equal(scale.counts[1], 8388608 + 1001, 0);
		assert_true(scale.frame.mono_ns > last_ns);
	}
	close_scale(&scale);
}

static void every_input_settles_before_it_counts(void **state)
{
	static const struct {
		const char *input;
		float counts;
	} table[] = {{"A128", 1000}, {"B32", 2000}, {"A64", 3000}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct scale scale;
		open_scale(&scale, "GPIO20 GPIO21", "input", table[i].input);
		for (int k = 0; k < 3; k++) {
			assert_int_equal(read_scale(&scale), 0);
			assert_float_equal(scale.counts[0], 8388608 + table[i].counts, 0);
			assert_float_equal(scale.counts[1], 8388608 + table[i].counts + 1, 0);
		}
		close_scale(&scale);
	}
}

static void swapped_wires_are_turned(void **state)
{
	struct scale scale;

	(void)state;
	open_scale(&scale, "GPIO20", "invert", "yes");
	assert_int_equal(read_scale(&scale), 0);
	assert_float_equal(scale.counts[0], 8388607 - 1000, 0);
	close_scale(&scale);
}

static void a_missing_amplifier_is_named(void **state)
{
	struct scale scale;

	(void)state;
	open_scale(&scale, "GPIO20", NULL, NULL);
	scale.chips[1].silent = true;
	assert_int_equal(read_scale(&scale), -ETIMEDOUT);
	assert_non_null(strstr(scale.device.stats.fault, "amplifier 2 (data GPIO6)"));
	assert_int_equal(scale.device.stats.timeouts, 1);
	assert_int_equal(scale.device.stats.frames, 0);
	/* put in, it is read again */
	scale.chips[1].silent = false;
	scale.device.stats.fault[0] = '\0';
	assert_int_equal(read_scale(&scale), 0);
	close_scale(&scale);
}

static void a_line_to_ground_is_no_sample(void **state)
{
	struct scale scale;

	(void)state;
	open_scale(&scale, "GPIO20", NULL, NULL);
	scale.chips[0].stuck = true;
	assert_int_equal(read_scale(&scale), -EBADMSG);
	assert_non_null(strstr(scale.device.stats.fault, "amplifier 1 (data GPIO5)"));
	assert_true(scale.device.stats.integrity_errors > 0);
	close_scale(&scale);
}

static void an_open_bridge_is_impossible(void **state)
{
	static const int32_t ends[] = {0x7fffff, -0x800000};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct scale scale;
		open_scale(&scale, "GPIO20", NULL, NULL);
		scale.chips[1].samples[0] = ends[i];
		assert_int_equal(read_scale(&scale), -ERANGE);
		assert_non_null(strstr(scale.device.stats.fault, "amplifier 2"));
		assert_int_equal(scale.device.stats.content_errors, 1);
		close_scale(&scale);
	}
}

static void a_late_pulse_is_counted_and_gives_no_wrong_sample(void **state)
{
	struct scale scale;

	(void)state;
	open_scale(&scale, "GPIO20", NULL, NULL);
	assert_int_equal(read_scale(&scale), 0);
	uint64_t before = scale.device.stats.late_samples;
	scale.chips[0].dawdle_ns = 200 * NS_PER_US;
	assert_int_equal(read_scale(&scale), 0);
	assert_true(scale.device.stats.late_samples > before);
	assert_float_equal(scale.counts[0], 8388608 + 1000, 0);
	assert_float_equal(scale.counts[1], 8388608 + 1001, 0);
	close_scale(&scale);
}

static void closing_powers_the_chips_down(void **state)
{
	struct scale scale;

	(void)state;
	open_scale(&scale, "GPIO20 GPIO21", NULL, NULL);
	scale.device.driver->close(&scale.device);
	for (size_t i = 0; i < CHIPS; i++) {
		assert_true(scale.chips[i].high);
		assert_true(clock_mono_ns() - scale.chips[i].high_ns > 60 * NS_PER_US);
	}
	close_scale(&scale);
}

static void a_chip_that_fails_has_the_host_reopen(void **state)
{
	struct scale scale;

	(void)state;
	open_scale(&scale, "GPIO20", NULL, NULL);
	fake_lines_fail(-ENODEV);
	assert_int_equal(read_scale(&scale), -ENODEV);
	assert_int_equal(scale.device.stats.io_errors, 1);
	fake_lines_fail(0);
	close_scale(&scale);
}

static void wrong_lines_are_refused(void **state)
{
	static const struct {
		const char *clock, *key, *value, *says;
	} table[] = {
	    {"20 21 22", NULL, NULL, "one for all, or one for each"},
	    {"20", "data", "1 2 3 4 5 6 7 8 9", "at most 8"},
	    {"20", "data", "", "hx711.data: no line is named"},
	    {"20", "chip", "elsewhere", "hx711.clock: GPIO chip elsewhere"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct scale scale;
		struct error err = {0};
		assert_true(
		    make_scale(&scale, table[i].clock, table[i].key, table[i].value, &err) < 0);
		assert_non_null(strstr(err.text, table[i].says));
		close_scale(&scale);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(samples_are_twos_complement),
	    cmocka_unit_test(chips_are_read_together_high_bit_first),
	    cmocka_unit_test(pulses_choose_the_input),
	    cmocka_unit_test(any_late_pulse_costs_the_sample),
	    cmocka_unit_test(a_chip_that_lost_count_is_named),
	    cmocka_unit_test(a_wire_that_fails_is_said),
	    cmocka_unit_test(settled_samples_are_counts),
	    cmocka_unit_test(every_input_settles_before_it_counts),
	    cmocka_unit_test(swapped_wires_are_turned),
	    cmocka_unit_test(a_missing_amplifier_is_named),
	    cmocka_unit_test(a_line_to_ground_is_no_sample),
	    cmocka_unit_test(an_open_bridge_is_impossible),
	    cmocka_unit_test(a_late_pulse_is_counted_and_gives_no_wrong_sample),
	    cmocka_unit_test(closing_powers_the_chips_down),
	    cmocka_unit_test(a_chip_that_fails_has_the_host_reopen),
	    cmocka_unit_test(wrong_lines_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
