/* The rules over nights, asked about one night with the facts of those before it. */
#ifndef LUMBAR_APP_JUDGE_H
#define LUMBAR_APP_JUDGE_H

#include "app/config.h"
#include "base/error.h"
#include "core/event.h"
#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Commits, forgets what was said of that night before, and lets each enabled rule judge it. Its
 * limits are those of the first surface that it is made for. A night without data is not judged, but
 * for the pain that was entered on its morning.
 * 0 or -errno with err filled.
 */
int judge_night(struct store *store, int32_t day, const struct surface_config *const *configs,
    size_t n_configs, event_sink *sink, void *user, struct error *err);

#endif
