#include "app/record_live.h"

#include "app/live_frames.h"
#include "recording/recording.h"

#include <stddef.h>

struct recording_job {
	const struct record_plan *plan;
	struct record_result *done;
	struct recording_writer *writer;
	int64_t first_ns;
};

/* The file is made when there is something to write: a source that cannot be opened leaves none. */
static int begin(struct recording_job *job, const struct frame *frame, struct error *err)
{
	const struct record_plan *plan = job->plan;

	job->first_ns = frame->mono_ns;
	int result = recording_create(&job->writer, plan->path, plan->replace, plan->notes, err);
	return result == 0 ? recording_add_surface(job->writer, plan->surface, err) : result;
}

static int take(void *user, const struct frame *frame, struct error *err)
{
	struct recording_job *job = user;
	int result = job->writer ? 0 : begin(job, frame, err);

	if (result < 0)
		return result;
	int64_t length_ns = frame->mono_ns - job->first_ns;
	if (job->plan->seconds > 0 && (double)length_ns / 1e9 >= job->plan->seconds)
		return 0;
	result = recording_write(job->writer, 0, frame, err);
	if (result < 0)
		return result;
	job->done->frames++;
	job->done->length_ns = length_ns;
	return 1;
}

int record_live(const struct record_plan *plan, struct record_result *done, struct error *err)
{
	struct recording_job job = {.plan = plan, .done = done};
	struct live_frames live = {.driver = plan->driver,
	    .options = plan->options,
	    .surface = plan->surface,
	    .take = take,
	    .user = &job};

	*done = (struct record_result){0};
	int result = live_frames_read(&live, err);
	done->stats = live.stats;
	if (!job.writer)
		return result;
	int closed = recording_close_writer(job.writer, result < 0 ? NULL : err);
	return result < 0 ? result : closed;
}
