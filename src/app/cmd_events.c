/* lumbar events: what was found, each with its evidence. */
#include "app/command.h"
#include "app/command_line.h"
#include "base/clock.h"
#include "base/json.h"
#include "guidance/guidance.h"
#include "store/query.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
	const char *database, *surface;
	bool json, has_day;
	int32_t day;
};

static const char *surface_name(const struct stored_surface *surfaces, size_t n, int id)
{
	for (size_t i = 0; i < n; i++)
		if (surfaces[i].id == id)
			return surfaces[i].name;
	return NULL;
}

/* Four digits, and no powers of ten: 90000 s is easier to read than 9e+04 s. */
static void print_value(const char *before, double value, const char *after)
{
	const char *gap = after[0] && after[0] != ')' ? " " : "";

	printf(fabs(value) >= 1000 ? "%s%.0f%s%s" : "%s%.4g%s%s", before, value, gap, after);
}

static void print_text(const struct stored_event *event, const char *surface)
{
	char start[STAMP_SIZE], time[TIME_SIZE] = "";

	if (event->day != 0)
		clock_format_day(event->day, start);
	else
		clock_format_stamp(event->start_real_ns, event->utc_offset_s, start);
	if (event->day == 0)
		clock_format_time(event->end_real_ns, event->end_offset_s, time);
	printf("%.16s%s%s  %s, %s", start, *time ? "-" : "", time, event->rule,
	    event_level_name(event->level));
	if (surface)
		printf(", %s", surface);
	if (isfinite(event->value))
		print_value(": ", event->value, event->unit);
	if (isfinite(event->limit))
		print_value(" (limit ", event->limit, ")");
	printf("\n    %s\n", event->detail);
	if (*event->advice_id)
		printf("    advice: %s\n", event->advice_id);
}

static json_t *event_json(const struct stored_event *event, const char *surface)
{
	char date[DATE_SIZE];
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s}", "rule", event->rule, "advice_id",
	    event->advice_id, "level", event_level_name(event->level), "unit", event->unit,
	    "detail", event->detail);

	clock_format_day(event->day, date);
	json_object_set_new(object, "surface", surface ? json_string(surface) : json_null());
	json_object_set_new(object, "night", event->day ? json_string(date) : json_null());
	json_object_set_new(
	    object, "start", json_stamp_or_null(event->start_real_ns, event->utc_offset_s));
	json_object_set_new(
	    object, "end", json_stamp_or_null(event->end_real_ns, event->end_offset_s));
	json_object_set_new(object, "value", json_number_or_null(event->value));
	json_object_set_new(object, "limit", json_number_or_null(event->limit));
	json_object_set_new(object, "coverage_ratio", json_number_or_null(event->coverage_ratio));
	json_object_set_new(object, "confidence", json_number_or_null(event->confidence));
	json_object_set_new(object, "keyframe_id",
	    event->keyframe_id ? json_integer(event->keyframe_id) : json_null());
	return object;
}

static void print_events(const struct arguments *arguments, const struct stored_surface *surfaces,
    size_t n_surfaces, const struct stored_event *events, size_t n_events)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n_events; i++) {
		const char *name = surface_name(surfaces, n_surfaces, events[i].surface_id);

		if (arguments->surface && (!name || strcmp(name, arguments->surface) != 0))
			continue;
		if (arguments->json)
			json_array_append_new(array, event_json(&events[i], name));
		else
			print_text(&events[i], name);
	}
	if (arguments->json) {
		json_dumpf(array, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(7));
		puts("");
	}
	json_decref(array);
}

/* A name that no mat has is a slip of the pen, not a night without findings. */
static int check_surface(
    const char *name, const struct stored_surface *surfaces, size_t n, struct error *err)
{
	char known[256] = "";

	for (size_t i = 0; i < n && name; i++) {
		size_t used = strlen(known);
		if (strcmp(surfaces[i].name, name) == 0)
			return 0;
		snprintf(
		    known + used, sizeof(known) - used, "%s%s", used ? ", " : "", surfaces[i].name);
	}
	if (!name)
		return 0;
	return error_set(err, -ENOENT, "--surface %s: there are %s", name, *known ? known : "none");
}

static int list(struct store *store, void *user, struct error *err)
{
	const struct arguments *arguments = user;
	struct stored_surface *surfaces = NULL;
	struct stored_event *events = NULL;
	struct night_facts facts;
	size_t n_surfaces = 0, n_events = 0;
	int32_t day = arguments->day;
	int rc = arguments->has_day ? 0 : query_last_day(store, &day, err);

	if (rc == 0)
		rc = query_night(store, day, &facts, err);
	if (rc == 0)
		rc = query_surfaces(store, &surfaces, &n_surfaces, err);
	if (rc == 0)
		rc = check_surface(arguments->surface, surfaces, n_surfaces, err);
	if (rc == 0)
		rc = query_events(store, facts.start_ns, facts.end_ns, &events, &n_events, err);
	if (rc == 0)
		print_events(arguments, surfaces, n_surfaces, events, n_events);
	free(surfaces);
	free(events);
	return rc;
}

int cmd_events(int argc, char **argv)
{
	struct arguments a = {0};
	const struct command_option options[] = {
	    {"night", 'n', "DATE", "the night that ends on DATE; without it the newest with data",
	        .day = &a.day, .flag = &a.has_day},
	    {"surface", 's', "NAME",
	        "only this mat's, e.g. bed (findings over nights are the person's)",
	        .text = &a.surface},
	    {"json", 'j', NULL, "one array of objects", .flag = &a.json},
	    {"database", 'd', "FILE", COMMAND_DATABASE, .text = &a.database},
	    {0},
	};
	const struct command_line line = {"lumbar events",
	    "[--night DATE] [--surface NAME] [--json] [--database FILE]",
	    "What was found in a night: when, what was measured, the limit and the advice behind "
	    "it.",
	    options, 0, 0};
	int status = command_line_read(&line, argc, argv);

	return status != COMMAND_RUN
	           ? status
	           : command_with_store(argv[0], a.database, STORE_READ, list, &a);
}
