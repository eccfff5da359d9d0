/* lumbard.conf: how each fault is named. */
#include "configs.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

struct fault {
	const char *text, *expected;
};

static void expect_faults(const struct fault *table, size_t n)
{
	struct problems problems;

	for (size_t i = 0; i < n; i++) {
		struct config *config = configs_load(table[i].text, &problems);
		bool found = false;
		assert_null(config);
		for (size_t k = 0; k < problems.n_problems; k++)
			found = found || strstr(problems.list[k].text, table[i].expected);
		if (!found)
			fail_msg("\"%s\" lacks \"%s\"", problems.list[0].text, table[i].expected);
	}
}

static void each_fault_of_the_reports_is_named(void **state)
{
	(void)state;
	static const struct fault table[] = {
	    {SIM "[report]\nfolder = reports\n", ":5: folder = reports: give the whole path"},
	    {SIM "[report]\nformats = html doc\n", ":5: formats = html doc: no format is called"},
	    {SIM "[report]\nformats =\n", ":5: formats = : give some of text json html pdf"},
	    {SIM "[report]\nlanguage = tlh\n", ":5: language = tlh: there is no such language"},
	    {SIM "[report]\nfrom = 12:00\n", ":5: from = 12:00: give a time of day before noon"},
	    {SIM "[report]\nfrom = early\n", ":5: from = early: give a time of day before noon"},
	    {SIM "[report]\nkeep_days = -1\n", ":5: keep_days = -1: out of range"},
	    {SIM "[report]\nkeep = 7\n", ":5: keep = 7: unknown key; known here: folder"},
	    {SIM "[report]\nfrom = 5\nfrom = 6\n", ":6: from = 6: stands already at line 5"},
	};

	expect_faults(table, sizeof(table) / sizeof(table[0]));
}

