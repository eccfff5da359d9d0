/*
 * lumbar eval posture: every map of a manifest is judged on its own (no smoothing over time)
 * against its label. Unknown counts as wrong. Glitches (a sum far from the file's median) are left
 * out and counted. With --leave-one-subject-out each subject is judged by a model trained on all
 * the others, by the trainer that made the one that is shipped.
 */
#include "app/command.h"
#include "app/eval.h"
#include "app/maps.h"
#include "app/tally.h"
#include "app/train.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define USAGE "MANIFEST [--leave-one-subject-out] [--model FILE] [--seed N] [--json]"

#define N_PARALLEL 2
#define N_SUBJECTS 256

struct subject {
	char name[TRAIN_SUBJECT_SIZE];
	struct tally tally;
};

struct evaluation {
	const char *manifest, *model_path;
	bool leave_one_out, json;
	uint64_t seed;
	struct csv *csv;
	struct maps_columns columns;
	int posture, subject;
	bool turned;                 /* the maps lie with the head in the last row */
	struct posture_model *model; /* without folds */
	struct train_set set;        /* with folds */
	size_t n_subjects;
	struct subject subjects[N_SUBJECTS];
};

/* ---- judging ----------------------------------------------------------------------------- */

static int judge_maps(const struct maps *maps, const struct posture_model *model,
    enum posture truth, struct tally *tally)
{
	struct posture_classifier *classifier = posture_classifier_create(&maps->surface, model);
	struct posture_reading reading;

	if (!classifier)
		return -ENOMEM;
	for (size_t k = 0; k < maps->n_maps; k++) {
		if (maps->glitch[k])
			continue;
		struct image image = maps_image(maps, k);
		posture_classify(classifier, &image, &reading);
		tally->n[truth][reading.posture]++;
	}
	tally->n_glitches += maps->n_glitches;
	tally->n_refused += maps->n_refused;
	posture_classifier_destroy(classifier);
	return 0;
}

static int judge_row(const struct evaluation *e, size_t row, const struct posture_model *model,
    struct tally *tally, struct error *err)
{
	const char *label = csv_text(e->csv, row, e->posture);
	enum posture truth;
	struct maps maps;

	if (!*label) {
		tally->n_unlabelled++;
		return 0;
	}
	if (posture_parse(label, &truth) < 0) {
		struct place where = {e->manifest, csv_line(e->csv, row), "posture", label};
		return error_at(err, -EINVAL, &where,
		    "postures are supine, left, right, prone, edge, empty, unknown");
	}
	int result = maps_read(&maps, e->csv, row, &e->columns, 1, err);
	if (result == 0 && e->turned)
		maps_turn(&maps);
	if (result == 0 && judge_maps(&maps, model, truth, tally) < 0)
		result = error_set(err, -ENOMEM, "out of memory");
	maps_finish(&maps);
	return result;
}

static int judge_subject(const struct evaluation *e, const char *name,
    const struct posture_model *model, struct tally *tally, struct error *err)
{
	int result = 0;

	for (size_t row = 0; result == 0 && row < csv_n_rows(e->csv); row++)
		if (strcmp(csv_text(e->csv, row, e->subject), name) == 0)
			result = judge_row(e, row, model, tally, err);
	return result;
}

/* ---- folds: each in a process of its own ------------------------------------------------- */

struct fold_result {
	struct tally tally;
	struct error err;
};

struct fold {
	pid_t pid;
	int from_child;
	struct subject *subject;
};

static void run_fold(const struct evaluation *e, const char *name, struct fold_result *out)
{
	struct train_settings settings = {.seed = e->seed, .n_epochs = TRAIN_EPOCHS};
	struct posture_model *model = train_posture(&e->set, name, &settings, &out->err);

	if (model)
		judge_subject(e, name, model, &out->tally, &out->err);
	posture_model_destroy(model);
}

