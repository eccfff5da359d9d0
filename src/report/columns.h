/* Text in columns, for terminals: how wide UTF-8 is, and where it wraps. */
#ifndef LUMBAR_REPORT_COLUMNS_H
#define LUMBAR_REPORT_COLUMNS_H

#include <stddef.h>
#include <stdio.h>

#define COLUMNS 72

/* Columns that the text takes: Chinese characters take two. */
int columns_of(const char *text);

/* The text, and blanks up to `width` columns; at least one when it is longer. */
void columns_pad(FILE *out, const char *text, int width);

/*
 * `lead`, and then the text in lines of COLUMNS, the later ones indented like the first. Lines
 * break at blanks and between Chinese characters, but not before 。or after （.
 */
void columns_wrap(FILE *out, const char *lead, const char *text);

#endif
