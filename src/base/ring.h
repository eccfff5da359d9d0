/*
 * A ring of equal slots between one producer thread and one consumer thread. When it is full the
 * oldest slot goes, so a late consumer sees the newest frames; what went is counted.
 */
#ifndef LUMBAR_BASE_RING_H
#define LUMBAR_BASE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring;

/* n_slots >= 2 of slot_size bytes each. NULL: out of memory. */
struct ring *ring_create(size_t n_slots, size_t slot_size);
void ring_destroy(struct ring *ring);

/* Copies one slot in. Returns true, or false when the oldest was dropped for it. Producer only. */
bool ring_push(struct ring *ring, const void *slot);

/* The next push would drop a slot. Producer only. */
bool ring_is_full(struct ring *ring);

/* Copies the oldest slot out. Returns false when the ring is empty. Consumer only. */
bool ring_pop(struct ring *ring, void *slot);

/* How many slots went unread so far. Any thread. */
uint64_t ring_dropped(struct ring *ring);

#endif