static int start_fold(const struct evaluation *e, struct subject *subject, struct fold *fold)
{
	int ends[2];

	if (pipe(ends) < 0)
		return -errno;
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		struct fold_result result = {0};
		close(ends[0]);
		run_fold(e, subject->name, &result);
		/* Less than a pipe holds, so it is written whole or not at all. */
		_exit(write(ends[1], &result, sizeof(result)) == (ssize_t)sizeof(result) ? 0 : 1);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -EAGAIN;
	}
	*fold = (struct fold){.pid = pid, .from_child = ends[0], .subject = subject};
	return 0;
}

static int end_fold(struct fold *fold, struct error *err)
{
	struct fold_result result;
	ssize_t n = read(fold->from_child, &result, sizeof(result));

	close(fold->from_child);
	waitpid(fold->pid, NULL, 0);
	fold->pid = 0;
	if (n != (ssize_t)sizeof(result))
		return error_set(err, -EIO, "the fold of %s ended early", fold->subject->name);
	if (result.err.code < 0) {
		*err = result.err;
		return err->code;
	}
	fold->subject->tally = result.tally;
	return 0;
}

static int run_folds(struct evaluation *e, struct error *err)
{
	struct fold folds[N_PARALLEL] = {0};
	int result = train_set_add(&e->set, e->manifest, TRAIN_MAPS_A_FILE, err);

	if (result == 0 && e->n_subjects < 2)
		result = error_set(err, -EINVAL,
		    "%s: --leave-one-subject-out needs two subjects at least", e->manifest);
	for (size_t i = 0; i < e->n_subjects + N_PARALLEL; i++) {
		struct fold *fold = &folds[i % N_PARALLEL];
		if (fold->pid) {
			int ended = end_fold(fold, err);
			result = result < 0 ? result : ended;
		}
		if (result < 0 || i >= e->n_subjects)
			continue;
		if (start_fold(e, &e->subjects[i], fold) < 0)
			result = error_set(err, -EAGAIN, "no process could be started for a fold");
	}
	return result;
}

/* ---- telling ----------------------------------------------------------------------------- */

static void print_json(const struct evaluation *e, const struct tally *all)
{
	json_t *subjects = json_object();

	for (size_t i = 0; i < e->n_subjects; i++) {
		const struct subject *s = &e->subjects[i];
		json_object_set_new(subjects, s->name,
		    json_pack("{s:f, s:I}", "accuracy", tally_accuracy(&s->tally), "n",
		        (json_int_t)tally_total(&s->tally)));
	}
	json_t *root = json_pack("{s:f, s:f, s:I, s:b, s:b, s:I, s:I, s:I, s:o, s:o}", "accuracy",
	    tally_accuracy(all), "balanced_accuracy", tally_balanced_accuracy(all), "n",
	    (json_int_t)tally_total(all), "leave_one_subject_out", e->leave_one_out, "turned",
	    e->turned, "glitches", (json_int_t)all->n_glitches, "refused",
	    (json_int_t)all->n_refused, "unlabelled_files", (json_int_t)all->n_unlabelled,
	    "per_subject", subjects, "confusion", tally_confusion(all));
	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(root);
}

static void print_table(const struct evaluation *e, const struct tally *all)
{
	printf("%-12s %8s %9s\n", "subject", "maps", "accuracy");
	for (size_t i = 0; i < e->n_subjects; i++)
		printf("%-12s %8zu %8.2f%%\n", e->subjects[i].name,
		    tally_total(&e->subjects[i].tally),
		    100 * tally_accuracy(&e->subjects[i].tally));
	printf("%-12s %8zu %8.2f%%   balanced %.2f%%\n\n", "all", tally_total(all),
	    100 * tally_accuracy(all), 100 * tally_balanced_accuracy(all));
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
	printf("\nEach map on its own; unknown counts as wrong. Left out: %zu glitches, %zu lines "
	       "that\nhold no map, %zu files without a label.\n",
	    all->n_glitches, all->n_refused, all->n_unlabelled);
	if (e->turned)
		puts("The head lies in the last row, as the maps show: all were turned by 180 "
		     "degrees.");
}

/* ---- the command ------------------------------------------------------------------------- */

