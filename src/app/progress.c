#include "app/progress.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const int64_t redraw_ns = 100 * NS_PER_MS;
enum { WIDTH = 40 };

void progress_begin(struct progress *progress, bool wanted)
{
	*progress = (struct progress){
	    .shown = wanted || isatty(STDERR_FILENO),
	    .begin_ns = clock_mono_ns(),
	};
}

double progress_seconds(const struct progress *progress)
{
	return (double)(clock_mono_ns() - progress->begin_ns) / (double)NS_PER_S;
}

void progress_step(struct progress *progress, double done, uint64_t count, const char *what)
{
	static const char full[] = "########################################";
	static const char none[] = "........................................";

	if (!progress->shown || clock_mono_ns() < progress->next_ns)
		return;
	progress->next_ns = clock_mono_ns() + redraw_ns;
	done = done < 0 ? 0 : done > 1 ? 1 : done;
	int filled = (int)(done * WIDTH);
	double seconds = progress_seconds(progress);
	fprintf(stderr, "\r[%.*s%.*s] %3.0f %%  %.0f %s/s ", filled, full, WIDTH - filled, none,
	    100 * done, seconds > 0 ? (double)count / seconds : 0, what);
	fflush(stderr);
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
