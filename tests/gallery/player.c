#include "player.h"

#include "poses.h"
#include "sight.h"

#include "app/judge.h"
#include "app/keeper.h"
#include "base/clock.h"
#include "pipeline/epochs.h"
#include "pipeline/keyframes.h"
#include "pipeline/rules.h"
#include "store/store.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOTHING_SEEN (-1)

/* One mat, and what reads it. */
struct reader {
	struct player *player;
	const struct surface *surface;
	struct surface_config *config;
	struct poses poses;
	int id;              /* in the store, of this run */
	struct rules *rules; /* of this run */
	struct epochs epochs;
	struct keyframes keyframes;
	int64_t last_ns; /* mono of the last frame, NOTHING_SEEN */
	int64_t kept_ns; /* of the last key frame */
};

struct player {
	const struct home *home;
	struct store *store;
	struct reader readers[2];
	size_t n_readers;
	const struct night_plan *plan; /* while it is played */
	const struct run *run;
	int result; /* of the store: the first that failed */
	struct error *err;
};

static void note_result(struct player *player, int result)
{
	if (result < 0 && player->result == 0)
		player->result = result;
}

static struct sight sight_of(const struct reader *reader)
{
	const struct player *player = reader->player;

	return (struct sight){.plan = player->plan,
	    .run = player->run,
	    .surface = reader->surface,
	    .poses = &reader->poses,
	    .unit = player->home->calibrated ? PRESSURE_MMHG : PRESSURE_RELATIVE};
}

/* ---- what is kept --------------------------------------------------------------------------- */

static int64_t keep_frame(struct reader *reader, const char *reason, int64_t mono_ns)
{
	struct player *player = reader->player;
	struct sight sight = sight_of(reader);
	const struct pose *pose = sight_pose(&sight, mono_ns);
	struct observation o;

	if (!pose || !sight_see(&sight, mono_ns, &o))
		return 0;
	struct image image = {.surface = reader->surface,
	    .mono_ns = mono_ns,
	    .unit = o.unit,
	    .health_ratio = 1,
	    .cells = pose->cells};
	if (mono_ns != reader->kept_ns)
		note_result(player,
		    store_keyframe(player->store, reader->id, reason, &image, &o, player->err));
	reader->kept_ns = mono_ns;
	return mono_ns;
}

static void take_event(void *user, const struct event *event)
{
	struct reader *reader = user;
	struct event shown = *event;

	if (event->frame_ns != 0)
		shown.frame_ns = keep_frame(reader, "event", event->frame_ns);
	note_result(reader->player,
	    store_event(reader->player->store, reader->id, &shown, reader->player->err));
}

static void take_epoch(void *user, const struct epoch *epoch)
{
	struct reader *reader = user;

	note_result(reader->player,
	    store_epoch(reader->player->store, reader->id, epoch, reader->player->err));
}

static void take_judgement(void *user, const struct event *event)
{
	struct player *player = user;

	note_result(player, store_event(player->store, 0, event, player->err));
}

/* The word that the pipeline has for frames that do not come. */
static void say_silence(struct reader *reader, int64_t until_ns)
{
	struct event event = {.rule = "acquire",
	    .advice_id = "",
	    .level = EVENT_TECHNICAL,
	    .start_ns = reader->last_ns,
	    .end_ns = until_ns,
	    .value = (float)(until_ns - reader->last_ns) / (float)NS_PER_S,
	    .limit = NAN,
	    .unit = "s",
	    .confidence = 1};

	snprintf(event.detail, sizeof(event.detail), "%s: %s", reader->surface->name,
	    technical_advice(TECHNICAL_NO_DATA));
	take_event(reader, &event);
}

/* ---- playing -------------------------------------------------------------------------------- */

static void step(struct reader *reader, int64_t mono_ns)
{
	struct sight sight = sight_of(reader);
	struct observation o;
	int64_t dt_ns = reader->last_ns == NOTHING_SEEN ? 0 : mono_ns - reader->last_ns;

	if (!sight_see(&sight, mono_ns, &o))
		return;
	if (dt_ns > 10 * NS_PER_S) {
		epochs_advance(&reader->epochs, mono_ns, take_epoch, reader);
		rules_end(reader->rules, take_event, reader);
		say_silence(reader, mono_ns);
		dt_ns = 0;
	}
	reader->last_ns = mono_ns;
	o.dt_s = (float)dt_ns / (float)NS_PER_S;
	epochs_add(&reader->epochs, &o, dt_ns, take_epoch, reader);
	rules_step(reader->rules, &o, take_event, reader);
	const char *reason = keyframes_step(&reader->keyframes, &o);
	if (reason)
		keep_frame(reader, reason, mono_ns);
}

