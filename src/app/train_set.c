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

static int add_sample(struct train_set *set, const struct maps *maps, size_t k,
    enum posture posture, const char *subject)
{
	size_t size = maps->surface.n_cells * sizeof(float);

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
	*sample = (struct train_sample){.surface = maps->surface, .posture = posture};
	snprintf(sample->subject, sizeof(sample->subject), "%s", subject);
	sample->cells = malloc(size);
	if (!sample->cells)
		return -ENOMEM;
	memcpy(sample->cells, maps->cells + k * maps->surface.n_cells, size);
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
		if (add_sample(set, maps, k, posture, subject) < 0)
			return -ENOMEM;
		taken++;
	}
	return 0;
}

static int add_row(struct train_set *set, const struct csv *csv, size_t row,
    const struct maps_columns *columns, const int named[2], size_t per_file, struct error *err)
{
	const char *name = csv_text(csv, row, named[0]);
	enum posture posture;
	struct maps maps;

	if (posture_parse(name, &posture) < 0) {
		struct place where = {csv_path(csv), csv_line(csv, row), "posture", name};
		return error_at(err, -EINVAL, &where, "not a posture");
	}
	if (!learnable(posture))
		return 0;
	int result = maps_read(&maps, csv, row, columns, 1, err);
	if (result == 0 &&
	    add_file(set, &maps, per_file, posture, csv_text(csv, row, named[1])) < 0)
		result = error_set(err, -ENOMEM, "%s: out of memory", csv_path(csv));
	maps_finish(&maps);
	return result;
}

int train_set_add(struct train_set *set, const char *manifest, size_t per_file, struct error *err)
{
	struct maps_columns columns;
	struct csv *csv;
	int named[2];
	int result = csv_open(&csv, manifest, err);

	if (result < 0)
		return result;
	result = maps_find_columns(csv, &columns, err);
	if (result == 0 && (named[0] = csv_column(csv, "posture", err)) < 0)
		result = -ENOENT;
	if (result == 0 && (named[1] = csv_column(csv, "subject", err)) < 0)
		result = -ENOENT;
	for (size_t row = 0; result == 0 && row < csv_n_rows(csv); row++)
		result = add_row(set, csv, row, &columns, named, per_file, err);
	csv_close(csv);
	return result;
}

void train_set_finish(struct train_set *set)
{
	for (size_t i = 0; i < set->n_samples; i++)
		free(set->samples[i].cells);
	free(set->samples);
	*set = (struct train_set){0};
}
