/* What all who host a driver share: acquire.c and live_frames.c. */
#ifndef LUMBAR_APP_SOURCE_H
#define LUMBAR_APP_SOURCE_H

#include "core/surface.h"
#include "drivers/driver.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SOURCE_FAULT_SIZE 512 /* as struct error has it */

/* What is wrong since the last good frame; zero-initialised. */
struct source_fault {
	char own[sizeof(((struct driver_stats *)0)->fault)]; /* the driver's own words, "": none */
	bool fresh;                                          /* they are of the last read */
};

/* The driver's read(); keeps fault. Returns what it returned. */
int source_read(
    struct device *device, int64_t deadline_ns, struct frame *frame, struct source_fault *fault);

/* Dates a frame that was read now by this machine's clock: the source has none. */
void source_date(struct frame *frame);

/* A read that failed, after which the next one may succeed: the source stays open. */
bool source_is_passing(int result);

/* Without a good frame for so long a source is given up: 15 s and three periods. */
int64_t source_silent_ns(const struct surface *surface);

/*
 * "what: the driver's own words (strerror; so far 3 timeouts, ...)": a bare errno would not tell
 * silence from a torn cable. Of a failed port only the words of its last read count.
 */
void source_word(const struct source_fault *fault, const struct driver_stats *stats,
    const char *what, int result, char text[static SOURCE_FAULT_SIZE]);

/* The same, of a source that was silent for source_silent_ns(). */
void source_word_silence(const struct source_fault *fault, const struct device *device, int result,
    char text[static SOURCE_FAULT_SIZE]);

#endif
