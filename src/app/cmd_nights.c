/* lumbar nights: the nights with data, one a line, the newest last. */
#include "app/command.h"
#include "app/command_line.h"
#include "base/clock.h"
#include "base/json.h"
#include "store/query.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define NIGHTS_MAX 3660

struct arguments {
	const char *database;
	bool json;
	size_t n_most;
};

static void print_text(const struct night_facts *nights, size_t n)
{
	puts("night         lying  longest  sitting     away  unknown  up  feeds  turns  pain");
	for (size_t i = 0; i < n; i++) {
		const struct night_facts *night = &nights[i];
		char date[DATE_SIZE], pain[16] = "-";

		clock_format_day(night->day, date);
		if (night->pain >= 0)
			snprintf(pain, sizeof(pain), "%d", night->pain);
		printf("%s %6.1f h %6.1f h %6.1f h %6.1f h %6.1f h %3d %6d %6d %5s\n", date,
		    (double)night->lying_s / 3600, (double)night->longest_rest_s / 3600,
		    (double)night->sitting_s / 3600, (double)night->away_s / 3600,
		    (double)night->unknown_s / 3600, night->exits, night->feeds, night->shifts,
		    pain);
	}
}

static void set_sleep(json_t *object, const struct night_sleep *sleep)
{
	const struct {
		const char *name;
		float value;
	} facts[] = {
	    {"estimated_sleep_s", sleep->asleep_s},
	    {"estimated_longest_sleep_s", sleep->longest_s},
	    {"estimated_awake_s", sleep->awake_s},
	    {"estimated_to_sleep_s", sleep->to_sleep_s},
	    {"estimated_unknown_s", sleep->unknown_s},
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		json_object_set_new(
		    object, facts[i].name, json_number_or_null((double)facts[i].value));
	json_object_set_new(object, "estimated_awakenings",
	    sleep->awakenings >= 0 ? json_integer(sleep->awakenings) : json_null());
}

static json_t *night_json(const struct night_facts *night)
{
	char date[DATE_SIZE];

	clock_format_day(night->day, date);
	json_t *object = json_pack("{s:s, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:i, s:i, s:f, s:i}",
	    "night", date, "bed_observed_s", (double)night->bed_observed_s, "lying_s",
	    (double)night->lying_s, "sitting_s", (double)night->sitting_s, "away_s",
	    (double)night->away_s, "unknown_s", (double)night->unknown_s, "longest_rest_s",
	    (double)night->longest_rest_s, "longest_unchanged_s",
	    (double)night->longest_unchanged_s, "exits", night->exits, "feeds", night->feeds,
	    "feed_s", (double)night->feed_s, "shifts", night->shifts);
	if (night->bed_sense == SENSE_SWITCH) { /* which know nothing of turning over */
		json_object_set_new(object, "longest_unchanged_s", json_null());
		json_object_set_new(object, "shifts", json_null());
	}
	set_sleep(object, &night->sleep);
	json_object_set_new(
	    object, "valley_ratio", json_number_or_null((double)night->valley_ratio));
	json_object_set_new(
	    object, "pain", night->pain >= 0 ? json_integer(night->pain) : json_null());
	return object;
}

static void print_json(const struct night_facts *nights, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, night_json(&nights[i]));
	json_dumpf(array, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(7));
	puts("");
	json_decref(array);
}

static int list(struct store *store, void *user, struct error *err)
{
	const struct arguments *arguments = user;
	struct night_facts *nights = calloc(arguments->n_most, sizeof(*nights));
	size_t n = 0;
	int32_t last = 0;

	if (!nights)
		return error_set(err, -ENOMEM, "out of memory");
	int rc = query_last_day(store, &last, err);
	if (rc == 0)
		rc = query_nights(store, last, nights, arguments->n_most, &n, err);
	if (rc == -ENODATA) /* an empty database is no fault: it has no nights */
		rc = 0;
	for (size_t i = 0; i < n; i++)
		night_until(&nights[i], clock_real_ns());
	if (rc == 0 && arguments->json)
		print_json(nights, n);
	else if (rc == 0 && n == 0)
		fputs("no night is recorded yet\n", stderr);
	else if (rc == 0)
		print_text(nights, n);
	free(nights);
	return rc;
}

int cmd_nights(int argc, char **argv)
{
	struct arguments a = {.n_most = 30};
	const struct command_option options[] = {
	    {"last", 'l', "N", "at most the N newest (default 30)", .count = &a.n_most, .least = 1,
	        .most = NIGHTS_MAX},
	    {"json", 'j', NULL, "one array of objects, seconds", .flag = &a.json},
	    {"database", 'd', "FILE", COMMAND_DATABASE, .text = &a.database},
	    {0},
	};
	const struct command_line line = {"lumbar nights", "[--last N] [--json] [--database FILE]",
	    "The nights that are recorded, the newest last. A night carries the date on which it "
	    "ends and lasts from noon to noon; what was not observed is said as unknown.",
	    options, 0, 0};
	int status = command_line_read(&line, argc, argv);

	return status != COMMAND_RUN
	           ? status
	           : command_with_store(argv[0], a.database, STORE_READ, list, &a);
}
