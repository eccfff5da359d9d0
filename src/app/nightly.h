/*
 * The reports that lumbar-report.timer makes: of each night that has none, or whose report would say
 * something else by now; old ones are removed (docs/decisions/0010).
 */
#ifndef LUMBAR_APP_NIGHTLY_H
#define LUMBAR_APP_NIGHTLY_H

#include "app/config.h"
#include "base/error.h"
#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

/* How many nights. */
struct nightly_tally {
	size_t written, unchanged, removed;
	size_t refused; /* a file that is not ours has the name of theirs; each is logged */
	bool running;   /* the night that still runs has no report yet: it is not from_s yet */
};

/*
 * Brings the folder up to date. now_ns, utc_offset_s: the time here. In the morning, when it runs
 * often, only the last NIGHTLY_RECENT nights and those without a report are looked at.
 * 0 (nothing recorded yet too), or -errno with err filled; what was written until then stays.
 */
#define NIGHTLY_RECENT 7
int nightly_run(struct store *store, const struct report_config *config, int64_t now_ns,
    int32_t utc_offset_s, struct nightly_tally *tally, struct error *err);

#endif
