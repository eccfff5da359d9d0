#include "app/config.h"

#include "app/command.h"
#include "app/config_indicator.h"
#include "app/config_report.h"
#include "app/config_surface.h"
#include "base/inifile.h"
#include "recording/recording.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option_spec lumbard_options[] = {
    {"database", OPTION_TEXT, "/var/lib/lumbar/lumbar.db", 0, 0, "", NULL,
        "where findings are kept"},
    {"status_file", OPTION_TEXT, "/run/lumbar/status.json", 0, 0, "", NULL,
        "what is seen now, for lumbar status and others; empty: none"},
    {"log", OPTION_CHOICE, "info", 0, 0, "", "error warning info debug",
        "the least that is logged"},
    {0},
};

static const enum log_level log_levels[] = {
    LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG};

static void take_lumbard(struct config *config, const struct config_entries *entries,
    const struct options *options, struct problems *problems)
{
	const char *database = options_text(options, "database");
	const char *status_file = options_text(options, "status_file");
	struct place where = config_place(entries, "database");

	if (!database[0])
		error_at(problem_slot(problems), -EINVAL, &where,
		    "name a file, or leave the line out: then it is %s",
		    lumbard_options[0].fallback);
	where = config_place(entries, "status_file");
	if (strcmp(status_file, database) == 0)
		error_at(problem_slot(problems), -EINVAL, &where,
		    "is the database too; name another file");
	snprintf(config->database, OPTION_TEXT_SIZE, "%s", database);
	snprintf(config->status_file, OPTION_TEXT_SIZE, "%s", status_file);
	config->log = log_levels[options_integer(options, "log")];
}

static void read_lumbard(
    const struct inifile *ini, struct config *config, struct problems *problems)
{
	struct config_entries entries = config_find_section(ini, "lumbard");
	struct options options;

	config_take(&entries, lumbard_options, &options, problems);
	take_lumbard(config, &entries, &options, problems);
}

static bool is_surface(const char *section)
{
	return strncmp(section, "surface ", 8) == 0;
}

static bool is_known(const char *section)
{
	return is_surface(section) || strncmp(section, "indicator ", 10) == 0 ||
	       strcmp(section, "lumbard") == 0 || strcmp(section, "report") == 0;
}

static void check_section(const struct inifile *ini, size_t first, struct problems *problems)
{
	const struct ini_entry *entry = &ini->entries[first];
	struct place where = {.file = ini->path, .line = entry->line};

	for (size_t i = 0; i < first; i++) {
		if (strcmp(ini->entries[i].section, entry->section) == 0) {
			error_at(problem_slot(problems), -EINVAL, &where,
			    "a second section [%s], the first is at line %d; each name stands once",
			    entry->section, ini->entries[i].line);
			return;
		}
	}
	if (entry->section[0] == '\0')
		error_at(problem_slot(problems), -EINVAL, &where,
		    "%s stands before the first section; begin with [lumbard]", entry->key);
	else if (!is_known(entry->section))
		error_at(problem_slot(problems), -EINVAL, &where,
		    "unknown section [%s]; known are [lumbard], [report], [surface NAME] and "
		    "[indicator NAME]",
		    entry->section);
}

static int add_surface(
    struct config *config, const struct config_entries *entries, struct problems *problems)
{
	struct place where = config_place(entries, "");

	if (config->n_surfaces == CONFIG_SURFACES_MAX)
		return error_at(problem_slot(problems), -E2BIG, &where,
		    "more than %d surfaces; start a second lumbard", CONFIG_SURFACES_MAX);
	int result = surface_config_read(&config->surfaces[config->n_surfaces], entries, problems);
	if (result == 0)
		config->n_surfaces++;
	return result;
}

static int read_surfaces(
    struct config *config, const struct inifile *ini, struct problems *problems)
{
	struct config_entries entries = {.ini = ini};
	int result = 0;

	while (result == 0 && config_next_section(&entries))
		if (is_surface(config_heading(&entries)))
			result = add_surface(config, &entries, problems);
	return result;
}

