#include "tests/fakes/lines_fake.h"

#include "base/clock.h"
#include "drivers/lines_common.h"
#include "drivers/pace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct lines {
	struct line_names names;
	bool output, active_low;
	uint64_t seen; /* inputs with events: the levels that were reported */
};

static const struct fake_part *plugged;
static int failure;
static bool losing;

void fake_lines_plug(const struct fake_part *parts)
{
	plugged = parts;
}

void fake_lines_fail(int code)
{
	failure = code;
}

void fake_lines_lose_edges(bool lose)
{
	losing = lose;
}

int lines_open(struct lines **out, const struct lines_request *request, struct error *err)
{
	struct lines *lines = calloc(1, sizeof(*lines));
	int result = lines ? line_names_parse(&lines->names, request->names, err) : -ENOMEM;

	*out = NULL;
	if (result == 0 && strcmp(request->chip, "fake") != 0)
		result = lines_no_chip_error(err, request->chip, "fake", false);
	if (result < 0) {
		free(lines);
		return result;
	}
	lines->output = request->output;
	lines->active_low = request->active_low;
	*out = lines;
	return request->output ? lines_set(lines, request->initial)
	                       : lines_get(lines, &lines->seen);
}

void lines_close(struct lines *lines)
{
	free(lines);
}

const char *lines_name(const struct lines *lines, size_t i)
{
	return lines->names.names[i];
}

int lines_set(struct lines *lines, uint64_t values)
{
	for (size_t i = 0; i < lines->names.n; i++)
		for (const struct fake_part *part = plugged; part; part = part->next)
			part->set(part->user, lines->names.names[i],
			    (values >> i & 1) != lines->active_low);
	return failure;
}

int lines_get(struct lines *lines, uint64_t *values)
{
	*values = 0;
	for (size_t i = 0; i < lines->names.n; i++) {
		bool high = true; /* an open line is pulled up */
		for (const struct fake_part *part = plugged; part; part = part->next)
			if (part->get(part->user, lines->names.names[i], &high))
				break;
		*values |= (uint64_t)(high != lines->active_low) << i;
	}
	return failure;
}

int lines_wait(struct lines *lines, int64_t deadline_ns, struct lines_event *event)
{
	uint64_t values;

	for (;;) {
		int64_t now_ns = clock_mono_ns();
		int result = lines_get(lines, &values);
		if (result < 0)
			return result;
		for (size_t i = 0; i < lines->names.n; i++) {
			if (losing || !((values ^ lines->seen) >> i & 1))
				continue;
			lines->seen ^= UINT64_C(1) << i;
			*event = (struct lines_event){i, values >> i & 1, now_ns};
			return 0;
		}
		if (!pace_wait(now_ns + NS_PER_MS, deadline_ns))
			return -ETIMEDOUT;
	}
}
