#include "body/body.h"

#include "body/contact.h"
#include "body/movement.h"
#include "body/occupancy.h"
#include "body/posture.h"
#include "body/seat.h"
#include "body/support.h"
#include "body/vitals.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

const struct option_spec body_options[] = {
    {"posture_model", OPTION_TEXT, "", 0, 0, "", NULL,
        "file made by `lumbar train posture`; empty: the model that is built in"},
    {0},
};

/* When a lying body says something about the mattress: quiet, and sure on its back. */
#define QUIET_S            10.0f
#define POSTURE_CONFIDENCE 0.9f /* docs/methods.md, section 1 */

struct body {
	const struct surface *surface;
	enum sense sense;
	int64_t last_ns; /* 0: none since the start or a reset */
	struct contact_map *contact;
	struct movement *movement;
	struct occupancy_tracker *occupancy;
	struct vitals *vitals;           /* bed, strip */
	struct posture_model *model;     /* bed grids */
	struct posture_tracker *posture; /* bed grids */
	struct seat *seat;               /* seat */
	enum posture last_posture;
	struct support_reading support; /* the last one */
};

static int out_of_memory(struct error *err)
{
	return error_set(err, -ENOMEM, "out of memory");
}

static int create_bed(struct body *body, const struct options *options, struct error *err)
{
	if (!surface_is_grid(body->surface))
		return 0;
	body->model = posture_model_load(options_text(options, "posture_model"), err);
	if (!body->model)
		return -EINVAL;
	body->posture = posture_tracker_create(body->surface, body->model);
	return body->posture ? 0 : out_of_memory(err);
}

static int create_parts(struct body *body, const struct options *options, struct error *err)
{
	const struct surface *surface = body->surface;

	body->contact = contact_map_create(surface);
	body->movement = movement_create(surface);
	body->occupancy = occupancy_create(surface);
	if (!body->contact || !body->movement || !body->occupancy)
		return out_of_memory(err);
	if (body->sense == SENSE_SWITCH)
		return 0;
	if (surface->kind == SURFACE_SEAT) {
		body->seat = seat_create(surface, err);
		return body->seat ? 0 : -EINVAL;
	}
	body->vitals = vitals_create(surface, err);
	if (!body->vitals)
		return -EINVAL;
	return surface->kind == SURFACE_BED ? create_bed(body, options, err) : 0;
}

struct body *body_create(
    const struct surface *surface, const struct options *options, struct error *err)
{
	struct body *body = calloc(1, sizeof(*body));

	if (!body) {
		out_of_memory(err);
		return NULL;
	}
	body->surface = surface;
	body->sense = surface_sense(surface);
	if (create_parts(body, options, err) == 0)
		return body;
	body_destroy(body);
	return NULL;
}

void body_destroy(struct body *body)
{
	if (!body)
		return;
	seat_destroy(body->seat);
	posture_tracker_destroy(body->posture);
	posture_model_destroy(body->model);
	vitals_destroy(body->vitals);
	occupancy_destroy(body->occupancy);
	movement_destroy(body->movement);
	contact_map_destroy(body->contact);
	free(body);
}

void body_reset(struct body *body)
{
	body->last_ns = 0;
	body->last_posture = POSTURE_UNKNOWN;
	movement_reset(body->movement);
	occupancy_reset(body->occupancy);
	if (body->vitals)
		vitals_reset(body->vitals);
	if (body->posture)
		posture_tracker_reset(body->posture);
	if (body->seat)
		seat_reset(body->seat);
}

static void fill_frame(struct body *body, const struct image *image, struct observation *out)
{
	observation_clear(out);
	out->mono_ns = image->mono_ns;
	out->real_ns = image->real_ns;
	out->utc_offset_s = image->utc_offset_s;
	out->kind = body->surface->kind;
	out->sense = body->sense;
	out->unit = image->unit;
	out->health_ratio = image->health_ratio;
	if (body->last_ns > 0)
		out->dt_s = (float)((double)(image->mono_ns - body->last_ns) * 1e-9);
	body->last_ns = image->mono_ns;
}

static void fill_contact(const struct contact_reading *contact, struct observation *out)
{
	out->load = contact->load;
	out->contact_ratio = contact->contact_ratio;
	out->peak = contact->peak;
	out->centre_x_ratio = contact->centre_x_ratio;
	out->centre_y_ratio = contact->centre_y_ratio;
}

static void fill_vitals(const struct vitals_reading *vitals, struct observation *out)
{
	out->breathing_per_min = vitals->breathing_per_min;
	out->breathing_confidence = vitals->breathing_confidence;
	out->heart_per_min = vitals->heart_per_min;
	out->heart_confidence = vitals->heart_confidence;
}

static void fill_posture(const struct posture_reading *posture, struct observation *out)
{
	if (out->occupancy == OCCUPANCY_EMPTY)
		out->posture = POSTURE_EMPTY;
	if (out->occupancy != OCCUPANCY_PERSON || posture->posture == POSTURE_EMPTY)
		return;
	out->posture = posture->posture;
	out->posture_confidence = posture->confidence;
}

