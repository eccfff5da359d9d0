/* Stamps are read back as they are written, and nothing else is taken for one. */
#include "support.h"

#include <errno.h>

#include "base/clock.h"

static void test_there_and_back(void **state)
{
	static const char *const stamps[] = {"2026-11-21T12:00:00+01:00",
	    "2026-03-29T01:59:59-03:30", "1999-12-31T23:59:59+00:00", "2024-02-29T00:00:00+14:00"};
	char back[STAMP_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++) {
		int64_t real_ns = 0;
		int32_t offset_s = 0;
		assert_int_equal(clock_parse_stamp(stamps[i], &real_ns, &offset_s), 0);
		clock_format_stamp(real_ns, offset_s, back);
		assert_string_equal(back, stamps[i]);
	}
}

static void test_values(void **state)
{
	int64_t real_ns = 0;
	int32_t offset_s = 1;

	(void)state;
	assert_int_equal(clock_parse_stamp("1970-01-02T01:00:00+01:00", &real_ns, &offset_s), 0);
	assert_int_equal(real_ns, 86400 * NS_PER_S);
	assert_int_equal(offset_s, 3600);
	assert_int_equal(clock_parse_stamp("1970-01-01T00:00:01Z", &real_ns, &offset_s), 0);
	assert_int_equal(real_ns, NS_PER_S);
	assert_int_equal(offset_s, 0);
}

static void test_refused(void **state)
{
	static const char *const texts[] = {"", "now", "2026-11-21", "2026-11-21T12:00:00",
	    "2026-11-31T12:00:00+01:00", "2026-11-21T25:00:00+01:00", "2026-11-21T12:00:00+0100",
	    "2026-11-21T12:00:00+01:00x", "2026-11-21 12:00:00+01:00", "2026-11-21T12:00:00*01:00"};
	int64_t real_ns = 7;
	int32_t offset_s = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(clock_parse_stamp(texts[i], &real_ns, &offset_s), -EINVAL);
		assert_int_equal(real_ns, 7);
		assert_int_equal(offset_s, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_there_and_back),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
