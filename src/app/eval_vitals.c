/*
 * lumbar eval vitals: breathing and heart rate against a reference of other instruments, window by
 * window. A window is compared where its reference can be trusted (heart_ok; breathing_agree and
 * breathing_clear) and the person lay still.
 */
#include "app/command.h"
#include "app/command_line.h"
#include "app/eval.h"
#include "app/eval_vitals_trace.h"
#include "base/csv.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FULL_SCALE     4095.0 /* where the manifest has no column for it */
#define PITCH_MM       25.0F  /* no rate depends on it; a surface must have one */
#define WINDOW_SLACK_S 2.5    /* half a hop between a reading and the reference's end */

static const char *const rate_names[RATE_COUNT] = {"heart", "breathing"};

struct score {
	size_t n_windows, n; /* still and with a reference; of these with a value */
	double error_sum, bias_sum;
};

/* One row of the manifest. */
struct item {
	const char *name;
	char *path, *reference;
	struct surface surface;
	struct trace trace;
	struct score scores[RATE_COUNT];
};

static const struct trace_reading *reading_at(const struct trace *trace, double t_s)
{
	const struct trace_reading *nearest = NULL;

	for (size_t i = 0; i < trace->n; i++) {
		double distance = fabs(trace->readings[i].t_s - t_s);
		if (distance <= WINDOW_SLACK_S && (!nearest || distance < fabs(nearest->t_s - t_s)))
			nearest = &trace->readings[i];
	}
	return nearest;
}

static void compare(
    struct score *score, const struct trace_reading *reading, enum rate rate, double truth)
{
	score->n_windows++;
	if (!reading || isnan(reading->per_min[rate]))
		return;
	double error = reading->per_min[rate] - truth;
	score->n++;
	score->error_sum += fabs(error);
	score->bias_sum += error;
}

enum { END, HEART, HEART_OK, BREATHING, BREATHING_AGREE, BREATHING_CLEAR, STILL, N_COLUMNS };
static const char *const reference_columns[N_COLUMNS] = {"end_s", "heart_per_min", "heart_ok",
    "breathing_per_min", "breathing_agree", "breathing_clear", "still"};

static int compare_row(struct item *item, const struct csv *csv, size_t row,
    const int columns[N_COLUMNS], struct error *err)
{
	double v[N_COLUMNS];

	for (int i = 0; i < N_COLUMNS; i++)
		if (csv_number(csv, row, columns[i], NAN, &v[i], err) < 0)
			return err->code;
	const struct trace_reading *reading = reading_at(&item->trace, v[END]);
	if (v[STILL] != 1)
		return 0;
	if (v[HEART_OK] == 1 && !isnan(v[HEART]))
		compare(&item->scores[RATE_HEART], reading, RATE_HEART, v[HEART]);
	if (v[BREATHING_AGREE] == 1 && v[BREATHING_CLEAR] == 1 && !isnan(v[BREATHING]))
		compare(&item->scores[RATE_BREATHING], reading, RATE_BREATHING, v[BREATHING]);
	return 0;
}

static int compare_file(struct item *item, struct error *err)
{
	struct csv *csv;
	int columns[N_COLUMNS];
	int result = csv_open(&csv, item->reference, err);

	if (result < 0)
		return result;
	for (int i = 0; i < N_COLUMNS && result >= 0; i++)
		result = columns[i] = csv_column(csv, reference_columns[i], err);
	for (size_t row = 0; row < csv_n_rows(csv) && result >= 0; row++)
		result = compare_row(item, csv, row, columns, err);
	csv_close(csv);
	return result < 0 ? result : 0;
}

/* A positive number of the manifest; whole when it counts cells. */
static int read_size(const struct csv *csv, size_t row, const char *name, double fallback,
    double most, double *value, struct error *err)
{
	int column = isnan(fallback) ? csv_column(csv, name, err) : csv_column_or_none(csv, name);

	if (column < 0 && isnan(fallback))
		return column;
	if (csv_number(csv, row, column, fallback, value, err) < 0)
		return err->code;
	if (*value > 0 && *value <= most)
		return 0;
	struct place where = {.file = csv_path(csv),
	    .line = csv_line(csv, row),
	    .key = name,
	    .value = csv_text(csv, row, column)};
	return error_at(err, -ERANGE, &where, "must be over 0 and at most %g", most);
}

static int read_row(struct item *item, const struct csv *csv, size_t row, struct error *err)
{
	double rows, cols, rate_hz, full_scale;
	int file = csv_column(csv, "file", err);
	int reference = csv_column(csv, "reference", err);

	if (file < 0 || reference < 0 || csv_column(csv, "subject", err) < 0 ||
	    read_size(csv, row, "rows", NAN, 128, &rows, err) < 0 ||
	    read_size(csv, row, "cols", NAN, 128, &cols, err) < 0 ||
	    read_size(csv, row, "rate_hz", NAN, 10000, &rate_hz, err) < 0 ||
	    read_size(csv, row, "full_scale", FULL_SCALE, 1e12, &full_scale, err) < 0)
		return err->code;
	item->name = csv_text(csv, row, file);
	item->path = csv_sibling_path(csv, item->name);
	item->reference = csv_sibling_path(csv, csv_text(csv, row, reference));
	if (!item->path || !item->reference)
		return error_set(err, -ENOMEM, "out of memory");
	item->surface = (struct surface){
	    .kind = rows < 2 || cols < 2 ? SURFACE_STRIP : SURFACE_BED,
	    .rows = (size_t)rows,
	    .cols = (size_t)cols,
	    .n_cells = (size_t)rows * (size_t)cols,
	    .pitch_mm = PITCH_MM,
	    .full_scale_counts = (float)full_scale,
	    .rate_hz = (float)rate_hz,
	};
	if (item->surface.n_cells <= SURFACE_CELLS_MAX)
		return 0;
	return error_at(err, -ERANGE,
	    &(struct place){.file = csv_path(csv), .line = csv_line(csv, row), .key = "rows"},
	    "rows x cols is over %d cells", SURFACE_CELLS_MAX);
}

