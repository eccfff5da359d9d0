#include "app/eval_seat_set.h"

#include "app/frames_source.h"
#include "app/layout.h"
#include "base/csv.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FULL_SCALE 4095
#define PITCH_MM   25.4
#define RATE_HZ    10

struct columns {
	int file, layout, rows, cols, pitch, rate, full_scale, subject, state, baseline, labels;
};

/* One row of the manifest while it is read. */
struct item {
	struct surface surface;
	struct cell_place *places; /* owned */
	char *path, *labels_path;  /* owned; labels NULL when the row has one state */
	size_t subject;
	enum seat_state state;
	bool upright;
};

static int find_columns(const struct csv *csv, struct columns *c, struct error *err)
{
	static const char *const names[] = {"file", "subject", NULL};
	int result = csv_expect(csv, names, err);

	if (result < 0)
		return result;
	c->file = csv_column(csv, "file", err);
	c->subject = csv_column(csv, "subject", err);
	c->layout = csv_column_or_none(csv, "layout");
	c->rows = csv_column_or_none(csv, "rows");
	c->cols = csv_column_or_none(csv, "cols");
	c->pitch = csv_column_or_none(csv, "cell_mm");
	c->rate = csv_column_or_none(csv, "rate_hz");
	c->full_scale = csv_column_or_none(csv, "full_scale");
	c->state = csv_column_or_none(csv, "state");
	c->baseline = csv_column_or_none(csv, "baseline");
	c->labels = csv_column_or_none(csv, "labels");
	struct place where = {.file = csv_path(csv), .line = 1};
	if (c->layout < 0 && (c->rows < 0 || c->cols < 0))
		return error_at(
		    err, -EINVAL, &where, "column \"layout\" is missing, or \"rows\" and \"cols\"");
	if (c->state < 0 && c->labels < 0)
		return error_at(err, -EINVAL, &where, "column \"state\" or \"labels\" is missing");
	return 0;
}

