#include "app/night_truth.h"

#include "base/csv.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_MAX (31 * 86400)

enum { T_S, SURFACE, OCCUPIED, POSTURE, SEAT, BREATHING, HEART, MOVING, HAPPENS, N_COLUMNS };
static const char *const column_names[N_COLUMNS] = {"t_s", "surface", "occupied", "posture", "seat",
    "breathing_per_min", "heart_per_min", "moving", "happens"};

const struct truth_surface *night_truth_find(const struct night_truth *truth, const char *name)
{
	for (size_t i = 0; i < truth->n_surfaces; i++)
		if (strcmp(truth->surfaces[i].name, name) == 0)
			return &truth->surfaces[i];
	return NULL;
}

/* The surface of that name, added when it is new. NULL when there is no room. */
static struct truth_surface *surface_of(struct night_truth *truth, const char *name)
{
	for (size_t i = 0; i < truth->n_surfaces; i++)
		if (strcmp(truth->surfaces[i].name, name) == 0)
			return &truth->surfaces[i];
	if (truth->n_surfaces == RECORDING_SURFACES_MAX || strlen(name) >= SURFACE_NAME_SIZE)
		return NULL;
	struct truth_surface *added = &truth->surfaces[truth->n_surfaces];
	added->seconds = calloc(truth->n_seconds, sizeof(*added->seconds));
	if (!added->seconds)
		return NULL;
	strcpy(added->name, name);
	truth->n_surfaces++;
	return added;
}

static int word_fault(const struct csv *csv, size_t row, int column, struct error *err)
{
	const char *value = csv_text(csv, row, column);
	struct place where = {.file = csv_path(csv), .line = csv_line(csv, row), .value = value};

	return error_at(err, -EINVAL, &where, "no word of this column");
}

static int read_row(struct night_truth *truth, const struct csv *csv, size_t row,
    const int *columns, struct error *err)
{
	double number[N_COLUMNS] = {0};
	const int numbers[] = {T_S, OCCUPIED, BREATHING, HEART, MOVING};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int column = numbers[i];
		int code = csv_number(csv, row, columns[column], NAN, &number[column], err);
		if (code < 0)
			return code;
	}
	struct truth_surface *surface = surface_of(truth, csv_text(csv, row, columns[SURFACE]));
	if (!surface || !(number[T_S] >= 0) || number[T_S] >= (double)truth->n_seconds)
		return word_fault(csv, row, columns[surface ? T_S : SURFACE], err);
	struct truth_second *second = &surface->seconds[(size_t)number[T_S]];
	*second = (struct truth_second){
	    .known = true,
	    .occupied = number[OCCUPIED] > 0,
	    .moving = number[MOVING] > 0,
	    .breathing_per_min = (float)number[BREATHING],
	    .heart_per_min = (float)number[HEART],
	};
	const char *posture = csv_text(csv, row, columns[POSTURE]);
	const char *seat = csv_text(csv, row, columns[SEAT]);
	if (*posture && posture_parse(posture, &second->posture) < 0)
		return word_fault(csv, row, columns[POSTURE], err);
	if (*seat && seat_state_parse(seat, &second->seat) < 0)
		return word_fault(csv, row, columns[SEAT], err);
	const char *happens = csv_text(csv, row, columns[HAPPENS]);
	second->asleep = strcmp(happens, "asleep") == 0;
	second->awake = strcmp(happens, "awake") == 0;
	return 0;
}

static int read_rows(struct night_truth *truth, const struct csv *csv, struct error *err)
{
	int columns[N_COLUMNS], code = 0;
	double last_s = 0;

	for (int i = 0; i < N_COLUMNS; i++) {
		columns[i] = csv_column(csv, column_names[i], err);
		if (columns[i] < 0)
			return columns[i];
	}
	if (csv_n_rows(csv) == 0)
		return error_set(err, -ENODATA, "%s: no second in it", csv_path(csv));
	code = csv_number(csv, csv_n_rows(csv) - 1, columns[T_S], NAN, &last_s, err);
	if (code < 0)
		return code;
	if (!(last_s >= 0 && last_s < SECONDS_MAX))
		return word_fault(csv, csv_n_rows(csv) - 1, columns[T_S], err);
	truth->n_seconds = (size_t)last_s + 1;
	for (size_t row = 0; row < csv_n_rows(csv) && code == 0; row++)
		code = read_row(truth, csv, row, columns, err);
	return code;
}

int night_truth_load(struct night_truth *truth, const char *path, struct error *err)
{
	struct csv *csv = NULL;

	*truth = (struct night_truth){0};
	int code = csv_open(&csv, path, err);
	if (code == 0)
		code = read_rows(truth, csv, err);
	csv_close(csv);
	return code;
}

void night_truth_finish(struct night_truth *truth)
{
	for (size_t i = 0; i < truth->n_surfaces; i++)
		free(truth->surfaces[i].seconds);
	*truth = (struct night_truth){0};
}
