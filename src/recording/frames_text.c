#include "recording/frames_text.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* More cells than this share beyond the scale, and the frame is refused: it is no pressure map. */
static const double outside_share_max = 0.1;

/* What spreadsheets put before the first line of UTF-8 text. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct frames_text {
	FILE *file;
	char *path;
	char *line;
	size_t line_size, length;
	size_t n_cells;
	float full_scale;
	size_t line_number, clamped;
	bool pending; /* line holds a frame that was looked at, but not given yet */
};

static bool is_separator(char c)
{
	return c == '\t' || c == ' ' || c == ',' || c == '\r' || c == '\n';
}

static struct place place_of(const struct frames_text *text)
{
	return (struct place){.file = text->path, .line = (int)text->line_number};
}

/* Reads on to the next line that is a frame: not blank, not a comment. */
static int next_line(struct frames_text *text, struct error *err)
{
	ssize_t length;

	errno = 0;
	while ((length = getline(&text->line, &text->line_size, text->file)) >= 0) {
		const char *p = text->line;
		if (++text->line_number == 1 && strncmp(p, BYTE_ORDER_MARK, 3) == 0)
			memset(text->line, ' ', 3);
		text->length = (size_t)length;
		while (is_separator(*p))
			p++;
		if (*p != '#' && p != text->line + length)
			return 0;
	}
	struct place where = place_of(text);
	if (ferror(text->file)) {
		int code = errno ? -errno : -EIO;
		return error_at(err, code, &where, "cannot be read on: %s", strerror(-code));
	}
	return -ENODATA;
}

/*
 * One number from *at, which is moved behind it. Whole numbers, nearly all there ever are, are
 * read by hand, since strtof() costs ten times as much; it also takes hexadecimal, which no mat
 * writes, so that is kept out here.
 */
static bool parse_cell(const char **at, float *value)
{
	const char *p = *at;
	bool minus = *p == '-';
	unsigned long number = 0;
	const char *digits = p + (minus || *p == '+');

	for (p = digits; *p >= '0' && *p <= '9' && p - digits < 9; p++)
		number = 10 * number + (unsigned long)(*p - '0');
	if (p > digits && (is_separator(*p) || *p == '\0')) {
		*value = minus ? -(float)number : (float)number;
		*at = p;
		return true;
	}
	if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
		return false;
	char *end;
	*value = strtof(*at, &end);
	if (end == *at || (!is_separator(*end) && *end != '\0'))
		return false;
	*at = end;
	return true;
}

static int refuse_cell(
    const struct frames_text *text, const char *at, size_t index, struct error *err)
{
	struct place where = place_of(text);
	size_t length = strcspn(at, "\t ,\r\n");

	return error_at(err, -EINVAL, &where, "cell %zu, \"%.*s\", is not a number", index + 1,
	    length > 40 ? 40 : (int)length, at);
}

static int parse_line(struct frames_text *text, float *counts, struct error *err)
{
	const char *p = text->line;
	const char *end = text->line + text->length;
	struct place where = place_of(text);
	size_t n = 0;

	for (;;) {
		while (is_separator(*p))
			p++;
		if (p >= end)
			break;
		float value;
		if (*p == '\0' || !parse_cell(&p, &value))
			return refuse_cell(text, p, n, err);
		if (n < text->n_cells)
			counts[n] = value;
		n++;
	}
	if (n != text->n_cells)
		return error_at(err, -EINVAL, &where,
		    "%zu cells where %zu are expected; do the rows and columns fit this file?", n,
		    text->n_cells);
	return 0;
}

/* Clamps the odd cell into the scale; refuses a frame that lies beyond it or has no number. */
static int check_range(struct frames_text *text, float *counts, struct error *err)
{
	struct place where = place_of(text);
	size_t outside = 0;

	for (size_t i = 0; i < text->n_cells; i++) {
		if (!isfinite(counts[i]))
			return error_at(err, -ERANGE, &where, "cell %zu is %s; frame refused",
			    i + 1, isnan(counts[i]) ? "NAN" : "infinite");
		outside += counts[i] < 0 || counts[i] > text->full_scale;
	}
	if ((double)outside > outside_share_max * (double)text->n_cells)
		return error_at(err, -ERANGE, &where,
		    "%zu of %zu cells are negative or over the full scale of %g; frame refused",
		    outside, text->n_cells, (double)text->full_scale);
	if (outside == 0)
		return 0;
	for (size_t i = 0; i < text->n_cells; i++)
		counts[i] = fminf(fmaxf(counts[i], 0.0f), text->full_scale);
	text->clamped += outside;
	return 0;
}

int frames_text_open(struct frames_text **out, const char *path, size_t n_cells,
    float full_scale_counts, struct error *err)
{
	struct frames_text *text = calloc(1, sizeof(*text));
	int result;

	if (!text || !(text->path = strdup(path))) {
		frames_text_close(text);
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	}
	text->n_cells = n_cells;
	text->full_scale = full_scale_counts;
	text->file = fopen(path, "re");
	if (!text->file) {
		result = -errno;
		error_at(err, result, &(struct place){.file = path}, "cannot be read: %s",
		    strerror(-result));
		goto fail;
	}
	result = next_line(text, err);
	if (result == -ENODATA)
		error_at(err, result, &(struct place){.file = path},
		    "holds no frame; one frame a line is expected");
	if (result < 0)
		goto fail;
	text->pending = true;
	*out = text;
	return 0;
fail:
	frames_text_close(text);
	return result;
}

void frames_text_close(struct frames_text *text)
{
	if (!text)
		return;
	if (text->file)
		fclose(text->file);
	free(text->line);
	free(text->path);
	free(text);
}

int frames_text_read(struct frames_text *text, float *counts, struct error *err)
{
	int result = text->pending ? 0 : next_line(text, err);

	text->pending = false;
	if (result == 0)
		result = parse_line(text, counts, err);
	if (result == 0)
		result = check_range(text, counts, err);
	return result;
}

size_t frames_text_line(const struct frames_text *text)
{
	return text->line_number;
}

size_t frames_text_clamped(const struct frames_text *text)
{
	return text->clamped;
}