/* The index of the name among the subjects, added when it is new; -ENOMEM. */
static int find_subject(struct seat_set *set, const char *name, size_t *index)
{
	for (*index = 0; *index < set->n_subjects; ++*index)
		if (strcmp(set->subjects[*index], name) == 0)
			return 0;
	char **more = realloc(set->subjects, (set->n_subjects + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	set->subjects = more;
	set->subjects[set->n_subjects] = strdup(name);
	if (!set->subjects[set->n_subjects])
		return -ENOMEM;
	set->n_subjects++;
	return 0;
}

static int read_numbers(const struct csv *csv, size_t row, const struct columns *c,
    struct surface *surface, struct error *err)
{
	double rows = 0, cols = 0, pitch = 0, rate = 0, full_scale = 0;
	int result = csv_number(csv, row, c->rows, 0, &rows, err);

	if (result == 0)
		result = csv_number(csv, row, c->cols, 0, &cols, err);
	if (result == 0)
		result = csv_number(csv, row, c->pitch, PITCH_MM, &pitch, err);
	if (result == 0)
		result = csv_number(csv, row, c->rate, RATE_HZ, &rate, err);
	if (result == 0)
		result = csv_number(csv, row, c->full_scale, FULL_SCALE, &full_scale, err);
	if (result < 0)
		return result;
	struct place where = {.file = csv_path(csv), .line = csv_line(csv, row)};
	if (!(rows >= 0 && cols >= 0 && rows * cols <= SURFACE_CELLS_MAX))
		return error_at(err, -EINVAL, &where, "rows and cols: give a grid of at most %d",
		    SURFACE_CELLS_MAX);
	if (!(pitch > 0 && rate > 0 && full_scale > 0))
		return error_at(
		    err, -EINVAL, &where, "cell_mm, rate_hz and full_scale must be positive");
	surface->rows = (size_t)rows;
	surface->cols = (size_t)cols;
	surface->n_cells = surface->rows * surface->cols;
	surface->pitch_mm = (float)pitch;
	surface->rate_hz = (float)rate;
	surface->full_scale_counts = (float)full_scale;
	return 0;
}

static int read_surface(const struct csv *csv, size_t row, const struct columns *c,
    struct item *item, struct error *err)
{
	const char *layout = csv_text(csv, row, c->layout);
	struct surface *surface = &item->surface;

	*surface = (struct surface){.name = "seat", .kind = SURFACE_SEAT};
	int result = read_numbers(csv, row, c, surface, err);
	if (result < 0 || !layout[0])
		return result;
	char *path = csv_sibling_path(csv, layout);
	if (!path)
		return error_set(err, -ENOMEM, "out of memory");
	result = layout_load(path, SURFACE_SEAT, &item->places, &surface->n_cells, err);
	free(path);
	surface->places = item->places;
	surface->rows = surface->cols = 0;
	return result;
}

static int read_item(struct seat_set *set, const struct csv *csv, size_t row,
    const struct columns *c, struct item *item, struct error *err)
{
	const char *state = csv_text(csv, row, c->state), *labels = csv_text(csv, row, c->labels);
	struct place where = {csv_path(csv), csv_line(csv, row), "state", state};
	double baseline;

	int result = csv_number(csv, row, c->baseline, 0, &baseline, err);
	if (result < 0)
		return result;
	item->upright = baseline != 0;
	if (!labels[0] && seat_state_parse(state, &item->state) < 0)
		return error_at(err, -EINVAL, &where,
		    "give empty, upright, forward, slump, lean_left, lean_right, other or unknown");
	item->path = csv_sibling_path(csv, csv_text(csv, row, c->file));
	item->labels_path = labels[0] ? csv_sibling_path(csv, labels) : NULL;
	if (!item->path || (labels[0] && !item->labels_path) ||
	    find_subject(set, csv_text(csv, row, c->subject), &item->subject) < 0)
		return error_set(err, -ENOMEM, "out of memory");
	return read_surface(csv, row, c, item, err);
}

static int add_frame(struct seat_set *set, const struct seat_frame *frame)
{
	if (set->n_frames == set->n_room) {
		size_t room = set->n_room ? 2 * set->n_room : 4096;
		struct seat_frame *more = realloc(set->frames, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		set->frames = more;
		set->n_room = room;
	}
	set->frames[set->n_frames++] = *frame;
	return 0;
}

static void to_percent(float *cells, const struct surface *surface)
{
	for (size_t i = 0; i < surface->n_cells; i++)
		cells[i] *= 100 / surface->full_scale_counts;
}

static int read_frames(struct seat_set *set, const struct item *item, struct error *err)
{
	struct frames_source *source = NULL;
	struct seat_pad pad = {0};
	struct frame frame;
	int result = frames_source_open(&source, item->path, &item->surface, err);

	if (result == 0)
		result = seat_pad_init(&pad, frames_source_surface(source), err);
	while (result == 0) {
		struct error ignored = {0};
		struct seat_frame next = {.subject = item->subject,
		    .labelled = !item->labels_path && item->state != SEAT_UNKNOWN,
		    .label = item->state,
		    .upright = item->upright};
		int got = frames_source_read(source, &frame, &ignored);

		if (got == -ENODATA)
			break;
		next.read = got == 0;
		if (next.read) {
			to_percent(frame.counts, frames_source_surface(source));
			seat_measure(&pad, frame.counts, &next.measure);
		}
		if (add_frame(set, &next) < 0)
			result = error_set(err, -ENOMEM, "%s: out of memory", item->path);
	}
	seat_pad_finish(&pad);
	frames_source_close(source);
	return result;
}

/* Labels of the frames from `first` on; an empty label or "unknown" is not compared. */
static int read_labels(struct seat_set *set, const char *path, size_t first, struct error *err)
{
	struct csv *csv = NULL;
	int result = csv_open(&csv, path, err), frame_column, label_column = -1;

	if (result < 0)
		return result;
	frame_column = csv_column(csv, "frame", err);
	label_column = frame_column < 0 ? -1 : csv_column(csv, "label", err);
	result = label_column < 0 ? -EINVAL : 0;
	for (size_t row = 0; result == 0 && row < csv_n_rows(csv); row++) {
		const char *text = csv_text(csv, row, label_column);
		struct place where = {path, csv_line(csv, row), "label", text};
		enum seat_state label = SEAT_UNKNOWN;
		double number;

		result = csv_number(csv, row, frame_column, NAN, &number, err);
		if (result < 0 || !text[0])
			continue;
		if (!(number >= 0 && number < (double)(set->n_frames - first)))
			result = error_at(err, -EINVAL, &where, "there is no frame %g", number);
		else if (seat_state_parse(text, &label) < 0)
			result = error_at(err, -EINVAL, &where, "no name of a seat state");
		if (result < 0 || label == SEAT_UNKNOWN)
			continue;
		struct seat_frame *frame = &set->frames[first + (size_t)number];
		frame->labelled = true;
		frame->label = label;
		frame->upright = label == SEAT_UPRIGHT;
	}
	csv_close(csv);
	return result;
}

static int load_item(struct seat_set *set, const struct csv *csv, size_t row,
    const struct columns *columns, struct error *err)
{
	struct item item = {0};
	size_t first = set->n_frames;
	int result = read_item(set, csv, row, columns, &item, err);

	if (result == 0)
		result = read_frames(set, &item, err);
	if (result == 0 && item.labels_path)
		result = read_labels(set, item.labels_path, first, err);
	free(item.places);
	free(item.path);
	free(item.labels_path);
	return result;
}

int seat_set_load(struct seat_set *set, const char *manifest, struct error *err)
{
	struct csv *csv = NULL;
	struct columns columns;
	int result = csv_open(&csv, manifest, err);

	*set = (struct seat_set){0};
	if (result < 0)
		return result;
	result = find_columns(csv, &columns, err);
	for (size_t row = 0; result == 0 && row < csv_n_rows(csv); row++)
		result = load_item(set, csv, row, &columns, err);
	csv_close(csv);
	return result;
}

void seat_set_finish(struct seat_set *set)
{
	for (size_t i = 0; i < set->n_subjects; i++)
		free(set->subjects[i]);
	free(set->subjects);
	free(set->frames);
	*set = (struct seat_set){0};
}
