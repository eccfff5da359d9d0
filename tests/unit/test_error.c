/* Errors are one line that opens with the place, and say that they were cut. */
#include "support.h"

#include "base/error.h"

#include <errno.h>
#include <string.h>

static void set_returns_its_code(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(error_set(&err, -ENODEV, "%s is %d", "mat", 7), -ENODEV);
	assert_int_equal(err.code, -ENODEV);
	assert_string_equal(err.text, "mat is 7");
	assert_int_equal(error_set(NULL, -EIO, "nobody listens"), -EIO);
}

static void place_opens_the_line(void **state)
{
	static const struct {
		struct place where;
		const char *text;
	} cases[] = {
	    {{.file = "mat.ini", .line = 12, .key = "baud", .value = "fast"},
	        "mat.ini:12: baud = fast: wrong"},
	    {{.file = "mat.ini", .line = 12}, "mat.ini:12: wrong"},
	    {{.file = "mat.ini"}, "mat.ini: wrong"},
	    {{.key = "baud"}, "baud: wrong"},
	    {{.value = "alone"}, "wrong"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};
		error_at(&err, -EINVAL, &cases[i].where, "wrong");
		assert_string_equal(err.text, cases[i].text);
	}
}

static void prefix_goes_before(void **state)
{
	struct error err = {0};

	(void)state;
	error_set(&err, -EIO, "no answer");
	assert_int_equal(error_prefix(&err, "surface %s", "bed"), -EIO);
	assert_string_equal(err.text, "surface bed: no answer");
	assert_int_equal(error_prefix(NULL, "nobody"), 0);
}

/* One too many, with and without an opening, is seen in the text; one that just fits is whole. */
static void long_text_is_cut_visibly(void **state)
{
	struct error err = {0};
	char wide[700];

	(void)state;
	memset(wide, 'x', sizeof(wide));
	wide[sizeof(err.text) - 1] = '\0';
	error_set(&err, -EINVAL, "%s", wide);
	assert_string_equal(err.text, wide);
	wide[sizeof(err.text) - 1] = 'x';
	wide[sizeof(err.text)] = '\0';
	error_set(&err, -EINVAL, "%s", wide);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_string_equal(err.text + sizeof(err.text) - 5, "x...");
	error_at(
	    &err, -EINVAL, &(struct place){.file = "f", .key = wide, .value = wide}, "%s", wide);
	assert_string_equal(err.text + sizeof(err.text) - 5, "x...");
	error_set(&err, -EIO, "%.500s", wide);
	error_prefix(&err, "%.100s", wide);
	assert_string_equal(err.text + sizeof(err.text) - 5, "x...");
}

static void text_is_one_line(void **state)
{
	struct error err = {0};

	(void)state;
	error_set(&err, -EINVAL, "a\nb\r\nc");
	assert_string_equal(err.text, "a b  c");
	error_set(&err, -EINVAL, "x\x1b[2Jy\x07z");
	assert_string_equal(err.text, "x [2Jy z");
}

/* Wrapping an error in itself must not read what it writes. */
static void own_text_may_be_an_argument(void **state)
{
	struct error err = {0};

	(void)state;
	error_set(&err, -EIO, "inner");
	error_set(&err, -EINVAL, "outer (%s)", err.text);
	assert_string_equal(err.text, "outer (inner)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(set_returns_its_code),
	    cmocka_unit_test(place_opens_the_line),
	    cmocka_unit_test(prefix_goes_before),
	    cmocka_unit_test(long_text_is_cut_visibly),
	    cmocka_unit_test(text_is_one_line),
	    cmocka_unit_test(own_text_may_be_an_argument),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
