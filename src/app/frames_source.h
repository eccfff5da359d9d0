/*
 * Frames of one surface out of a file: frames text or a recording, whichever it is. What the
 * offline commands read.
 */
#ifndef LUMBAR_APP_FRAMES_SOURCE_H
#define LUMBAR_APP_FRAMES_SOURCE_H

#include "base/error.h"
#include "core/frame.h"
#include "core/surface.h"

/* Mono time of the first frame of a text file: a whole minute, and not 0, which means "none". */
#define FRAMES_SOURCE_START_NS (3600LL * 1000000000LL)

struct frames_source;

/*
 * Opens path. `surface` is the geometry of a text file; a recording knows its own: then the
 * recorded surface of that name is taken, or else the first of that kind. Copied; its places are
 * borrowed. Returns 0, or -errno with err filled: as of frames_text_open() and recording_open(),
 * and -ENOENT when the recording has no such surface. Thread: any.
 */
int frames_source_open(struct frames_source **source, const char *path,
    const struct surface *surface, struct error *err);
void frames_source_close(struct frames_source *source); /* NULL is legal */

/* The surface that the frames are of. Borrowed until close. */
const struct surface *frames_source_surface(const struct frames_source *source);

/* The text of the calibration inside a recording, NULL: none. Borrowed until close. */
const char *frames_source_calibration(const struct frames_source *source);

/*
 * The next frame; counts are borrowed until the next call. Text frames are 1 / rate_hz apart,
 * bad ones included, and know no real time. Returns 0; -ENODATA at the end; -EINVAL, -ERANGE or
 * -EBADMSG with err for a frame that cannot be read: call again, the next one follows.
 */
int frames_source_read(struct frames_source *source, struct frame *frame, struct error *err);

/* Cells of a text file that were negative or over full scale and were clamped, so far. */
size_t frames_source_clamped(const struct frames_source *source);

/* The line of the last frame in a text file, 0 for a recording. */
size_t frames_source_line(const struct frames_source *source);

#endif
