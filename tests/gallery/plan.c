#include "player.h"

#include <string.h>

void plan_clear(struct night_plan *plan, int32_t day)
{
	*plan = (struct night_plan){.day = day,
	    .valley_ratio = 0.36f,
	    .breathing_per_min = 14.5f,
	    .pain = -1,
	    .mat = "",
	    .load_ratio = 1,
	    .n_runs = 1,
	    .runs = {{.from = 0, .to = NIGHT_MINUTES, .known_at = 0}}};
	memset(plan->bed, '.', sizeof(plan->bed));
	memset(plan->chair, '.', sizeof(plan->chair));
	for (int i = 0; i < NIGHT_MINUTES; i++)
		plan->moving_s[i] = (i * 7 + day) % 9 == 4 ? 3 : 0;
}

void plan_lie(struct night_plan *plan, int from, int to, const char *postures)
{
	int n = (int)strlen(postures);

	for (int minute = from; minute < to; minute++) {
		plan->bed[minute] = postures[(minute - from) * n / (to - from)];
		plan->shift[minute] = minute > from && plan->bed[minute - 1] != plan->bed[minute];
	}
}

void plan_bed(struct night_plan *plan, int from, int to, char letter)
{
	memset(plan->bed + from, letter, (size_t)(to - from));
	memset(plan->shift + from, 0, (size_t)(to - from) * sizeof(plan->shift[0]));
}

void plan_chair(struct night_plan *plan, int from, int to, char letter)
{
	memset(plan->chair + from, letter, (size_t)(to - from));
}

void plan_awake(struct night_plan *plan, int from, int to)
{
	for (int minute = from; minute < to; minute++)
		plan->moving_s[minute] = (unsigned char)(9 + minute * 5 % 13);
}

void plan_gap(struct night_plan *plan, int from, int to)
{
	plan_bed(plan, from, to, ' ');
	plan_chair(plan, from, to, ' ');
}
