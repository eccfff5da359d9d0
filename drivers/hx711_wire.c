#include "drivers/hx711_wire.h"

#include <errno.h>

int32_t hx711_extend(uint32_t bits)
{
	return (int32_t)(bits ^ 0x800000) - 0x800000;
}

bool hx711_saturated(int32_t raw)
{
	return raw == 0x7fffff || raw == -0x800000;
}

float hx711_counts(int32_t raw, bool invert)
{
	return (float)((invert ? -1 - raw : raw) + 0x800000);
}

/* SCK up and down. The time is taken around both, so that it is never less than SCK was high. */
static int pulse(const struct hx711_wire *wire)
{
	int64_t begun_ns = wire->now_ns(wire->user);
	int result = wire->set_clock(wire->user, true);
	int fallen = wire->set_clock(wire->user, false);

	if (result < 0 || fallen < 0)
		return result < 0 ? result : fallen;
	return wire->now_ns(wire->user) - begun_ns > HX711_HIGH_NS ? -ETIME : 0;
}

static int read_bits(const struct hx711_wire *wire, size_t n_chips, uint32_t *bits)
{
	uint64_t data;

	for (int bit = 0; bit < HX711_BITS; bit++) {
		int result = pulse(wire);
		if (result == 0)
			result = wire->get_data(wire->user, &data);
		if (result < 0)
			return result;
		for (size_t i = 0; i < n_chips; i++)
			bits[i] = bits[i] << 1 | (uint32_t)(data >> i & 1);
	}
	return 0;
}

static int check_end(const struct hx711_wire *wire, size_t n_chips, size_t *chip)
{
	uint64_t data;
	int result = wire->get_data(wire->user, &data);

	if (result < 0)
		return result;
	for (*chip = 0; *chip < n_chips; ++*chip)
		if (!(data >> *chip & 1))
			return -EBADMSG;
	return 0;
}

int hx711_read(
    const struct hx711_wire *wire, size_t n_chips, unsigned n_pulses, int32_t *raw, size_t *chip)
{
	uint32_t bits[HX711_CHIPS_MAX] = {0};
	int result = read_bits(wire, n_chips, bits);

	for (unsigned n = HX711_BITS; result == 0 && n < n_pulses; n++)
		result = pulse(wire);
	if (result == 0)
		result = check_end(wire, n_chips, chip);
	for (size_t i = 0; result == 0 && i < n_chips; i++)
		raw[i] = hx711_extend(bits[i]);
	return result;
}
