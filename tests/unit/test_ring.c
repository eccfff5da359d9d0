/* The ring: order is kept, the oldest goes when it is full, and two threads may use it at once. */
#include "support.h"

#include "base/ring.h"

#include <pthread.h>
#include <sched.h>

static void first_in_first_out(void **state)
{
	struct ring *ring = ring_create(4, sizeof(int));
	int value = -1;

	(void)state;
	assert_false(ring_pop(ring, &value));
	assert_int_equal(value, -1);
	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 3; i++)
			assert_true(ring_push(ring, &(int){3 * round + i}));
		for (int i = 0; i < 3; i++) {
			assert_true(ring_pop(ring, &value));
			assert_int_equal(value, 3 * round + i);
		}
	}
	assert_int_equal(ring_dropped(ring), 0);
	ring_destroy(ring);
}

static void the_oldest_goes(void **state)
{
	struct ring *ring = ring_create(4, sizeof(int));
	int value;

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(ring_push(ring, &i), i < 4);
	assert_int_equal(ring_dropped(ring), 6);
	for (int i = 6; i < 10; i++) {
		assert_true(ring_pop(ring, &value));
		assert_int_equal(value, i);
	}
	assert_false(ring_pop(ring, &value));
	ring_destroy(ring);
	ring_destroy(NULL);
}

/* A slot as wide as a frame, each word of it the same number: a torn copy would show. */
#define SLOT_WORDS 512
#define N_PUSHED   20000

static void *produce(void *user)
{
	static uint64_t slot[SLOT_WORDS];

	for (uint64_t i = 1; i <= N_PUSHED; i++) {
		for (size_t w = 0; w < SLOT_WORDS; w++)
			slot[w] = i;
		ring_push(user, slot);
	}
	return NULL;
}

static void two_threads_lose_nothing_uncounted(void **state)
{
	struct ring *ring = ring_create(8, SLOT_WORDS * sizeof(uint64_t));
	uint64_t slot[SLOT_WORDS] = {0};
	uint64_t last = 0, got = 0;
	pthread_t producer;

	(void)state;
	assert_int_equal(pthread_create(&producer, NULL, produce, ring), 0);
	while (last < N_PUSHED) {
		if (!ring_pop(ring, slot)) {
			sched_yield();
			continue;
		}
		for (size_t w = 1; w < SLOT_WORDS; w++)
			if (slot[w] != slot[0])
				fail_msg("slot %ju is torn", (uintmax_t)slot[0]);
		assert_true(slot[0] > last);
		last = slot[0];
		got++;
	}
	pthread_join(producer, NULL);
	assert_int_equal(got + ring_dropped(ring), N_PUSHED);
	ring_destroy(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(first_in_first_out),
	    cmocka_unit_test(the_oldest_goes),
	    cmocka_unit_test(two_threads_lose_nothing_uncounted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
