/*
 * The body model: images in, observations out. One per surface; it asks the small modules of this
 * room (contact, occupancy, posture, support, movement, vitals, seat) in turn and keeps their
 * states. After create() nothing allocates.
 */
#ifndef LUMBAR_BODY_BODY_H
#define LUMBAR_BODY_BODY_H

#include "base/error.h"
#include "base/options.h"
#include "core/image.h"
#include "core/observation.h"
#include "core/wave.h"

struct body;

/* Settings of the body model, the same rows in lumbard.conf and on the command line. */
extern const struct option_spec body_options[];

/*
 * options: set from body_options, borrowed until return. surface: borrowed for the body's life.
 * NULL with err filled: out of memory, a model file that cannot be read.
 * Thread: main (plans of FFTW are made here).
 */
struct body *body_create(
    const struct surface *surface, const struct options *options, struct error *err);
void body_destroy(struct body *body); /* NULL is legal */

/* After a gap: windows and trackers start anew; what is known of the person (baseline) stays. */
void body_reset(struct body *body);

/*
 * Reads one image. `out` is filled whole (observation_clear first); dt_s is 0 after a reset.
 * Thread: one at a time.
 */
void body_step(struct body *body, const struct image *image, struct observation *out);

/* As vitals_wave(): what the last step made known. False: nothing, or a surface without breathing. */
bool body_breathing(struct body *body, struct wave *wave);

#endif
