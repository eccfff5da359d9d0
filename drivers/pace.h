/* Waiting, as every driver does it: until something is due, but never past the deadline. */
#ifndef LUMBAR_DRIVERS_PACE_H
#define LUMBAR_DRIVERS_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Sleeps until due_ns (CLOCK_BOOTTIME); false when the deadline comes first, which it then is. */
bool pace_wait(int64_t due_ns, int64_t deadline_ns);

#endif
