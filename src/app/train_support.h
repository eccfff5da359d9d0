/*
 * The scale of the softness index (body/support_scale.h), fitted to simulated bodies: what the
 * logarithm of the gradient is on a middling mattress and what halving the stiffness adds to it.
 */
#ifndef LUMBAR_APP_TRAIN_SUPPORT_H
#define LUMBAR_APP_TRAIN_SUPPORT_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct train_support_scale {
	double middle, halving; /* ln of the gradient per metre: at 70 kPa/m, and what half adds */
};

/*
 * A straight line through n_people, each on four mattresses of 25 to 250 kPa/m and on a mat of 64 x
 * 32 and one of 32 x 16 cells with faults of their own; a few ms a map. The same seed and number give
 * the same scale. 0, -EINVAL for fewer than two people, or -ENOMEM, with err.
 */
int train_support(
    uint64_t seed, size_t n_people, struct train_support_scale *scale, struct error *err);

/* Writes the header. 0 or -errno with err. */
int train_support_write(const struct train_support_scale *scale, uint64_t seed, size_t n_people,
    const char *path, struct error *err);

#endif