static int find_subjects(struct evaluation *e, struct error *err)
{
	for (size_t row = 0; row < csv_n_rows(e->csv); row++) {
		const char *name = csv_text(e->csv, row, e->subject);
		size_t i = 0;
		while (i < e->n_subjects && strcmp(e->subjects[i].name, name) != 0)
			i++;
		if (i < e->n_subjects)
			continue;
		if (i == N_SUBJECTS)
			return error_set(
			    err, -E2BIG, "%s: more than %d subjects", e->manifest, N_SUBJECTS);
		snprintf(e->subjects[i].name, sizeof(e->subjects[i].name), "%s", name);
		e->n_subjects++;
	}
	return 0;
}

static int open_manifest(struct evaluation *e, struct error *err)
{
	static const char *const names[] = {"file", "rows", "cols", "subject", "posture", NULL};
	int result = csv_open(&e->csv, e->manifest, err);

	if (result == 0)
		result = csv_expect(e->csv, names, err);
	if (result < 0)
		return result;
	if (maps_find_columns(e->csv, &e->columns, err) < 0)
		return -ENOENT;
	e->posture = csv_column(e->csv, "posture", err);
	e->subject = e->posture < 0 ? -ENOENT : csv_column(e->csv, "subject", err);
	if (e->subject < 0)
		return -ENOENT;
	result = maps_find_turned(e->csv, &e->columns, &e->turned, err);
	return result < 0 ? result : find_subjects(e, err);
}

static int judge_all(struct evaluation *e, struct error *err)
{
	int result = 0;

	e->model = posture_model_load(e->model_path, err);
	if (!e->model)
		return -EINVAL;
	for (size_t i = 0; result == 0 && i < e->n_subjects; i++)
		result = judge_subject(
		    e, e->subjects[i].name, e->model, &e->subjects[i].tally, err);
	return result;
}

static void print_help(void)
{
	puts("usage: lumbar eval posture " USAGE "\n\n"
	     "Judges every map that MANIFEST names and compares with its label.\n"
	     "Columns: file, rows, cols, subject, posture; and, where they are not 0, 4095, 25.4,\n"
	     "none: skip, full_scale, cell_mm, flip (rows, cols, both).\n\n"
	     "      --leave-one-subject-out  judge each subject by a model of the others\n"
	     "      --model FILE             a model of `lumbar train posture`\n"
	     "      --seed N                 of the training (1)\n"
	     "      --json                   one JSON object");
}

/* 0; or an exit status + 1 that ends the command. */
static int parse(int argc, char **argv, struct evaluation *e)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'},
	    {"leave-one-subject-out", no_argument, NULL, 'l'},
	    {"model", required_argument, NULL, 'm'}, {"seed", required_argument, NULL, 's'},
	    {"json", no_argument, NULL, 'j'}, {0}};

	for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
		char *end = NULL;
		if (c == 'h') {
			print_help();
			return EXIT_OK + 1;
		}
		if (c == 's')
			e->seed = strtoull(optarg, &end, 10);
		if (c == '?' || (end && (*end || end == optarg)))
			return command_usage("eval posture", USAGE) + 1;
		e->leave_one_out |= c == 'l';
		e->json |= c == 'j';
		e->model_path = c == 'm' ? optarg : e->model_path;
	}
	if (argc - optind != 1 || (e->leave_one_out && e->model_path))
		return command_usage("eval posture", USAGE) + 1;
	e->manifest = argv[optind];
	return 0;
}

int eval_posture(int argc, char **argv)
{
	struct evaluation *e = calloc(1, sizeof(*e));
	struct tally all = {0};
	struct error err = {0};

	if (!e)
		return command_fault("eval posture", &(struct error){.text = "out of memory"});
	e->seed = 1;
	int stop = parse(argc, argv, e);
	if (stop) {
		free(e);
		return stop - 1;
	}
	int result = open_manifest(e, &err);
	if (result == 0)
		result = e->leave_one_out ? run_folds(e, &err) : judge_all(e, &err);
	for (size_t i = 0; i < e->n_subjects; i++)
		tally_add(&all, &e->subjects[i].tally);
	if (result == 0)
		(e->json ? print_json : print_table)(e, &all);
	posture_model_destroy(e->model);
	train_set_finish(&e->set);
	csv_close(e->csv);
	free(e);
	return result < 0 ? command_fault("eval posture", &err) : EXIT_OK;
}