static void each_fault_is_named_with_its_line_and_a_remedy(void **state)
{
	(void)state;
	static const struct fault table[] = {
	    {"", "no surface; add a section [surface bed]"},
	    {"[surfaces]\nkind = bed\n", "lumbard.conf:2: unknown section [surfaces]; known are"},
	    {"kind = bed\n", "stands before the first section; begin with [lumbard]"},
	    {"[lumbard\n", "not understood; write \"key = value\""},
	    {"[lumbard]\ndatabse = x\n", ":2: databse = x: unknown key; known here: database"},
	    {"[lumbard]\nlog = loud\n", ":2: log = loud: give one of: error warning info debug"},
	    {BED, "driver is missing: where frames come from"},
	    {"[surface bed]\ndriver = sim\n", "kind is missing"},
	    {BED "driver = simm\n", ":3: driver = simm: no such driver; there are: "},
	    {"[surface bed]\nkind = sofa\ndriver = sim\n",
	        ":2: kind = sofa: give one of: bed seat"},
	    {"[surface  bed]\nkind = bed\ndriver = sim\n", "give a name of 1 to 31 of a-z 0-9"},
	    {"[surface My Bed]\nkind = bed\ndriver = sim\n", "give a name of 1 to 31 of a-z 0-9"},
	    {SIM "pitch = 2 psi\n", ":4: pitch = 2 psi: not understood; give a number, alone (mm)"},
	    {SIM "rows = 4000\n", ":4: rows = 4000: out of range; give 0 to 128"},
	    {SIM "rows = 31\n", ":4: rows = 31: the sim driver's source says 32; leave it out"},
	    {SIM "rate = 7\n", ":4: rate = 7: the sim driver's source says 10"},
	    {SIM "flip = up\n", "give one of: none rows cols both"},
	    {SIM "sim.paln = rest\n", ":4: sim.paln = rest: unknown key; known here: seed, plan"},
	    {SIM "sim.speed = 2000\n", ":4: sim.speed = 2000: out of range; give 0 to 1000"},
	    {SIM "modbus.port = 502\n", ":4: modbus.port = 502: the driver here is \"sim\""},
	    {SIM "prolonged_lyng.limit = 2 h\n", "did you mean prolonged_lying.limit?"},
	    {SIM "prolonged_lying.limit = 2 kg\n", "give a number, alone (s) or with one of"},
	    {SIM "prone.enabled = perhaps\n", ":4: prone.enabled = perhaps: give yes or no"},
	    {SIM "long_feed.limit = 1 h\n", "the rule long_feed does not judge a bed"},
	    {SIM "pipeline.frozen = 0 s\n", ":4: pipeline.frozen = 0 s: out of range"},
	    {SIM "calibration = none.calib\n", "none.calib: cannot be read: No such file"},
	    {SIM "layout = none.csv\n", "none.csv"},
	    {SIM "layout = x.csv\nrows = 4\n", "give either a layout or rows, cols and flip"},
	    {SIM "flip = rows\nflip = cols\n", ":5: flip = cols: stands already at line 4"},
	    {SIM "[lumbard]\nlog = info\n" SIM, ":7: a second section [surface bed], the first"},
	    {SIM SIM, ":5: kind = bed: stands already at line 2; keep one (two sections"},
	    {BED "driver = hx711\nhx711.clock = 21\n", "hx711.data is missing"},
	    {BED "driver = hx711\nhx711.data = 5 6\nhx711.clock = 21\n",
	        "the source has 2 cells that are no grid; give their layout"},
	    {BED "driver = hx711\nhx711.data = 5 6 7\nhx711.clock = 20 21\n",
	        ":3: driver = hx711: hx711.clock: 2 lines for 3 amplifiers"},
	    {BED "driver = switch\nswitch.lines = 5 5\n",
	        "switch.lines: line 5 stands there twice"},
	    {BED "driver = switch\nswitch.lines = 5\nfull_scale = 4095\n",
	        ":5: full_scale = 4095: the switch driver's source says 1"},
	    {BED "driver = matrix\nmatrix.rows = 65\n", ":4: matrix.rows = 65: out of range"},
	    {BED "driver = modbus\nmodbus.profile = /no/such.ini\n", "/no/such.ini"},
	    {BED "driver = modbus\nmodbus.profile = chair-16x16\n",
	        "the modbus driver's source is a seat"},
	    {BED "driver = replay\n", ":3: driver = replay: replay.file is missing: a recording"},
	    {"[lumbard]\ndatabase = /tmp/x\nstatus_file = /tmp/x\n",
	        "status_file = /tmp/x: is the database too"},
	    {"[lumbard]\nlog = info\nlog = debug\n", ":3: log = debug: stands already at line 2"},
	    {"[lumbard]\ndatabase =\n", ":2: database = : name a file, or leave the line out"},
	    {BED "driver = replay\nreplay.file = /no/such.rec\n",
	        ":3: driver = replay: /no/such.rec: cannot be read"},
	    {"[surface bed]\nkind = strip\ndriver = sim\n", "it has a bed and a seat only"},
	    {SIM "[surface chair]\nkind = seat\ndriver = modbus\nmodbus.profile = chair-16x16\n",
	        "[surface chair] is read now, driver = sim of [surface bed] brings its own time"},
	    {SIM "sim.start = tomorrow\n", ":3: driver = sim: sim.start = tomorrow: not a time"},
	    {BED "driver = modbus\nmodbus.profile = overlay-32x16\nmodbus.device = /dev/ttyUSB0\n",
	        ":3: driver = modbus: modbus.device is for transport = rtu, here it is tcp"},
	    {BED "driver = modbus\nmodbus.profile = overlay-32x16\nmodbus.transport = rtu\n"
	         "modbus.device = /dev/ttyUSB0\nmodbus.port = 502\n",
	        "modbus.port is for transport = tcp, here it is rtu: leave one out"},
	    {BED MATRIX "matrix.col_select = adc\nmatrix.col_lines = 4 5 6\n",
	        "matrix.col_select = adc has no col_lines and no col_enable: leave them out"},
	    {BED MATRIX "matrix.col_lines = 4 5 6\nmatrix.spi = /dev/spidev0.1\n"
	                "matrix.spi_lines = 7 8 9 10\n",
	        "matrix.spi_lines takes the place of spi and spi_speed: leave them out"},
	};

	expect_faults(table, sizeof(table) / sizeof(table[0]));
}

/* A night and two mats: dates by one clock only, and one who asks on a serial line. */
static void mats_that_do_not_go_together_are_named(void **state)
{
	(void)state;
	static const struct fault table[] = {
	    {SIM "sim.start = 2026-11-21T12:00:00Z\n" CHAIR "sim\n",
	        "[surface bed] and [surface chair] bring two times of their own: give both the "
	        "same start, or use two files"},
	    {SIM CHAIR "sim\nsim.speed = 100\n", "bring two times of their own: give both the same "
	                                         "speed, or use two files"},
	    {SIM CHAIR "replay\nreplay.file = Makefile\nreplay.rows = 1\nreplay.cols = 4\n",
	        "bring two times of their own: give both the same driver"},
	    {BED RTU "modbus.profile = overlay-32x16\n[surface chair]\nkind = seat\n" RTU
	             "modbus.profile = chair-16x16\n",
	        "[surface bed] and [surface chair] both ask on /dev/ttyUSB0, where one mat alone "
	        "may: give each a line of its own"},
	};

	expect_faults(table, sizeof(table) / sizeof(table[0]));
	struct problems problems;
	struct config *config = configs_load(
	    SIM "sim.speed = 9\n" CHAIR "sim\nsim.speed = 9\n", &problems);
	assert_non_null(config);
	config_destroy(config);
}

