#include "report/columns.h"

#include <stdbool.h>
#include <string.h>

/* One character. Text that is cut short ends where it ends. */
struct glyph {
	size_t n_bytes;
	int columns;
	bool opens, closes; /* a mark that ends, begins no line */
};

static bool among(unsigned code, const unsigned *marks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (marks[i] == code)
			return true;
	return false;
}

static const unsigned opening[] = {0x201c, 0x3008, 0x300a, 0x300c, 0x3010, 0xff08};
static const unsigned closing[] = {0x201d, 0x3001, 0x3002, 0x3009, 0x300b, 0x300d, 0x3011, 0xff01,
    0xff09, 0xff0c, 0xff1a, 0xff1b, 0xff1f};

static struct glyph glyph_at(const char *text)
{
	const unsigned char *u = (const unsigned char *)text;
	size_t n = u[0] < 0xc0 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4, whole = 1;

	while (whole < n && (u[whole] & 0xc0) == 0x80)
		whole++;
	unsigned code = n == 3 && whole == 3
	                    ? (u[0] & 0x0fU) << 12 | (u[1] & 0x3fU) << 6 | (u[2] & 0x3fU)
	                    : 0;
	bool wide = (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) ||
	            (code >= 0xf900 && code <= 0xfaff) || (code >= 0xff00 && code <= 0xff60);
	return (struct glyph){.n_bytes = whole,
	    .columns = wide ? 2 : 1,
	    .opens = among(code, opening, sizeof(opening) / sizeof(opening[0])),
	    .closes = among(code, closing, sizeof(closing) / sizeof(closing[0]))};
}

int columns_of(const char *text)
{
	int columns = 0;

	while (*text) {
		struct glyph glyph = glyph_at(text);

		columns += glyph.columns;
		text += glyph.n_bytes;
	}
	return columns;
}

void columns_pad(FILE *out, const char *text, int width)
{
	int blanks = width - columns_of(text);

	fprintf(out, "%s%*s", text, blanks > 1 ? blanks : 1, "");
}

/* A word: up to the next blank, or one wide character and the marks that belong to it. */
static size_t word_at(const char *text, int *columns)
{
	struct glyph last = {.opens = true};
	size_t n = 0;

	*columns = 0;
	while (text[n] && text[n] != ' ') {
		struct glyph glyph = glyph_at(text + n);

		if ((last.columns == 2 || glyph.columns == 2) && !last.opens && !glyph.closes)
			break;
		n += glyph.n_bytes;
		*columns += glyph.columns;
		last = glyph;
	}
	return n;
}

void columns_wrap(FILE *out, const char *lead, const char *text)
{
	int indent = columns_of(lead), at = indent, wide;

	fputs(lead, out);
	while (*text) {
		size_t blanks = strspn(text, " "), n = word_at(text + blanks, &wide);
		int gap = at > indent && blanks > 0 ? 1 : 0;

		if (n == 0)
			break;
		if (at > indent && at + gap + wide > COLUMNS) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
			gap = 0;
		}
		fprintf(out, "%*s", gap, "");
		fwrite(text + blanks, 1, n, out);
		at += gap + wide;
		text += blanks + n;
	}
	fputc('\n', out);
}
