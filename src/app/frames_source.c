#include "app/frames_source.h"

#include "recording/frames_text.h"
#include "recording/recording.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct frames_source {
	struct surface surface;
	struct frames_text *text; /* or ... */
	struct recording_reader *recording;
	int recorded_index;
	uint32_t sequence;
	float *counts; /* of text */
};

/* The recorded surface of the wanted name, else the first of the wanted kind, else -ENOENT. */
static int find_recorded(const struct recording_reader *reader, const struct surface *wanted)
{
	int of_kind = -ENOENT;

	for (size_t i = 0; i < recording_n_surfaces(reader); i++) {
		const struct surface *surface = recording_surface(reader, i);
		if (wanted->name[0] && strcmp(surface->name, wanted->name) == 0)
			return (int)i;
		if (of_kind < 0 && surface->kind == wanted->kind)
			of_kind = (int)i;
	}
	return of_kind;
}

static int open_recording(
    struct frames_source *source, const char *path, const struct surface *wanted, struct error *err)
{
	int result = recording_open(&source->recording, path, err);

	if (result < 0)
		return result;
	source->recorded_index = find_recorded(source->recording, wanted);
	if (source->recorded_index < 0)
		return error_set(err, -ENOENT, "%s: holds no %s; try another --surface", path,
		    wanted->name[0] ? wanted->name : surface_kind_name(wanted->kind));
	source->surface = *recording_surface(source->recording, (size_t)source->recorded_index);
	return 0;
}

static int open_text(struct frames_source *source, const char *path, const struct surface *surface,
    struct error *err)
{
	source->surface = *surface;
	source->counts = calloc(surface->n_cells, sizeof(float));
	if (!source->counts)
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	return frames_text_open(
	    &source->text, path, surface->n_cells, surface->full_scale_counts, err);
}

int frames_source_open(struct frames_source **source, const char *path,
    const struct surface *surface, struct error *err)
{
	*source = calloc(1, sizeof(**source));
	if (!*source)
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	int result = recording_is(path) ? open_recording(*source, path, surface, err)
	                                : open_text(*source, path, surface, err);
	if (result < 0) {
		frames_source_close(*source);
		*source = NULL;
	}
	return result;
}

void frames_source_close(struct frames_source *source)
{
	if (!source)
		return;
	if (source->text)
		frames_text_close(source->text);
	recording_close_reader(source->recording);
	free(source->counts);
	free(source);
}

const struct surface *frames_source_surface(const struct frames_source *source)
{
	return &source->surface;
}

const char *frames_source_calibration(const struct frames_source *source)
{
	return source->recording
	           ? recording_calibration(source->recording, (size_t)source->recorded_index)
	           : NULL;
}

static int read_text(struct frames_source *source, struct frame *frame, struct error *err)
{
	int result = frames_text_read(source->text, source->counts, err);
	double t_s = source->sequence / (double)source->surface.rate_hz;

	if (result == -ENODATA)
		return result;
	*frame = (struct frame){
	    .mono_ns = FRAMES_SOURCE_START_NS + llround(t_s * 1e9),
	    .sequence = source->sequence++,
	    .n_cells = source->surface.n_cells,
	    .counts = source->counts,
	};
	return result;
}

int frames_source_read(struct frames_source *source, struct frame *frame, struct error *err)
{
	int index;

	if (source->text)
		return read_text(source, frame, err);
	return recording_next(source->recording, source->recorded_index, &index, frame, err);
}

size_t frames_source_line(const struct frames_source *source)
{
	return source->text ? frames_text_line(source->text) : 0;
}

size_t frames_source_clamped(const struct frames_source *source)
{
	return source->text ? frames_text_clamped(source->text) : 0;
}
