#include "core/observation.h"

#include "base/language.h"
#include "core/names.h"

#include <math.h>

static const char *const occupancy_names[] = {"unknown", "empty", "object", "person"};
static const char *const posture_names[] = {
    "unknown", "supine", "left", "right", "prone", "edge", "empty"};
static const char *const seat_names[] = {
    "unknown", "empty", "upright", "forward", "slump", "lean_left", "lean_right", "other"};
static const char *const posture_words_en[] = {N_("posture not known"), N_("on the back"),
    N_("on the left side"), N_("on the right side"), N_("on the front"), N_("on the edge"),
    N_("nobody")};
static const char *const seat_words_en[] = {N_("not known"), N_("nobody"), N_("upright"),
    N_("bent forward"), N_("slumped"), N_("leaning left"), N_("leaning right"), N_("other")};
static const char *const technical_names[] = {
    "none", "no_data", "zeros", "frozen", "range", "dead"};
static const char *const technical_advices[] = {
    N_("nothing is wrong"),
    N_("no frames arrive: look at the cable, the power and the address of the mat"),
    N_("every cell reads zero: look at the mat's connector and its supply"),
    N_("the same frame comes again and again: restart the mat's controller"),
    N_("counts are outside the mat's range: look at full_scale and the cell type of the profile"),
    N_("too many cells are dead: look at the mat's row and column wires"),
};

_Static_assert(NAMES_COUNT(posture_names) == POSTURE_COUNT, "a name for each posture");
_Static_assert(NAMES_COUNT(seat_names) == SEAT_STATE_COUNT, "a name for each seat state");

void observation_clear(struct observation *o)
{
	*o = (struct observation){
	    .health_ratio = NAN,
	    .occupancy_confidence = NAN,
	    .load = NAN,
	    .contact_ratio = NAN,
	    .peak = NAN,
	    .centre_x_ratio = NAN,
	    .centre_y_ratio = NAN,
	    .movement_ratio = NAN,
	    .posture_confidence = NAN,
	    .valley_ratio = NAN,
	    .softness = NAN,
	    .support_confidence = NAN,
	    .breathing_per_min = NAN,
	    .breathing_confidence = NAN,
	    .heart_per_min = NAN,
	    .heart_confidence = NAN,
	    .seat_confidence = NAN,
	    .sideways_ratio = NAN,
	    .forward_ratio = NAN,
	    .back_load_ratio = NAN,
	};
}

void observation_doubt(struct observation *o)
{
	struct observation kept = *o;

	observation_clear(o);
	o->mono_ns = kept.mono_ns;
	o->real_ns = kept.real_ns;
	o->utc_offset_s = kept.utc_offset_s;
	o->dt_s = kept.dt_s;
	o->kind = kept.kind;
	o->sense = kept.sense;
	o->technical = kept.technical;
	o->unit = kept.unit;
	o->health_ratio = kept.health_ratio;
	o->load = kept.load;
	o->contact_ratio = kept.contact_ratio;
	o->peak = kept.peak;
	o->centre_x_ratio = kept.centre_x_ratio;
	o->centre_y_ratio = kept.centre_y_ratio;
	o->movement_ratio = kept.movement_ratio;
}

const char *pressure_unit_name(enum pressure_unit unit)
{
	return unit == PRESSURE_MMHG ? "mmHg" : "relative";
}

const char *occupancy_name(enum occupancy occupancy)
{
	return occupancy_names[occupancy];
}

const char *posture_name(enum posture posture)
{
	return posture_names[posture];
}

int posture_parse(const char *text, enum posture *posture)
{
	int found = name_find(posture_names, NAMES_COUNT(posture_names), text);

	if (found >= 0)
		*posture = (enum posture)found;
	return found < 0 ? found : 0;
}

const char *seat_state_name(enum seat_state state)
{
	return seat_names[state];
}

int seat_state_parse(const char *text, enum seat_state *state)
{
	if (strcmp(text, "neutral") == 0 || strcmp(text, "baseline") == 0) {
		*state = SEAT_UPRIGHT;
		return 0;
	}
	int found = name_find(seat_names, NAMES_COUNT(seat_names), text);
	if (found >= 0)
		*state = (enum seat_state)found;
	return found < 0 ? found : 0;
}

const char *technical_name(enum technical technical)
{
	return technical_names[technical];
}

const char *technical_advice(enum technical technical)
{
	return technical_advices[technical];
}

bool observation_lying(const struct observation *o)
{
	return o->kind == SURFACE_BED && o->technical == TECHNICAL_NONE &&
	       o->occupancy == OCCUPANCY_PERSON && o->posture != POSTURE_EDGE &&
	       o->posture != POSTURE_EMPTY;
}

const char *posture_words(enum posture posture)
{
	return posture_words_en[posture];
}

const char *seat_state_words(enum seat_state state)
{
	return seat_words_en[state];
}
