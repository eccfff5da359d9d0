/* What eval posture says, as tables and as JSON. */
#include "app/eval_posture.h"

#include <stdio.h>

/* What was said under any of the conditions. */
static struct tally pooled(const struct evaluated *e)
{
	struct tally sum = {0};

	for (size_t c = 0; c < CORRUPTIONS; c++)
		tally_add(&sum, &e->all.under[c]);
	return sum;
}

/* The share of the least subject. */
static double worst(const struct evaluated *e, size_t corruption)
{
	double least = 1;

	for (size_t i = 0; i < e->n_subjects; i++) {
		const struct tally *tally = &e->subjects[i].tallies.under[corruption];
		if (tally_total(tally) && tally_accuracy(tally) < least)
			least = tally_accuracy(tally);
	}
	return least;
}

static json_t *robust_json(const struct evaluated *e)
{
	json_t *conditions = json_object();

	for (size_t c = 0; c < CORRUPTIONS; c++)
		if (tally_total(&e->all.under[c]))
			json_object_set_new(conditions, corruption_name(c),
			    json_pack("{s:f, s:f}", "accuracy", tally_accuracy(&e->all.under[c]),
			        "worst_subject", worst(e, c)));
	return conditions;
}

void eval_posture_print_json(const struct evaluated *e)
{
	const struct tally *all = &e->all.under[e->corruption];
	const struct tally everything = pooled(e);
	json_t *subjects = json_object();

	for (size_t i = 0; i < e->n_subjects; i++) {
		const struct tally *tally = &e->subjects[i].tallies.under[e->corruption];
		json_object_set_new(subjects, e->subjects[i].name,
		    json_pack("{s:f, s:I}", "accuracy", tally_accuracy(tally), "n",
		        (json_int_t)tally_total(tally)));
	}
	json_t *root = json_pack(
	    "{s:f, s:f, s:f, s:I, s:b, s:b, s:s, s:I, s:I, s:I, s:f, s:o, s:o, "
	    "s:o}",
	    "accuracy", tally_accuracy(all), "balanced_accuracy", tally_balanced_accuracy(all),
	    "worst_subject", worst(e, e->corruption), "n", (json_int_t)tally_total(all),
	    "leave_one_subject_out", e->leave_one_out, "turned", e->turned, "corruption",
	    corruption_name(e->corruption), "glitches", (json_int_t)all->n_glitches, "refused",
	    (json_int_t)all->n_refused, "unlabelled_files", (json_int_t)all->n_unlabelled,
	    "calibration_error", tally_calibration_error(all), "per_subject", subjects, "confusion",
	    tally_confusion(all), "reliability", tally_reliability(all));
	if (e->robust) {
		json_object_set_new(root, "conditions", robust_json(e));
		json_object_set_new(
		    root, "reliability_of_all_conditions", tally_reliability(&everything));
	}
	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(root);
}

static void print_subjects(const struct evaluated *e, const struct tally *all)
{
	printf("%-12s %8s %9s\n", "subject", "maps", "accuracy");
	for (size_t i = 0; i < e->n_subjects; i++) {
		const struct tally *tally = &e->subjects[i].tallies.under[e->corruption];
		printf("%-12s %8zu %8.2f%%\n", e->subjects[i].name, tally_total(tally),
		    100 * tally_accuracy(tally));
	}
	printf("%-12s %8zu %8.2f%%   balanced %.2f%%\n\n", "all", tally_total(all),
	    100 * tally_accuracy(all), 100 * tally_balanced_accuracy(all));
}

static void print_confusion(const struct tally *all)
{
	printf("%-12s", "truth");
	for (size_t k = 0; k < POSTURE_COUNT; k++)
		printf(" %8s", posture_name((enum posture)k));
	putchar('\n');
	for (size_t i = 0; i < POSTURE_COUNT; i++) {
		if (tally_row(all->n[i]) == 0)
			continue;
		printf("%-12s", posture_name((enum posture)i));
		for (size_t k = 0; k < POSTURE_COUNT; k++)
			printf(" %8zu", all->n[i][k]);
		putchar('\n');
	}
}

static void print_reliability(const struct tally *tally, const char *of)
{
	printf("\n%-12s %8s %9s %10s   (%s; error %.2f%%)\n", "confidence", "said", "right",
	    "mean said", of, 100 * tally_calibration_error(tally));
	for (size_t i = 0; i < TALLY_BINS; i++) {
		if (!tally->said[i])
			continue;
		double n = (double)tally->said[i];
		printf("%.2f - %.2f  %8zu %8.2f%% %9.2f%%\n", tally_bin_edge(i),
		    tally_bin_edge(i + 1), tally->said[i], 100 * (double)tally->right[i] / n,
		    100 * tally->confidence_sum[i] / n);
	}
}

static void print_conditions(const struct evaluated *e)
{
	printf("\n%-12s %8s %9s %9s %9s\n", "condition", "maps", "accuracy", "worst", "unknown");
	for (size_t c = 0; c < CORRUPTIONS; c++) {
		const struct tally *tally = &e->all.under[c];
		size_t total = tally_total(tally), unknown = 0;
		for (size_t i = 0; i < POSTURE_COUNT; i++)
			unknown += tally->n[i][POSTURE_UNKNOWN];
		if (total)
			printf("%-12s %8zu %8.2f%% %8.2f%% %8.2f%%\n", corruption_name(c), total,
			    100 * tally_accuracy(tally), 100 * worst(e, c),
			    100 * (double)unknown / (double)total);
	}
}

void eval_posture_print(const struct evaluated *e)
{
	const struct tally *all = &e->all.under[e->corruption];

	print_subjects(e, all);
	print_confusion(all);
	print_reliability(all, "these maps");
	if (e->robust) {
		const struct tally everything = pooled(e);
		print_conditions(e);
		print_reliability(&everything, "all conditions");
	}
	printf("\nEach map on its own; unknown counts as wrong. Left out: %zu glitches, %zu lines "
	       "that\nhold no map, %zu files without a label.\n",
	    all->n_glitches, all->n_refused, all->n_unlabelled);
	if (e->corruption != CORRUPTION_NONE)
		printf("Every map was damaged first: %s.\n", corruption_name(e->corruption));
	if (e->turned)
		puts("The head lies in the last row, as the maps show: all were turned by 180 "
		     "degrees.");
}
