/*
 * lumbar eval posture: every map of a manifest is judged on its own (no smoothing over time)
 * against its label. Unknown counts as wrong. Glitches (a sum far from the file's median) are left
 * out and counted. With --leave-one-subject-out each subject is judged by a model trained on all
 * the others, by the trainer that made the one that is shipped. --robust judges every map again under
 * each of the faults of eval_posture_corrupt.c.
 */
#include "app/eval_posture.h"
#include "app/command.h"
#include "app/command_line.h"
#include "app/eval.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_PARALLEL     2
#define SIMULATED_MOST 100000
#define N_TRAIN        8

struct evaluation {
	struct evaluated e;
	const char *model_path, *plot_path;
	const char *train[N_TRAIN]; /* maps to learn from */
	size_t n_train, n_simulated;
	bool json;
	uint64_t seed;
	struct csv *csv;
	struct maps_columns columns;
	int posture, subject;
	struct posture_model *model; /* without folds */
	struct train_set set;        /* with folds, or with maps to learn from */
};

/* ---- judging ----------------------------------------------------------------------------- */

/* Whether the maps are to be judged under this condition. */
static bool asked_for(const struct evaluation *v, size_t corruption)
{
	return v->e.robust || corruption == v->e.corruption;
}

static int judge_row(const struct evaluation *v, size_t row, const struct posture_model *model,
    struct corruption_tallies *tallies, struct error *err)
{
	const char *label = csv_text(v->csv, row, v->posture);
	enum posture truth;
	struct maps maps;

	if (!*label) {
		for (size_t c = 0; c < CORRUPTIONS; c++)
			tallies->under[c].n_unlabelled++;
		return 0;
	}
	if (posture_parse(label, &truth) < 0) {
		struct place where = {v->e.manifest, csv_line(v->csv, row), "posture", label};
		return error_at(err, -EINVAL, &where,
		    "postures are supine, left, right, prone, edge, empty, unknown");
	}
	int result = maps_read(&maps, v->csv, row, &v->columns, 1, err);
	if (result == 0 && v->e.turned)
		maps_turn(&maps);
	for (size_t c = 0; result == 0 && c < CORRUPTIONS; c++)
		if (asked_for(v, c) &&
		    corruption_judge(&maps, c, row, model, truth, &tallies->under[c]) < 0)
			result = error_set(err, -ENOMEM, "out of memory");
	maps_finish(&maps);
	return result;
}

static int judge_subject(const struct evaluation *v, const char *name,
    const struct posture_model *model, struct corruption_tallies *tallies, struct error *err)
{
	int result = 0;

	for (size_t row = 0; result == 0 && row < csv_n_rows(v->csv); row++)
		if (strcmp(csv_text(v->csv, row, v->subject), name) == 0)
			result = judge_row(v, row, model, tallies, err);
	return result;
}

/* ---- folds: each in a process of its own ------------------------------------------------- */

struct fold_result {
	struct corruption_tallies tallies;
	struct error err;
};

struct fold {
	pid_t pid;
	int from_child;
	struct evaluated_subject *subject;
};

static void run_fold(const struct evaluation *v, const char *name, struct fold_result *out)
{
	struct train_settings settings = {.seed = v->seed, .n_epochs = TRAIN_EPOCHS};
	struct posture_model *model = train_posture(&v->set, name, &settings, &out->err);

	if (model)
		judge_subject(v, name, model, &out->tallies, &out->err);
	posture_model_destroy(model);
}

