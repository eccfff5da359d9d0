#include "app/player.h"

#include "app/command.h"
#include "app/config.h"
#include "app/keeper.h"
#include "app/recorded.h"
#include "base/clock.h"
#include "recording/recording.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct play {
	const struct player *player;
	struct player_figures *figures;
	struct recording_reader *reader;
	struct config *config; /* NULL: none was given */
	struct store *store;
	struct keeper *keeper;
	struct surface_config *fallbacks[RECORDING_SURFACES_MAX]; /* owned; NULL: out of config */
	const struct surface_config *chosen[RECORDING_SURFACES_MAX]; /* NULL: left out */
	struct kept_surface *kept[RECORDING_SURFACES_MAX];
	int64_t last_ns[RECORDING_SURFACES_MAX]; /* newest frame; 0: none yet */
	int64_t watched_ns;
	int only; /* -1: all */
};

/* The surface's section in the configuration, NULL: there is none, or (with err) it does not fit. */
static struct surface_config *configured(
    const struct play *play, const struct surface *surface, struct error *err)
{
	for (size_t i = 0; play->config && i < play->config->n_surfaces; i++) {
		struct surface_config *config = play->config->surfaces[i];
		const struct surface *there = &config->surface;
		if (strcmp(there->name, surface->name) != 0)
			continue;
		if (there->n_cells == surface->n_cells && there->kind == surface->kind &&
		    there->rows == surface->rows)
			return config;
		error_set(err, -EINVAL,
		    "%s: [surface %s] has %zu cells (%zu x %zu), the recording %zu (%zu x %zu): "
		    "take another configuration",
		    play->player->config, surface->name, there->n_cells, there->rows, there->cols,
		    surface->n_cells, surface->rows, surface->cols);
		return NULL;
	}
	return NULL;
}

/* What was asked for, else what the configuration has, else what is in the recording. */
static int choose_calibration(
    struct play *play, size_t index, struct surface_config *config, struct error *err)
{
	const char *path = play->player->calibration;
	int result;

	if (!path) {
		result = recorded_take_calibration(play->reader, index, config, err);
		return result < 0
		           ? error_prefix(err, "%s: %s (--calibration none plays it without)",
		                 play->player->recording, config->surface.name)
		           : 0;
	}
	calibration_finish(&config->calibration);
	config->calibrated = false;
	if (strcmp(path, "none") == 0)
		return 0;
	result = calibration_load(&config->calibration, path, &config->surface, err);
	config->calibrated = result == 0;
	return result;
}

/* The settings of the surface: those of its name in the configuration, else the fallbacks. */
static const struct surface_config *settings_of(struct play *play, size_t index, struct error *err)
{
	const struct surface *surface = recording_surface(play->reader, index);
	struct surface_config *config = configured(play, surface, err);

	if (!config && err->code)
		return NULL;
	if (!config)
		config = play->fallbacks[index] = surface_config_create(surface);
	if (!config) {
		error_set(err, -ENOMEM, "%s: out of memory", surface->name);
		return NULL;
	}
	return choose_calibration(play, index, config, err) < 0 ? NULL : config;
}

/* Before anything is written: what cannot be played goes over no rows. */
static int choose_surfaces(struct play *play, struct error *err)
{
	const char *wanted = play->player->surface;
	size_t n = recording_n_surfaces(play->reader);

	play->only = -1;
	for (size_t i = 0; i < n; i++) {
		if (wanted && strcmp(recording_surface(play->reader, i)->name, wanted) != 0)
			continue;
		play->chosen[i] = settings_of(play, i, err);
		if (!play->chosen[i])
			return err->code;
		play->only = wanted ? (int)i : -1;
	}
	if (wanted && play->only < 0)
		return error_set(err, -ENOENT, "%s: no surface \"%s\"; the first of %zu is \"%s\"",
		    play->player->recording, wanted, n,
		    n ? recording_surface(play->reader, 0)->name : "");
	return 0;
}

static int add_surfaces(struct play *play, struct error *err)
{
	for (size_t i = 0; i < RECORDING_SURFACES_MAX; i++) {
		if (!play->chosen[i])
			continue;
		play->kept[i] = keeper_add(play->keeper, play->chosen[i], err);
		if (!play->kept[i])
			return err->code ? err->code : -ENOMEM;
	}
	return 0;
}

static int read_config(struct play *play, struct error *err)
{
	struct problems problems;

	if (!play->player->config)
		return 0;
	int result = config_load(&play->config, play->player->config, &problems);
	if (result < 0)
		*err = problems.list[0];
	return result;
}

