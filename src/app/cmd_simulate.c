/* lumbar simulate: the command line; the work is in simulate_file.c and simulate_serve.c. */
#include "app/command.h"
#include "app/simulate.h"
#include "base/clock.h"
#include "base/options.h"
#include "core/names.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] = "[--night] --seed N -o FILE | --serve ADDRESS --profile NAME";

static const char help[] =
    "usage: lumbar simulate [--night] --seed N -o FILE [OPTIONS]\n"
    "       lumbar simulate --serve ADDRESS --profile NAME [OPTIONS]\n"
    "\n"
    "A simulated person on a simulated mat. The first form writes a recording, and what is true\n"
    "in it, second by second, at FILE.truth.csv; the same seed gives the same bytes. The second\n"
    "form is a Modbus slave with the register map of a profile, until it is stopped.\n"
    "\n"
    "  -o FILE            the recording to write; one that is there is replaced\n"
    "  --night            plan night (this is the default with -o)\n"
    "  --plan PLAN        night: 21:00 to 9:00; demo: noon to noon, with findings to be found;\n"
    "                     rest: on the back for ever; feed: in the chair for ever\n"
    "  --seed N           which person, which mat, which night (1)\n"
    "  --stiffness K      of the mattress, kPa per metre: soft 25-45, medium 50-110, firm\n"
    "                     120-250 (80; plan demo: 28)\n"
    "  --surface WHICH    bed, chair or both (both)\n"
    "  --rate HZ          frames per second (5; with --serve the profile's)\n"
    "  --rows R --cols C  cells of the bed, or of the chair when it is alone (32 x 16, 16 x 16)\n"
    "  --start TIME       when the plan begins (2026-11-21T21:00:00+01:00; plan demo: T12:00)\n"
    "  --hours H          how much of the plan is written (all of it)\n"
    "  --progress         a bar on stderr\n"
    "  --serve ADDRESS    tcp:PORT, tcp:HOST:PORT, rtu:DEVICE or rtu:pty; \"listening on ...\"\n"
    "                     is printed when it answers\n"
    "  --profile NAME     the register map, a name or a path; its kind decides bed or chair\n";

enum { OPT_NIGHT = 1, OPT_PLAN, OPT_SEED, OPT_STIFFNESS, OPT_SURFACE, OPT_RATE, OPT_ROWS };
enum { OPT_COLS = OPT_ROWS + 1, OPT_START, OPT_HOURS, OPT_PROGRESS, OPT_SERVE, OPT_PROFILE };
#define OPT_HELP 'h'

