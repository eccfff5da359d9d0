/*
 * The GPIO lines themselves, with the real libgpiod on a real kernel: a chip that is not there, a
 * line that another holds, a chip that is pulled out while it is read, and put back.
 */
#include "support.h"
#include "tests/gpio/support/emulated.h"

#include "drivers/lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct setting cells[] = {
    {"chip", "emulated-hx711"}, {"data", "1 2 3 4"}, {"clock", "0"}, {"rate", "80"}, {0}};

static int set_up(void **state)
{
	(void)state;
	emulated_restart("hx711");
	emulated_restart("strip");
	return 0;
}

static void levels_go_out_and_come_in(void **state)
{
	struct lines *out, *in;
	struct error err = {0};
	uint64_t values;

	(void)state;
	assert_int_equal(
	    lines_open(&out,
	        &(struct lines_request){
	            .chip = "emulated-strip", .names = "7 0 3", .output = true, .initial = 5},
	        &err),
	    0);
	assert_int_equal(lines_get(out, &values), 0);
	assert_int_equal(values, 5);
	assert_int_equal(lines_set(out, 2), 0);
	assert_int_equal(lines_get(out, &values), 0);
	assert_int_equal(values, 2);
	assert_string_equal(lines_name(out, 0), "7");
	assert_int_equal(lines_open(&in,
	                     &(struct lines_request){.chip = "emulated-strip",
	                         .names = "1, 2",
	                         .active_low = true,
	                         .bias = LINES_BIAS_UP},
	                     &err),
	    0);
	assert_int_equal(lines_get(in, &values), 0);
	assert_int_equal(values, 0);
	emulated_set("strip_play", "2=0");
	assert_int_equal(lines_get(in, &values), 0);
	assert_int_equal(values, 2);
	lines_close(in);
	lines_close(out);
}

/* ---- a Raspberry Pi's header, as gpio-sim can be one ---------------------------------------- */

#define SIM "/sys/kernel/config/gpio-sim/"

static void write_to(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		fail_msg("%s = %s: %s", path, text, strerror(errno));
}

static void make_header(void)
{
	static const char *const folders[] = {
	    SIM "pi", SIM "pi/bank", SIM "pi/bank/line17", SIM "pi/bank/line27"};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (mkdir(folders[i], 0755) < 0)
			fail_msg("%s: %s", folders[i], strerror(errno));
	write_to(SIM "pi/bank/num_lines", "28");
	write_to(SIM "pi/bank/label", "pinctrl-bcm2711");
	write_to(SIM "pi/bank/line17/name", "GPIO17");
	write_to(SIM "pi/bank/line27/name", "GPIO27");
	write_to(SIM "pi/live", "1");
}

static void the_header_is_found_and_its_lines_by_name(void **state)
{
	struct lines_request request = {
	    .chip = LINES_CHIP_AUTO, .names = "GPIO27 17 5", .bias = LINES_BIAS_UP};
	struct lines *lines;
	struct error err = {0};
	uint64_t values;

	(void)state;
	assert_int_equal(lines_open(&lines, &request, &err), -ENOENT);
	make_header();
	assert_int_equal(lines_open(&lines, &request, &err), 0);
	assert_int_equal(lines_get(lines, &values), 0);
	assert_int_equal(values, 7); /* pulled up */
	lines_close(lines);
	request.names = "GPIO17 17";
	assert_int_equal(lines_open(&lines, &request, &err), -EINVAL);
	assert_non_null(strstr(err.text, "same line"));
	request.names = "GPIO18";
	assert_int_equal(lines_open(&lines, &request, &err), -ENOENT);
	assert_non_null(strstr(err.text, "GPIO18"));
	write_to(SIM "pi/live", "0");
}

/* ---- what goes wrong -------------------------------------------------------------------- */

static void a_chip_that_is_not_there_is_said_with_those_that_are(void **state)
{
	struct reader reader;

	(void)state;
	assert_int_equal(reader_open(&reader, "hx711",
	                     SETTINGS({"chip", "no-such-chip"}, {"data", "1"}, {"clock", "0"})),
	    -ENOENT);
	assert_non_null(strstr(reader.err.text, "no-such-chip"));
	assert_non_null(strstr(reader.err.text, "emulated-hx711"));
	reader_close(&reader);
	assert_int_equal(reader_open(&reader, "hx711",
	                     SETTINGS({"chip", "emulated-hx711"}, {"data", "1"}, {"clock", "99"})),
	    -ENOENT);
	assert_non_null(strstr(reader.err.text, "99"));
	reader_close(&reader);
}

static void a_line_that_another_holds_is_said_with_its_holder(void **state)
{
	struct reader first, second;

	(void)state;
	reader_open_good(&first, "hx711", cells);
	assert_int_equal(reader_open(&second, "hx711", cells), -EBUSY);
	assert_non_null(strstr(second.err.text, "lumbar"));
	assert_int_equal(second.err.code, -EBUSY);
	reader_close(&second);
	assert_int_equal(reader_frame(&first, 1000), 0); /* nobody disturbed it */
	reader_close(&first);
	reader_open_good(&second, "hx711", cells);
	assert_int_equal(reader_frame(&second, 1000), 0);
	reader_close(&second);
}

static void a_chip_pulled_out_is_told_and_opened_again(void **state)
{
	struct reader reader;

	(void)state;
	for (int round = 0; round < 3; round++) {
		reader_open_good(&reader, "hx711", cells);
		assert_int_equal(reader_frame(&reader, 1000), 0);
		emulated_set("hx711_live", "0");
		assert_int_equal(reader_frame(&reader, 1000), -ENODEV);
		assert_int_equal(reader_frame(&reader, 1000), -ENODEV);
		/* as the host does it: the same device closes and opens again, when it can */
		reader.device.driver->close(&reader.device);
		assert_int_equal(reader.device.driver->open(&reader.device, &reader.err), -ENOENT);
		reader.device.driver->close(&reader.device);
		emulated_set("hx711_live", "1");
		assert_int_equal(reader.device.driver->open(&reader.device, &reader.err), 0);
		assert_int_equal(reader_frame(&reader, 1000), 0);
		reader_close(&reader);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(levels_go_out_and_come_in, set_up),
	    cmocka_unit_test_setup(the_header_is_found_and_its_lines_by_name, set_up),
	    cmocka_unit_test_setup(a_chip_that_is_not_there_is_said_with_those_that_are, set_up),
	    cmocka_unit_test_setup(a_line_that_another_holds_is_said_with_its_holder, set_up),
	    cmocka_unit_test_setup(a_chip_pulled_out_is_told_and_opened_again, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
