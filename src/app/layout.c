#include "app/layout.h"

#include "base/csv.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

struct columns {
	int cell, x, y, region;
};

static int find_columns(const struct csv *csv, struct columns *columns, struct error *err)
{
	columns->cell = csv_column(csv, "cell", err);
	if (columns->cell < 0)
		return columns->cell;
	columns->x = csv_column(csv, "x_mm", err);
	if (columns->x < 0)
		return columns->x;
	columns->y = csv_column(csv, "y_mm", err);
	if (columns->y < 0)
		return columns->y;
	columns->region = csv_column_or_none(csv, "region");
	return 0;
}

static enum region region_of_kind(enum surface_kind kind)
{
	if (kind == SURFACE_BED)
		return REGION_BED;
	return kind == SURFACE_SEAT ? REGION_SEAT : REGION_STRIP;
}

static int read_place(const struct csv *csv, size_t row, const struct columns *columns,
    enum surface_kind kind, struct cell_place *place, struct error *err)
{
	double x_mm = NAN, y_mm = NAN;
	const char *region = csv_text(csv, row, columns->region);
	int result = csv_number(csv, row, columns->x, NAN, &x_mm, err);

	if (result == 0)
		result = csv_number(csv, row, columns->y, NAN, &y_mm, err);
	if (result < 0)
		return result;
	struct place where = {csv_path(csv), csv_line(csv, row), NULL, NULL};
	if (!isfinite(x_mm) || !isfinite(y_mm))
		return error_at(err, -EINVAL, &where, "x_mm and y_mm must be given");
	*place = (struct cell_place){(float)x_mm, (float)y_mm, region_of_kind(kind)};
	where.key = "region";
	where.value = region;
	if (region[0] && region_parse(region, &place->region) < 0)
		return error_at(err, -EINVAL, &where, "give bed, seat, back, strip or leg");
	return 0;
}

static int read_rows(const struct csv *csv, enum surface_kind kind, struct cell_place *places,
    bool *seen, struct error *err)
{
	struct columns columns = {0};
	size_t n = csv_n_rows(csv);
	int result = find_columns(csv, &columns, err);

	for (size_t row = 0; result == 0 && row < n; row++) {
		double cell;
		struct place where = {
		    csv_path(csv), csv_line(csv, row), "cell", csv_text(csv, row, columns.cell)};
		result = csv_number(csv, row, columns.cell, NAN, &cell, err);
		if (result < 0)
			break;
		if (!(cell >= 0 && cell < (double)n) || cell != floor(cell))
			return error_at(err, -EINVAL, &where, "give 0 to %zu, each once", n - 1);
		if (seen[(size_t)cell])
			return error_at(err, -EINVAL, &where, "this cell stands here twice");
		seen[(size_t)cell] = true;
		result = read_place(csv, row, &columns, kind, &places[(size_t)cell], err);
	}
	return result;
}

int layout_load(const char *path, enum surface_kind kind, struct cell_place **places,
    size_t *n_places, struct error *err)
{
	struct csv *csv = NULL;
	int result = csv_open(&csv, path, err);

	*places = NULL;
	*n_places = 0;
	if (result < 0)
		return result;
	size_t n = csv_n_rows(csv);
	struct place where = {.file = path};
	if (n == 0 || n > SURFACE_CELLS_MAX) {
		csv_close(csv);
		return error_at(
		    err, -EINVAL, &where, "%zu cells; give 1 to %d", n, SURFACE_CELLS_MAX);
	}
	struct cell_place *all = calloc(n, sizeof(*all));
	bool *seen = calloc(n, sizeof(*seen));
	if (!all || !seen)
		result = error_at(err, -ENOMEM, &where, "out of memory");
	else
		result = read_rows(csv, kind, all, seen, err);
	free(seen);
	csv_close(csv);
	if (result < 0) {
		free(all);
		return result;
	}
	*places = all;
	*n_places = n;
	return 0;
}
