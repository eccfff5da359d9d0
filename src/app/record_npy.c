#include "app/record_npy.h"

#include "recording/npy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct arrays {
	struct npy *counts, *mono, *real;
};

/* Another program may have called it anything: a name that is no file name becomes a number. */
static void name_of(const struct surface *surface, size_t index, char *name, size_t size)
{
	const char *text = surface->name;

	if (*text && text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                               "0123456789_-")] == '\0')
		snprintf(name, size, "%s", text);
	else
		snprintf(name, size, "surface-%zu", index);
}

static int open_array(struct npy **npy, const char *folder, const char *name, const char *what,
    enum npy_type type, const struct surface *surface, struct error *err)
{
	char *path = NULL;
	bool grid = surface && surface->rows > 0;

	if (asprintf(&path, "%s/%s.%s.npy", folder, name, what) < 0)
		return error_set(err, -ENOMEM, "%s: out of memory", folder);
	int result = npy_create(npy, path, type,
	    grid      ? surface->rows
	    : surface ? surface->n_cells
	              : 0,
	    grid ? surface->cols : 0, err);
	free(path);
	return result;
}

static int open_arrays(struct arrays *arrays, const struct recording_reader *reader, size_t index,
    const char *folder, struct error *err)
{
	const struct surface *surface = recording_surface(reader, index);
	enum npy_type type = recording_is_u16(reader, index) ? NPY_U16 : NPY_F32;
	char name[SURFACE_NAME_SIZE + 16];

	name_of(surface, index, name, sizeof(name));
	int result = open_array(&arrays->counts, folder, name, "counts", type, surface, err);
	if (result == 0)
		result = open_array(&arrays->mono, folder, name, "mono_ns", NPY_I64, NULL, err);
	if (result == 0)
		result = open_array(&arrays->real, folder, name, "real_ns", NPY_I64, NULL, err);
	return result;
}

static int add_frame(struct arrays *arrays, const struct frame *frame)
{
	int result = npy_add_counts(arrays->counts, frame->counts);

	if (result == 0)
		result = npy_add_integer(arrays->mono, frame->mono_ns);
	return result == 0 ? npy_add_integer(arrays->real, frame->real_ns) : result;
}

static int close_arrays(struct arrays *arrays, struct error *err)
{
	struct npy *all[] = {arrays->counts, arrays->mono, arrays->real};
	int result = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		int closed = npy_close(all[i], result == 0 ? err : NULL);
		result = result == 0 ? closed : result;
	}
	return result;
}

int record_npy(struct recording_reader *reader, const char *folder, int only,
    void (*damaged)(void *user, const struct error *), void *user, struct error *err)
{
	struct arrays all[RECORDING_SURFACES_MAX] = {0};
	struct frame frame;
	int result = 0, index;

	if (mkdir(folder, 0777) < 0 && errno != EEXIST)
		return error_at(err, -errno, &(struct place){.file = folder}, "cannot be made: %s",
		    strerror(errno));
	for (size_t i = 0; result == 0 && i < recording_n_surfaces(reader); i++)
		if (only < 0 || only == (int)i)
			result = open_arrays(&all[i], reader, i, folder, err);
	while (result == 0) {
		struct error bad = {0};
		int next = recording_next(reader, only, &index, &frame, &bad);
		if (next == -ENODATA)
			break;
		if (next < 0)
			damaged(user, &bad);
		else if (add_frame(&all[index], &frame) < 0)
			break; /* closing says why */
	}
	for (size_t i = 0; i < RECORDING_SURFACES_MAX; i++) {
		int closed = close_arrays(&all[i], result == 0 ? err : NULL);
		result = result == 0 ? closed : result;
	}
	return result;
}
