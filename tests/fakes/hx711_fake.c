#include "tests/fakes/hx711_fake.h"

#include "base/clock.h"
#include "drivers/pace.h"

#include <string.h>

enum { UNSETTLED = 12345 }; /* what a chip reads while it settles */

static void power_up(struct fake_hx711 *chip, int64_t now_ns)
{
	chip->asleep = false;
	chip->pulses = chip->input = 0;
	chip->ready_ns = now_ns + chip->period_ns;
	chip->settled_ns = now_ns + chip->settle_ns;
}

static bool is_ready(const struct fake_hx711 *chip)
{
	return !chip->asleep && !chip->silent && clock_mono_ns() >= chip->ready_ns;
}

static void rise(struct fake_hx711 *chip)
{
	chip->high_ns = clock_mono_ns();
	if (chip->pulses == 0 && is_ready(chip)) {
		int64_t begun_ns = chip->high_ns - chip->period_ns; /* it converted until then */
		chip->shift = begun_ns < chip->settled_ns ? UNSETTLED
		                                          : (uint32_t)chip->samples[chip->input];
	} else if (chip->pulses == 0) {
		return;
	}
	if (++chip->pulses >= 25)
		chip->ready_ns = chip->high_ns + chip->period_ns;
}

/* The last of 25 to 27 pulses is long past: it has chosen the input of the next sample. */
static void next_sample(struct fake_hx711 *chip)
{
	unsigned input = chip->pulses - 25;

	if (input != chip->input)
		chip->settled_ns = chip->high_ns + chip->settle_ns;
	chip->input = input;
	chip->pulses = 0;
}

static void set(void *user, const char *line, bool high)
{
	struct fake_hx711 *chip = user;

	if (strcmp(line, chip->clock) != 0 || chip->high == high)
		return;
	chip->high = high;
	if (high) {
		rise(chip);
		if (chip->dawdle_ns) {
			int64_t until_ns = clock_mono_ns() + chip->dawdle_ns;
			chip->dawdle_ns = 0;
			pace_wait(until_ns, until_ns);
		}
		return;
	}
	if (clock_mono_ns() - chip->high_ns > 60 * NS_PER_US)
		power_up(chip, clock_mono_ns());
}

static bool dout(struct fake_hx711 *chip)
{
	if (chip->silent || chip->stuck)
		return chip->silent;
	if (chip->high && clock_mono_ns() - chip->high_ns > 60 * NS_PER_US)
		chip->asleep = true;
	if (chip->asleep)
		return true;
	if (chip->pulses >= 25 && is_ready(chip))
		next_sample(chip);
	if (chip->pulses == 0)
		return !is_ready(chip);
	return chip->pulses > 24 || (chip->shift >> (24 - chip->pulses) & 1);
}

static bool get(void *user, const char *line, bool *high)
{
	struct fake_hx711 *chip = user;

	if (strcmp(line, chip->data) != 0)
		return false;
	*high = dout(chip);
	return true;
}

void fake_hx711_init(struct fake_hx711 *chip, struct fake_part *part)
{
	part->user = chip;
	part->set = set;
	part->get = get;
	power_up(chip, clock_mono_ns());
}
