#include "app/observation_json.h"

#include "base/clock.h"
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

json_t *json_measure(double value)
{
	char text[32];

	if (!isfinite(value))
		return json_null();
	snprintf(text, sizeof(text), "%.6g", value);
	return json_real(strtod(text, NULL));
}

json_t *json_seconds(double seconds)
{
	return isfinite(seconds) ? json_real(round(seconds * 1000) / 1000) : json_null();
}

const char *observation_state(const struct observation *o)
{
	if (o->technical != TECHNICAL_NONE)
		return technical_name(o->technical);
	return occupancy_name(o->occupancy);
}

static void set_word(json_t *object, const char *name, bool there, const char *word)
{
	json_object_set_new(object, name, there ? json_string(word) : json_null());
}

static void set_measure(json_t *object, const char *name, float value)
{
	json_object_set_new(object, name, json_measure((double)value));
}

void observation_to_json(json_t *object, const struct observation *o)
{
	bool judged = o->technical == TECHNICAL_NONE;
	bool bed = o->kind == SURFACE_BED, seat = o->kind == SURFACE_SEAT;

	set_word(object, "state", true, observation_state(o));
	set_measure(object, "occupancy_confidence", o->occupancy_confidence);
	bool shape = o->sense == SENSE_SHAPE;
	set_word(object, "posture", judged && bed && shape, posture_name(o->posture));
	set_measure(object, "posture_confidence", o->posture_confidence);
	set_word(object, "seat", judged && seat && shape, seat_state_name(o->seat));
	set_measure(object, "seat_confidence", o->seat_confidence);
	set_word(object, "unit", true, pressure_unit_name(o->unit));
	set_measure(object, "load", o->load);
	set_measure(object, "contact_ratio", o->contact_ratio);
	set_measure(object, "peak", o->peak);
	set_measure(object, "centre_x_ratio", o->centre_x_ratio);
	set_measure(object, "centre_y_ratio", o->centre_y_ratio);
	set_measure(object, "movement", o->movement_ratio);
	json_object_set_new(object, "moving",
	    judged && o->sense != SENSE_SWITCH ? json_boolean(o->moving) : json_null());
	set_measure(object, "valley_ratio", o->valley_ratio);
	set_measure(object, "softness", o->softness);
	set_measure(object, "support_confidence", o->support_confidence);
	set_measure(object, "breathing_per_min", o->breathing_per_min);
	set_measure(object, "breathing_confidence", o->breathing_confidence);
	set_measure(object, "heart_per_min", o->heart_per_min);
	set_measure(object, "heart_confidence", o->heart_confidence);
	set_measure(object, "sideways_ratio", o->sideways_ratio);
	set_measure(object, "forward_ratio", o->forward_ratio);
	set_measure(object, "back_load_ratio", o->back_load_ratio);
	set_measure(object, "health_ratio", o->health_ratio);
}

static json_t *stamp(int64_t mono_ns, bool known, int64_t offset_ns, int32_t utc_offset_s)
{
	return json_stamp_or_null(known && mono_ns ? mono_ns + offset_ns : 0, utc_offset_s);
}

static json_t *since(int64_t mono_ns, int64_t origin_ns)
{
	return json_seconds((double)(mono_ns - origin_ns) / (double)NS_PER_S);
}

json_t *event_to_json(const struct event *event, bool clock_known, int64_t offset_ns,
    int32_t utc_offset_s, int64_t origin_ns)
{
	json_t *object = json_object();

	json_object_set_new(object, "rule", json_string(event->rule));
	json_object_set_new(object, "advice_id", json_string(event->advice_id));
	json_object_set_new(object, "level", json_string(event_level_name(event->level)));
	json_object_set_new(
	    object, "start", stamp(event->start_ns, clock_known, offset_ns, utc_offset_s));
	json_object_set_new(
	    object, "end", stamp(event->end_ns, clock_known, offset_ns, utc_offset_s));
	json_object_set_new(object, "start_s", since(event->start_ns, origin_ns));
	json_object_set_new(object, "end_s", since(event->end_ns, origin_ns));
	set_measure(object, "value", event->value);
	set_measure(object, "limit", event->limit);
	json_object_set_new(object, "unit", json_string(event->unit ? event->unit : ""));
	set_measure(object, "coverage_ratio", event->coverage_ratio);
	set_measure(object, "confidence", event->confidence);
	json_object_set_new(object, "detail", json_string(event->detail));
	return object;
}
