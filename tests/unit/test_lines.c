/* GPIO lines without GPIO: names, what opening says, and debouncing by stamps. */
#include "support.h"

#include "drivers/debounce.h"
#include "drivers/lines.h"
#include "drivers/lines_common.h"

#include <errno.h>
#include <string.h>

static void names_are_split_and_counted(void **state)
{
	struct line_names names;
	struct error err = {0};

	(void)state;
	assert_int_equal(line_names_parse(&names, " GPIO17, 27\tID_SDA", &err), 0);
	assert_int_equal(names.n, 3);
	assert_string_equal(names.names[0], "GPIO17");
	assert_string_equal(names.names[1], "27");
	assert_string_equal(names.names[2], "ID_SDA");
	assert_int_equal(lines_count("4 5,6", &err), 3);
	assert_int_equal(err.code, 0);
}

static void names_that_cannot_be_are_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} table[] = {
	    {"", "no line"},
	    {" , ", "no line"},
	    {"17 27 17", "17 stands there twice"},
	    {"a_name_that_is_longer_than_the_kernel_allows", "at most 31"},
	    {"0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 "
	     "31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 "
	     "59 60 61 62 63 64",
	        "more than 64"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct error err = {0};
		assert_int_equal(lines_count(table[i].text, &err), -EINVAL);
		assert_non_null(strstr(err.text, table[i].says));
	}
}

static void an_offset_is_digits_only(void **state)
{
	(void)state;
	assert_int_equal(line_name_offset("0"), 0);
	assert_int_equal(line_name_offset("53"), 53);
	assert_int_equal(line_name_offset("GPIO17"), -1);
	assert_int_equal(line_name_offset("17a"), -1);
	assert_int_equal(line_name_offset("-1"), -1);
	assert_int_equal(line_name_offset("99999999"), -1);
	assert_int_equal(line_name_offset(""), -1);
}

static void a_chip_is_a_label_a_name_or_a_path(void **state)
{
	char path[32];

	(void)state;
	assert_true(lines_label_fits("auto", "pinctrl-bcm2711"));
	assert_true(lines_label_fits("auto", "pinctrl-rp1"));
	assert_false(lines_label_fits("auto", "raspberrypi-exp-gpio"));
	assert_true(lines_label_fits("bench", "bench"));
	assert_false(lines_label_fits("bench", "bench2"));
	assert_true(lines_chip_path("gpiochip4", path, sizeof(path)));
	assert_string_equal(path, "/dev/gpiochip4");
	assert_true(lines_chip_path("/dev/gpiochip0", path, sizeof(path)));
	assert_string_equal(path, "/dev/gpiochip0");
	assert_false(lines_chip_path("gpiochips-of-mine", path, sizeof(path)));
	assert_false(lines_chip_path("pinctrl-rp1", path, sizeof(path)));
}

static void opening_says_what_is_missing(void **state)
{
	static const struct {
		const char *chip, *names;
		int code;
		const char *says;
	} table[] = {
	    {"/nowhere/gpiochip0", "17", -ENOENT, "/nowhere/gpiochip0"},
	    {"no such label", "17", -ENOENT, "no such label"},
	    {"auto", "17 17", -EINVAL, "twice"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct lines_request request = {.chip = table[i].chip, .names = table[i].names};
		struct lines *lines;
		struct error err = {0};
		assert_int_equal(lines_open(&lines, &request, &err), table[i].code);
		assert_null(lines);
		assert_int_equal(err.code, table[i].code);
		assert_non_null(strstr(err.text, table[i].says));
	}
	lines_close(NULL);
}

static void errors_say_what_to_do(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(lines_chip_error(&err, -EPERM, "pinctrl-rp1"), -EACCES);
	assert_non_null(strstr(err.text, "group gpio"));
	assert_int_equal(lines_busy_error(&err, "pinctrl-rp1", "GPIO17", "spi0 CS1"), -EBUSY);
	assert_non_null(strstr(err.text, "GPIO17 is held by \"spi0 CS1\""));
	assert_int_equal(lines_no_line_error(&err, "pinctrl-rp1", "99", 54), -ENOENT);
	assert_non_null(strstr(err.text, "0 to 53"));
	assert_int_equal(lines_no_line_error(&err, "pinctrl-rp1", "GPIO99", 54), -ENOENT);
	assert_non_null(strstr(err.text, "gpioinfo"));
	assert_int_equal(lines_no_chip_error(&err, "x", "a, b", false), -ENOENT);
	assert_non_null(strstr(err.text, "there are: a, b"));
	assert_int_equal(lines_no_chip_error(&err, "x", "", true), -EACCES);
	assert_non_null(strstr(err.text, "group gpio"));
}

/* ---- debouncing ------------------------------------------------------------------------- */

static void a_level_counts_after_a_quiet_period(void **state)
{
	struct debounce debounce;
	int64_t ns = 0;

	(void)state;
	debounce_init(&debounce, 50, false);
	assert_false(debounce_pending(&debounce, &ns));
	assert_false(debounce_settle(&debounce, 1000, &ns));
	debounce_edge(&debounce, true, 1000);
	assert_true(debounce_pending(&debounce, &ns));
	assert_int_equal(ns, 1050);
	assert_false(debounce_settle(&debounce, 1049, &ns));
	assert_true(debounce_settle(&debounce, 1200, &ns));
	assert_int_equal(ns, 1050); /* when it began to count, not when it was asked */
	assert_true(debounce.level);
	assert_false(debounce_settle(&debounce, 2000, &ns)); /* once */
}

static void bounces_start_the_period_anew(void **state)
{
	struct debounce debounce;
	int64_t ns;

	(void)state;
	debounce_init(&debounce, 50, false);
	for (int k = 0; k < 5; k++) { /* up, down, up, down, up: each 40 after the last */
		assert_false(debounce_settle(&debounce, 1000 + 40 * k, &ns));
		debounce_edge(&debounce, k % 2 == 0, 1000 + 40 * k);
	}
	assert_true(debounce_settle(&debounce, 1210, &ns));
	assert_int_equal(ns, 1210);
}

static void a_glitch_is_no_change(void **state)
{
	struct debounce debounce;
	int64_t ns;

	(void)state;
	debounce_init(&debounce, 50, true);
	debounce_edge(&debounce, false, 1000);
	debounce_edge(&debounce, true, 1010);
	assert_false(debounce_pending(&debounce, &ns));
	assert_false(debounce_settle(&debounce, 5000, &ns));
	assert_true(debounce.level);
}

static void without_a_period_every_change_counts(void **state)
{
	struct debounce debounce;
	int64_t ns;

	(void)state;
	debounce_init(&debounce, 0, false);
	debounce_edge(&debounce, true, 1000);
	assert_true(debounce_settle(&debounce, 1000, &ns));
	assert_int_equal(ns, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_split_and_counted),
	    cmocka_unit_test(names_that_cannot_be_are_refused),
	    cmocka_unit_test(an_offset_is_digits_only),
	    cmocka_unit_test(a_chip_is_a_label_a_name_or_a_path),
	    cmocka_unit_test(opening_says_what_is_missing),
	    cmocka_unit_test(errors_say_what_to_do),
	    cmocka_unit_test(a_level_counts_after_a_quiet_period),
	    cmocka_unit_test(bounces_start_the_period_anew),
	    cmocka_unit_test(a_glitch_is_no_change),
	    cmocka_unit_test(without_a_period_every_change_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