/* Which mat lies there, and how it is calibrated. */
static int lay_mat(struct player *player, struct reader *reader)
{
	const struct home *home = player->home;
	struct calibration calibration = {.unit = PRESSURE_RELATIVE};

	if (home->calibrated)
		calibration = (struct calibration){.unit = PRESSURE_MMHG,
		    .made_real_ns = home->calibrated_day * 24 * NS_PER_H + 10 * NS_PER_H,
		    .quality_ratio = 0.94f,
		    .grade = 'A',
		    .note = "8 points"};
	if (reader->surface->kind == SURFACE_BED)
		snprintf(calibration.mat, sizeof(calibration.mat), "%s", player->plan->mat);
	reader->id = store_add_surface(player->store, reader->surface, player->err);
	int rc = reader->id;
	if (rc > 0 && home->calibrated)
		rc = store_calibration(
		    player->store, reader->id, &calibration, 0.01f, 90 * 86400.0, player->err);
	return rc < 0 ? rc : store_mat(player->store, reader->id, 0, &calibration, player->err);
}

static int begin_run(struct player *player, size_t which)
{
	char boot[48];

	snprintf(boot, sizeof(boot), "sim:%d-%zu", (int)player->plan->day, which);
	int rc = store_begin_session(player->store, boot, "gallery", 0, player->err);
	for (size_t i = 0; rc == 0 && i < player->n_readers; i++) {
		struct reader *reader = &player->readers[i];

		rc = lay_mat(player, reader);
		reader->rules = rules_create(reader->surface, NULL, NULL, player->err);
		reader->last_ns = reader->kept_ns = NOTHING_SEEN;
		reader->epochs = (struct epochs){0};
		reader->keyframes = (struct keyframes){0};
		if (!reader->rules)
			rc = -ENOMEM;
	}
	return rc;
}

static void end_run(struct player *player)
{
	for (size_t i = 0; i < player->n_readers; i++) {
		struct reader *reader = &player->readers[i];

		if (reader->rules)
			rules_end(reader->rules, take_event, reader);
		epochs_flush(&reader->epochs, take_epoch, reader);
		rules_destroy(reader->rules);
		reader->rules = NULL;
	}
}

static void play_minutes(struct player *player, struct keeper *keeper)
{
	const struct run *run = player->run;

	for (int minute = run->from; minute < run->to; minute++) {
		int64_t from_ns = minute * NS_PER_MIN;
		int64_t real_ns = sight_clock_ns(player->plan, run, from_ns);
		bool known = run->known_at >= 0 && minute >= run->known_at;

		if (real_ns != 0)
			keeper_clock(keeper, from_ns, real_ns, PLAYER_OFFSET_S, known);
		for (int second = 1; second <= 60; second++)
			for (size_t i = 0; i < player->n_readers; i++)
				step(&player->readers[i], from_ns + second * NS_PER_S);
	}
}

static int play_run(struct player *player, size_t which)
{
	struct keeper *keeper = keeper_create(player->store, player->err);
	int rc = keeper ? 0 : -ENOMEM;

	player->run = &player->plan->runs[which];
	if (rc == 0)
		rc = begin_run(player, which);
	if (rc == 0)
		play_minutes(player, keeper);
	end_run(player);
	keeper_destroy(keeper);
	return rc < 0 ? rc : player->result;
}

int player_night(struct player *player, const struct night_plan *plan, struct error *err)
{
	const struct surface_config *configs[2];
	int64_t morning_ns = sight_true_ns(plan, AT(8, 0) * NS_PER_MIN);
	int rc = 0;

	player->plan = plan;
	player->err = err;
	for (size_t i = 0; rc == 0 && i < plan->n_runs; i++)
		rc = play_run(player, i);
	for (size_t i = 0; i < player->n_readers; i++)
		configs[i] = player->readers[i].config;
	if (rc == 0 && plan->pain >= 0)
		rc = store_pain(player->store, plan->day, plan->pain, morning_ns, err);
	if (rc == 0 && plan->note)
		rc = store_note(player->store, plan->day, plan->note, morning_ns, err);
	if (rc == 0)
		rc = judge_night(player->store, plan->day, configs, player->n_readers,
		    take_judgement, player, err);
	if (rc == 0)
		rc = store_commit(player->store, err);
	return rc < 0 ? rc : player->result;
}

/* ---- opening -------------------------------------------------------------------------------- */

static int add_reader(struct player *player, const struct surface *surface, struct error *err)
{
	struct reader *reader = &player->readers[player->n_readers++];

	reader->player = player;
	reader->surface = surface;
	reader->config = surface_config_create(surface);
	if (!reader->config)
		return error_set(err, -ENOMEM, "out of memory");
	return poses_init(&reader->poses, player->home, surface, err);
}

static void remove_old(const char *path)
{
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	char name[512];

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
}

struct player *player_create(const char *path, const struct home *home, struct error *err)
{
	struct player *player = calloc(1, sizeof(*player));

	if (!player) {
		error_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	player->home = home;
	remove_old(path);
	int rc = store_open(&player->store, path, STORE_OWN, err);
	if (rc == 0 && home->has_bed)
		rc = add_reader(player, &home->bed, err);
	if (rc == 0 && home->has_chair)
		rc = add_reader(player, &home->chair, err);
	if (rc == 0)
		return player;
	player_destroy(player, NULL);
	return NULL;
}

int player_destroy(struct player *player, struct error *err)
{
	if (!player)
		return 0;
	for (size_t i = 0; i < player->n_readers; i++) {
		poses_finish(&player->readers[i].poses);
		surface_config_destroy(player->readers[i].config);
	}
	int rc = store_close(player->store, err);
	free(player);
	return rc;
}
