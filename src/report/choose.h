/* What of a night is shown: at most two things to try, one piece of advice more, three maps. */
#ifndef LUMBAR_REPORT_CHOOSE_H
#define LUMBAR_REPORT_CHOOSE_H

#include "report/night.h"

/*
 * How early a finding is said, 0 first: by its advice, all that is only information after all that
 * is advice. Less than CHOOSE_RANKS.
 */
#define CHOOSE_ADVICES 12 /* ranks that advice takes */
#define CHOOSE_RANKS   (2 * CHOOSE_ADVICES)
size_t choose_rank(const struct stored_event *event);

/* The finding that the verdict names: of the first rank the one furthest from its limit, or NULL. */
const struct stored_event *choose_first(const struct report_night *report);

/* Each fills its members of the report from the events and key frames that are there. */
void choose_tries(struct report_night *report);
void choose_unmeasured(struct report_night *report);
void choose_maps(struct report_night *report);

#endif