static void check_sections(const struct inifile *ini, struct problems *problems)
{
	struct config_entries entries = {.ini = ini};

	while (config_next_section(&entries))
		check_section(ini, entries.first, problems);
}

/* What the driver's option is set to; "" when it has none of that name. */
static const char *setting(const struct surface_config *surface, const char *key)
{
	const struct option_spec *spec = surface->driver->options;

	while (spec->key && strcmp(spec->key, key) != 0)
		spec++;
	return spec->key ? options_text(&surface->driver_options, key) : "";
}

/* The setting by which two sources have times of their own that are not one; NULL: they are. */
static const char *other_clock(const struct surface_config *a, const struct surface_config *b)
{
	static const char *const keys[] = {"start", "speed"};

	if (a->driver != b->driver)
		return "driver";
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(setting(a, keys[i]), setting(b, keys[i])) != 0)
			return keys[i];
	bool other = strcmp(setting(a, "file"), setting(b, "file")) != 0;
	return other && recording_is(setting(b, "file")) ? "file" : NULL;
}

/*
 * The store dates everything by one clock, so a recording or a simulation, which brings its own,
 * would move the dates of a mat that is read now, and of any other recording or simulation.
 */
static void check_clocks(const struct config *config, const char *path, struct problems *problems)
{
	const struct surface_config *own = NULL, *live = NULL;

	for (size_t i = 0; i < config->n_surfaces; i++) {
		const struct surface_config *surface = config->surfaces[i];
		if (!surface->driver)
			continue;
		const char *key = surface->driver->own_clock && own ? other_clock(own, surface)
		                                                    : NULL;
		if (key)
			error_set(problem_slot(problems), -EINVAL,
			    "%s: [surface %s] and [surface %s] bring two times of their own: give "
			    "both the same %s, or use two files, and a database for each",
			    path, own->surface.name, surface->surface.name, key);
		else if (surface->driver->own_clock)
			own = surface;
		else
			live = surface;
	}
	if (own && live)
		error_set(problem_slot(problems), -EINVAL,
		    "%s: [surface %s] is read now, driver = %s of [surface %s] brings its own "
		    "time: use two files, and a database for each",
		    path, live->surface.name, own->driver->name, own->surface.name);
}

/* Two who ask on one serial line talk into each other's answers. */
static void check_lines(const struct config *config, const char *path, struct problems *problems)
{
	for (size_t i = 0; i < config->n_surfaces; i++) {
		const struct surface_config *surface = config->surfaces[i];
		const char *device = surface->driver ? setting(surface, "device") : "";
		for (size_t k = 0; k < i && *device; k++) {
			const struct surface_config *other = config->surfaces[k];
			if (other->driver && strcmp(setting(other, "device"), device) == 0)
				error_set(problem_slot(problems), -EINVAL,
				    "%s: [surface %s] and [surface %s] both ask on %s, where one "
				    "mat alone may: give each a line of its own",
				    path, other->surface.name, surface->surface.name, device);
		}
	}
}

/* What of a file is read. */
enum extent {
	READ_ALL,
	READ_TO_CALIBRATE, /* a calibration that is not there is no problem */
	READ_FOR_REPORTS,  /* nothing of the mats */
};

static int read_mats(
    struct config *config, const struct inifile *ini, enum extent extent, struct problems *problems)
{
	int result = read_surfaces(config, ini, problems);

	if (result == -ENOMEM)
		return error_set(problem_slot(problems), result, "%s: out of memory", ini->path);
	config_read_indicators(config, ini, problems);
	for (size_t i = 0; extent == READ_ALL && i < config->n_surfaces; i++)
		if (config->surfaces[i]->calibration_fault.code)
			*problem_slot(problems) = config->surfaces[i]->calibration_fault;
	if (result == 0 && config->n_surfaces == 0 && problems->n_problems == 0)
		error_set(problem_slot(problems), -EINVAL,
		    "%s: no surface; add a section [surface bed] with kind and driver", ini->path);
	if (result == 0) {
		check_clocks(config, ini->path, problems);
		check_lines(config, ini->path, problems);
	}
	return result;
}

