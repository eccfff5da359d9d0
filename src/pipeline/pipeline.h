/*
 * The way of a frame: sanity -> calibrate -> body -> detectors -> minute epochs, for one surface.
 * No I/O and no clock of its own: what it knows of time is in the frame, so a replay of the same
 * frames gives the same calls of the sink, in the same order. After create() nothing allocates.
 */
#ifndef LUMBAR_PIPELINE_PIPELINE_H
#define LUMBAR_PIPELINE_PIPELINE_H

#include "base/error.h"
#include "base/options.h"
#include "calib/calib.h"
#include "core/epoch.h"
#include "core/event.h"
#include "core/frame.h"
#include "core/observation.h"
#include "core/surface.h"
#include "core/wave.h"

/* A frame worth keeping: the evidence of an event, or one typical map of each hour. */
struct keyframe {
	int64_t mono_ns;
	const char *reason;        /* "event", "hourly", "shift"; static */
	const struct image *image; /* borrowed until return */
	const struct observation *observation;
};

/* Called on the stepping thread; members may be NULL. All arguments are borrowed until return. */
struct pipeline_sink {
	void *user;
	void (*observation)(void *user, const struct observation *);
	void (*event)(void *user, const struct event *);
	void (*epoch)(void *user, const struct epoch *);
	void (*keyframe)(void *user, const struct keyframe *);
};

/* The settings of a surface that the pipeline needs; borrowed until create() returns. */
struct pipeline_config {
	const struct surface *surface;         /* borrowed for the pipeline's life */
	const struct calibration *calibration; /* NULL: relative units */
	const struct options *pipeline;        /* of pipeline_options; NULL: fallbacks */
	const struct options *body;            /* of body_options; NULL: fallbacks */
	const struct options *detectors; /* one per row of detectors[], in order; NULL: fallbacks */
	const bool *detector_enabled;    /* one per row of detectors[]; NULL: all */
};

/* Limits of the sanity check and of epochs: frozen, zeros_are_empty, gap. */
extern const struct option_spec pipeline_options[];

/*
 * 0, or -EINVAL with err when frames of the surface come further apart than `gap` allows, so that
 * nothing would ever be counted. pipeline NULL: fallbacks.
 */
int pipeline_check_gap(
    const struct surface *surface, const struct options *pipeline, struct error *err);

struct pipeline;

/* NULL with err filled. Thread: main. */
struct pipeline *pipeline_create(
    const struct pipeline_config *config, const struct pipeline_sink *sink, struct error *err);
void pipeline_destroy(struct pipeline *pipeline);

/* One frame. 0, or -ERANGE / -ENODATA when it could not be judged (the observation says why). */
int pipeline_step(struct pipeline *pipeline, const struct frame *frame);

/*
 * No frame has come for too long: closes what was under way, says TECHNICAL_NO_DATA. Before the first
 * frame: none has come since mono_ns.
 */
void pipeline_gap(struct pipeline *pipeline, int64_t mono_ns);

/* The end: flushes the epoch under way and lets detectors finish. Once, before destroy. */
void pipeline_finish(struct pipeline *pipeline);

/* The newest observation and image; borrowed. The image's cells are zero before the first. */
const struct observation *pipeline_observation(const struct pipeline *pipeline);
const struct image *pipeline_image(const struct pipeline *pipeline);
struct calib *pipeline_calib(struct pipeline *pipeline);

/*
 * The breathing wave of the last 30 s, when the newest frame made one known: every 5 s while there
 * is a load that lies still. In the image's unit, summed over the cells that take part; its sign is
 * any, and may change from one to the next. Thread: that of pipeline_step().
 */
bool pipeline_breathing(struct pipeline *pipeline, struct wave *wave);

#endif
