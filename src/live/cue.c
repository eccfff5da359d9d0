#include "live/cue.h"

bool cue_playing(const struct cue *cue)
{
	return cue->step < cue->pattern.n_times;
}

static int enter(struct cue *cue)
{
	bool playing = cue_playing(cue);
	int result = cue->output.set(cue->output.user, playing && cue->step % 2 == 0);

	if (result < 0) {
		cue->step = cue->pattern.n_times;
		return result;
	}
	return playing ? cue->pattern.ms[cue->step] : 0;
}

int cue_begin(struct cue *cue, const struct pattern *pattern)
{
	cue->pattern = *pattern;
	cue->step = 0;
	return enter(cue);
}

int cue_next(struct cue *cue)
{
	cue->step += cue_playing(cue);
	return enter(cue);
}
