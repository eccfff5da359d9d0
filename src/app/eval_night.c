/* lumbar eval night: a simulated recording, read by the pipeline, against its own truth. */
#include "app/command.h"
#include "app/command_line.h"
#include "app/eval.h"
#include "app/night_score.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A table of truth by what was read, with the names of its rows. */
struct table {
	const size_t *cells; /* n x n */
	size_t n;
	const char *(*name)(size_t);
};

static const char *posture_word(size_t i)
{
	return posture_name((enum posture)i);
}

static const char *seat_word(size_t i)
{
	return seat_state_name((enum seat_state)i);
}

static size_t row_sum(const struct table *table, size_t row)
{
	size_t sum = 0;

	for (size_t i = 0; i < table->n; i++)
		sum += table->cells[row * table->n + i];
	return sum;
}

static double ratio(size_t part, size_t whole)
{
	return whole ? (double)part / (double)whole : NAN;
}

static double accuracy(const struct table *table)
{
	size_t right = 0, all = 0;

	for (size_t i = 0; i < table->n; i++) {
		right += table->cells[i * table->n + i];
		all += row_sum(table, i);
	}
	return ratio(right, all);
}

static struct table posture_table(const struct night_score *score)
{
	return (struct table){&score->posture[0][0], POSTURE_COUNT, posture_word};
}

static struct table seat_table(const struct night_score *score)
{
	return (struct table){&score->seat[0][0], SEAT_STATE_COUNT, seat_word};
}

static void print_table(const char *title, const struct table *table)
{
	printf("\n%-12s %8s  read as, %%\n%-12s %8s", title, "seconds", "", "");
	for (size_t i = 0; i < table->n; i++)
		printf(" %10s", table->name(i));
	putchar('\n');
	for (size_t row = 0; row < table->n; row++) {
		size_t sum = row_sum(table, row);
		if (sum == 0)
			continue;
		printf("%-12s %8zu", table->name(row), sum);
		for (size_t i = 0; i < table->n; i++)
			printf(" %10.1f", 100 * ratio(table->cells[row * table->n + i], sum));
		putchar('\n');
	}
}

static void print_counts(const char *name, const struct night_score *score)
{
	if (score->seconds == 0)
		return;
	printf("%-5s occupancy right %.2f %% of %zu s; exits %zu, found within %d s %zu, "
	       "false %zu\n",
	    name, 100 * ratio(score->occupancy_right, score->seconds), score->seconds, score->exits,
	    EXIT_WITHIN_S, score->exits_found, score->exits_false);
}

static void print_events(const char *name, const struct night_events *events)
{
	if (events->truth + events->wrong > 0)
		printf("%s %zu, found %zu, false %zu\n", name, events->truth, events->found,
		    events->wrong);
}

/* Cohen's kappa: agreement beyond what chance gives. NAN: nobody slept, or nobody lay awake. */
static double kappa(const struct night_sleep_score *s)
{
	double n = (double)(s->asleep + s->awake);
	double right = (double)(s->asleep_found + s->awake_found) / n;
	double said_asleep = (double)(s->asleep_found + s->awake - s->awake_found) / n;
	double chance = said_asleep * (double)s->asleep / n +
	                (1 - said_asleep) * (double)s->awake / n;

	return s->asleep > 0 && s->awake > 0 ? (right - chance) / (1 - chance) : NAN;
}

static void print_sleep(const struct night_sleep_score *s)
{
	if (s->asleep + s->awake + s->unknown == 0)
		return;
	printf("sleep (estimated) agreement %.1f %% of %zu min in bed, sensitivity for sleep %.1f "
	       "%%, specificity for wake %.1f %%, kappa %.2f; unknown %zu min\n",
	    100 * ratio(s->asleep_found + s->awake_found, s->asleep + s->awake),
	    s->asleep + s->awake, 100 * ratio(s->asleep_found, s->asleep),
	    100 * ratio(s->awake_found, s->awake), kappa(s), s->unknown);
}

