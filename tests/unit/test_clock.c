/* Time: civil dates by offset alone, before 1970 and across midnight too. */
#include "support.h"

#include "base/clock.h"

#include <errno.h>
#include <string.h>

/* 2026-11-22T03:10:00Z; `date -u -d 2026-11-22T03:10:00Z +%s` gives the seconds. */
#define MOMENT_NS (1795317000LL * NS_PER_S)

static void civil_time_goes_both_ways(void **state)
{
	static const struct {
		int64_t real_s;
		int32_t offset_s;
		struct civil civil;
	} cases[] = {
	    {0, 0, {1970, 1, 1, 0, 0, 0}}, {-1, 0, {1969, 12, 31, 23, 59, 59}},
	    {1795317000, 0, {2026, 11, 22, 3, 10, 0}}, {1795317000, 3600, {2026, 11, 22, 4, 10, 0}},
	    {1795317000, -4 * 3600, {2026, 11, 21, 23, 10, 0}},
	    {951782400, 0, {2000, 2, 29, 0, 0, 0}},
	    {1795317000, 20700, {2026, 11, 22, 8, 55, 0}}, /* Nepal, 5:45 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t real_ns = cases[i].real_s * NS_PER_S;
		struct civil civil = clock_civil(real_ns, cases[i].offset_s);
		assert_memory_equal(&civil, &cases[i].civil, sizeof(civil));
		assert_true(clock_real_from_civil(&civil, cases[i].offset_s) == real_ns);
	}
}

static void a_fraction_before_1970_is_the_second_before(void **state)
{
	(void)state;
	assert_int_equal(clock_second_of_day(-1, 0), 86399);
	assert_int_equal(clock_local_day(-1, 0), -1);
	assert_int_equal(clock_civil(-1, 0).year, 1969);
}

static void day_and_second_follow_the_offset(void **state)
{
	(void)state;
	assert_int_equal(clock_second_of_day(MOMENT_NS, 0), 3 * 3600 + 600);
	assert_int_equal(clock_second_of_day(MOMENT_NS, -4 * 3600), 23 * 3600 + 600);
	assert_int_equal(clock_local_day(MOMENT_NS, 0) - clock_local_day(MOMENT_NS, -4 * 3600), 1);
}

static void days_go_both_ways(void **state)
{
	static const char *const days[] = {"1970-01-01", "2026-11-22", "2024-02-29", "1969-12-31"};
	static const char *const bad[] = {"", "2026-11-31", "2025-02-29", "2026-1-2", "2026-11-22x",
	    "22.11.2026", "2026-11", "-001-01-01", "0001-01-01", "9999-12-31", "tomorrow"};
	char text[DATE_SIZE];
	int32_t day = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		assert_int_equal(clock_parse_day(days[i], &day), 0);
		clock_format_day(day, text);
		assert_string_equal(text, days[i]);
	}
	day = 12345;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(clock_parse_day(bad[i], &day), -EINVAL);
	assert_int_equal(day, 12345);
}

static void stamps_are_iso_8601(void **state)
{
	char text[STAMP_SIZE];
	char time[TIME_SIZE];

	(void)state;
	clock_format_stamp(MOMENT_NS, 3600, text);
	assert_string_equal(text, "2026-11-22T04:10:00+01:00");
	clock_format_stamp(MOMENT_NS, -12600, text);
	assert_string_equal(text, "2026-11-21T23:40:00-03:30");
	clock_format_time(MOMENT_NS + 59 * NS_PER_S, 0, time);
	assert_string_equal(time, "03:10");
}

static void the_machine_has_clocks(void **state)
{
	char id[BOOT_ID_SIZE], again[BOOT_ID_SIZE];
	int64_t before = clock_mono_ns();

	(void)state;
	assert_true(clock_mono_ns() >= before);
	assert_true(clock_real_ns() > 1500000000LL * NS_PER_S);
	clock_boot_id(id);
	clock_boot_id(again);
	assert_string_equal(id, again);
	assert_true(strlen(id) == BOOT_ID_SIZE - 1 || strcmp(id, "unknown") == 0);
}

static void times_of_day_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int32_t second; /* -1: refused */
	} cases[] = {{"0", 0}, {"7", 25200}, {"07:00", 25200}, {"22:05", 79500}, {"23:59", 86340},
	    {"24:00", -1}, {"7:5", -1}, {"7:60", -1}, {"7:00 ", -1}, {"-1", -1}, {" 7", -1},
	    {"7h", -1}, {"", -1}, {":30", -1}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int32_t second = -1;
		int rc = clock_parse_time(cases[i].text, &second);
		assert_int_equal(rc, cases[i].second < 0 ? -EINVAL : 0);
		assert_int_equal(second, cases[i].second);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(civil_time_goes_both_ways),
	    cmocka_unit_test(a_fraction_before_1970_is_the_second_before),
	    cmocka_unit_test(day_and_second_follow_the_offset),
	    cmocka_unit_test(days_go_both_ways),
	    cmocka_unit_test(stamps_are_iso_8601),
	    cmocka_unit_test(the_machine_has_clocks),
	    cmocka_unit_test(times_of_day_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
