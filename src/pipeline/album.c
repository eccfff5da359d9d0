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
	album->kept[album->next_kept].asked_ns = asked_ns;
	album->kept[album->next_kept].kept_ns = kept_ns;
	album->next_kept = (album->next_kept + 1) % ALBUM_KEPT;
}

int64_t album_noted(const struct album *album, int64_t asked_ns)
{
	for (size_t i = 0; i < ALBUM_KEPT; i++)
		if (album->kept[i].asked_ns == asked_ns)
			return album->kept[i].kept_ns;
	return 0;
}
