/* lumbar simulate: the command line; the work is in simulate_file.c and simulate_serve.c. */
#include "app/command.h"
#include "app/command_line.h"
#include "app/simulate.h"
#include "base/clock.h"
#include "core/names.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static bool take_plan(const char *text, void *user)
{
	static const char *const names[] = {"night", "demo", "rest", "feed"};
	struct simulate *simulate = user;
	int found = name_find(names, NAMES_COUNT(names), text ? text : "night");

	simulate->settings.plan = (enum sim_plan)found;
	simulate->plan_given = true;
	return found >= 0;
}

static bool take_surface(const char *text, void *user)
{
	static const char *const names[] = {"both", "bed", "chair"};
	struct simulate *simulate = user;
	int found = name_find(names, NAMES_COUNT(names), text);

	simulate->bed = found != 2;
	simulate->chair = found != 1;
	return found >= 0;
}

static bool take_start(const char *text, void *user)
{
	struct sim_settings *settings = user;

	return clock_parse_stamp(text, &settings->start_real_ns, &settings->utc_offset_s) == 0;
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

static int parse(int argc, char **argv, struct simulate *s)
{
	struct sim_settings *settings = &s->settings;
	double hours = 0;
	const struct command_option options[] = {
	    {"output", 'o', "FILE", "the recording to write; one that is there is replaced",
	        .text = &s->output},
	    {"night", 0, NULL, "plan night (this is the default with -o)", .take = take_plan,
	        .user = s},
	    {"plan", 0, "PLAN",
	        "night: 21:00 to 9:00; demo: noon to noon, with findings to be found; rest: on the "
	        "back for ever; feed: in the chair for ever",
	        .take = take_plan, .user = s, .wants = "must be night, demo, rest or feed"},
	    {"seed", 0, "N", "which person, which mat, which night (1)", .seed = &settings->seed},
	    {"stiffness", 0, "K",
	        "of the mattress, kPa per metre: soft 25-45, medium 50-110, firm 120-250 (80; plan "
	        "demo: 28)",
	        .number = &settings->stiffness_kpa_per_m, .least = 5, .most = 1000},
	    {"surface", 0, "WHICH", "bed, chair or both (both)", .take = take_surface, .user = s,
	        .wants = "must be bed, chair or both"},
	    {"rate", 0, "HZ", "frames per second (5; with --serve the profile's)",
	        .number = &s->rate_hz, .least = 0.1, .most = 100},
	    {"rows", 0, "R", "cells of the bed, or of the chair when it is alone (32, 16)",
	        .count = &s->rows, .least = 1, .most = 128},
	    {"cols", 0, "C", "and from side to side (16)", .count = &s->cols, .least = 1,
	        .most = 64},
	    {"start", 0, "TIME",
	        "when the plan begins (2026-11-21T21:00:00+01:00; plan demo: T12:00)",
	        .take = take_start, .user = settings,
	        .wants = "not a time; write 2026-11-21T12:00:00+01:00"},
	    {"hours", 0, "H", "how much of the plan is written (all of it)", .number = &hours,
	        .least = 1.0 / 3600, .most = 24 * 31},
	    {"progress", 0, NULL, "a bar on stderr", .flag = &s->progress},
	    {"serve", 0, "ADDRESS",
	        "tcp:PORT, tcp:HOST:PORT, rtu:DEVICE or rtu:pty; \"listening on ...\" is printed "
	        "when it answers",
	        .text = &s->serve},
	    {"profile", 0, "NAME",
	        "the register map, a name or a path; its kind decides bed or chair",
	        .text = &s->profile},
	    {0},
	};
	const struct command_line line = {"lumbar simulate",
	    "[--night] --seed N -o FILE [OPTIONS] | --serve ADDRESS --profile NAME [OPTIONS]",
	    "A simulated person on a simulated mat. The first form writes a recording, and what is "
	    "true in it, second by second, at FILE.truth.csv; the same seed gives the same bytes. "
	    "The second form is a Modbus slave with the register map of a profile, until it is "
	    "stopped.",
	    options, 0, 0};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	s->length_s = hours * 3600;
	if (!!s->output == (s->serve && s->profile) || (s->serve && !s->profile))
		return command_line_usage(&line);
	return COMMAND_RUN;
}

int cmd_simulate(int argc, char **argv)
{
	struct simulate simulate = {.bed = true, .chair = true, .settings = {.seed = 1}};
	struct error err = {0};
	int status = parse(argc, argv, &simulate);

	if (status != COMMAND_RUN)
		return status;
	complete(&simulate);
	int code = simulate.output ? simulate_file(&simulate, &err)
	                           : simulate_serve(&simulate, &err);
	return code < 0 ? command_fault(argv[0], &err) : EXIT_OK;
}