static int load(
    struct config **out, const char *path, enum extent extent, struct problems *problems)
{
	struct inifile ini = {0};
	struct config *config = calloc(1, sizeof(*config));
	struct error err = {0};

	problems->n_problems = 0;
	*out = NULL;
	if (!config)
		return error_set(problem_slot(problems), -ENOMEM, "%s: out of memory", path);
	int result = inifile_read(&ini, path, &err);
	if (result < 0) {
		*problem_slot(problems) = err;
		goto done;
	}
	check_sections(&ini, problems);
	read_lumbard(&ini, config, problems);
	config_read_report(&config->report, &ini, problems);
	if (extent != READ_FOR_REPORTS)
		result = read_mats(config, &ini, extent, problems);
	if (problems->n_problems > 0)
		result = problems->list[0].code;
done:
	inifile_finish(&ini);
	if (result < 0) {
		config_destroy(config);
		return result;
	}
	*out = config;
	return 0;
}

int config_load(struct config **config, const char *path, struct problems *problems)
{
	return load(config, path, READ_ALL, problems);
}

int config_load_to_calibrate(struct config **config, const char *path, struct problems *problems)
{
	return load(config, path, READ_TO_CALIBRATE, problems);
}

int config_load_for_reports(struct config **config, const char *path, struct problems *problems)
{
	return load(config, path, READ_FOR_REPORTS, problems);
}

void config_destroy(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->n_surfaces; i++)
		surface_config_destroy(config->surfaces[i]);
	free(config);
}

void problems_print(const struct problems *problems, const char *program)
{
	for (size_t i = 0; i < problems->n_problems && i < PROBLEMS_MAX; i++)
		fprintf(stderr, "%s: %s\n", program, problems->list[i].text);
	if (problems->n_problems > PROBLEMS_MAX)
		fprintf(stderr, "%s: and %zu more\n", program, problems->n_problems - PROBLEMS_MAX);
}

const struct surface_config *config_find_surface(
    const struct config *config, const char *path, const char *name, struct error *err)
{
	char names[256] = "";
	size_t length = 0;

	for (size_t i = 0; i < config->n_surfaces; i++) {
		const char *each = config->surfaces[i]->surface.name;
		if (strcmp(each, name) == 0)
			return config->surfaces[i];
		if (length < sizeof(names))
			length += (size_t)snprintf(
			    names + length, sizeof(names) - length, " \"%s\"", each);
	}
	error_set(err, -ENOENT, "%s: no surface \"%s\"; there is%s", path, name, names);
	return NULL;
}

/* What a good configuration still leaves unassessed. */
static void print_limits(const struct surface_config *config)
{
	enum sense sense = surface_sense(&config->surface);

	if (sense_limits(sense))
		printf("  %s: %s\n", config->surface.name, sense_limits(sense));
	if (sense == SENSE_LOAD && !config->calibrated)
		printf("  %s: without a calibration the weight of the bed itself is not known, and "
		       "who is in it stays unknown\n",
		    config->surface.name);
}

static void print_good(const struct config *config, const char *path)
{
	printf("%s: good, %zu surface%s", path, config->n_surfaces,
	    config->n_surfaces == 1 ? "" : "s");
	if (config->n_indicators > 0)
		printf(", %zu indicator%s", config->n_indicators,
		    config->n_indicators == 1 ? "" : "s");
	putchar('\n');
	for (size_t i = 0; i < config->n_surfaces; i++)
		print_limits(config->surfaces[i]);
	for (size_t i = 0; i < config->n_indicators; i++)
		if (!config->indicators[i].line[0])
			printf("  indicator %s: no line is given, so it is off\n",
			    config->indicators[i].name);
}

int config_check(const char *program, const char *path)
{
	struct config *config;
	struct problems problems;

	if (config_load(&config, path, &problems) == 0) {
		print_good(config, path);
		config_destroy(config);
		return EXIT_OK;
	}
	problems_print(&problems, program);
	return EXIT_FAULT;
}
