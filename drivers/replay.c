/*
 * replay: frames that were kept, at their own speed or as fast as they come.
 *
 * A recording brings its geometry, its clock and the calibration that was in force. Frames text
 * (one frame a line) has none of them: rows, cols, rate and full_scale are options then, and the
 * frames get no wall-clock time.
 *
 * At speed 1 the frames are stamped with the time at which they are given, as live ones are. At
 * speed 0 they keep the recording's own time, so that a night passes in seconds and a replay gives
 * the same rows each time; frames of text then begin at an hour.
 */
#include "base/clock.h"
#include "drivers/driver.h"
#include "drivers/pace.h"
#include "recording/frames_text.h"
#include "recording/recording.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct replay {
	struct recording_reader *recording;
	struct frames_text *text;
	int surface; /* of the recording */
	double speed, rate_hz;
	bool loop;
	uint32_t n_given;
	uint64_t n_this_pass; /* frames read since the file was opened, bad ones too */
	int64_t first_ns;     /* the source's time of the first frame of this pass */
	int64_t last_ns;      /* ... and of the last one */
	int64_t begun_ns;     /* when the first frame of this pass was due: live, or stamped */
	bool begun;           /* this pass has given or holds its first frame */
	bool waiting;         /* a frame was read, but is not due yet */
	struct frame next;
	float *counts; /* of text */
};

static const struct option_spec replay_options[] = {
    {"file", OPTION_TEXT, NULL, 0, 0, "", NULL, "a recording, or frames as text"},
    {"surface", OPTION_TEXT, "", 0, 0, "", NULL,
        "name or number (from 0) of the recording's surface; empty: the only one"},
    {"speed", OPTION_NUMBER, "1", 0, 1000, "", NULL, "1: as it was; 0: as fast as it goes"},
    {"loop", OPTION_BOOL, "no", 0, 0, "", NULL, "begin anew at the end"},
    {"rows", OPTION_INTEGER, "0", 0, 128, "", NULL, "text: rows of the mat"},
    {"cols", OPTION_INTEGER, "0", 0, 128, "", NULL, "text: cells in a row"},
    {"rate", OPTION_NUMBER, "1", 0.01, 1000, "hz", NULL, "text: frames a second"},
    {"full_scale", OPTION_NUMBER, "4095", 1, 1e9, "counts", NULL, "text: largest count"},
    {0},
};

/* The surface that is asked for by name or number, or the only one. Its index or -EINVAL. */
static int choose_surface(
    const struct recording_reader *recording, const struct options *options, struct error *err)
{
	const char *wanted = options_text(options, "surface");
	struct place where = {.file = options_text(options, "file"), .key = "surface"};
	size_t n = recording_n_surfaces(recording);
	char *end;

	if (!*wanted && n == 1)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (strcmp(recording_surface(recording, i)->name, wanted) == 0)
			return (int)i;
	unsigned long number = strtoul(wanted, &end, 10);
	if (*wanted && *end == '\0' && number < n)
		return (int)number;
	where.value = wanted;
	return error_at(err, -EINVAL, &where, "the recording has %zu surfaces, the first is \"%s\"",
	    n, n > 0 ? recording_surface(recording, 0)->name : "");
}

static int copy_places(const struct surface *found, struct surface *surface, struct error *err)
{
	size_t size = found->n_cells * sizeof(*found->places);

	if (!found->places || surface->places)
		return 0;
	struct cell_place *places = malloc(size);
	if (!places)
		return error_set(err, -ENOMEM, "%s: out of memory", found->name);
	memcpy(places, found->places, size);
	surface->places = places;
	return 0;
}

