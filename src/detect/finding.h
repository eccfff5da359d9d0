/* Small pieces that rules share when they word and raise what they found. */
#ifndef LUMBAR_DETECT_FINDING_H
#define LUMBAR_DETECT_FINDING_H

#include "core/event.h"
#include "core/night.h"
#include "core/observation.h"
#include "detect/detector.h"
#include "detect/lasting.h"

/* Every rule's own row, so that it can name itself. */
#define DETECTOR(name) extern const struct detector detector_##name;
#include "detect/detectors.def"
#undef DETECTOR

/* Under this nothing is raised: "not assessed" (docs/methods.md, section 8). */
#define CONFIDENCE_LEAST 0.5F

/*
 * Puts the rule's names in, and the phrase into plain English, and hands the event on, unless its
 * confidence is too small.
 */
void finding_say(const struct detector *rule, struct event *event, event_sink *sink, void *user);

/* An event about one night; the rule adds level, value, limit, unit and phrase. */
struct event finding_of_night(const struct night_facts *night, float confidence);

/* Somebody sits on the seat: yes, no (empty, an object), or unknown. */
enum holds finding_seated(const struct observation *observation);

/* Somebody is in bed, lying or on its edge. */
enum holds finding_in_bed(const struct observation *observation);

/* For rules over nights, which keep nothing between calls. */
void finding_no_reset(void *state);
void finding_no_finish(void *state, event_sink *sink, void *user);

#endif
