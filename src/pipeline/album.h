/*
 * The album: an image each ten seconds of the last ten minutes. A rule often knows only later
 * that what began then was worth keeping; so the frame that it names can still be had.
 */
#ifndef LUMBAR_PIPELINE_ALBUM_H
#define LUMBAR_PIPELINE_ALBUM_H

#include "core/image.h"
#include "core/observation.h"

#define ALBUM_PHOTOS 60
#define ALBUM_KEPT   32

struct photo {
	struct image image; /* its cells are the album's; mono_ns 0: none */
	struct observation observation;
};

struct album {
	size_t n_cells, next;
	int64_t last_ns;
	float *cells;
	struct photo photos[ALBUM_PHOTOS];
	struct kept_photo {
		int64_t asked_ns, kept_ns;
		uint64_t used; /* when it was last asked for, by count; 0: free */
	} kept[ALBUM_KEPT];    /* which key frame stands for the frame that was asked for */
	uint64_t n_uses;
};

/* 0 or -ENOMEM. */
int album_init(struct album *album, size_t n_cells);
void album_finish(struct album *album);

/* Takes a copy when ten seconds have passed since the last one. */
void album_add(
    struct album *album, const struct image *image, const struct observation *observation);

/* The photo nearest to mono_ns, at most ten seconds away; NULL: there is none. */
const struct photo *album_find(const struct album *album, int64_t mono_ns);

/*
 * Remembers, and finds again, that the key frame at kept_ns was taken for asked_ns. 0: unknown. What
 * was not asked for longest is forgotten first, as a finding may name its frame for a whole day.
 */
void album_note(struct album *album, int64_t asked_ns, int64_t kept_ns);
int64_t album_noted(struct album *album, int64_t asked_ns);

#endif