static int describe_recording(
    const struct options *options, struct surface *surface, struct error *err)
{
	struct recording_reader *recording;
	int result = recording_open(&recording, options_text(options, "file"), err);

	if (result < 0)
		return result;
	int index = choose_surface(recording, options, err);
	if (index >= 0) {
		const struct surface *found = recording_surface(recording, (size_t)index);
		surface->kind = found->kind;
		surface->rows = found->rows;
		surface->cols = found->cols;
		surface->n_cells = found->n_cells;
		surface->pitch_mm = found->pitch_mm;
		surface->flip = found->flip;
		surface->full_scale_counts = found->full_scale_counts;
		surface->rate_hz = found->rate_hz;
		result = copy_places(found, surface, err);
	}
	recording_close_reader(recording);
	return index < 0 ? index : result;
}

static int replay_calibration(const struct options *options, char **text, struct error *err)
{
	const char *path = options_text(options, "file");
	struct recording_reader *recording;

	*text = NULL;
	if (!recording_is(path))
		return 0;
	int result = recording_open(&recording, path, err);
	if (result < 0)
		return result;
	int index = choose_surface(recording, options, err);
	const char *inside = index < 0 ? NULL : recording_calibration(recording, (size_t)index);
	if (inside)
		*text = strdup(inside);
	if (inside && !*text)
		index = error_set(err, -ENOMEM, "%s: out of memory", path);
	recording_close_reader(recording);
	return index < 0 ? index : 0;
}

static int replay_describe(
    const struct options *options, struct surface *surface, struct error *err)
{
	size_t rows = (size_t)options_integer(options, "rows");
	size_t cols = (size_t)options_integer(options, "cols");
	const char *path = options_text(options, "file");

	if (access(path, R_OK) < 0)
		return error_at(err, -errno, &(struct place){.file = path}, "cannot be read: %s",
		    strerror(errno));
	if (recording_is(path))
		return describe_recording(options, surface, err);
	if (rows > 0 && cols > 0) {
		surface->rows = rows;
		surface->cols = cols;
		surface->n_cells = rows * cols;
	}
	if (options_given(options, "rate") || !(surface->rate_hz > 0))
		surface->rate_hz = (float)options_number(options, "rate");
	if (options_given(options, "full_scale") || !(surface->full_scale_counts > 0))
		surface->full_scale_counts = (float)options_number(options, "full_scale");
	return 0;
}

static int open_recording(struct replay *replay, const struct device *device, struct error *err)
{
	int result = recording_open(&replay->recording, options_text(device->options, "file"), err);

	if (result < 0)
		return result;
	replay->surface = choose_surface(replay->recording, device->options, err);
	if (replay->surface < 0)
		return replay->surface;
	size_t n = recording_surface(replay->recording, (size_t)replay->surface)->n_cells;
	if (n != device->surface->n_cells)
		return error_set(err, -EINVAL,
		    "%s: frames of %zu cells, where surface %s is described with %zu",
		    options_text(device->options, "file"), n, device->surface->name,
		    device->surface->n_cells);
	return 0;
}

static int open_text(struct replay *replay, const struct device *device, struct error *err)
{
	const struct surface *surface = device->surface;
	const char *path = options_text(device->options, "file");

	if (surface->n_cells == 0)
		return error_set(err, -EINVAL,
		    "%s: frames as text say nothing of their geometry: give rows and cols", path);
	if (!replay->counts)
		replay->counts = calloc(surface->n_cells, sizeof(*replay->counts));
	if (!replay->counts)
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	return frames_text_open(
	    &replay->text, path, surface->n_cells, surface->full_scale_counts, err);
}

static int open_source(struct replay *replay, const struct device *device, struct error *err)
{
	replay->n_this_pass = 0;
	replay->begun = false;
	return recording_is(options_text(device->options, "file"))
	           ? open_recording(replay, device, err)
	           : open_text(replay, device, err);
}

static void close_source(struct replay *replay)
{
	recording_close_reader(replay->recording);
	frames_text_close(replay->text);
	replay->recording = NULL;
	replay->text = NULL;
}

static int replay_open(struct device *device, struct error *err)
{
	struct replay *replay = device->state;

	replay->speed = options_number(device->options, "speed");
	replay->loop = options_bool(device->options, "loop");
	replay->rate_hz = (double)device->surface->rate_hz;
	return open_source(replay, device, err);
}

