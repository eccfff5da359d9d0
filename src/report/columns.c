#include "report/columns.h"

#include <stdbool.h>
#include <string.h>

/* One character: how many bytes, how many columns. Text that is cut short ends where it ends. */
struct glyph {
	size_t n_bytes;
	int columns;
};

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
	return (struct glyph){.n_bytes = whole, .columns = wide ? 2 : 1};
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

/* A word: up to the next blank, or one wide character. */
static size_t word_at(const char *text, int *columns)
{
	size_t n = 0;

	*columns = 0;
	while (text[n] && text[n] != ' ') {
		struct glyph glyph = glyph_at(text + n);

		if (n > 0 && glyph.columns == 2)
			break;
		n += glyph.n_bytes;
		*columns += glyph.columns;
		if (glyph.columns == 2)
			break;
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
