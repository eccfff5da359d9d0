#include "player.h"

#include "poses.h"

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

/* ---- what is seen --------------------------------------------------------------------------- */

static int64_t true_real_ns(const struct night_plan *plan, int64_t mono_ns)
{
	int64_t noon_s = ((int64_t)plan->day - 1) * 86400 + 12 * 3600 - PLAYER_OFFSET_S;

	return noon_s * NS_PER_S + mono_ns;
}

/* What the machine's clock says; 0: nothing yet. */
static int64_t clock_says_ns(const struct player *player, int64_t mono_ns)
{
	const struct run *run = player->run;
	bool known = run->known_at >= 0 && mono_ns >= run->known_at * NS_PER_MIN;

	if (known)
		return true_real_ns(player->plan, mono_ns);
	return run->has_clock ? true_real_ns(player->plan, mono_ns) + run->error_s * NS_PER_S : 0;
}

/* Between -1 and 1, without a pattern, the same every time. */
static float scatter(int64_t second, uint32_t salt)
{
	uint32_t x = (uint32_t)second * 2654435761u + salt * 40503u;

	x ^= x >> 15;
	x *= 2246822519u;
	x ^= x >> 13;
	return (float)(x & 0xffff) / 32768.0f - 1.0f;
}

static void see_lying(struct observation *o, const struct night_plan *plan, int minute, int second)
{
	static const char letters[] = "?slrpe";
	const char *found = strchr(letters, plan->bed[minute]);
	bool turning = plan->shift[minute] && second < 14;
	bool shape = o->sense == SENSE_SHAPE;
	int64_t at = (int64_t)minute * 60 + second;

	o->moving = o->sense != SENSE_SWITCH && (turning || second < plan->moving_s[minute]);
	o->shift = o->sense != SENSE_SWITCH && plan->shift[minute] && second == 13;
	if (shape && found) {
		o->posture = (enum posture)(found - letters);
		o->posture_confidence = 0.9f + 0.05f * scatter(at, 1);
	}
	if (o->sense == SENSE_SWITCH)
		return;
	o->movement_ratio = o->moving ? 0.12f : 0.004f;
	if (shape && o->posture == POSTURE_SUPINE && !o->moving) {
		o->valley_ratio = plan->valley_ratio + 0.02f * scatter(at, 2);
		o->support_confidence = 0.8f;
	}
	if (!o->moving && o->posture != POSTURE_EDGE && at % 613 > 40) {
		o->breathing_per_min = plan->breathing_per_min + 1.3f * sinf((float)at / 900.0f) +
		                       0.5f * scatter(at / 60, 3);
		o->breathing_confidence = 0.8f;
	}
}

static void see_sitting(
    struct observation *o, const struct night_plan *plan, int minute, int second)
{
	static const char letters[] = "?.ufhLR";
	const char letter = plan->chair[minute];
	const char *found = strchr(letters, letter);
	int64_t at = (int64_t)minute * 60 + second;

	o->moving = second < 2;
	o->movement_ratio = o->moving ? 0.08f : 0.01f;
	o->seat = found ? (enum seat_state)(found - letters) : SEAT_UNKNOWN;
	o->seat_confidence = 0.9f;
	o->baseline = true;
	o->sideways_ratio = letter == 'L' ? -0.27f : letter == 'R' ? 0.27f : 0.01f;
	o->sideways_ratio += 0.03f * scatter(at / 4, 4);
	o->forward_ratio = letter == 'f' ? 0.14f : letter == 'h' ? -0.08f : 0.01f;
	o->bend = plan->bends[minute] > 0 && second % (60 / plan->bends[minute]) == 0;
}

/* What a mat sees in one second; false: there is no frame. */
static bool see(const struct reader *reader, int64_t mono_ns, struct observation *o)
{
	const struct player *player = reader->player;
	const struct night_plan *plan = player->plan;
	/* A frame stands for the second that it ends. */
	int minute = (int)((mono_ns - 1) / NS_PER_MIN),
	    second = (int)((mono_ns - 1) / NS_PER_S % 60);
	bool is_bed = reader->surface->kind == SURFACE_BED;
	char letter = is_bed ? plan->bed[minute] : plan->chair[minute];
	const struct pose *pose = poses_find(&reader->poses, letter);

	if (letter == ' ')
		return false;
	observation_clear(o);
	o->mono_ns = mono_ns;
	o->real_ns = clock_says_ns(player, mono_ns);
	o->utc_offset_s = PLAYER_OFFSET_S;
	o->kind = reader->surface->kind;
	o->sense = surface_sense(reader->surface);
	o->unit = player->home->calibrated ? PRESSURE_MMHG : PRESSURE_RELATIVE;
	o->health_ratio = 1;
	o->occupancy = letter == '.'   ? OCCUPANCY_EMPTY
	               : letter == 'o' ? OCCUPANCY_OBJECT
	               : letter == '?' ? OCCUPANCY_UNKNOWN
	                               : OCCUPANCY_PERSON;
	o->occupancy_confidence = 0.97f;
	if (letter == '.') {
		o->posture = POSTURE_EMPTY;
		o->seat = SEAT_EMPTY;
	}
	if (!pose)
		return true;
	o->alive = o->sense != SENSE_SWITCH;
	o->load = pose->load;
	o->centre_x_ratio = pose->centre_x_ratio;
	o->centre_y_ratio = pose->centre_y_ratio;
	if (is_bed)
		see_lying(o, plan, minute, second);
	else
		see_sitting(o, plan, minute, second);
	return true;
}

/* ---- what is kept --------------------------------------------------------------------------- */

static int64_t keep_frame(struct reader *reader, const char *reason, int64_t mono_ns)
{
	struct player *player = reader->player;
	int minute = (int)((mono_ns - 1) / NS_PER_MIN);
	bool is_bed = reader->surface->kind == SURFACE_BED;
	const struct pose *pose = poses_find(
	    &reader->poses, is_bed ? player->plan->bed[minute] : player->plan->chair[minute]);
	struct observation o;

	if (!pose || !see(reader, mono_ns, &o))
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
	struct observation o;
	int64_t dt_ns = reader->last_ns == NOTHING_SEEN ? 0 : mono_ns - reader->last_ns;

	if (!see(reader, mono_ns, &o))
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

static int begin_run(struct player *player, size_t which)
{
	struct calibration calibration = {.unit = PRESSURE_MMHG,
	    .made_real_ns = player->home->calibrated_day * 24 * NS_PER_H + 10 * NS_PER_H,
	    .quality_ratio = 0.94f,
	    .grade = 'A',
	    .note = "8 points"};
	char boot[48];

	snprintf(boot, sizeof(boot), "sim:%d-%zu", (int)player->plan->day, which);
	int rc = store_begin_session(player->store, boot, "gallery", 0, player->err);
	for (size_t i = 0; rc == 0 && i < player->n_readers; i++) {
		struct reader *reader = &player->readers[i];

		rc = reader->id = store_add_surface(player->store, reader->surface, player->err);
		if (rc > 0)
			rc = player->home->calibrated
			         ? store_calibration(player->store, reader->id, &calibration, 0.01f,
			               90 * 86400.0, player->err)
			         : 0;
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
		int64_t real_ns = clock_says_ns(player, from_ns);
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
	int64_t morning_ns = true_real_ns(plan, AT(8, 0) * NS_PER_MIN);
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