static void print_text(const struct night_result *result)
{
	const struct night_score *bed = &result->bed;
	struct table postures = posture_table(bed), seats = seat_table(&result->seat);

	print_counts("bed", bed);
	print_counts("seat", &result->seat);
	print_events("turns", &bed->shifts);
	print_sleep(&bed->sleep);
	print_events("feeds", &result->seat.feeds);
	print_events("bad postures in the chair", &result->seat.bad);
	if (result->seat.good.truth > 0)
		printf("feeds sat well %zu, without a finding %zu\n", result->seat.good.truth,
		    result->seat.good.found);
	if (bed->quiet)
		printf("breathing error %.2f /min, read in %.1f %% of %zu s of quiet lying\n",
		    bed->breathing_error_per_min / (double)bed->breathing_read,
		    100 * ratio(bed->breathing_read, bed->quiet), bed->quiet);
	if (bed->heart_read)
		printf("heart error %.2f /min, read in %.1f %%\n",
		    bed->heart_error_per_min / (double)bed->heart_read,
		    100 * ratio(bed->heart_read, bed->quiet));
	else if (bed->quiet)
		puts("heart not read (never below 25 frames a second)");
	if (isfinite(accuracy(&postures)))
		print_table("posture", &postures);
	if (isfinite(accuracy(&seats)))
		print_table("seat state", &seats);
	if (result->n_findings)
		puts("\nfindings, minutes from the start");
	for (size_t i = 0; i < result->n_findings; i++) {
		const struct night_finding *f = &result->findings[i];
		printf("%8.1f %8.1f  %-5s %-20s %8.3g, limit %.3g\n", f->start_s / 60,
		    f->end_s / 60, f->surface, f->rule, f->value, f->limit);
	}
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *table_json(const struct table *table)
{
	json_t *rows = json_object();

	for (size_t row = 0; row < table->n; row++) {
		if (row_sum(table, row) == 0)
			continue;
		json_t *columns = json_object();
		for (size_t i = 0; i < table->n; i++)
			if (table->cells[row * table->n + i])
				json_object_set_new(columns, table->name(i),
				    json_integer((json_int_t)table->cells[row * table->n + i]));
		json_object_set_new(rows, table->name(row), columns);
	}
	return rows;
}

static void set_count(json_t *object, const char *key, size_t count)
{
	json_object_set_new(object, key, json_integer((json_int_t)count));
}

static void set_events(json_t *object, const char *name, const struct night_events *events)
{
	char key[32];

	set_count(object, name, events->truth);
	snprintf(key, sizeof(key), "%s_found", name);
	set_count(object, key, events->found);
	snprintf(key, sizeof(key), "%s_false", name);
	set_count(object, key, events->wrong);
}

static json_t *counts_json(const struct night_score *score)
{
	json_t *object = json_object();

	set_count(object, "seconds", score->seconds);
	json_object_set_new(
	    object, "occupancy_accuracy", number(ratio(score->occupancy_right, score->seconds)));
	set_count(object, "exits", score->exits);
	set_count(object, "exits_found", score->exits_found);
	set_count(object, "exits_false", score->exits_false);
	set_events(object, "shifts", &score->shifts);
	set_events(object, "feeds", &score->feeds);
	set_events(object, "bad_postures", &score->bad);
	set_count(object, "good_feeds", score->good.truth);
	set_count(object, "good_feeds_silent", score->good.found);
	return object;
}

static json_t *vitals_json(double error_sum, size_t read, size_t quiet)
{
	return json_pack("{s:o, s:o, s:I}", "mae", number(error_sum / (double)read), "coverage",
	    number(ratio(read, quiet)), "n", (json_int_t)read);
}

static json_t *sleep_json(const struct night_sleep_score *s)
{
	json_t *object = json_object();

	set_count(object, "asleep_min", s->asleep);
	set_count(object, "asleep_found_min", s->asleep_found);
	set_count(object, "awake_min", s->awake);
	set_count(object, "awake_found_min", s->awake_found);
	set_count(object, "unknown_min", s->unknown);
	json_object_set_new(object, "agreement",
	    number(ratio(s->asleep_found + s->awake_found, s->asleep + s->awake)));
	json_object_set_new(object, "sensitivity", number(ratio(s->asleep_found, s->asleep)));
	json_object_set_new(object, "specificity", number(ratio(s->awake_found, s->awake)));
	json_object_set_new(object, "kappa", number(kappa(s)));
	return object;
}

static json_t *findings_json(const struct night_result *result)
{
	json_t *list = json_array();

	for (size_t i = 0; i < result->n_findings; i++) {
		const struct night_finding *f = &result->findings[i];
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:f, s:f, s:o, s:o}", "rule", f->rule, "surface",
		              f->surface, "start_s", f->start_s, "end_s", f->end_s, "value",
		              number(f->value), "limit", number(f->limit)));
	}
	return list;
}

static int print_json(const struct night_result *result)
{
	const struct night_score *bed = &result->bed;
	struct table postures = posture_table(bed), seats = seat_table(&result->seat);
	json_t *root = json_pack("{s:o, s:o, s:{s:o, s:o}, s:{s:o, s:o}, s:o, s:o, s:o, s:o}",
	    "bed", counts_json(bed), "seat", counts_json(&result->seat), "posture", "accuracy",
	    number(accuracy(&postures)), "confusion", table_json(&postures), "seat_state",
	    "accuracy", number(accuracy(&seats)), "confusion", table_json(&seats), "breathing",
	    vitals_json(bed->breathing_error_per_min, bed->breathing_read, bed->quiet), "heart",
	    vitals_json(bed->heart_error_per_min, bed->heart_read, bed->quiet), "sleep_estimated",
	    sleep_json(&bed->sleep), "findings", findings_json(result));
	int failed = !root || json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));

	putchar('\n');
	json_decref(root);
	return failed ? EXIT_FAULT : EXIT_OK;
}

static int compare(const char *path, bool json)
{
	struct night_truth truth = {0};
	struct night_result result = {0};
	struct error err = {0};
	char *truth_path = NULL;

	if (asprintf(&truth_path, "%s.truth.csv", path) < 0)
		return command_fault("eval night", &(struct error){.text = "out of memory"});
	int status = EXIT_OK;
	if (night_truth_load(&truth, truth_path, &err) < 0 ||
	    night_score_run(path, &truth, &result, &err) < 0)
		status = command_fault("eval night", &err);
	else if (json)
		status = print_json(&result);
	else
		print_text(&result);
	night_result_finish(&result);
	night_truth_finish(&truth);
	free(truth_path);
	return status;
}

int eval_night(int argc, char **argv)
{
	bool json = false;
	const struct command_option options[] = {
	    {"json", 0, NULL,
	        "one object: bed and seat (exits, shifts, feeds, bad_postures, each with _found "
	        "and "
	        "_false), posture, seat_state, breathing, heart, sleep_estimated, findings",
	        .flag = &json},
	    {0},
	};
	const struct command_line line = {"lumbar eval night", "RECORDING [--json]",
	    "Runs a recording of `lumbar simulate` through the pipeline, with default settings and "
	    "uncalibrated, and compares second by second with RECORDING.truth.csv.",
	    options, 1, 1};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	return compare(argv[optind], json);
}
