#include "core/night.h"

#include "core/epoch.h"

#include <math.h>

bool night_well_seen(const struct night_facts *night)
{
	return night->dark_observed_s >= 0.5f * night->dark_s;
}

bool night_comparable(const struct night_facts *a, const struct night_facts *b, unsigned eras)
{
	for (int era = 0; era < ERA_COUNT; era++)
		if (eras & 1u << era && a->era_day[era] != b->era_day[era])
			return false;
	return true;
}

size_t night_first_comparable(const struct night_facts *nights, size_t n, unsigned eras)
{
	size_t first = n - 1;

	while (first > 0 && night_comparable(&nights[first - 1], &nights[n - 1], eras))
		first--;
	return first;
}

bool night_until(struct night_facts *night, int64_t now_ns)
{
	if (now_ns < night->start_ns || now_ns >= night->end_ns)
		return false;
	int64_t n_minutes = (night->end_ns - night->start_ns) / EPOCH_NS;
	float later_s = 60.0f * (float)(n_minutes - (now_ns - night->start_ns) / EPOCH_NS);
	night->unknown_s = fmaxf(0.0f, night->unknown_s - later_s);
	night->sleep.unknown_s -= later_s; /* no minute of it is known */
	return true;
}
