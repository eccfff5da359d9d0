#include "app/status.h"

#include "app/command.h"
#include "app/observation_json.h"
#include "base/clock.h"
#include "core/trust.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The mean of the cells behind (row, col) of a map of n_rows x n_cols. */
static double block_mean(
    const struct image *image, size_t row, size_t col, size_t n_rows, size_t n_cols)
{
	size_t rows = image->surface->rows, cols = image->surface->cols;
	size_t first_row = row * rows / n_rows, end_row = (row + 1) * rows / n_rows;
	size_t first_col = col * cols / n_cols, end_col = (col + 1) * cols / n_cols;
	double sum = 0;

	for (size_t r = first_row; r < end_row; r++)
		for (size_t c = first_col; c < end_col; c++)
			sum += (double)image->cells[r * cols + c];
	return sum / (double)((end_row - first_row) * (end_col - first_col));
}

/* Rows of numbers, head or front first; null for a free layout. */
static json_t *map_json(const struct image *image)
{
	size_t rows = image->surface->rows, cols = image->surface->cols;
	size_t n_rows = rows < STATUS_MAP_ROWS ? rows : STATUS_MAP_ROWS;
	size_t n_cols = cols < STATUS_MAP_COLS ? cols : STATUS_MAP_COLS;

	if (!surface_is_grid(image->surface))
		return json_null();
	json_t *map = json_array();
	for (size_t row = 0; row < n_rows; row++) {
		json_t *line = json_array();
		for (size_t col = 0; col < n_cols; col++)
			json_array_append_new(line,
			    json_real(
			        round(10 * block_mean(image, row, col, n_rows, n_cols)) / 10));
		json_array_append_new(map, line);
	}
	return map;
}

static json_t *text_or_null(const char *text)
{
	return text && text[0] ? json_string(text) : json_null();
}

static json_t *source_json(const struct surface_config *config, const struct acquire_state *state)
{
	const struct driver_stats *s = &state->stats;

	return json_pack(
	    "{s:s, s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o}",
	    "driver", config->driver->name, "phase", acquire_phase_name(state->phase), "fault",
	    text_or_null(state->fault), "opens", (json_int_t)state->opens, "frames",
	    (json_int_t)s->frames, "requests", (json_int_t)s->requests, "timeouts",
	    (json_int_t)s->timeouts, "integrity_errors", (json_int_t)s->integrity_errors,
	    "content_errors", (json_int_t)s->content_errors, "io_errors", (json_int_t)s->io_errors,
	    "exceptions", (json_int_t)s->exceptions, "torn_frames", (json_int_t)s->torn_frames,
	    "late_samples", (json_int_t)s->late_samples, "dropped", (json_int_t)state->dropped,
	    "last_read_s", json_measure(s->last_read_s), "last_fault", text_or_null(s->fault),
	    "ghost_ratio", s->ghost_ratio > 0 ? json_measure(s->ghost_ratio) : json_null());
}

/* "" when there is nothing to say. */
static const char *warning_of(
    const struct kept_surface *kept, int64_t real_ns, char *text, size_t size)
{
	const struct surface_config *config = kept_config(kept);
	const struct calib *calib = pipeline_calib(kept_pipeline(kept));
	const struct trust_facts facts = {
	    .unit = calib_in_force(calib)->unit,
	    .made_real_ns = calib_in_force(calib)->made_real_ns,
	    .now_real_ns = real_ns,
	    .age_limit_s = options_number(&config->pipeline, "calibration_age"),
	    .drift_ratio = calib_drift_ratio(calib),
	};
	struct phrase phrase = {0};

	if (surface_sense(&config->surface) == SENSE_SHAPE)
		trust_phrase(&facts, config->surface.name, &phrase);
	return phrase_say(phrase.text, NULL, text, size);
}

