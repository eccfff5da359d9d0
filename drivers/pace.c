#include "drivers/pace.h"

#include <errno.h>
#include <time.h>

#include "base/clock.h"

bool pace_wait(int64_t due_ns, int64_t deadline_ns)
{
	int64_t until_ns = due_ns < deadline_ns ? due_ns : deadline_ns;
	struct timespec until = {.tv_sec = until_ns / NS_PER_S, .tv_nsec = until_ns % NS_PER_S};

	if (until_ns > clock_mono_ns())
		while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &until, NULL) == EINTR)
			;
	return due_ns <= deadline_ns;
}
