/*
 * The line that a cue is played on: a GPIO line, and the timer of the event loop that turns its
 * pattern. Nothing sleeps, and no thread is begun.
 */
#ifndef LUMBAR_APP_CUE_LINE_H
#define LUMBAR_APP_CUE_LINE_H

#include "base/error.h"
#include "drivers/lines.h"
#include "live/cue.h"
#include "live/indicator.h"

#include <systemd/sd-event.h>

struct cue_line {
	struct lines *lines; /* NULL: not open */
	struct cue cue;
	sd_event_source *timer;
	struct error fault; /* of the line while a cue was played; code 0: none */
};

/*
 * Takes the line, and switches it off. It must be closed, zero-initialised or closed before, and
 * stay in its place while it is open. loop: borrowed until it is closed. 0, or -errno with err
 * filled. Thread: the loop's.
 */
int cue_line_open(struct cue_line *line, sd_event *loop, const struct indicator_config *config,
    struct error *err);

/* Begins a cue. A line that fails, now or in the middle, is given back, and line->fault says why. */
void cue_line_play(struct cue_line *line, const struct pattern *pattern);

/* Switches off, gives the line back, and forgets the fault. One that is not open is legal. */
void cue_line_close(struct cue_line *line);

#endif
