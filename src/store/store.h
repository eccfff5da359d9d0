/*
 * The store: what was found, in one SQLite file (schema.sql). Rows are keyed by session and mono
 * time; real time comes from the session's clock anchors, so a night is dated when the clock is
 * known. Written in one transaction per ~30 s (of frame time), events at once.
 */
#ifndef LUMBAR_STORE_STORE_H
#define LUMBAR_STORE_STORE_H

#include "base/error.h"
#include "calib/calib.h"
#include "core/epoch.h"
#include "core/event.h"
#include "core/image.h"
#include "core/observation.h"
#include "core/surface.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum store_mode {
	STORE_READ,   /* queries only; the file must be there */
	STORE_APPEND, /* a pain entry, a note: beside a running daemon */
	STORE_OWN,    /* the daemon or a replay: one at a time, by a lock file beside it */
};

/*
 * Opens path, making and migrating it when the mode writes. Errors: -ENOENT; -EBUSY (another
 * owner, named by pid); -EPROTO (of a newer version: refused, untouched); -EMEDIUMTYPE (no
 * database, or not Lumbar's: refused, untouched); -EROFS or -EACCES; -ENOSPC. A corrupt database of
 * ours (its mark, its log, its pages or its emptiness tell) is set aside as PATH.corrupt-N in
 * STORE_OWN, said loudly in the log, and a new one is begun.
 * Thread: one, the main one.
 */
int store_open(struct store **store, const char *path, enum store_mode mode, struct error *err);

/* Commits and closes. NULL is legal. Returns the last commit's result. */
int store_close(struct store *store, struct error *err);

/*
 * ---- writing -----------------------------------------------------------------------------
 * 0, or -ENOSPC, -EROFS, -EIO ...; -EUCLEAN: the file was damaged while it was open; close it and
 * open it anew, which sets it aside. What could not be written waits in memory for the next commit; nothing that was
 * committed is ever lost. -EINVAL: a surface that this session did not add.
 */

/*
 * boot_id as of clock_boot_id(), or "replay:NAME" / "sim:SEED". Ends the session before. One that
 * began with the same boot_id and mono_ns (the same recording, again) is emptied and gone over.
 */
int store_begin_session(struct store *store, const char *boot_id, const char *version,
    int64_t mono_ns, struct error *err);
/* The same with one surface of the recording: only the rows of that name are gone over. */
int store_begin_surface_session(struct store *store, const char *boot_id, const char *version,
    int64_t mono_ns, const char *surface, struct error *err);
/* Adds or finds the surface; its id (> 0) is what the others take. */
int store_add_surface(struct store *store, const struct surface *surface, struct error *err);
int store_anchor(struct store *store, int64_t mono_ns, int64_t real_ns, int32_t utc_offset_s,
    bool synchronised, struct error *err);
int store_epoch(struct store *store, int surface_id, const struct epoch *epoch, struct error *err);
int store_event(struct store *store, int surface_id, const struct event *event, struct error *err);
int store_keyframe(struct store *store, int surface_id, const char *reason,
    const struct image *image, const struct observation *observation, struct error *err);
/* Which mat lies there from mono_ns on, by its calibration in force (store/breaks.h). */
int store_mat(struct store *store, int surface_id, int64_t mono_ns,
    const struct calibration *calibration, struct error *err);
/* drift_ratio: of full scale since it was made, NAN: not watched; age_limit_s as configured, NAN. */
int store_calibration(struct store *store, int surface_id, const struct calibration *calibration,
    float drift_ratio, double age_limit_s, struct error *err);
/* That one was made at real_ns; calibration NULL: it failed, the reasons say why. No session. */
int store_calibration_made(struct store *store, const char *surface, int64_t real_ns,
    const struct calibration *calibration, const char *reasons, struct error *err);
/* Replaces what the rules over nights said of that day before. surface_id 0: the person. */
int store_clear_day_events(struct store *store, int32_t day, struct error *err);
/* One entry a day, the last counts. level 0-10. */
int store_pain(struct store *store, int32_t day, int level, int64_t real_ns, struct error *err);

/* What changed on that day, in her words; one a day, "" takes it back. */
#define NOTE_SIZE 120
int store_note(
    struct store *store, int32_t day, const char *text, int64_t real_ns, struct error *err);

/* Lets ~30 s batches be committed when their time has come; the daemon's timer and replay call it. */
int store_tick(struct store *store, int64_t mono_ns, struct error *err);
int store_commit(struct store *store, struct error *err);

#endif
