#include "app/eval_vitals_trace.h"

#include "app/frames_source.h"
#include "base/clock.h"
#include "body/movement.h"
#include "body/vitals.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define READINGS_AT_ONCE 256

static int add_reading(struct trace *trace, const struct trace_reading *reading)
{
	if (trace->n == trace->capacity) {
		size_t wider = trace->capacity + READINGS_AT_ONCE;
		struct trace_reading *readings = realloc(
		    trace->readings, wider * sizeof(*readings));
		if (!readings)
			return -ENOMEM;
		trace->readings = readings;
		trace->capacity = wider;
	}
	trace->readings[trace->n++] = *reading;
	return 0;
}

struct reader {
	struct frames_source *source;
	const struct surface *surface;
	struct movement *movement;
	struct vitals *vitals;
	float *cells;
	int64_t first_ns; /* 0: no frame yet */
};

static void reader_finish(struct reader *reader)
{
	free(reader->cells);
	vitals_destroy(reader->vitals);
	movement_destroy(reader->movement);
	frames_source_close(reader->source);
}

static int reader_init(
    struct reader *reader, const char *path, const struct surface *surface, struct error *err)
{
	int result = frames_source_open(&reader->source, path, surface, err);

	if (result < 0)
		return result;
	reader->surface = frames_source_surface(reader->source);
	reader->vitals = vitals_create(reader->surface, err);
	reader->movement = movement_create(reader->surface);
	reader->cells = calloc(reader->surface->n_cells, sizeof(float));
	if (reader->vitals && reader->movement && reader->cells)
		return 0;
	return error_set(err, -ENOMEM, "%s: out of memory", path);
}

/* One frame as percent of full scale; true when it completed a reading. */
static bool step(struct reader *reader, const struct frame *frame, struct vitals_reading *out)
{
	struct image image = {
	    .surface = reader->surface,
	    .mono_ns = frame->mono_ns,
	    .unit = PRESSURE_RELATIVE,
	    .health_ratio = 1,
	    .cells = reader->cells,
	};
	struct movement_reading moved;
	float percent_per_count = 100 / reader->surface->full_scale_counts;

	for (size_t i = 0; i < reader->surface->n_cells; i++)
		image.cells[i] = fmaxf(0, frame->counts[i] * percent_per_count);
	movement_step(reader->movement, &image, true, POSTURE_UNKNOWN, &moved);
	return vitals_step(reader->vitals, &image, true, moved.moving, out);
}

/* The time of a text file's first line, whether or not that line could be read. */
static int64_t start_of(const struct reader *reader, const struct frame *frame)
{
	return frames_source_line(reader->source) ? FRAMES_SOURCE_START_NS : frame->mono_ns;
}

static int read_frames(struct trace *trace, struct reader *reader)
{
	for (;;) {
		struct frame frame;
		struct vitals_reading out;
		struct error err = {0};
		int result = frames_source_read(reader->source, &frame, &err);
		if (result == -ENODATA)
			return 0;
		trace->n_frames++;
		if (result < 0) {
			if (trace->n_bad_frames++ == 0)
				trace->first_bad = err;
			continue;
		}
		if (reader->first_ns == 0)
			reader->first_ns = start_of(reader, &frame);
		if (!step(reader, &frame, &out))
			continue;
		struct trace_reading reading = {
		    .t_s = (double)(frame.mono_ns - reader->first_ns) / (double)NS_PER_S,
		    .per_min = {out.heart_per_min, out.breathing_per_min},
		};
		if (add_reading(trace, &reading) < 0)
			return -ENOMEM;
	}
}

int trace_read(
    struct trace *trace, const char *path, const struct surface *surface, struct error *err)
{
	struct reader reader = {0};
	int result = reader_init(&reader, path, surface, err);

	if (result >= 0 && read_frames(trace, &reader) < 0)
		result = error_set(err, -ENOMEM, "%s: out of memory", path);
	reader_finish(&reader);
	if (result >= 0 && trace->n_bad_frames == trace->n_frames) {
		*err = trace->first_bad;
		return err->code;
	}
	return result;
}

void trace_finish(struct trace *trace)
{
	free(trace->readings);
	*trace = (struct trace){0};
}
