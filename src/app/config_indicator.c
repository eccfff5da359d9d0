#include "app/config_indicator.h"

#include "app/config_section.h"
#include "base/clock.h"
#include "drivers/lines.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* One time on is long, several are short: kinds are told apart without counting far. */
static const struct option_spec indicator_options[] = {
    {"line", OPTION_TEXT, "", 0, 0, "", NULL, "the GPIO line; empty: it is off"},
    {"chip", OPTION_TEXT, LINES_CHIP_AUTO, 0, 0, "", NULL, "the GPIO chip"},
    {"active_low", OPTION_BOOL, "no", 0, 0, "", NULL, "the line at ground is on"},
    {"surfaces", OPTION_TEXT, NULL, 0, 0, "", NULL, "whose findings it shows: chair bed"},
    {"level", OPTION_CHOICE, "advice", 0, 0, "", "advice information",
        "the least finding that gets a cue"},
    {"at_most_every", OPTION_NUMBER, "10 min", 60, 86400, "s", NULL, "between two cues"},
    {"quiet_from", OPTION_TEXT, "", 0, 0, "", NULL, "22:00, or never"},
    {"quiet_to", OPTION_TEXT, "", 0, 0, "", NULL, "7:00"},
    {"posture", OPTION_TEXT, "200 200 200", 0, 0, "", NULL, "pattern: bent or leaning"},
    {"sitting", OPTION_TEXT, "600 300 600", 0, 0, "", NULL, "pattern: sitting for long"},
    {"lying", OPTION_TEXT, "600", 0, 0, "", NULL, "pattern: lying for long"},
    {"bending", OPTION_TEXT, "200 200 200 200 200", 0, 0, "", NULL, "pattern: bending often"},
    {"fault", OPTION_TEXT, "none", 0, 0, "", NULL, "pattern: the mat cannot be judged"},
    {0},
};

struct reading {
	struct config *config;
	struct config_entries entries;
	struct options options;
	struct indicator_config *to;
	struct problems *problems;
};

static struct place place_of(const struct reading *reading, const char *key)
{
	return config_place(&reading->entries, key);
}

static void take_line(struct reading *reading)
{
	struct indicator_config *to = reading->to;
	struct place where = place_of(reading, "line");
	struct error err = {0};

	snprintf(to->chip, sizeof(to->chip), "%s", options_text(&reading->options, "chip"));
	snprintf(to->line, sizeof(to->line), "%s", options_text(&reading->options, "line"));
	to->active_low = options_bool(&reading->options, "active_low");
	if (!to->line[0])
		return;
	int n = lines_count(to->line, &err);
	if (n != 1)
		error_at(problem_slot(reading->problems), -EINVAL, &where,
		    "give one line, its name or number: GPIO18%s%s", n < 0 ? ": " : "",
		    n < 0 ? err.text : "");
	const struct indicator_config *other = reading->config->indicators;
	for (; other < to; other++)
		if (strcmp(other->line, to->line) == 0 && strcmp(other->chip, to->chip) == 0)
			error_at(problem_slot(reading->problems), -EINVAL, &where,
			    "is the line of [indicator %s] too; each has its own", other->name);
}

static const struct surface *find_surface(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->n_surfaces; i++)
		if (strcmp(config->surfaces[i]->surface.name, name) == 0)
			return &config->surfaces[i]->surface;
	return NULL;
}

static bool is_taken(const struct indicator_config *to, const char *surface)
{
	for (size_t i = 0; i < to->n_surfaces; i++)
		if (strcmp(to->surfaces[i].name, surface) == 0)
			return true;
	return false;
}

