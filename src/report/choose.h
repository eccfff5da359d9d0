/* What of a night is shown: at most two things to try, one piece of advice more, three maps. */
#ifndef LUMBAR_REPORT_CHOOSE_H
#define LUMBAR_REPORT_CHOOSE_H

#include "report/night.h"

/* Each fills its members of the report from the events and key frames that are there. */
void choose_tries(struct report_night *report);
void choose_unmeasured(struct report_night *report);
void choose_maps(struct report_night *report);

#endif