static json_t *calibration_json(const struct kept_surface *kept, int64_t real_ns)
{
	const struct calib *calib = pipeline_calib(kept_pipeline(kept));
	const struct calibration *calibration = calib_in_force(calib);
	char made[STAMP_SIZE] = "", grade[2] = {calibration->grade, '\0'}, warning[PHRASE_SAID];

	if (calibration->made_real_ns)
		clock_format_stamp(calibration->made_real_ns, 0, made);
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "unit",
	    pressure_unit_name(calibration->unit), "made", text_or_null(made), "quality_ratio",
	    json_measure((double)calibration->quality_ratio), "note",
	    text_or_null(calibration->note), "grade", text_or_null(grade), "reasons",
	    text_or_null(calibration->reasons), "dead",
	    (json_int_t)calibration_dead_cells(calibration), "drift_ratio",
	    json_measure((double)calib_drift_ratio(calib)), "warning",
	    text_or_null(warning_of(kept, real_ns, warning, sizeof(warning))));
}

static json_t *surface_json(const struct status *status, const struct status_surface *surface)
{
	const struct surface_config *config = kept_config(surface->kept);
	struct pipeline *pipeline = kept_pipeline(surface->kept);
	struct observation o = *pipeline_observation(pipeline);
	const struct event *event = kept_last_event(surface->kept);
	const struct moment *now = &status->moment; /* a source may live in a time of its own */
	int64_t uptime_ns = status->mono_ns - status->start_ns;

	if (surface->frames == 0)
		o.technical = TECHNICAL_NO_DATA;
	json_t *object = json_pack("{s:s, s:s, s:i, s:i}", "name", config->surface.name, "kind",
	    surface_kind_name(config->surface.kind), "rows", (int)config->surface.rows, "cols",
	    (int)config->surface.cols);
	observation_to_json(object, &o);
	json_object_set_new(object, "advice",
	    o.technical == TECHNICAL_NONE ? json_null()
	                                  : json_string(technical_advice(o.technical)));
	const char *limits = sense_limits(surface_sense(&config->surface));
	json_object_set_new(object, "limits", text_or_null(limits));
	json_object_set_new(object, "age_s", json_seconds(surface->age_s));
	json_object_set_new(object, "rate_hz", json_measure(surface->rate_hz));
	json_object_set_new(object, "frames", json_integer((json_int_t)surface->frames));
	json_object_set_new(object, "source", source_json(config, &surface->acquire));
	json_object_set_new(
	    object, "calibration", calibration_json(surface->kept, status->real_ns));
	json_object_set_new(object, "last_event",
	    event->rule ? event_to_json(event, now->real_ns != 0, now->real_ns - now->mono_ns,
	                      now->utc_offset_s, now->mono_ns - uptime_ns)
	                : json_null());
	json_object_set_new(object, "map", map_json(pipeline_image(pipeline)));
	return object;
}

static json_t *status_json(const struct status *status)
{
	char now[STAMP_SIZE];
	json_t *surfaces = json_array();

	clock_format_stamp(status->real_ns, status->utc_offset_s, now);
	for (size_t i = 0; i < status->n_surfaces; i++)
		json_array_append_new(surfaces, surface_json(status, &status->surfaces[i]));
	return json_pack("{s:s, s:i, s:s, s:I, s:o, s:b, s:{s:s, s:s, s:o}, s:o, s:o}", "version",
	    LUMBAR_VERSION, "pid", (int)getpid(), "time", now, "mono_ns",
	    (json_int_t)status->mono_ns, "uptime_s",
	    json_seconds((double)(status->mono_ns - status->start_ns) / (double)NS_PER_S),
	    "clock_synchronised", (int)status->synchronised, "store", "path", status->database,
	    "state", status->store_fault->code ? "failing" : "good", "fault",
	    status->store_fault->code ? json_string(status->store_fault->text) : json_null(),
	    "surfaces", surfaces, "indicators",
	    indicators_json(status->indicators, &status->moment));
}

int status_write(const char *path, const struct status *status)
{
	char *beside = NULL;
	json_t *root = status_json(status);
	struct stat there;
	int result = 0;

	/* Renaming would put a file in a device's place. */
	if (stat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
		json_decref(root);
		return -EINVAL;
	}
	if (!root || asprintf(&beside, "%s.new", path) < 0) {
		json_decref(root);
		return -ENOMEM;
	}
	errno = 0;
	if (json_dump_file(root, beside, JSON_COMPACT | JSON_NUMBERS) < 0 ||
	    rename(beside, path) < 0) {
		result = errno ? -errno : -EIO;
		unlink(beside);
	}
	json_decref(root);
	free(beside);
	return result;
}
