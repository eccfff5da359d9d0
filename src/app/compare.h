/*
 * Two mattresses or toppers under the same person: which is softer, and how sure is that? Read
 * from still maps on the back; every stretch of them counts once, as maps of one stretch differ
 * far less than two times of lying down.
 */
#ifndef LUMBAR_APP_COMPARE_H
#define LUMBAR_APP_COMPARE_H

#include "base/error.h"
#include "core/surface.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct compare_settings {
	struct surface surface; /* of frames text */
	bool find_head;         /* turn maps whose head lies in the last row */
	bool supine;            /* every map is of somebody on the back: do not ask the model */
};

struct compared {
	const char *path; /* borrowed */
	struct surface surface;
	size_t n_maps, n_still, n_supine, n_stretches; /* supine: of the still ones */
	float softness, softness_sd, valley_ratio;     /* NAN: no still map on the back */
	float *mean;                                   /* the mean map of those; owned */
};

enum verdict {
	VERDICT_SOFTER,   /* 97.5 % and more */
	VERDICT_PROBABLY, /* 85 % and more */
	VERDICT_OPEN,
	VERDICT_BOTTOMING, /* both may have bottomed out */
	VERDICT_NOT_SUPINE,
};

struct comparison {
	struct compared sides[2];
	float difference, difference_sd; /* halvings, first less second */
	float sure;                      /* 0.5-1: that the sign is right */
	enum verdict verdict;
};

/* Reads both files; the caller finishes `comparison` also after an error. 0 or -errno. */
int compare_files(struct comparison *comparison, const char *const paths[2],
    const struct compare_settings *settings, struct error *err);
void compare_finish(struct comparison *comparison);

/* One or two sentences. */
#define COMPARE_WORDS_SIZE 512
const char *compare_words(const struct comparison *comparison, char words[COMPARE_WORDS_SIZE]);

/* Both maps under the words, as SVG, or as a page that holds it. */
void compare_draw(FILE *out, const struct comparison *comparison, bool page);

#endif
