#include "tests/fakes/matrix_fake.h"

#include "base/clock.h"
#include "drivers/pace.h"

#include <stdio.h>
#include <string.h>

enum { SCK = 1, MOSI = 2, MISO = 4, SELECT = 8 };
enum { DATA = 1, CLOCK = 2, LATCH = 4 };

static void split(struct fake_names *names, const char *text)
{
	*names = (struct fake_names){0};
	while (sscanf(text, " %15s", names->names[names->n]) == 1) {
		text = strstr(text, names->names[names->n]) + strlen(names->names[names->n]);
		names->n++;
	}
}

static int find(const struct fake_names *names, const char *line)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->names[i], line) == 0)
			return (int)i;
	return -1;
}

/* True when the line is one of these; its level is taken over, the one before is in *before. */
static bool take(struct fake_names *names, const char *line, bool high, uint64_t *before)
{
	int i = find(names, line);

	*before = names->levels;
	if (i < 0)
		return false;
	names->levels &= ~(UINT64_C(1) << i);
	names->levels |= (uint64_t)high << i;
	return true;
}

/* Which output the multiplexers have through: -1 none, -2 more than one. */
static int through(const struct fake_names *address, const struct fake_names *enable, size_t n)
{
	int found = -1;

	if (enable->n == 0)
		return (int)address->levels;
	for (size_t i = 0; i < enable->n; i++) {
		if (enable->levels >> i & 1)
			continue;
		size_t at = (i << address->n) + address->levels;
		found = found >= 0 ? -2 : at < n ? (int)at : -1;
	}
	return found;
}

static int selected_row(const struct fake_matrix *matrix)
{
	if (!matrix->shift)
		return through(&matrix->row, &matrix->row_enable, matrix->rows);
	int found = -1;
	for (int i = 0; i < 64; i++)
		if (matrix->outputs >> i & 1)
			found = found >= 0 ? -2 : i;
	return found;
}

static int selected_col(const struct fake_matrix *matrix)
{
	if (matrix->col.n == 0)
		return (int)matrix->channel;
	int at = through(&matrix->col, &matrix->col_enable, matrix->cols);
	return matrix->col_enable.n ? at : (int)(matrix->channel * matrix->per_channel) + at;
}

static int voltage(const struct fake_matrix *matrix)
{
	int row = selected_row(matrix), col = selected_col(matrix);

	if (row < 0 || col < 0 || (size_t)row >= matrix->rows || (size_t)col >= matrix->cols)
		return 0;
	return matrix->values[(size_t)row * matrix->cols + (size_t)col];
}

static void spi_rise(struct fake_matrix *matrix, bool mosi)
{
	if (matrix->clocks < 0) {
		matrix->clocks = mosi ? 0 : -1;
		return;
	}
	matrix->clocks++;
	if (matrix->clocks >= 2 && matrix->clocks <= 4)
		matrix->channel = (matrix->channel << 1 | mosi) & 7;
}

static void spi_fall(struct fake_matrix *matrix)
{
	if (matrix->clocks < 5)
		return;
	if (matrix->clocks == 5) {
		matrix->sample = voltage(matrix);
		matrix->n_conversions++;
		matrix->miso = false;
		if (matrix->slow_conversions > 0) {
			int64_t until_ns = clock_mono_ns() + 2 * NS_PER_MS;
			matrix->slow_conversions--;
			matrix->sample = 0; /* the charge is gone */
			pace_wait(until_ns, until_ns);
		}
		return;
	}
	int bit = matrix->bits - 1 - (matrix->clocks - 6);
	matrix->miso = bit >= 0 && (matrix->sample >> bit & 1);
}

static void set_spi(struct fake_matrix *matrix, uint64_t before)
{
	uint64_t now = matrix->spi.levels;

	if (now & SELECT) {
		matrix->clocks = -1;
		matrix->channel = 0;
		matrix->miso = true; /* not driven */
	} else if (now & ~before & SCK) {
		spi_rise(matrix, now & MOSI);
	} else if (before & ~now & SCK) {
		spi_fall(matrix);
	}
}

static void set_shift(struct fake_matrix *matrix, uint64_t before)
{
	uint64_t risen = matrix->row.levels & ~before;

	if (risen & CLOCK)
		matrix->chain = matrix->chain << 1 | (matrix->row.levels & DATA);
	if (risen & LATCH)
		matrix->outputs = matrix->chain & ((UINT64_C(1) << (matrix->rows + 7) / 8 * 8) - 1);
}

static void set(void *user, const char *line, bool high)
{
	struct fake_matrix *matrix = user;
	uint64_t before;

	take(&matrix->row_enable, line, high, &before);
	take(&matrix->col_enable, line, high, &before);
	take(&matrix->col, line, high, &before);
	if (take(&matrix->row, line, high, &before) && matrix->shift)
		set_shift(matrix, before);
	if (take(&matrix->spi, line, high, &before))
		set_spi(matrix, before);
}

static bool get(void *user, const char *line, bool *high)
{
	const struct fake_matrix *matrix = user;

	if (find(&matrix->spi, line) != 2)
		return false;
	*high = matrix->dead || matrix->miso;
	return true;
}

void fake_matrix_init(struct fake_matrix *matrix, struct fake_part *part, bool shift,
    const char *row_lines, const char *row_enable, const char *col_lines, const char *col_enable,
    const char *spi_lines)
{
	matrix->shift = shift;
	split(&matrix->row, row_lines);
	split(&matrix->row_enable, row_enable);
	split(&matrix->col, col_lines);
	split(&matrix->col_enable, col_enable);
	split(&matrix->spi, spi_lines);
	matrix->chain = matrix->outputs = UINT64_MAX; /* as after power-up: anything */
	matrix->clocks = -1;
	part->user = matrix;
	part->set = set;
	part->get = get;
}
