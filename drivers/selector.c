#include "drivers/selector.h"

#include "drivers/lines.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

enum { ADDRESS_LINES_MAX = 6, REGISTER_BITS = 8 };
enum { DATA = 1, CLOCK = 2, LATCH = 4 }; /* places of the shift register's lines, as bits */

static int check_shift(const struct selector_plan *plan, int n_lines, struct error *err)
{
	if (n_lines != 3)
		return error_set(err, -EINVAL, "%d lines; give three: data, clock, latch", n_lines);
	if (*plan->enable)
		return error_set(err, -EINVAL, "shift registers have no enable lines here");
	return 1;
}

int selector_check(const struct selector_plan *plan, struct error *err)
{
	int n_lines = lines_count(plan->lines, err);

	if (n_lines < 0)
		return n_lines;
	if (plan->shift)
		return check_shift(plan, n_lines, err);
	if (n_lines > ADDRESS_LINES_MAX)
		return error_set(
		    err, -EINVAL, "%d address lines; at most %d", n_lines, ADDRESS_LINES_MAX);
	int n_enables = *plan->enable ? lines_count(plan->enable, err) : 0;
	if (n_enables < 0)
		return n_enables;
	int n_inputs = 1 << n_lines, n_muxes = ((int)plan->n + n_inputs - 1) / n_inputs;
	if (n_enables > 0 && n_enables != n_muxes)
		return error_set(err, -EINVAL,
		    "%d address lines are %d inputs: %zu outputs are %d multiplexers, but there "
		    "are %d enable lines",
		    n_lines, n_inputs, plan->n, n_muxes, n_enables);
	return n_muxes;
}

int selector_open(struct selector *selector, const struct selector_plan *plan, struct error *err)
{
	char names[600];
	struct lines_request request = {.chip = plan->chip, .names = names, .output = true};
	int n_muxes = selector_check(plan, err);

	*selector = (struct selector){.shift = plan->shift, .last = SIZE_MAX};
	if (n_muxes < 0)
		return n_muxes;
	selector->n = plan->n;
	selector->n_enables = *plan->enable ? (size_t)n_muxes : 0;
	selector->n_bits = plan->shift
	                       ? (plan->n + REGISTER_BITS - 1) / REGISTER_BITS * REGISTER_BITS
	                       : (size_t)lines_count(plan->lines, err);
	if (!plan->shift) /* every multiplexer off */
		request.initial = ((UINT64_C(1) << selector->n_enables) - 1) << selector->n_bits;
	snprintf(names, sizeof(names), "%s %s", plan->lines, plan->enable);
	return lines_open(&selector->lines, &request, err);
}

void selector_close(struct selector *selector)
{
	lines_close(selector->lines);
	*selector = (struct selector){0};
}

/* Address and enables change in one call. */
static int pick_mux(struct selector *selector, size_t i)
{
	size_t n_inputs = (size_t)1 << selector->n_bits;
	uint64_t enables = (UINT64_C(1) << selector->n_enables) - 1; /* high is off */

	if (selector->n_enables > 0)
		enables &= ~(UINT64_C(1) << i / n_inputs);
	return lines_set(selector->lines, (i % n_inputs) | enables << selector->n_bits);
}

/* n bits of `value` into the chain: its start moves on by n outputs. */
static int shift_in(struct selector *selector, bool value, size_t n)
{
	uint64_t data = value ? DATA : 0;
	int result = 0;

	for (size_t i = 0; i < n && result == 0; i++) {
		result = lines_set(selector->lines, data);
		if (result == 0)
			result = lines_set(selector->lines, data | CLOCK);
	}
	return result;
}

static int show(struct selector *selector)
{
	int result = lines_set(selector->lines, LATCH);
	int fallen = lines_set(selector->lines, 0);

	return result < 0 ? result : fallen;
}

/* The one moves on by itself from output to output; the first one fills the whole chain anew. */
static int pick_shift(struct selector *selector, size_t i)
{
	int result;

	if (i > 0 && selector->last == i - 1) {
		result = shift_in(selector, false, 1);
	} else {
		result = shift_in(selector, false, selector->n_bits - 1 - i);
		if (result == 0)
			result = shift_in(selector, true, 1);
		if (result == 0)
			result = shift_in(selector, false, i);
	}
	return result == 0 ? show(selector) : result;
}

int selector_pick(struct selector *selector, size_t i)
{
	int result = selector->shift ? pick_shift(selector, i) : pick_mux(selector, i);

	selector->last = result == 0 ? i : SIZE_MAX;
	return result;
}