static const struct option long_options[] = {
    {"night", no_argument, NULL, OPT_NIGHT},
    {"plan", required_argument, NULL, OPT_PLAN},
    {"seed", required_argument, NULL, OPT_SEED},
    {"stiffness", required_argument, NULL, OPT_STIFFNESS},
    {"surface", required_argument, NULL, OPT_SURFACE},
    {"rate", required_argument, NULL, OPT_RATE},
    {"rows", required_argument, NULL, OPT_ROWS},
    {"cols", required_argument, NULL, OPT_COLS},
    {"start", required_argument, NULL, OPT_START},
    {"hours", required_argument, NULL, OPT_HOURS},
    {"progress", no_argument, NULL, OPT_PROGRESS},
    {"serve", required_argument, NULL, OPT_SERVE},
    {"profile", required_argument, NULL, OPT_PROFILE},
    {"output", required_argument, NULL, 'o'},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

/* Tells whether the text is a number of the range; says so when it is not. */
static int parse_number(
    const char *key, const char *text, double min, double max, double *value, struct error *err)
{
	struct place where = {.key = key, .value = text};

	if (options_parse_number(text, "", value) < 0 || !isfinite(*value))
		return error_at(err, -EINVAL, &where, "not a number");
	if (*value < min || *value > max)
		return error_at(err, -ERANGE, &where, "must be %g to %g", min, max);
	return 0;
}

static int parse_count(
    const char *key, const char *text, double max, size_t *value, struct error *err)
{
	double number = 0;
	int code = parse_number(key, text, 1, max, &number, err);

	if (code == 0 && number != floor(number)) {
		struct place where = {.key = key, .value = text};
		return error_at(err, -EINVAL, &where, "must be a whole number");
	}
	*value = (size_t)number;
	return code;
}

static int parse_seed(const char *text, uint64_t *seed, struct error *err)
{
	struct place where = {.key = "--seed", .value = text};
	char *end = NULL;

	errno = 0;
	*seed = strtoull(text, &end, 10);
	if (errno || *text < '0' || *text > '9' || *end)
		return error_at(err, -EINVAL, &where, "must be a whole number from 0 up");
	return 0;
}

static int parse_plan(const char *text, struct simulate *simulate, struct error *err)
{
	static const char *const names[] = {"night", "demo", "rest", "feed"};
	struct place where = {.key = "--plan", .value = text};
	int found = name_find(names, NAMES_COUNT(names), text);

	if (found < 0)
		return error_at(err, -EINVAL, &where, "must be night, demo, rest or feed");
	simulate->settings.plan = (enum sim_plan)found;
	simulate->plan_given = true;
	return 0;
}

static int parse_surface(const char *text, struct simulate *simulate, struct error *err)
{
	static const char *const names[] = {"both", "bed", "chair"};
	struct place where = {.key = "--surface", .value = text};
	int found = name_find(names, NAMES_COUNT(names), text);

	if (found < 0)
		return error_at(err, -EINVAL, &where, "must be bed, chair or both");
	simulate->bed = found != 2;
	simulate->chair = found != 1;
	return 0;
}

static int parse_start(const char *text, struct sim_settings *settings, struct error *err)
{
	struct place where = {.key = "--start", .value = text};

	if (clock_parse_stamp(text, &settings->start_real_ns, &settings->utc_offset_s) < 0)
		return error_at(
		    err, -EINVAL, &where, "not a time; write 2026-11-21T12:00:00+01:00");
	return 0;
}

static int parse_one(int option, const char *text, struct simulate *simulate, struct error *err)
{
	struct sim_settings *settings = &simulate->settings;
	int code = 0;

	switch (option) {
	case OPT_NIGHT:
		return parse_plan("night", simulate, err);
	case OPT_PLAN:
		return parse_plan(text, simulate, err);
	case OPT_SEED:
		return parse_seed(text, &settings->seed, err);
	case OPT_STIFFNESS:
		return parse_number(
		    "--stiffness", text, 5, 1000, &settings->stiffness_kpa_per_m, err);
	case OPT_SURFACE:
		return parse_surface(text, simulate, err);
	case OPT_RATE:
		return parse_number("--rate", text, 0.1, 100, &simulate->rate_hz, err);
	case OPT_ROWS:
		return parse_count("--rows", text, 128, &simulate->rows, err);
	case OPT_COLS:
		return parse_count("--cols", text, 64, &simulate->cols, err);
	case OPT_START:
		return parse_start(text, settings, err);
	case OPT_HOURS:
		code = parse_number("--hours", text, 1.0 / 3600, 24 * 31, &simulate->length_s, err);
		simulate->length_s *= 3600;
		return code;
	case OPT_PROGRESS:
		simulate->progress = true;
		break;
	case OPT_SERVE:
		simulate->serve = text;
		break;
	case OPT_PROFILE:
		simulate->profile = text;
		break;
	default:
		simulate->output = text;
	}
	return 0;
}

/* What was not given follows the plan. */
static void complete(struct simulate *simulate)
{
	struct sim_settings *settings = &simulate->settings;
	bool demo = settings->plan == SIM_PLAN_DEMO;

	if (settings->stiffness_kpa_per_m == 0)
		settings->stiffness_kpa_per_m = demo ? 28 : 80;
	if (settings->start_real_ns == 0)
		clock_parse_stamp(demo ? "2026-11-21T12:00:00+01:00" : "2026-11-21T21:00:00+01:00",
		    &settings->start_real_ns, &settings->utc_offset_s);
}

int cmd_simulate(int argc, char **argv)
{
	struct simulate simulate = {.bed = true, .chair = true, .settings = {.seed = 1}};
	struct error err = {0};
	int option, code;

	while ((option = getopt_long(argc, argv, "o:h", long_options, NULL)) != -1) {
		if (option == OPT_HELP) {
			fputs(help, stdout);
			return EXIT_OK;
		}
		if (option == '?')
			return command_usage(argv[0], usage);
		if (parse_one(option, optarg, &simulate, &err) < 0) {
			fprintf(stderr, "lumbar simulate: %s\n", err.text);
			return EXIT_USAGE;
		}
	}
	bool file = simulate.output != NULL, served = simulate.serve && simulate.profile;
	if (optind < argc || file == served || (simulate.serve && !simulate.profile))
		return command_usage(argv[0], usage);
	complete(&simulate);
	code = file ? simulate_file(&simulate, &err) : simulate_serve(&simulate, &err);
	return code < 0 ? command_fault(argv[0], &err) : EXIT_OK;
}
