#include "base/ring.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/*
 * A mutex, not atomics: "the oldest goes" makes the producer move the consumer's end, and at
 * tens of frames a second an uncontended lock costs nothing that can be measured.
 */
struct ring {
	pthread_mutex_t lock;
	size_t n_slots, slot_size;
	size_t first, count;
	uint64_t dropped;
	unsigned char *slots;
};

struct ring *ring_create(size_t n_slots, size_t slot_size)
{
	struct ring *ring = calloc(1, sizeof(*ring));

	if (!ring)
		return NULL;
	ring->n_slots = n_slots;
	ring->slot_size = slot_size;
	ring->slots = calloc(n_slots, slot_size);
	if (!ring->slots) {
		free(ring);
		return NULL;
	}
	pthread_mutex_init(&ring->lock, NULL);
	return ring;
}

void ring_destroy(struct ring *ring)
{
	if (!ring)
		return;
	pthread_mutex_destroy(&ring->lock);
	free(ring->slots);
	free(ring);
}

bool ring_push(struct ring *ring, const void *slot)
{
	pthread_mutex_lock(&ring->lock);
	bool full = ring->count == ring->n_slots;
	if (full) {
		ring->first = (ring->first + 1) % ring->n_slots;
		ring->count--;
		ring->dropped++;
	}
	size_t at = (ring->first + ring->count) % ring->n_slots;
	memcpy(ring->slots + at * ring->slot_size, slot, ring->slot_size);
	ring->count++;
	pthread_mutex_unlock(&ring->lock);
	return !full;
}

bool ring_is_full(struct ring *ring)
{
	pthread_mutex_lock(&ring->lock);
	bool full = ring->count == ring->n_slots;
	pthread_mutex_unlock(&ring->lock);
	return full;
}

bool ring_pop(struct ring *ring, void *slot)
{
	pthread_mutex_lock(&ring->lock);
	bool any = ring->count > 0;
	if (any) {
		memcpy(slot, ring->slots + ring->first * ring->slot_size, ring->slot_size);
		ring->first = (ring->first + 1) % ring->n_slots;
		ring->count--;
	}
	pthread_mutex_unlock(&ring->lock);
	return any;
}

uint64_t ring_dropped(struct ring *ring)
{
	pthread_mutex_lock(&ring->lock);
	uint64_t dropped = ring->dropped;
	pthread_mutex_unlock(&ring->lock);
	return dropped;
}