static int open_all(struct play *play, struct error *err)
{
	const struct player *player = play->player;
	const char *slash = strrchr(player->recording, '/');
	char session[128];

	snprintf(session, sizeof(session), "replay:%s", slash ? slash + 1 : player->recording);
	int result = recording_open(&play->reader, player->recording, err);
	if (result == 0)
		result = read_config(play, err);
	if (result == 0)
		result = choose_surfaces(play, err);
	if (result == 0)
		result = store_open(&play->store, player->database, STORE_OWN, err);
	if (result == 0)
		result = store_begin_surface_session(play->store, session, LUMBAR_VERSION,
		    recording_start_ns(play->reader), player->surface, err);
	if (result < 0)
		return result;
	play->keeper = keeper_create(play->store, err);
	return play->keeper ? add_surfaces(play, err) : -ENOMEM;
}

static void watch_surface(struct play *play, size_t index, int64_t mono_ns)
{
	const struct surface_config *config = kept_config(play->kept[index]);
	int64_t gap_ns = llround(options_number(&config->pipeline, "gap") * 1e9);

	if (play->last_ns[index] && mono_ns - play->last_ns[index] > gap_ns)
		keeper_gap(play->keeper, play->kept[index], mono_ns);
}

/* Each second says who is silent, as the daemon does; the others' frames tell the time. */
static void watch(struct play *play, int64_t mono_ns)
{
	if (mono_ns < play->watched_ns + NS_PER_S)
		return;
	play->watched_ns = mono_ns;
	for (size_t i = 0; i < RECORDING_SURFACES_MAX; i++)
		if (play->kept[i])
			watch_surface(play, i, mono_ns);
}

static void say_ending(const struct play *play)
{
	if (recording_ending(play->reader) == RECORDING_CUT_OFF)
		fprintf(stderr,
		    "lumbar %s: %s: was cut off while it was written; its last %d s may be "
		    "missing\n",
		    play->player->command, play->player->recording, RECORDING_CHUNK_S);
}

static void play_frame(struct play *play, size_t index, const struct frame *frame)
{
	const struct player *player = play->player;

	if (frame->real_ns)
		keeper_clock(play->keeper, frame->mono_ns, frame->real_ns, frame->utc_offset_s,
		    frame->flags & FRAME_CLOCK_SYNCED);
	play->last_ns[index] = frame->mono_ns;
	keeper_step(play->keeper, play->kept[index], frame);
	if (player->frame)
		player->frame(player->user, index, kept_pipeline(play->kept[index]));
	watch(play, frame->mono_ns);
	keeper_tick(play->keeper, frame->mono_ns);
}

static void play_all(struct play *play)
{
	struct player_figures *figures = play->figures;
	struct progress *progress = play->player->progress;
	int64_t start_ns = recording_start_ns(play->reader);
	double length = (double)(recording_end_ns(play->reader) - start_ns) + 1;
	struct frame frame;
	int index, result;

	for (;;) {
		struct error err = {0};
		result = recording_next(play->reader, play->only, &index, &frame, &err);
		if (result == -ENODATA)
			return;
		if (result < 0) {
			figures->n_bad++;
			progress_end(progress);
			fprintf(stderr, "lumbar %s: %s\n", play->player->command, err.text);
			if (result != -EBADMSG)
				return;
			continue;
		}
		play_frame(play, (size_t)index, &frame);
		if (++figures->n_frames % 256 == 0)
			progress_step(progress, (double)(frame.mono_ns - start_ns) / length,
			    figures->n_frames, "frames");
	}
}

static int close_all(struct play *play, struct error *err)
{
	int result = 0;

	if (play->keeper && keeper_store_fault(play->keeper)->code)
		result = error_set(err, keeper_store_fault(play->keeper)->code, "%s",
		    keeper_store_fault(play->keeper)->text);
	keeper_destroy(play->keeper);
	int closed = store_close(play->store, result < 0 ? NULL : err);
	for (size_t i = 0; i < RECORDING_SURFACES_MAX; i++)
		surface_config_destroy(play->fallbacks[i]);
	config_destroy(play->config);
	recording_close_reader(play->reader);
	return result < 0 ? result : closed;
}

int player_run(const struct player *player, struct player_figures *figures, struct error *err)
{
	struct play play = {.player = player, .figures = figures};
	struct error closing = {0};

	*figures = (struct player_figures){0};
	int result = open_all(&play, err);
	if (result == 0) {
		play_all(&play);
		say_ending(&play);
		keeper_finish(play.keeper);
		figures->hours = (double)(recording_end_ns(play.reader) -
		                          recording_start_ns(play.reader)) /
		                 (double)NS_PER_H;
	}
	int closed = close_all(&play, &closing);
	if (result == 0 && closed < 0) {
		*err = closing;
		result = closed;
	}
	return result;
}
