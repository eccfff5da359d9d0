/* lumbar drivers: where frames can come from, and the settings of each, as its own table has them. */
#include "app/command.h"
#include "app/command_line.h"
#include "app/drivers_test.h"
#include "app/profile_view.h"
#include "drivers/driver.h"
#include "drivers/modbus_map.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const type_names[] = {"integer", "number", "yes/no", "text", "choice"};

/* ---- options ----------------------------------------------------------------------------- */

static void print_range(const struct option_spec *option)
{
	if (option->type == OPTION_CHOICE)
		printf("one of: %s", option->choices);
	else if (option->min != 0 || option->max != 0)
		printf("%g to %g", option->min, option->max);
	else
		printf("%s", type_names[option->type]);
	if (option->unit && *option->unit)
		printf(" %s", option->unit);
}

static void print_options(const struct driver *driver)
{
	for (const struct option_spec *option = driver->options; option->key; option++) {
		printf("  %s.%s\n      %s\n      ", driver->name, option->key, option->help);
		print_range(option);
		if (!option->fallback)
			printf("; must be given\n");
		else if (*option->fallback)
			printf("; default %s\n", option->fallback);
		else
			printf("; default: empty\n");
	}
}

static json_t *option_json(const struct option_spec *option)
{
	json_t *json = json_pack("{s:s, s:s, s:s?, s:s, s:s?, s:s}", "key", option->key, "type",
	    type_names[option->type], "default", option->fallback, "unit",
	    option->unit ? option->unit : "", "choices", option->choices, "help", option->help);

	if (option->min != 0 || option->max != 0) {
		json_object_set_new(json, "min", json_real(option->min));
		json_object_set_new(json, "max", json_real(option->max));
	}
	return json;
}

static json_t *driver_json(const struct driver *driver)
{
	json_t *options = json_array();

	for (const struct option_spec *option = driver->options; option->key; option++)
		json_array_append_new(options, option_json(option));
	return json_pack("{s:s, s:s, s:o}", "name", driver->name, "summary", driver->summary,
	    "options", options);
}

/* ------------------------------------------------------------------------------------------ */

static int print_json(json_t *json)
{
	int failed = !json || json_dumpf(json, stdout, JSON_INDENT(2)) < 0;

	putchar('\n');
	json_decref(json);
	return failed ? EXIT_FAULT : EXIT_OK;
}

static int show_profile(const char *command, const char *name, bool json)
{
	struct modbus_map map;
	struct error err = {0};
	char *path = modbus_map_find(name, &err);

	if (!path || modbus_map_load(&map, path, &err) < 0) {
		free(path);
		return command_fault(command, &err);
	}
	free(path);
	if (json)
		return print_json(profile_json(&map));
	profile_print(&map);
	return EXIT_OK;
}

static int show_drivers(const struct driver *only, bool json)
{
	json_t *list = json ? json_array() : NULL;

	if (only && json) {
		json_decref(list);
		return print_json(driver_json(only));
	}
	for (size_t i = 0; drivers[i]; i++) {
		if (json)
			json_array_append_new(list, driver_json(drivers[i]));
		else if (!only || only == drivers[i])
			printf("%s: %s\n", drivers[i]->name, drivers[i]->summary);
	}
	if (json)
		return print_json(list);
	if (only)
		print_options(only);
	else
		puts("\nlumbar drivers NAME lists the settings of one.");
	return EXIT_OK;
}

int cmd_drivers(int argc, char **argv)
{
	const char *profile = NULL;
	const struct driver *only = NULL;
	bool json = false;
	const struct command_option options[] = {
	    {"profile", 0, "PROFILE",
	        "of modbus: check a profile (a name, or a path with a /), and say how many frames "
	        "a "
	        "second a wire allows, why, and for what that is enough",
	        .text = &profile},
	    {"json", 0, NULL, "the same for programs", .flag = &json},
	    {0},
	};
	const struct command_line line = {"lumbar drivers",
	    "[NAME] [--profile PROFILE] [--json] | test SURFACE [-c CONF]",
	    "Lists the drivers, or the settings of the one named. In lumbard.conf a setting stands "
	    "in the surface's section as NAME.KEY = VALUE.\n"
	    "lumbar drivers test SURFACE reads a mat for some seconds and says how well that went; "
	    "lumbar drivers test --help says more.",
	    options, 0, 1};

	if (argc > 1 && strcmp(argv[1], "test") == 0)
		return drivers_test(argc - 1, argv + 1);
	int status = command_line_read(&line, argc, argv);
	if (status != COMMAND_RUN)
		return status;
	if (argc > optind && !(only = driver_find(argv[optind]))) {
		struct error err;
		error_set(
		    &err, -ENOENT, "no driver \"%s\"; lumbar drivers lists them", argv[optind]);
		return command_fault(argv[0], &err);
	}
	if (profile && only && strcmp(only->name, "modbus") != 0)
		return command_line_usage(&line);
	return profile ? show_profile(argv[0], profile, json) : show_drivers(only, json);
}
