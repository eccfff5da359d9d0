/*
 * lumbar eval support: how soft is each mattress of a manifest? One reading a file, from the
 * median map of its frames. Which end the head lies at is read from the maps themselves where the
 * manifest does not say it.
 */
#include "app/command.h"
#include "app/command_line.h"
#include "app/eval.h"
#include "app/maps.h"
#include "body/support.h"
#include "dsp/robust.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct evaluation {
	const char *manifest;
	bool json;
	struct csv *csv;
	struct maps_columns columns;
	int posture; /* -1: the model's */
	bool turned; /* the maps lie with the head in the last row */
	struct posture_model *model;
	json_t *items;
};

/* Each cell's median over the frames into the first map. 0 or -ENOMEM. */
static int median_map(struct maps *maps)
{
	size_t n_cells = maps->surface.n_cells, n_good = 0;
	float *values = calloc(maps->n_maps, sizeof(float));

	if (!values)
		return -ENOMEM;
	for (size_t i = 0; i < n_cells && maps->n_maps > 1; i++) {
		n_good = 0;
		for (size_t k = 0; k < maps->n_maps; k++)
			if (!maps->glitch[k])
				values[n_good++] = maps->cells[k * n_cells + i];
		maps->cells[i] = robust_median(values, n_good, values);
	}
	free(values);
	return 0;
}

static json_t *number_or_null(float value)
{
	return isfinite(value) ? json_real((double)value) : json_null();
}

static int add_item(struct evaluation *e, size_t row, const struct posture_reading *posture,
    const struct contact_reading *contact, const struct support_reading *support)
{
	bool conclusive = isfinite(support->softness) && support_conclusive(support->softness);
	json_t *item = json_pack("{s:s, s:o, s:o, s:f, s:o, s:o, s:f, s:s, s:b, s:b}", "file",
	    csv_text(e->csv, row, e->columns.file), "softness", number_or_null(support->softness),
	    "valley_ratio", number_or_null(support->valley_ratio), "contact_ratio",
	    (double)contact->contact_ratio, "gradient_per_m",
	    number_or_null(support->gradient_per_m), "soft_chance",
	    number_or_null(support_soft_chance(support->softness)), "confidence",
	    (double)support->confidence, "posture", posture_name(posture->posture), "conclusive",
	    conclusive, "bottoming", support->bottoming);

	return json_array_append_new(e->items, item) < 0 ? -ENOMEM : 0;
}

/* Of a mat that cannot tell: no number, and why. What the model makes of such a map is none either. */
static int add_refused(
    struct evaluation *e, size_t row, const char *label, const struct error *reason)
{
	json_t *item = json_pack("{s:s, s:n, s:n, s:n, s:n, s:n, s:i, s:o, s:b, s:b, s:s}", "file",
	    csv_text(e->csv, row, e->columns.file), "softness", "valley_ratio", "contact_ratio",
	    "gradient_per_m", "soft_chance", "confidence", 0, "posture",
	    *label ? json_string(label) : json_null(), "conclusive", 0, "bottoming", 0,
	    "not_assessed", reason->text);

	return json_array_append_new(e->items, item) < 0 ? -ENOMEM : 0;
}

static int read_item(struct evaluation *e, size_t row, const struct maps *maps, struct error *err)
{
	struct posture_classifier *classifier = posture_classifier_create(&maps->surface, e->model);
	const char *label = csv_text(e->csv, row, e->posture);
	struct image image = maps_image(maps, 0);
	struct posture_reading posture;
	struct support_reading support;
	struct error reason = {0};
	int result = 0;

	if (!classifier)
		return error_set(err, -ENOMEM, "out of memory");
	posture_classify(classifier, &image, &posture);
	const struct contact_reading *contact = posture_contact(classifier);
	if (*label && posture_parse(label, &posture.posture) < 0) {
		struct place where = {e->manifest, csv_line(e->csv, row), "posture", label};
		result = error_at(err, -EINVAL, &where, "not a posture");
	} else if (support_check(&maps->surface, &reason) < 0) {
		result = add_refused(e, row, label, &reason);
	} else {
		support_read(
		    &maps->surface, posture_plane(classifier), contact, &posture, &support);
		result = add_item(e, row, &posture, contact, &support);
	}
	posture_classifier_destroy(classifier);
	return result;
}

