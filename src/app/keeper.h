/*
 * The keeper: what the daemon and a replay share. It owns a pipeline for each surface, puts what
 * they say into the store, anchors the session's clock, and lets the rules over nights judge each
 * night when its noon has passed. Thread: one.
 */
#ifndef LUMBAR_APP_KEEPER_H
#define LUMBAR_APP_KEEPER_H

#include "app/config.h"
#include "base/error.h"
#include "core/event.h"
#include "core/frame.h"
#include "live/indicator.h"
#include "pipeline/pipeline.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct keeper;
struct kept_surface;

/* store: opened by the caller with STORE_OWN, its session begun; borrowed. NULL: out of memory. */
struct keeper *keeper_create(struct store *store, struct error *err);

/* Finishes every surface that is still there, commits, frees. NULL is legal. */
void keeper_destroy(struct keeper *keeper);

/* config: borrowed for the surface's life. NULL with err filled. */
struct kept_surface *keeper_add(
    struct keeper *keeper, const struct surface_config *config, struct error *err);
/* Lets it say what is under way, and frees it. */
void keeper_remove(struct keeper *keeper, struct kept_surface *surface);

/* As pipeline_step() and pipeline_gap(). */
int keeper_step(struct keeper *keeper, struct kept_surface *surface, const struct frame *frame);
void keeper_gap(struct keeper *keeper, struct kept_surface *surface, int64_t mono_ns);

/*
 * "At mono_ns the wall clock said real_ns." Anchors the session at the first call, each hour, when
 * the clock has jumped by more than 2 s (which is said as an event "clock"), and when it is
 * synchronised for the first time. Also judges the night when local noon has passed.
 */
void keeper_clock(struct keeper *keeper, int64_t mono_ns, int64_t real_ns, int32_t utc_offset_s,
    bool synchronised);

/*
 * The moment mono_ns by the anchors. The clock is known from the first time on that it is
 * synchronised: it runs on by itself.
 */
struct moment keeper_moment(const struct keeper *keeper, int64_t mono_ns);

/*
 * Called with each event of a surface as it is said, at the moment of the frame or the gap that
 * made it; not with what a surface says when it ends, nor with findings over nights. All is
 * borrowed until return. NULL: nobody listens.
 */
typedef void keeper_listener(
    void *user, const struct surface *surface, const struct event *event, const struct moment *now);
void keeper_listen(struct keeper *keeper, keeper_listener *listener, void *user);

/* Commits batches when their time has come; tries again what the disk refused. */
void keeper_tick(struct keeper *keeper, int64_t mono_ns);

/*
 * Lets the rules judge the night that ends on `day`, in place of what they said before. When the store
 * refuses, it is tried again as what else waits for it.
 */
void keeper_judge(struct keeper *keeper, int32_t day);

/* The same for the newest night with data that ends on or before `day`: nobody may have run at its noon. */
void keeper_judge_newest(struct keeper *keeper, int32_t day);

/* The end of a replay: every surface says what is under way, and the night that runs is judged. */
void keeper_finish(struct keeper *keeper);

/* The newest event of the surface (rule NULL: none yet), borrowed; and what else a page shows. */
const struct event *kept_last_event(const struct kept_surface *surface);
struct pipeline *kept_pipeline(const struct kept_surface *surface);
const struct surface_config *kept_config(const struct kept_surface *surface);

/* Why the store cannot be written now; code 0: it can. */
const struct error *keeper_store_fault(const struct keeper *keeper);

#endif
