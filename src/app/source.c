#include "app/source.h"

#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const int64_t silent_ns = 15 * NS_PER_S;
static const double silent_periods = 3;

int source_read(
    struct device *device, int64_t deadline_ns, struct frame *frame, struct source_fault *fault)
{
	char before[sizeof(fault->own)];
	char *now = device->stats.fault;

	memcpy(before, now, sizeof(before));
	now[0] = '\0';
	int result = device->driver->read(device, deadline_ns, frame);
	fault->fresh = now[0] != '\0';
	if (result == 0)
		fault->own[0] = '\0';
	else if (fault->fresh)
		memcpy(fault->own, now, sizeof(fault->own));
	if (!fault->fresh)
		memcpy(now, before, sizeof(before));
	return result;
}

void source_date(struct frame *frame)
{
	frame->real_ns = clock_real_ns() - (clock_mono_ns() - frame->mono_ns);
	frame->utc_offset_s = clock_utc_offset_s(frame->real_ns);
	frame->flags |= clock_synchronised() ? FRAME_CLOCK_SYNCED : 0;
}

bool source_is_passing(int result)
{
	return result == -ETIMEDOUT || result == -EBADMSG || result == -ERANGE;
}

int64_t source_silent_ns(const struct surface *surface)
{
	return silent_ns + (int64_t)(silent_periods / (double)surface->rate_hz * 1e9);
}

void source_word(const struct source_fault *fault, const struct driver_stats *s, const char *what,
    int result, char text[static SOURCE_FAULT_SIZE])
{
	const char *own = fault->fresh || source_is_passing(result) ? fault->own : "";
	const char *colon = own[0] ? ": " : "";

	if (s->timeouts + s->integrity_errors + s->exceptions + s->content_errors == 0)
		snprintf(
		    text, SOURCE_FAULT_SIZE, "%s%s%s: %s", what, colon, own, strerror(-result));
	else
		snprintf(text, SOURCE_FAULT_SIZE,
		    "%s%s%s (%s; so far %" PRIu64 " timeouts, %" PRIu64 " damaged, %" PRIu64
		    " refused, %" PRIu64 " impossible)",
		    what, colon, own, strerror(-result), s->timeouts, s->integrity_errors,
		    s->exceptions, s->content_errors);
}

void source_word_silence(const struct source_fault *fault, const struct device *device, int result,
    char text[static SOURCE_FAULT_SIZE])
{
	char what[48];

	snprintf(what, sizeof(what), "no good frame for %.0f s",
	    (double)source_silent_ns(device->surface) / (double)NS_PER_S);
	source_word(fault, &device->stats, what, result, text);
}
