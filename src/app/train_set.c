#include "app/maps.h"
#include "app/train.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool learnable(enum posture posture)
{
	return posture >= POSTURE_SUPINE && posture <= POSTURE_PRONE;
}

int train_set_add_sample(struct train_set *set, const struct surface *surface, const float *cells,
    enum posture posture, const char *subject)
{
	size_t size = surface->n_cells * sizeof(float);

	if (set->n_samples == set->n_room) {
		size_t n_room = set->n_room ? 2 * set->n_room : 256;
		struct train_sample *samples = realloc(
		    set->samples, n_room * sizeof(*set->samples));
		if (!samples)
			return -ENOMEM;
		set->samples = samples;
		set->n_room = n_room;
	}
	struct train_sample *sample = &set->samples[set->n_samples];
	*sample = (struct train_sample){.surface = *surface, .posture = posture};
	snprintf(sample->subject, sizeof(sample->subject), "%s", subject);
	sample->cells = malloc(size);
	if (!sample->cells)
		return -ENOMEM;
	memcpy(sample->cells, cells, size);
	set->n_samples++;
	return 0;
}

static int add_file(struct train_set *set, const struct maps *maps, size_t per_file,
    enum posture posture, const char *subject)
{
	size_t n_good = maps->n_maps - maps->n_glitches;
	size_t n_take = n_good < per_file ? n_good : per_file;
	size_t good = 0, taken = 0;

	for (size_t k = 0; k < maps->n_maps && taken < n_take; k++) {
		if (maps->glitch[k])
			continue;
		if (good++ * n_take < taken * n_good)
			continue;
		const float *cells = maps->cells + k * maps->surface.n_cells;
		if (train_set_add_sample(set, &maps->surface, cells, posture, subject) < 0)
			return -ENOMEM;
		taken++;
	}
	return 0;
}

struct manifest {
	struct csv *csv;
	struct maps_columns columns;
	int posture, subject;
	bool turned;
};

static int add_row(
    struct train_set *set, const struct manifest *m, size_t row, size_t per_file, struct error *err)
{
	const char *name = csv_text(m->csv, row, m->posture);
	enum posture posture;
	struct maps maps;

	if (!*name)
		return 0;
	if (posture_parse(name, &posture) < 0) {
		struct place where = {csv_path(m->csv), csv_line(m->csv, row), "posture", name};
		return error_at(err, -EINVAL, &where, "not a posture");
	}
	if (!learnable(posture))
		return 0;
	int result = maps_read(&maps, m->csv, row, &m->columns, 1, err);
	if (result == 0 && m->turned)
		maps_turn(&maps);
	if (result == 0 &&
	    add_file(set, &maps, per_file, posture, csv_text(m->csv, row, m->subject)) < 0)
		result = error_set(err, -ENOMEM, "%s: out of memory", csv_path(m->csv));
	maps_finish(&maps);
	return result;
}

static int add_rows(struct train_set *set, struct manifest *m, size_t per_file, struct error *err)
{
	int result = maps_find_columns(m->csv, &m->columns, err);

	if (result < 0)
		return result;
	m->posture = csv_column(m->csv, "posture", err);
	m->subject = m->posture < 0 ? -ENOENT : csv_column(m->csv, "subject", err);
	if (m->subject < 0)
		return -ENOENT;
	result = maps_find_turned(m->csv, &m->columns, &m->turned, err);
	for (size_t row = 0; result == 0 && row < csv_n_rows(m->csv); row++)
		result = add_row(set, m, row, per_file, err);
	return result;
}

int train_set_add(struct train_set *set, const char *manifest, size_t per_file, struct error *err)
{
	struct manifest m = {0};
	int result = csv_open(&m.csv, manifest, err);

	if (result < 0)
		return result;
	result = add_rows(set, &m, per_file, err);
	csv_close(m.csv);
	return result;
}

void train_set_finish(struct train_set *set)
{
	for (size_t i = 0; i < set->n_samples; i++)
		free(set->samples[i].cells);
	free(set->samples);
	*set = (struct train_set){0};
}
