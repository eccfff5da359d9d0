#include "sight.h"

#include "base/clock.h"

#include <math.h>
#include <string.h>

int64_t sight_true_ns(const struct night_plan *plan, int64_t mono_ns)
{
	int64_t noon_s = ((int64_t)plan->day - 1) * 86400 + 12 * 3600 - PLAYER_OFFSET_S;

	return noon_s * NS_PER_S + mono_ns;
}

int64_t sight_clock_ns(const struct night_plan *plan, const struct run *run, int64_t mono_ns)
{
	bool known = run->known_at >= 0 && mono_ns >= run->known_at * NS_PER_MIN;

	if (known)
		return sight_true_ns(plan, mono_ns);
	return run->has_clock ? sight_true_ns(plan, mono_ns) + run->error_s * NS_PER_S : 0;
}

static char letter_at(const struct sight *sight, int64_t mono_ns)
{
	int minute = (int)((mono_ns - 1) / NS_PER_MIN); /* a frame stands for the second it ends */

	return sight->surface->kind == SURFACE_BED ? sight->plan->bed[minute]
	                                           : sight->plan->chair[minute];
}

const struct pose *sight_pose(const struct sight *sight, int64_t mono_ns)
{
	return poses_find(sight->poses, letter_at(sight, mono_ns));
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

bool sight_see(const struct sight *sight, int64_t mono_ns, struct observation *o)
{
	const struct night_plan *plan = sight->plan;
	int minute = (int)((mono_ns - 1) / NS_PER_MIN),
	    second = (int)((mono_ns - 1) / NS_PER_S % 60);
	char letter = letter_at(sight, mono_ns);
	const struct pose *pose = sight_pose(sight, mono_ns);

	if (letter == ' ')
		return false;
	observation_clear(o);
	o->mono_ns = mono_ns;
	o->real_ns = sight_clock_ns(plan, sight->run, mono_ns);
	o->utc_offset_s = PLAYER_OFFSET_S;
	o->kind = sight->surface->kind;
	o->sense = surface_sense(sight->surface);
	o->unit = sight->unit;
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
	o->load = plan->load_ratio * pose->load;
	o->centre_x_ratio = pose->centre_x_ratio;
	o->centre_y_ratio = pose->centre_y_ratio;
	if (sight->surface->kind == SURFACE_BED)
		see_lying(o, plan, minute, second);
	else
		see_sitting(o, plan, minute, second);
	return true;
}
