#include "body/occupancy.h"

#include <math.h>
#include <stdlib.h>

/* docs/methods.md, section 4. */
#define ENTER_SHARE 0.10f
#define LEAVE_SHARE 0.05f
#define ENTER_S     5.0f
#define LEAVE_S     3.0f

/*
 * Coherence of what lies there. Measured: real people 0.39 or more on mats of 12 x 6 to 64 x 32
 * cells; noise and offsets of any distribution 0.15 or less on 512 cells, 0.30 on 72.
 */
#define COHERENCE_MIN 0.30f

/* An empty mat drifts for hours: what lies there is at least twice what lay there before. */
#define IDLE_SHARE 2.0f
#define IDLE_S     60.0f

/* Without a median: something covers this share of the surface. A seated adult covers 0.08 m2. */
#define START_CONTACT_BED   0.02f
#define START_CONTACT_SEAT  0.15f
#define START_CONTACT_STRIP 0.01f

/* A load moves while it is put down, alive or not; later movement is a sign of life. */
#define SETTLE_S       12.0f
#define LIFE_S         600.0f
#define LIFE_STRIP_S   120.0f /* a strip always carries the mattress: without life, empty */
#define LIFELESS_S     60.0f
#define BREATHING_S    30.0f
#define BODY_LENGTH_MM 1100.0f /* no suitcase is that long */
#define TRUNK_MM       600.0f
#define SEATED_RATIO   0.35f
/* Still people: median 0.022, sensor noise on a dead weight well below (docs/methods.md, 4). */
#define LIFE_MOVEMENT 0.012f
#define NOISE_TIMES   2.0f /* and more than this many times what its noise amounts to */

/* A switch: something lies there, and a person is more likely than a thing. */
#define SWITCH_CONFIDENCE 0.6f

/* Sitting on the bed's edge: short, near a side, and as heavy as she is (a suitcase: 0.3). */
#define EDGE_LENGTH_MM 600.0f
#define EDGE_MM        300.0f
#define EDGE_LOAD_LOW  0.45f
#define EDGE_LOAD_HIGH 2.0f
#define EDGE_KNOWN_S   120.0f /* of her load */

/* The person's load: an exponential mean of the log, which is near the median, over 10 min. */
#define MEDIAN_S       600.0f
#define MEDIAN_FIRST_S 20.0f

struct occupancy_tracker {
	const struct surface *surface;
	bool loaded;
	float enter_s, leave_s; /* dwell of the limits */
	float loaded_s;
	float since_life_s;          /* INFINITY: no sign yet */
	float person_load, person_s; /* the median, and the time behind it */
	float idle_load;             /* of the mat while nothing lies there */
};

struct occupancy_tracker *occupancy_create(const struct surface *surface)
{
	struct occupancy_tracker *occupancy = calloc(1, sizeof(*occupancy));

	if (!occupancy)
		return NULL;
	occupancy->surface = surface;
	occupancy_reset(occupancy);
	return occupancy;
}

void occupancy_destroy(struct occupancy_tracker *occupancy)
{
	free(occupancy);
}

void occupancy_reset(struct occupancy_tracker *o)
{
	*o = (struct occupancy_tracker){
	    .surface = o->surface,
	    .since_life_s = INFINITY,
	    .person_load = o->person_load,
	    .person_s = o->person_s,
	    .idle_load = o->idle_load,
	};
}

static float start_contact(enum surface_kind kind)
{
	static const float shares[] = {
	    [SURFACE_BED] = START_CONTACT_BED,
	    [SURFACE_SEAT] = START_CONTACT_SEAT,
	    [SURFACE_STRIP] = START_CONTACT_STRIP,
	};

	return shares[kind];
}

bool occupancy_present(const struct occupancy_tracker *o, const struct contact_reading *contact)
{
	float share = o->loaded ? LEAVE_SHARE : ENTER_SHARE;

	if (!(contact->high > 0) || contact->coherence < COHERENCE_MIN ||
	    contact->load < IDLE_SHARE * o->idle_load)
		return false;
	if (surface_sense(o->surface) == SENSE_SWITCH)
		return contact->load > 0;
	if (o->person_s >= MEDIAN_FIRST_S)
		return contact->load > share * o->person_load;
	return contact->contact_ratio > start_contact(o->surface->kind) * (o->loaded ? 0.5f : 1);
}

static void step_load(struct occupancy_tracker *o, bool present, float dt_s)
{
	o->enter_s = present ? o->enter_s + dt_s : 0;
	o->leave_s = present ? 0 : o->leave_s + dt_s;
	if (!o->loaded && o->enter_s >= ENTER_S) {
		o->loaded = true;
		o->loaded_s = o->enter_s;
	} else if (o->loaded && o->leave_s >= LEAVE_S) {
		o->loaded = false;
		o->since_life_s = INFINITY;
		o->loaded_s = 0;
	} else if (o->loaded) {
		o->loaded_s += dt_s;
	}
}

