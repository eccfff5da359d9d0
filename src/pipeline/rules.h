/* The rules of one surface: the registered detectors that are made for it, and their states. */
#ifndef LUMBAR_PIPELINE_RULES_H
#define LUMBAR_PIPELINE_RULES_H

#include "base/error.h"
#include "base/options.h"
#include "core/event.h"
#include "core/observation.h"
#include "core/surface.h"

#include <stdbool.h>

struct rules;

/* options, enabled: one per row of detectors[], in order; NULL: fallbacks, all enabled. */
struct rules *rules_create(const struct surface *surface, const struct options *options,
    const bool *enabled, struct error *err);
void rules_destroy(struct rules *rules); /* NULL is legal */

void rules_step(
    struct rules *rules, const struct observation *observation, event_sink *sink, void *user);

/* Lets every rule say what is under way, and then forget it. */
void rules_end(struct rules *rules, event_sink *sink, void *user);

#endif