/* Once a judgement, which is about once a second; the reading holds until the next. */
static void step_support(struct body *body, const struct posture_classifier *judged,
    const struct posture_reading *posture)
{
	if (judged)
		support_read(body->surface, posture_plane(judged), posture_contact(judged), posture,
		    &body->support);
}

static void fill_support(const struct support_reading *support,
    const struct movement_reading *movement, struct observation *out)
{
	if (out->posture != POSTURE_SUPINE || !(out->posture_confidence > POSTURE_CONFIDENCE) ||
	    movement->moving || movement->still_s < QUIET_S)
		return;
	out->valley_ratio = support->valley_ratio;
	out->softness = support->softness;
	out->support_confidence = support->confidence;
}

static void step_bed(struct body *body, const struct image *image, bool present,
    const struct movement_reading *movement, struct observation *out)
{
	struct posture_reading posture;
	const struct posture_classifier *judged = posture_step(
	    body->posture, image, present, &posture);

	step_support(body, judged, &posture);
	fill_posture(&posture, out);
	fill_support(&body->support, movement, out);
	body->last_posture = out->posture;
}

static void fill_seat(const struct seat_reading *seat, struct observation *out)
{
	if (out->occupancy == OCCUPANCY_EMPTY)
		out->seat = SEAT_EMPTY;
	if (out->occupancy != OCCUPANCY_PERSON)
		return;
	out->seat = seat->state;
	out->seat_confidence = seat->confidence;
	out->sideways_ratio = seat->sideways_ratio;
	out->forward_ratio = seat->forward_ratio;
	out->back_load_ratio = seat->back_load_ratio;
	out->bend = seat->bend;
	out->rocking = seat->rocking;
	out->baseline = seat->baseline;
}

static void step_seat(struct body *body, const struct image *image, struct observation *out)
{
	struct seat_reading seat;

	/* What a noisy pad reads while it is empty is nobody's first upright minute. */
	if (out->occupancy == OCCUPANCY_EMPTY)
		seat_reset(body->seat);
	seat_step(body->seat, image, &seat);
	fill_seat(&seat, out);
}

/* Movement and breathing, and from them and the contact whether a person is there. True: a load. */
static bool step_presence(struct body *body, const struct image *image,
    const struct contact_reading *contact, struct movement_reading *movement,
    struct observation *out)
{
	struct vitals_reading vitals = {NAN, NAN, NAN, NAN, false, 0};
	struct occupancy_reading occupancy;
	bool present = occupancy_present(body->occupancy, contact);

	movement_step(body->movement, image, present, body->last_posture, movement);
	if (body->vitals)
		vitals_step(body->vitals, image, present, movement->moving, &vitals);
	struct occupancy_signs signs = {
	    .movement_ratio = movement->ratio,
	    .moving = movement->moving,
	    .breathing_seen = vitals.breathing_seen,
	    .breathing_window_s = vitals.window_s,
	};
	occupancy_step(body->occupancy, contact, &signs, out->dt_s, &occupancy);
	out->alive = occupancy.alive;
	if (occupancy.state == OCCUPANCY_EMPTY && !present)
		contact_map_learn(body->contact, image, out->dt_s);
	out->occupancy = occupancy.state;
	out->occupancy_confidence = occupancy.confidence;
	if (present) {
		out->movement_ratio = movement->ratio;
		out->moving = movement->moving;
		out->shift = movement->shift;
	}
	if (out->occupancy == OCCUPANCY_PERSON)
		fill_vitals(&vitals, out);
	return present;
}

/* A switch: occupancy, without a sign of life, and nothing else. */
static void step_switch(
    struct body *body, const struct contact_reading *contact, struct observation *out)
{
	static const struct occupancy_signs none = {.movement_ratio = NAN};
	struct occupancy_reading occupancy;

	occupancy_step(body->occupancy, contact, &none, out->dt_s, &occupancy);
	out->occupancy = occupancy.state;
	out->occupancy_confidence = occupancy.confidence;
}

void body_step(struct body *body, const struct image *image, struct observation *out)
{
	struct contact_reading contact;
	struct movement_reading movement;

	fill_frame(body, image, out);
	if (body->sense == SENSE_LOAD && !image->tared)
		return; /* the weight of the bed itself is not known */
	contact_map_step(body->contact, image, &contact);
	fill_contact(&contact, out);
	if (body->sense == SENSE_SWITCH) {
		step_switch(body, &contact, out);
		return;
	}
	bool present = step_presence(body, image, &contact, &movement, out);
	if (body->posture)
		step_bed(body, image, present, &movement, out);
	if (body->seat)
		step_seat(body, image, out);
}

bool body_breathing(struct body *body, struct wave *wave)
{
	return body->vitals && vitals_wave(body->vitals, wave);
}