static bool body_shaped(const struct occupancy_tracker *o, const struct contact_reading *contact)
{
	switch (o->surface->kind) {
	case SURFACE_BED:
		return contact->length_mm > BODY_LENGTH_MM;
	case SURFACE_SEAT:
		return contact->contact_ratio > SEATED_RATIO;
	default:
		return false;
	}
}

static bool sits_on_edge(const struct occupancy_tracker *o, const struct contact_reading *contact)
{
	float width_mm = (float)o->surface->cols * o->surface->pitch_mm;
	float x_mm = contact->centre_x_ratio * width_mm;

	return o->surface->kind == SURFACE_BED && o->person_s >= EDGE_KNOWN_S &&
	       contact->length_mm > 0 && contact->length_mm < EDGE_LENGTH_MM &&
	       fminf(x_mm, width_mm - x_mm) < EDGE_MM &&
	       contact->load > EDGE_LOAD_LOW * o->person_load &&
	       contact->load < EDGE_LOAD_HIGH * o->person_load;
}

/* More than the mat's own noise; one that is too small to count as moving, in a long load only. */
static bool stirs(const struct contact_reading *contact, const struct occupancy_signs *signs)
{
	if (signs->movement_ratio <= NOISE_TIMES * contact->noise_ratio)
		return false;
	return signs->moving ||
	       (signs->movement_ratio > LIFE_MOVEMENT && contact->length_mm > TRUNK_MM);
}

static void step_life(struct occupancy_tracker *o, const struct contact_reading *contact,
    const struct occupancy_signs *signs, float dt_s)
{
	bool settled = o->loaded_s > SETTLE_S;

	if (signs->breathing_seen || (settled && stirs(contact, signs)))
		o->since_life_s = 0;
	else
		o->since_life_s += dt_s;
}

static bool is_alive(const struct occupancy_tracker *o)
{
	return o->since_life_s < (o->surface->kind == SURFACE_STRIP ? LIFE_STRIP_S : LIFE_S);
}

static enum occupancy judge(const struct occupancy_tracker *o,
    const struct contact_reading *contact, const struct occupancy_signs *signs, float *confidence)
{
	bool lifeless = o->loaded_s > LIFELESS_S && o->since_life_s > LIFELESS_S;
	bool breathing_told = signs->breathing_window_s >= BREATHING_S;

	if (surface_sense(o->surface) == SENSE_SWITCH) {
		*confidence = SWITCH_CONFIDENCE;
		return OCCUPANCY_PERSON;
	}
	if (is_alive(o)) {
		*confidence = o->since_life_s < LIFELESS_S ? 0.95f : 0.8f;
		return OCCUPANCY_PERSON;
	}
	if (body_shaped(o, contact)) {
		*confidence = lifeless && breathing_told ? 0.5f : 0.8f;
		return OCCUPANCY_PERSON;
	}
	if (!lifeless && sits_on_edge(o, contact)) {
		*confidence = 0.7f;
		return OCCUPANCY_PERSON;
	}
	*confidence = lifeless ? (breathing_told ? 0.9f : 0.7f) : 0;
	if (!lifeless)
		return OCCUPANCY_UNKNOWN;
	return o->surface->kind == SURFACE_STRIP ? OCCUPANCY_EMPTY : OCCUPANCY_OBJECT;
}

static void learn_load(struct occupancy_tracker *o, float load, float dt_s)
{
	if (!(load > 0))
		return;
	o->person_s = fminf(o->person_s + dt_s, MEDIAN_S);
	if (!(o->person_load > 0)) {
		o->person_load = load;
		return;
	}
	float weight = fminf(1, dt_s / fmaxf(o->person_s, dt_s));
	o->person_load *= powf(load / o->person_load, weight);
}

static void learn_idle(
    struct occupancy_tracker *o, const struct contact_reading *contact, float dt_s)
{
	float load = contact->coherence < COHERENCE_MIN ? 0 : contact->load;

	o->idle_load += (load - o->idle_load) * dt_s / (IDLE_S + dt_s);
}

void occupancy_step(struct occupancy_tracker *o, const struct contact_reading *contact,
    const struct occupancy_signs *signs, float dt_s, struct occupancy_reading *out)
{
	bool present = occupancy_present(o, contact);

	*out = (struct occupancy_reading){.state = OCCUPANCY_UNKNOWN};
	step_load(o, present, dt_s);
	if (!o->loaded) {
		if (!present)
			learn_idle(o, contact, dt_s);
		if (!present && o->leave_s >= LEAVE_S) {
			out->state = OCCUPANCY_EMPTY;
			out->confidence = 0.95f;
		}
		return;
	}
	step_life(o, contact, signs, dt_s);
	out->loaded_s = o->loaded_s;
	out->state = judge(o, contact, signs, &out->confidence);
	out->alive = is_alive(o);
	if (out->state == OCCUPANCY_PERSON && present)
		learn_load(o, contact->load, dt_s);
}
