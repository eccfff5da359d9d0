#include "live/pattern.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int add_time(
    struct pattern *pattern, double ms, const struct place *where, struct error *err)
{
	if (pattern->n_times == PATTERN_TIMES_MAX)
		return error_at(err, -ERANGE, where, "more than %d times", PATTERN_TIMES_MAX);
	if (!(ms >= PATTERN_LEAST_MS && ms <= PATTERN_MOST_MS))
		return error_at(err, -ERANGE, where, "a time is out of range; give %d to %d ms",
		    PATTERN_LEAST_MS, PATTERN_MOST_MS);
	pattern->ms[pattern->n_times++] = (int)ms;
	return 0;
}

static int total_ms(const struct pattern *pattern)
{
	int sum = 0;

	for (size_t i = 0; i < pattern->n_times; i++)
		sum += pattern->ms[i];
	return sum;
}

int pattern_parse(
    const char *text, const struct place *where, struct pattern *pattern, struct error *err)
{
	int result = 0;

	*pattern = (struct pattern){0};
	if (!text[0] || strcmp(text, "none") == 0)
		return 0;
	for (const char *at = text; result == 0 && *at;) {
		char *end;
		double ms = strtod(at, &end);
		if (end == at || (*end && *end != ' '))
			return error_at(err, -EINVAL, where,
			    "not understood; give ms on, ms off, ms on, as 200 200 200, or none");
		result = add_time(pattern, ms, where, err);
		at = end + strspn(end, " ");
	}
	if (result < 0)
		return result;
	if (pattern->n_times % 2 == 0)
		return error_at(err, -EINVAL, where,
		    "ends with a time off; give an odd number of times, on first and last");
	if (total_ms(pattern) > PATTERN_TOTAL_MS)
		return error_at(err, -ERANGE, where, "lasts %d ms; at most %d ms are a gentle cue",
		    total_ms(pattern), PATTERN_TOTAL_MS);
	return 0;
}

const char *pattern_text(const struct pattern *pattern, char text[static PATTERN_TEXT_SIZE])
{
	size_t used = 0;

	snprintf(text, PATTERN_TEXT_SIZE, "none");
	for (size_t i = 0; i < pattern->n_times; i++)
		used += (size_t)snprintf(
		    text + used, PATTERN_TEXT_SIZE - used, "%s%d", i ? " " : "", pattern->ms[i]);
	return text;
}