static void each_fault_of_an_indicator_is_named(void **state)
{
	(void)state;
	static const struct fault table[] = {
	    {SIM LED "line = 5 6\n", ":6: line = 5 6: give one line, its name or number"},
	    {SIM LED "line = 5\n[indicator two]\nsurfaces = bed\nline = 5\n",
	        ":9: line = 5: is the line of [indicator led] too"},
	    {SIM "[indicator led]\nline = 5\n", ":5: surfaces is missing: whose findings"},
	    {SIM "[indicator led]\nsurfaces = sofa\n",
	        ":5: surfaces = sofa: there is no [surface sofa] in this file"},
	    {SIM "[indicator led]\nsurfaces = bed, bed\n",
	        ":5: surfaces = bed, bed: bed stands there twice"},
	    {SIM "[indicator led]\nsurfaces =\n", ":5: surfaces = : name one of the surfaces"},
	    {SIM "[indicator My LED]\nsurfaces = bed\n", "[indicator My LED]: give a name of 1"},
	    {SIM LED LED, ":7: surfaces = bed: stands already at line 5"},
	    {SIM LED "colour = red\n", ":6: colour = red: unknown key; known here: line, chip"},
	    {SIM LED "active_low = 2\n", ":6: active_low = 2: give yes or no"},
	    {SIM LED "level = all\n", ":6: level = all: give one of: advice information"},
	    {SIM LED "at_most_every = 5 s\n", ":6: at_most_every = 5 s: out of range; give 60 to"},
	    {SIM LED "lying = 200 200\n", ":6: lying = 200 200: ends with a time off"},
	    {SIM LED "fault = 1 h\n", ":6: fault = 1 h: a time is out of range; give 20 to 2000"},
	    {SIM LED "quiet_from = 22:00\n", "quiet_to is missing: quiet_from and quiet_to"},
	    {SIM LED "quiet_to = 7\n", "quiet_from is missing: quiet_from and quiet_to"},
	    {SIM LED "quiet_from = 24:00\nquiet_to = 7\n",
	        ":6: quiet_from = 24:00: not understood; give a time of day"},
	    {SIM LED "quiet_from = 22\nquiet_to = 7:5\n", ":7: quiet_to = 7:5: not understood"},
	    {SIM LED "quiet_from = 7\nquiet_to = 7:00\n", ":7: quiet_to = 7:00: is quiet_from too"},
	    {SIM LED "quiet_from = never\nquiet_to = 7\n",
	        ":7: quiet_to = 7: quiet_from is never; leave this line out"},
	};

	expect_faults(table, sizeof(table) / sizeof(table[0]));
}

static void all_faults_of_a_file_are_told_at_once(void **state)
{
	(void)state;
	struct problems problems;

	assert_null(configs_load(
	    "[lumbard]\nlog = loud\n[mat]\nx = 1\n" SIM "colour = red\nsim.x = 1\n", &problems));
	assert_int_equal(problems.n_problems, 4);
	assert_null(configs_load("/", &problems));
}

/* What follows from a mistake is not a second mistake. */
static void one_mistake_is_one_line(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "[surface bed]\nkind = sofa\ndriver = sim\nlong_feed.limit = 1 h\n",
	    BED "driver = simm\n",
	    BED "driver = modbus\nmodbus.profil = chair-16x16\n",
	    SIM "rows = 4000\n",
	};
	struct problems problems;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_null(configs_load(texts[i], &problems));
		assert_int_equal(problems.n_problems, 1);
	}
}

static void a_missing_file_is_said(void **state)
{
	(void)state;
	struct problems problems;
	struct config *config;

	assert_true(config_load(&config, "/no/such/lumbard.conf", &problems) < 0);
	assert_int_equal(problems.n_problems, 1);
	assert_non_null(strstr(problems.list[0].text, "/no/such/lumbard.conf: cannot be read"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_fault_of_the_reports_is_named),
	    cmocka_unit_test(each_fault_is_named_with_its_line_and_a_remedy),
	    cmocka_unit_test(mats_that_do_not_go_together_are_named),
	    cmocka_unit_test(each_fault_of_an_indicator_is_named),
	    cmocka_unit_test(all_faults_of_a_file_are_told_at_once),
	    cmocka_unit_test(one_mistake_is_one_line),
	    cmocka_unit_test(a_missing_file_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
