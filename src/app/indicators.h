/*
 * The indicators that the configuration names: each takes its line, hears what is found on its
 * surfaces, and gives a cue when live/indicator.h says so. One whose chip or line is not there is
 * said once and stays silent; the daemon goes on.
 *
 * A line is off, and given back, at the end and at each reload. When the program is killed the
 * kernel gives the line back by itself; what the pin does then is the chip's business: most become
 * inputs, but Raspberry Pi's own kernels leave it as it was, unless dtparam=strict_gpiod. Taking
 * the line anew switches it off in any case.
 */
#ifndef LUMBAR_APP_INDICATORS_H
#define LUMBAR_APP_INDICATORS_H

#include "app/config.h"
#include "core/event.h"
#include "core/surface.h"
#include "live/indicator.h"

#include <jansson.h>
#include <systemd/sd-event.h>

struct indicators;

/* Takes the lines. config and loop: borrowed until the next reload or the end. NULL: no memory. */
struct indicators *indicators_create(sd_event *loop, const struct config *config);

/* Switches off and gives back all lines. NULL is legal. */
void indicators_destroy(struct indicators *indicators);

/*
 * Takes a new configuration, and tries again what failed. An indicator that keeps its name also
 * keeps in mind its last cue and what it has heard.
 */
void indicators_reload(struct indicators *indicators, const struct config *config);

/* Each second: says whose line has failed in the middle of a cue. */
void indicators_watch(struct indicators *indicators);

/* One event of a surface as it is said: a keeper_listener. Thread: the loop's. */
void indicators_hear(void *indicators, const struct surface *surface, const struct event *event,
    const struct moment *now);

/* For the status file: an array, docs/names.md. */
json_t *indicators_json(const struct indicators *indicators, const struct moment *now);

#endif
