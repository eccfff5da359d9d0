#include "core/night.h"

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