static int write_whole(int to, const void *data, size_t size)
{
	for (const char *at = data; size > 0;) {
		ssize_t n = write(to, at, size);
		if (n <= 0)
			return -EIO;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

static int read_whole(int from, void *data, size_t size)
{
	for (char *at = data; size > 0;) {
		ssize_t n = read(from, at, size);
		if (n <= 0)
			return -EIO;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

static int start_fold(
    const struct evaluation *v, struct evaluated_subject *subject, struct fold *fold)
{
	int ends[2];

	if (pipe(ends) < 0)
		return -errno;
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		struct fold_result result = {0};
		close(ends[0]);
		run_fold(v, subject->name, &result);
		_exit(write_whole(ends[1], &result, sizeof(result)) == 0 ? 0 : 1);
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
	int got = read_whole(fold->from_child, &result, sizeof(result));

	close(fold->from_child);
	waitpid(fold->pid, NULL, 0);
	fold->pid = 0;
	if (got < 0)
		return error_set(err, -EIO, "the fold of %s ended early", fold->subject->name);
	if (result.err.code < 0) {
		*err = result.err;
		return err->code;
	}
	fold->subject->tallies = result.tallies;
	return 0;
}

static int read_examples(struct evaluation *v, struct error *err)
{
	int result = 0;

	if (v->e.leave_one_out)
		result = train_set_add(&v->set, v->e.manifest, TRAIN_MAPS_A_FILE, err);
	for (size_t i = 0; result == 0 && i < v->n_train; i++)
		result = train_set_add(&v->set, v->train[i], TRAIN_MAPS_A_FILE, err);
	return result == 0 ? train_set_add_simulated(&v->set, v->n_simulated, v->seed, err)
	                   : result;
}

static int run_folds(struct evaluation *v, struct error *err)
{
	struct fold folds[N_PARALLEL] = {0};
	int result = read_examples(v, err);

	if (result == 0 && v->e.n_subjects < 2)
		result = error_set(err, -EINVAL,
		    "%s: --leave-one-subject-out needs two subjects at least", v->e.manifest);
	for (size_t i = 0; i < v->e.n_subjects + N_PARALLEL; i++) {
		struct fold *fold = &folds[i % N_PARALLEL];
		if (fold->pid) {
			int ended = end_fold(fold, err);
			result = result < 0 ? result : ended;
		}
		if (result < 0 || i >= v->e.n_subjects)
			continue;
		if (start_fold(v, &v->e.subjects[i], fold) < 0)
			result = error_set(err, -EAGAIN, "no process could be started for a fold");
	}
	return result;
}

/* ---- the command ------------------------------------------------------------------------- */

static int find_subjects(struct evaluation *v, struct error *err)
{
	struct evaluated *e = &v->e;

	e->subjects = calloc(EVALUATED_SUBJECTS, sizeof(*e->subjects));
	if (!e->subjects)
		return error_set(err, -ENOMEM, "out of memory");
	for (size_t row = 0; row < csv_n_rows(v->csv); row++) {
		const char *name = csv_text(v->csv, row, v->subject);
		size_t i = 0;
		while (i < e->n_subjects && strcmp(e->subjects[i].name, name) != 0)
			i++;
		if (i < e->n_subjects)
			continue;
		if (i == EVALUATED_SUBJECTS)
			return error_set(err, -E2BIG, "%s: more than %d subjects", e->manifest,
			    EVALUATED_SUBJECTS);
		snprintf(e->subjects[i].name, sizeof(e->subjects[i].name), "%s", name);
		e->n_subjects++;
	}
	return 0;
}

static int open_manifest(struct evaluation *v, struct error *err)
{
	static const char *const names[] = {"file", "rows", "cols", "subject", "posture", NULL};
	int result = csv_open(&v->csv, v->e.manifest, err);

	if (result == 0)
		result = csv_expect(v->csv, names, err);
	if (result < 0)
		return result;
	if (maps_find_columns(v->csv, &v->columns, err) < 0)
		return -ENOENT;
	v->posture = csv_column(v->csv, "posture", err);
	v->subject = v->posture < 0 ? -ENOENT : csv_column(v->csv, "subject", err);
	if (v->subject < 0)
		return -ENOENT;
	result = maps_find_turned(v->csv, &v->columns, &v->e.turned, err);
	return result < 0 ? result : find_subjects(v, err);
}

static int judge_all(struct evaluation *v, struct error *err)
{
	struct train_settings settings = {.seed = v->seed, .n_epochs = TRAIN_EPOCHS};
	int result = read_examples(v, err);

	if (result < 0)
		return result;
	v->model = v->set.n_samples ? train_posture(&v->set, NULL, &settings, err)
	                            : posture_model_load(v->model_path, err);
	if (!v->model)
		return -EINVAL;
	for (size_t i = 0; result == 0 && i < v->e.n_subjects; i++)
		result = judge_subject(
		    v, v->e.subjects[i].name, v->model, &v->e.subjects[i].tallies, err);
	return result;
}

static bool take_corruption(const char *text, void *user)
{
	return corruption_parse(text, user) == 0;
}

/* "under this one only: moved, ..." */
static void join_corruptions(char *text, size_t size)
{
	size_t n = (size_t)snprintf(text, size, "under this one only:");

	for (size_t i = 0; i < CORRUPTIONS && n < size; i++)
		n += (size_t)snprintf(text + n, size - n, " %s", corruption_name(i));
}

static int parse(int argc, char **argv, struct evaluation *v)
{
	char corruptions[512];
	const struct command_option options[] = {
	    {"leave-one-subject-out", 0, NULL, "judge each subject by a model of the others",
	        .flag = &v->e.leave_one_out},
	    {"train", 0, "MANIFEST",
	        "judge by a model that learns from these maps, too; may be given again",
	        .text = v->train, .n_texts = &v->n_train, .most = N_TRAIN},
	    {"simulated", 0, "N", "and from N simulated bodies (0)", .count = &v->n_simulated,
	        .most = SIMULATED_MOST},
	    {"model", 0, "FILE", "a model of `lumbar train posture`", .text = &v->model_path},
	    {"robust", 0, NULL, "once more under each fault of mats and placing",
	        .flag = &v->e.robust},
	    {"corrupt", 0, "NAME", corruptions, .take = take_corruption, .user = &v->e.corruption,
	        .wants = "no such fault; --help lists them"},
	    {"plot", 0, "FILE.svg", "the confusion matrix and each person, as a picture",
	        .text = &v->plot_path},
	    {"seed", 0, "N", "of the training (1)", .seed = &v->seed},
	    {"json", 0, NULL, "one JSON object", .flag = &v->json},
	    {0},
	};
	const struct command_line line = {"lumbar eval posture",
	    "MANIFEST [--leave-one-subject-out] [--train MANIFEST] [--simulated N] | --model FILE] "
	    "[--robust | --corrupt NAME] [--plot FILE.svg] [--seed N] [--json]",
	    "Judges every map that MANIFEST names and compares with its label. Columns: file, "
	    "rows, "
	    "cols, subject, posture; and, where they are not 0, 4095, 25.4, none: skip, "
	    "full_scale, "
	    "cell_mm, flip (rows, cols, both).",
	    options, 1, 1};

	join_corruptions(corruptions, sizeof(corruptions));
	int status = command_line_read(&line, argc, argv);
	if (status != COMMAND_RUN)
		return status;
	v->e.manifest = argv[optind];
	bool trains = v->e.leave_one_out || v->n_train || v->n_simulated;
	return trains && v->model_path ? command_line_usage(&line) : COMMAND_RUN;
}

static int evaluate(struct evaluation *v, struct error *err)
{
	struct evaluated *e = &v->e;
	int result = open_manifest(v, err);

	if (result == 0)
		result = e->leave_one_out ? run_folds(v, err) : judge_all(v, err);
	for (size_t i = 0; result == 0 && i < e->n_subjects; i++)
		for (size_t c = 0; c < CORRUPTIONS; c++)
			tally_add(&e->all.under[c], &e->subjects[i].tallies.under[c]);
	if (result == 0 && v->plot_path)
		result = eval_posture_plot(e, v->plot_path, err);
	if (result == 0)
		(v->json ? eval_posture_print_json : eval_posture_print)(e);
	return result;
}

int eval_posture(int argc, char **argv)
{
	struct evaluation v = {.seed = 1};
	struct error err = {0};
	int status = parse(argc, argv, &v);

	if (status != COMMAND_RUN)
		return status;
	int result = evaluate(&v, &err);
	posture_model_destroy(v.model);
	train_set_finish(&v.set);
	csv_close(v.csv);
	free(v.e.subjects);
	return result < 0 ? command_fault("eval posture", &err) : EXIT_OK;
}