static void replay_close(struct device *device)
{
	struct replay *replay = device->state;

	close_source(replay);
	free(replay->counts);
	*replay = (struct replay){0};
}

static bool all_finite(const float *counts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(counts[i]))
			return false;
	return true;
}

/* The source's next frame, in its own time. */
static int next_frame(struct replay *replay, struct frame *frame)
{
	double t_s = (double)replay->n_this_pass / replay->rate_hz;
	int result;

	if (replay->recording) {
		result = recording_next(replay->recording, replay->surface, NULL, frame, NULL);
		if (result == 0 && !all_finite(frame->counts, frame->n_cells))
			result = -ERANGE;
	} else {
		result = frames_text_read(replay->text, replay->counts, NULL);
		*frame = (struct frame){
		    .mono_ns = NS_PER_H + llround(t_s * 1e9), .counts = replay->counts};
	}
	/* a line that is no frame still stands for its moment */
	if (result != -ENODATA)
		replay->n_this_pass++;
	return result == -EINVAL ? -EBADMSG : result;
}

static int count_failure(struct driver_stats *stats, int result)
{
	stats->integrity_errors += result == -EBADMSG;
	stats->content_errors += result == -ERANGE;
	stats->io_errors += result == -EIO;
	return result;
}

/* When the next pass or the first one begins: now; or, with the file's own time, right behind. */
static void begin_pass(struct replay *replay)
{
	int64_t period_ns = llround(1e9 / replay->rate_hz);

	replay->begun = true;
	replay->first_ns = replay->next.mono_ns;
	if (replay->speed > 0)
		replay->begun_ns = clock_mono_ns();
	else if (replay->n_given == 0)
		replay->begun_ns = replay->first_ns;
	else
		replay->begun_ns = replay->last_ns + period_ns;
}

static int fetch(struct device *device)
{
	struct replay *replay = device->state;
	int result = next_frame(replay, &replay->next);

	device->stats.requests++;
	if (result == -ENODATA && replay->loop && replay->begun) {
		close_source(replay);
		if (open_source(replay, device, NULL) < 0)
			return -EIO;
		result = next_frame(replay, &replay->next);
	}
	if (result == 0 && !replay->begun)
		begin_pass(replay);
	return result;
}

static int replay_read(struct device *device, int64_t deadline_ns, struct frame *out)
{
	struct replay *replay = device->state;
	int64_t start_ns = clock_mono_ns();

	if (!replay->waiting) {
		int result = fetch(device);
		if (result < 0)
			return count_failure(&device->stats, result);
		replay->waiting = true;
	}
	int64_t since_ns = replay->next.mono_ns - replay->first_ns;
	int64_t stamp_ns = replay->begun_ns + since_ns;
	if (replay->speed > 0) {
		int64_t due_ns = replay->begun_ns + (int64_t)((double)since_ns / replay->speed);
		if (!pace_wait(due_ns, deadline_ns))
			return -ETIMEDOUT;
		stamp_ns = due_ns;
	}
	assert(replay->next.counts);
	memcpy(out->counts, replay->next.counts, device->surface->n_cells * sizeof(*out->counts));
	out->n_cells = device->surface->n_cells;
	out->mono_ns = replay->last_ns = stamp_ns;
	out->real_ns = replay->next.real_ns;
	out->utc_offset_s = replay->next.utc_offset_s;
	out->flags = replay->next.flags;
	out->sequence = replay->n_given++;
	replay->waiting = false;
	device->stats.frames++;
	device->stats.last_read_s = (double)(clock_mono_ns() - start_ns) / 1e9;
	return 0;
}

extern const struct driver driver_replay;
const struct driver driver_replay = {
    .name = "replay",
    .summary = "a recording or a text file of frames, at its own speed or as fast as it goes",
    .options = replay_options,
    .state_size = sizeof(struct replay),
    .own_clock = true,
    .describe = replay_describe,
    .calibration = replay_calibration,
    .open = replay_open,
    .read = replay_read,
    .close = replay_close,
};
