/* An HX711 as its data sheet has it, on the fake lines; time is the machine's. */
#ifndef LUMBAR_TESTS_HX711_FAKE_H
#define LUMBAR_TESTS_HX711_FAKE_H

#include "tests/fakes/lines_fake.h"

struct fake_hx711 {
	const char *data, *clock;
	int64_t period_ns, settle_ns;
	int32_t samples[3]; /* of inputs A128, B32, A64: chosen by 25, 26, 27 pulses */
	bool silent;        /* DOUT stays high */
	bool stuck;         /* DOUT stays low */
	int64_t dawdle_ns;  /* one SCK pulse is made to last so long, once */

	/* its own */
	bool high, asleep;
	int64_t high_ns, ready_ns, settled_ns;
	unsigned pulses; /* since DOUT fell */
	unsigned input;
	uint32_t shift;
};

/* As after power-up. `part` is made to stand for it. */
void fake_hx711_init(struct fake_hx711 *chip, struct fake_part *part);

#endif
