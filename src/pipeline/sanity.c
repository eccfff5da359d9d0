#include "pipeline/sanity.h"

#include <string.h>

static bool all_zero(const struct frame *frame)
{
	for (size_t i = 0; i < frame->n_cells; i++)
		if (frame->counts[i] != 0)
			return false;
	return true;
}

enum technical sanity_step(struct sanity *sanity, const struct frame *frame)
{
	size_t size = frame->n_cells * sizeof(float);

	if (!sanity->any || memcmp(sanity->previous, frame->counts, size) != 0) {
		memcpy(sanity->previous, frame->counts, size);
		sanity->any = true;
		sanity->since_ns = frame->mono_ns;
		sanity->zeros = all_zero(frame);
		return TECHNICAL_NONE;
	}
	if (frame->mono_ns - sanity->since_ns <= sanity->frozen_ns)
		return TECHNICAL_NONE;
	if (!sanity->zeros)
		return TECHNICAL_FROZEN;
	return sanity->zeros_are_empty ? TECHNICAL_NONE : TECHNICAL_ZEROS;
}

void sanity_reset(struct sanity *sanity)
{
	sanity->any = false;
}