static int read_row(struct evaluation *e, size_t row, struct error *err)
{
	struct maps maps;
	int result = maps_read(&maps, e->csv, row, &e->columns, 1, err);

	if (result == 0 && e->turned)
		maps_turn(&maps);
	if (result == 0 && median_map(&maps) < 0)
		result = error_set(err, -ENOMEM, "out of memory");
	if (result == 0)
		result = read_item(e, row, &maps, err);
	maps_finish(&maps);
	return result;
}

static int run(struct evaluation *e, struct error *err)
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
	e->items = json_array();
	e->model = posture_model_load(NULL, err);
	if (!e->model || !e->items)
		return -ENOMEM;
	result = maps_find_turned(e->csv, &e->columns, &e->turned, err);
	for (size_t row = 0; result == 0 && row < csv_n_rows(e->csv); row++)
		result = read_row(e, row, err);
	return result;
}

static const char *head_text(const struct evaluation *e)
{
	if (e->columns.flip >= 0)
		return "as the manifest says";
	return e->turned ? "in the last row, found from the maps: turned by 180 degrees"
	                 : "in the first row, found from the maps";
}

static void print_json(const struct evaluation *e)
{
	json_t *root = json_pack("{s:O, s:s, s:s}", "items", e->items, "scale",
	    "absolute: halvings of stiffness against a middling mattress, no reference of the "
	    "person; under 1 is inconclusive",
	    "head", head_text(e));

	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(root);
}

static void print_number(const json_t *item, const char *key)
{
	const json_t *value = json_object_get(item, key);

	if (json_is_number(value))
		printf(" %10.3f", json_number_value(value));
	else
		printf(" %10s", "-");
}

static void print_table(const struct evaluation *e)
{
	size_t i;
	json_t *item;

	printf("%-32s %-8s %10s %10s %10s %10s\n", "file", "posture", "softness", "valley",
	    "contact", "confidence");
	json_array_foreach(e->items, i, item)
	{
		const char *posture = json_string_value(json_object_get(item, "posture"));
		const char *reason = json_string_value(json_object_get(item, "not_assessed"));
		printf("%-32s %-8s", json_string_value(json_object_get(item, "file")),
		    posture ? posture : "-");
		if (reason) {
			printf(" not assessed: %s\n", reason);
			continue;
		}
		print_number(item, "softness");
		print_number(item, "valley_ratio");
		print_number(item, "contact_ratio");
		print_number(item, "confidence");
		putchar('\n');
	}
	printf("\nThe head lies %s.\nsoftness: about halvings of stiffness against a middling "
	       "mattress, without a reference\nof the person; under 1 is inconclusive. The valley "
	       "ratio is read on the back only.\n",
	    head_text(e));
}

int eval_support(int argc, char **argv)
{
	struct evaluation e = {0};
	struct error err = {0};
	const struct command_option options[] = {
	    {"json", 0, NULL, "one JSON object", .flag = &e.json},
	    {0},
	};
	const struct command_line line = {"lumbar eval support", "MANIFEST [--json]",
	    "Reads how soft the mattress of each file is, from the median map of its frames. "
	    "Columns: file, rows, cols, subject, posture (empty: the model's; who is then neither "
	    "on the back nor on a side is read as on the back, with little confidence); where they "
	    "are not 0, 4095, 25.4: skip, full_scale, cell_mm; flip (none, rows, cols, both; else "
	    "found from the maps).",
	    options, 1, 1};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	e.manifest = argv[optind];
	int result = run(&e, &err);
	if (result == 0)
		(e.json ? print_json : print_table)(&e);
	posture_model_destroy(e.model);
	json_decref(e.items);
	csv_close(e.csv);
	return result < 0 ? command_fault("eval support", &err) : EXIT_OK;
}
