/*
 * lumbar eval seat: states of single frames against a manifest. Every subject is measured against
 * his or her own upright frames and nothing else: no table is trained, so leaving subjects out
 * makes no difference.
 */
#include "app/command.h"
#include "app/command_line.h"
#include "app/eval.h"
#include "app/eval_seat_set.h"
#include "base/json.h"
#include "body/seat.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Frames by label and by what was read. */
struct confusion {
	size_t n[SEAT_STATE_COUNT][SEAT_STATE_COUNT];
};

static void find_upright(const struct seat_set *set, size_t subject, struct seat_baseline *baseline)
{
	size_t n = 0;

	*baseline = (struct seat_baseline){0};
	for (size_t i = 0; i < set->n_frames; i++) {
		const struct seat_frame *frame = &set->frames[i];

		if (frame->subject == subject && frame->upright && frame->read)
			seat_measure_blend(&baseline->upright, &frame->measure, 1.0F / (float)++n);
	}
	baseline->known = n > 0;
}

static enum seat_state judge(const struct seat_frame *frame, const struct seat_baseline *baseline)
{
	struct seat_scores scores;
	float margin;

	if (!frame->read)
		return SEAT_UNKNOWN;
	if (frame->measure.load < seat_least_load(PRESSURE_RELATIVE))
		return SEAT_EMPTY;
	seat_score(&frame->measure, baseline, &scores);
	return seat_judge(&scores, SEAT_UNKNOWN, &margin);
}

static void compare(const struct seat_set *set, size_t subject, struct confusion *out)
{
	struct seat_baseline baseline;

	find_upright(set, subject, &baseline);
	for (size_t i = 0; i < set->n_frames; i++) {
		const struct seat_frame *frame = &set->frames[i];

		if (frame->subject == subject && frame->labelled)
			out->n[frame->label][judge(frame, &baseline)]++;
	}
}

static void add(struct confusion *sum, const struct confusion *part)
{
	for (int i = 0; i < SEAT_STATE_COUNT; i++)
		for (int j = 0; j < SEAT_STATE_COUNT; j++)
			sum->n[i][j] += part->n[i][j];
}

static size_t labelled(const struct confusion *c, int label)
{
	size_t n = 0;

	for (int read = 0; read < SEAT_STATE_COUNT; read++)
		n += c->n[label][read];
	return n;
}

/* NAN when nothing carries the label. */
static double recall(const struct confusion *c, int label)
{
	size_t n = labelled(c, label);

	return n ? (double)c->n[label][label] / (double)n : NAN;
}

/* The mean recall of the labels that are there. */
static double balanced(const struct confusion *c)
{
	double sum = 0;
	int n = 0;

	for (int label = 0; label < SEAT_STATE_COUNT; label++) {
		double r = recall(c, label);

		if (isfinite(r)) {
			sum += r;
			n++;
		}
	}
	return n ? sum / n : NAN;
}

static double unknown_share(const struct confusion *c)
{
	size_t n = 0, unknown = 0;

	for (int label = 0; label < SEAT_STATE_COUNT; label++) {
		n += labelled(c, label);
		unknown += c->n[label][SEAT_UNKNOWN];
	}
	return n ? (double)unknown / (double)n : NAN;
}

static json_t *recalls_json(const struct confusion *c)
{
	json_t *object = json_object();

	for (int label = 0; label < SEAT_STATE_COUNT; label++)
		if (labelled(c, label))
			json_object_set_new(object, seat_state_name((enum seat_state)label),
			    json_real(recall(c, label)));
	return object;
}

static json_t *confusion_json(const struct confusion *c)
{
	json_t *rows = json_object();

	for (int label = 0; label < SEAT_STATE_COUNT; label++) {
		if (!labelled(c, label))
			continue;
		json_t *row = json_object();
		for (int read = 0; read < SEAT_STATE_COUNT; read++)
			if (c->n[label][read])
				json_object_set_new(row, seat_state_name((enum seat_state)read),
				    json_integer((json_int_t)c->n[label][read]));
		json_object_set_new(rows, seat_state_name((enum seat_state)label), row);
	}
	return rows;
}

static int print_json(
    const struct seat_set *set, const struct confusion *all, const struct confusion *each)
{
	json_t *subjects = json_object();

	for (size_t i = 0; i < set->n_subjects; i++)
		json_object_set_new(subjects, set->subjects[i],
		    json_pack("{s:o, s:o, s:o}", "recall", recalls_json(&each[i]),
		        "balanced_accuracy", json_number_or_null(balanced(&each[i])), "unknown",
		        json_number_or_null(unknown_share(&each[i]))));
	json_t *root = json_pack("{s:o, s:o, s:o, s:o, s:o}", "recall", recalls_json(all),
	    "balanced_accuracy", json_number_or_null(balanced(all)), "unknown",
	    json_number_or_null(unknown_share(all)), "confusion", confusion_json(all),
	    "per_subject", subjects);
	int failed = !root || json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));

	putchar('\n');
	json_decref(root);
	return failed ? EXIT_FAULT : EXIT_OK;
}

static void print_row(const char *name, const struct confusion *c, const struct confusion *all)
{
	printf("%-16s", name);
	for (int label = 0; label < SEAT_STATE_COUNT; label++) {
		if (!labelled(all, label))
			continue;
		if (labelled(c, label))
			printf(" %9.1f%%", 100 * recall(c, label));
		else
			printf(" %10s", "-");
	}
	printf(" %9.1f%% %8.1f%%\n", 100 * balanced(c), 100 * unknown_share(c));
}

static void print_table(
    const struct seat_set *set, const struct confusion *all, const struct confusion *each)
{
	printf("%-16s", "recall");
	for (int label = 0; label < SEAT_STATE_COUNT; label++)
		if (labelled(all, label))
			printf(" %10s", seat_state_name((enum seat_state)label));
	printf(" %10s %9s\n", "balanced", "unknown");
	for (size_t i = 0; i < set->n_subjects; i++)
		print_row(set->subjects[i], &each[i], all);
	print_row("all", all, all);
}

static int report(const struct seat_set *set, bool json)
{
	struct confusion *each = calloc(set->n_subjects + 1, sizeof(*each)), all = {0};

	if (!each)
		return command_fault("eval seat", &(struct error){.text = "out of memory"});
	for (size_t i = 0; i < set->n_subjects; i++) {
		compare(set, i, &each[i]);
		add(&all, &each[i]);
	}
	int status = EXIT_OK;
	if (json)
		status = print_json(set, &all, each);
	else
		print_table(set, &all, each);
	free(each);
	return status;
}

int eval_seat(int argc, char **argv)
{
	struct seat_set set;
	struct error err = {0};
	bool json = false;
	const struct command_option options[] = {
	    {"json", 0, NULL,
	        "one object: recall, balanced_accuracy, unknown, confusion, per_subject",
	        .flag = &json},
	    {0},
	};
	const struct command_line line = {"lumbar eval seat", "MANIFEST [--json]",
	    "Compares the seat state of single frames with the manifest's. Columns: file, subject, "
	    "layout or rows and cols, and either state and baseline (1: this file is the subject's "
	    "upright minute) or labels (CSV frame,label). rate_hz, full_scale (4095) and cell_mm "
	    "(25.4) may be missing. Paths are relative to the manifest.",
	    options, 1, 1};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	status = seat_set_load(&set, argv[optind], &err) < 0 ? command_fault("eval seat", &err)
	                                                     : report(&set, json);
	seat_set_finish(&set);
	return status;
}
