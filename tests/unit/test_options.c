/* Options: the same rows parse, range-check and explain every setting. */
#include "support.h"

#include "base/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct option_spec specs[] = {
    {"limit", OPTION_NUMBER, "2 h", 60, 86400, "s", NULL, "how long"},
    {"count", OPTION_INTEGER, "3", 1, 10, "", NULL, "how many"},
    {"share", OPTION_NUMBER, "10 %", 0, 1, "ratio", NULL, "which share"},
    {"on", OPTION_BOOL, "no", 0, 0, NULL, NULL, "whether"},
    {"parity", OPTION_CHOICE, "none", 0, 0, NULL, "none even odd", "which"},
    {"measured", OPTION_DATE, "", 0, 0, "", NULL, "on which day"},
    {"device", OPTION_TEXT, NULL, 0, 0, NULL, NULL, "the serial device"},
    {0},
};

static int set(struct options *options, const char *key, const char *text, struct error *err)
{
	struct place where = {.file = "f.ini", .line = 4, .key = key, .value = text};

	return options_set(options, key, text, &where, err);
}

static void fallbacks_are_in_canonical_units(void **state)
{
	struct options options;

	(void)state;
	options_init(&options, specs);
	assert_float_equal(options_number(&options, "limit"), 7200, 0);
	assert_int_equal(options_integer(&options, "count"), 3);
	assert_float_equal(options_number(&options, "share"), 0.1, 1e-12);
	assert_false(options_bool(&options, "on"));
	assert_string_equal(options_text(&options, "parity"), "none");
	assert_false(options_given(&options, "limit"));
}

static void values_are_read(void **state)
{
	struct options options;
	struct error err = {0};

	(void)state;
	options_init(&options, specs);
	assert_int_equal(set(&options, "limit", "90min", &err), 0);
	assert_float_equal(options_number(&options, "limit"), 5400, 0);
	assert_true(options_given(&options, "limit"));
	assert_int_equal(set(&options, "on", "Yes", &err), 0);
	assert_true(options_bool(&options, "on"));
	assert_int_equal(set(&options, "parity", "odd", &err), 0);
	assert_int_equal(options_integer(&options, "parity"), 2);
	assert_int_equal(options_integer(&options, "measured"), 0);
	assert_int_equal(set(&options, "measured", "2024-09-29", &err), 0);
	assert_int_equal(options_integer(&options, "measured"), 19995);
	assert_int_equal(set(&options, "device", "/dev/ttyUSB0", &err), 0);
	assert_string_equal(options_text(&options, "device"), "/dev/ttyUSB0");
}

static void refusals_say_what_to_do(void **state)
{
	static const struct {
		const char *key, *text;
		int code;
		const char *says;
	} cases[] = {
	    {"limit", "59 s", -ERANGE, "give 60 to 86400 s"},
	    {"limit", "25 h", -ERANGE, "out of range"},
	    {"limit", "5 mm", -EINVAL, "with one of: ns, us, ms, s, min, h, d"},
	    {"limit", "soon", -EINVAL, "not understood"},
	    {"limit", "", -EINVAL, "not understood"},
	    {"limit", "nan", -EINVAL, "not understood"},
	    {"limit", "inf", -EINVAL, "not understood"},
	    {"count", "2.5", -EINVAL, "whole number"},
	    {"count", "3 s", -EINVAL, "without unit"},
	    {"share", "101 %", -ERANGE, "give 0 to 1 ratio"},
	    {"on", "perhaps", -EINVAL, "yes or no"},
	    {"parity", "non", -EINVAL, "give one of: none even odd"},
	    {"parity", "", -EINVAL, "give one of"},
	    {"measured", "last week", -EINVAL, "give a date, as 2026-07-25"},
	    {"measured", "2024-02-30", -EINVAL, "give a date"},
	    {"limt", "1", -ENOENT, "known here: limit, count"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct options options;
		struct error err = {0};
		options_init(&options, specs);
		assert_int_equal(set(&options, cases[i].key, cases[i].text, &err), cases[i].code);
		assert_non_null(strstr(err.text, "f.ini:4: "));
		assert_non_null(strstr(err.text, cases[i].says));
		assert_float_equal(options_number(&options, "limit"), 7200, 0);
		assert_false(options_given(&options, "limit"));
	}
}

static void long_text_is_refused(void **state)
{
	struct options options;
	struct error err = {0};
	char text[OPTION_TEXT_SIZE + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	options_init(&options, specs);
	text[OPTION_TEXT_SIZE] = '\0';
	assert_int_equal(set(&options, "device", text, &err), -EINVAL);
	text[OPTION_TEXT_SIZE - 1] = '\0';
	assert_int_equal(set(&options, "device", text, &err), 0);
	assert_string_equal(options_text(&options, "device"), text);
}

static void required_options_are_asked_for(void **state)
{
	struct options options;
	struct error err = {0};
	struct place where = {.file = "f.ini", .line = 1};

	(void)state;
	options_init(&options, specs);
	assert_int_equal(options_complete(&options, &where, &err), -EINVAL);
	assert_non_null(strstr(err.text, "device is missing: the serial device"));
	assert_int_equal(set(&options, "device", "pty", &err), 0);
	assert_int_equal(options_complete(&options, &where, &err), 0);
}

static void units_convert(void **state)
{
	static const struct {
		const char *text, *unit;
		double value;
	} cases[] = {
	    {"500 ms", "s", 0.5},
	    {"1d", "s", 86400},
	    {"2.5 cm", "mm", 25},
	    {"1 kPa", "mmhg", 7.50062},
	    {"12 /min", "per_min", 12},
	    {"2 KHZ", "hz", 2000},
	    {"-3", "", -3},
	    {"500 g", "kg", 0.5},
	};
	double value;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(options_parse_number(cases[i].text, cases[i].unit, &value), 0);
		assert_float_equal(value, cases[i].value, 1e-9);
	}
	assert_int_equal(options_parse_number("5 ms", "mm", &value), -EINVAL);
	assert_int_equal(options_parse_number("1e400", "s", &value), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fallbacks_are_in_canonical_units),
	    cmocka_unit_test(values_are_read),
	    cmocka_unit_test(refusals_say_what_to_do),
	    cmocka_unit_test(long_text_is_refused),
	    cmocka_unit_test(required_options_are_asked_for),
	    cmocka_unit_test(units_convert),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
