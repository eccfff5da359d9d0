#include "pipeline/album.h"

#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const int64_t apart_ns = 10 * NS_PER_S;

int album_init(struct album *album, size_t n_cells)
{
	*album = (struct album){.n_cells = n_cells};
	album->cells = calloc(ALBUM_PHOTOS * n_cells, sizeof(float));
	if (!album->cells)
		return -ENOMEM;
	for (size_t i = 0; i < ALBUM_PHOTOS; i++)
		album->photos[i].image.cells = album->cells + i * n_cells;
	return 0;
}

void album_finish(struct album *album)
{
	free(album->cells);
	*album = (struct album){0};
}

void album_add(
    struct album *album, const struct image *image, const struct observation *observation)
{
	struct photo *photo = &album->photos[album->next];
	float *cells = photo->image.cells;

	if (album->last_ns && image->mono_ns - album->last_ns < apart_ns)
		return;
	album->last_ns = image->mono_ns;
	album->next = (album->next + 1) % ALBUM_PHOTOS;
	photo->image = *image;
	photo->image.cells = cells;
	photo->observation = *observation;
	memcpy(cells, image->cells, album->n_cells * sizeof(float));
}

const struct photo *album_find(const struct album *album, int64_t mono_ns)
{
	const struct photo *nearest = NULL;
	int64_t least_ns = apart_ns;

	for (size_t i = 0; i < ALBUM_PHOTOS; i++) {
		const struct photo *photo = &album->photos[i];
		int64_t away_ns = llabs(photo->image.mono_ns - mono_ns);
		if (photo->image.mono_ns == 0 || away_ns > least_ns)
			continue;
		least_ns = away_ns;
		nearest = photo;
	}
	return nearest;
}

void album_note(struct album *album, int64_t asked_ns, int64_t kept_ns)
{
	struct kept_photo *oldest = &album->kept[0];

	for (size_t i = 1; i < ALBUM_KEPT; i++)
		if (album->kept[i].used < oldest->used)
			oldest = &album->kept[i];
	*oldest = (struct kept_photo){asked_ns, kept_ns, ++album->n_uses};
}

int64_t album_noted(struct album *album, int64_t asked_ns)
{
	for (size_t i = 0; i < ALBUM_KEPT; i++) {
		struct kept_photo *kept = &album->kept[i];
		if (kept->used == 0 || kept->asked_ns != asked_ns)
			continue;
		kept->used = ++album->n_uses;
		return kept->kept_ns;
	}
	return 0;
}