static void take_surfaces(struct reading *reading)
{
	struct indicator_config *to = reading->to;
	struct place where = place_of(reading, "surfaces");
	char names[OPTION_TEXT_SIZE], *rest = names;

	snprintf(names, sizeof(names), "%s", options_text(&reading->options, "surfaces"));
	for (char *name; (name = strtok_r(rest, ", ", &rest));) {
		const struct surface *surface = find_surface(reading->config, name);
		if (!surface || is_taken(to, name) || to->n_surfaces == INDICATOR_SURFACES_MAX) {
			error_at(problem_slot(reading->problems), -EINVAL, &where,
			    surface ? "%s stands there twice; name each once"
			            : "there is no [surface %s] in this file",
			    name);
			return;
		}
		struct indicator_surface *next = &to->surfaces[to->n_surfaces++];
		snprintf(next->name, sizeof(next->name), "%s", name);
		next->kind = surface->kind;
	}
	if (to->n_surfaces == 0 && options_given(&reading->options, "surfaces"))
		error_at(problem_slot(reading->problems), -EINVAL, &where,
		    "name one of the surfaces of this file, or several");
}

static bool take_hour(struct reading *reading, const char *key, int32_t *second)
{
	struct place where = place_of(reading, key);

	if (!options_given(&reading->options, key)) {
		error_at(problem_slot(reading->problems), -EINVAL, &where,
		    "%s is missing: quiet_from and quiet_to belong together", key);
		return false;
	}
	if (clock_parse_time(options_text(&reading->options, key), second) == 0)
		return true;
	error_at(problem_slot(reading->problems), -EINVAL, &where,
	    "not understood; give a time of day, as 22:00, or quiet_from = never");
	return false;
}

static void take_quiet_hours(struct reading *reading)
{
	const struct options *options = &reading->options;
	struct indicator_config *to = reading->to;
	struct place where = place_of(reading, "quiet_to");

	if (!options_given(options, "quiet_from") && !options_given(options, "quiet_to"))
		return;
	if (strcmp(options_text(options, "quiet_from"), "never") == 0) {
		to->quiet = QUIET_NEVER;
		if (options_given(options, "quiet_to"))
			error_at(problem_slot(reading->problems), -EINVAL, &where,
			    "quiet_from is never; leave this line out");
		return;
	}
	to->quiet = QUIET_GIVEN;
	if (take_hour(reading, "quiet_from", &to->quiet_from_s) &&
	    take_hour(reading, "quiet_to", &to->quiet_to_s) && to->quiet_from_s == to->quiet_to_s)
		error_at(problem_slot(reading->problems), -EINVAL, &where,
		    "is quiet_from too; give another time, or quiet_from = never");
}

static void take_patterns(struct reading *reading)
{
	for (int i = 0; i < NOTICE_COUNT; i++) {
		struct place where = place_of(reading, notice_names[i]);
		struct error err = {0};
		if (pattern_parse(options_text(&reading->options, notice_names[i]), &where,
		        &reading->to->patterns[i], &err) < 0)
			*problem_slot(reading->problems) = err;
	}
}

static void read_one(struct reading *reading)
{
	struct place section = place_of(reading, "");

	if (reading->config->n_indicators == CONFIG_INDICATORS_MAX) {
		error_at(problem_slot(reading->problems), -E2BIG, &section,
		    "more than %d indicators", CONFIG_INDICATORS_MAX);
		return;
	}
	reading->to = &reading->config->indicators[reading->config->n_indicators];
	config_name(config_heading(&reading->entries), "indicator ", reading->to->name, &section,
	    reading->problems);
	config_take(&reading->entries, indicator_options, &reading->options, reading->problems);
	reading->to->least = options_integer(&reading->options, "level") == 0 ? EVENT_ADVICE
	                                                                      : EVENT_INFORMATION;
	reading->to->at_most_every_ns = llround(
	    options_number(&reading->options, "at_most_every") * (double)NS_PER_S);
	take_line(reading);
	take_surfaces(reading);
	take_quiet_hours(reading);
	take_patterns(reading);
	reading->config->n_indicators++;
}

void config_read_indicators(
    struct config *config, const struct inifile *ini, struct problems *problems)
{
	struct config_entries entries = {.ini = ini};

	while (config_next_section(&entries))
		if (strncmp(config_heading(&entries), "indicator ", strlen("indicator ")) == 0)
			read_one(&(struct reading){
			    .config = config, .entries = entries, .problems = problems});
}