static void items_free(struct item *items, size_t n_items)
{
	for (size_t i = 0; i < n_items; i++) {
		trace_finish(&items[i].trace);
		free(items[i].path);
		free(items[i].reference);
	}
	free(items);
}

static double mean_of(double sum, size_t n)
{
	return n ? sum / (double)n : NAN;
}

static json_t *number_or_null(double value)
{
	return isnan(value) ? json_null() : json_real(value);
}

static json_t *score_json(const struct score *score)
{
	return json_pack("{s:o, s:o, s:o, s:I, s:I}", "mae",
	    number_or_null(mean_of(score->error_sum, score->n)), "bias",
	    number_or_null(mean_of(score->bias_sum, score->n)), "coverage",
	    number_or_null(mean_of((double)score->n, score->n_windows)), "n", (json_int_t)score->n,
	    "windows", (json_int_t)score->n_windows);
}

static void print_json(const struct item *items, size_t n_items)
{
	json_t *files = json_object();

	for (size_t i = 0; i < n_items; i++) {
		json_t *file = json_object();
		for (int rate = 0; rate < RATE_COUNT; rate++)
			json_object_set_new(
			    file, rate_names[rate], score_json(&items[i].scores[rate]));
		json_object_set_new(files, items[i].name, file);
	}
	json_t *root = json_pack("{s:o}", "files", files);
	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(root);
}

static void print_number(double value, int decimals)
{
	if (isnan(value))
		printf(" %9s", "-");
	else
		printf(" %9.*f", decimals, value);
}

static void print_table(const struct item *items, size_t n_items)
{
	printf("%-24s %-10s %8s %9s %9s %9s\n", "file", "rate", "windows", "coverage", "error",
	    "bias");
	for (size_t i = 0; i < n_items * RATE_COUNT; i++) {
		const struct item *item = &items[i / RATE_COUNT];
		const struct score *score = &item->scores[i % RATE_COUNT];
		printf(
		    "%-24s %-10s %8zu", item->name, rate_names[i % RATE_COUNT], score->n_windows);
		print_number(mean_of((double)score->n, score->n_windows), 2);
		print_number(mean_of(score->error_sum, score->n), 2);
		print_number(mean_of(score->bias_sum, score->n), 2);
		putchar('\n');
	}
	puts("\nWindows: the reference's still ones that it is sure of. Coverage: share of them "
	     "that\n"
	     "got a value. Error: mean absolute difference, per minute; bias: mean difference.");
}

static int eval_items(struct item *items, const struct csv *csv, struct error *err)
{
	for (size_t i = 0; i < csv_n_rows(csv); i++) {
		struct item *item = &items[i];
		int result = read_row(item, csv, i, err);
		if (result >= 0)
			result = trace_read(&item->trace, item->path, &item->surface, err);
		if (result >= 0)
			result = compare_file(item, err);
		if (result < 0)
			return result;
		if (item->trace.n_bad_frames)
			fprintf(stderr, "lumbar eval vitals: %s: %zu of %zu frames left out: %s\n",
			    item->name, item->trace.n_bad_frames, item->trace.n_frames,
			    item->trace.first_bad.text);
	}
	return 0;
}

static int eval_manifest(const char *path, bool json, struct error *err)
{
	static const char *const names[] = {
	    "file", "rows", "cols", "rate_hz", "subject", "reference", NULL};
	struct csv *csv;
	int result = csv_open(&csv, path, err);

	if (result < 0)
		return result;
	result = csv_expect(csv, names, err);
	size_t n_items = csv_n_rows(csv);
	struct item *items = result == 0 ? calloc(n_items, sizeof(*items)) : NULL;
	if (!items) {
		csv_close(csv);
		return result < 0 ? result : error_set(err, -ENOMEM, "out of memory");
	}
	result = eval_items(items, csv, err);
	if (result >= 0 && json)
		print_json(items, n_items);
	else if (result >= 0)
		print_table(items, n_items);
	items_free(items, n_items);
	csv_close(csv);
	return result;
}

int eval_vitals(int argc, char **argv)
{
	struct error err = {0};
	bool json = false;
	const struct command_option options[] = {
	    {"json", 0, NULL,
	        "one object: files, each with heart and breathing {mae, bias, coverage, n}",
	        .flag = &json},
	    {0},
	};
	const struct command_line line = {"lumbar eval vitals", "MANIFEST [--json]",
	    "Reads each file of the manifest and compares breathing and heart rate with its "
	    "reference.\n"
	    "The manifest is CSV: file,rows,cols,rate_hz,full_scale,subject,reference. Paths are "
	    "relative to it; full_scale may be missing (4095). A reference is CSV: "
	    "t_s,start_s,end_s,heart_per_min,heart_ok,breathing_per_min,breathing_agree, "
	    "breathing_clear,still, a row each window, seconds from the file's first frame.",
	    options, 1, 1};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	return eval_manifest(argv[optind], json, &err) < 0 ? command_fault("eval vitals", &err)
	                                                   : EXIT_OK;
}
