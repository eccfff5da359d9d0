/*
 * lumbard.conf: one section [lumbard], one [report], one [surface NAME] for each mat, and one
 * [indicator NAME] for each light or motor that gives cues. Keys with a dot belong to the part
 * named before it: modbus.profile to the driver, body.* and pipeline.* to those rooms,
 * prolonged_lying.limit to a rule. Everything is checked before anything runs.
 */
#ifndef LUMBAR_APP_CONFIG_H
#define LUMBAR_APP_CONFIG_H

#include "base/error.h"
#include "base/language.h"
#include "base/log.h"
#include "base/options.h"
#include "calib/calib.h"
#include "core/surface.h"
#include "drivers/driver.h"
#include "live/indicator.h"
#include "pipeline/pipeline.h"

#include <stdbool.h>
#include <stddef.h>

#define CONFIG_FILE           "/etc/lumbar/lumbard.conf"
#define CONFIG_SURFACES_MAX   8
#define CONFIG_INDICATORS_MAX 4

struct surface_config {
	struct surface surface;
	const struct driver *driver;
	struct options driver_options, pipeline, body;
	struct options *rules; /* one per row of detectors[], in order */
	bool *rule_enabled;
	bool calibrated;
	struct calibration calibration; /* when calibrated */
	char *calibration_path;         /* where the file is or will be; NULL: none is named */
	struct error calibration_fault; /* why the named file was not taken; code 0: it was */
	struct cell_place *places;      /* of a free layout */
	char *text;                     /* the section's lines, to see whether it has changed */
};

/* What lumbar nightly writes. */
struct report_config {
	char folder[OPTION_TEXT_SIZE];
	unsigned formats; /* a set of 1u << enum report_format, at least one */
	const struct language *language;
	int32_t from_s;    /* of the day: the night that still runs is reported from then to noon */
	int32_t keep_days; /* from the newest night back; 0: for ever */
};

struct config {
	char database[OPTION_TEXT_SIZE], status_file[OPTION_TEXT_SIZE];
	enum log_level log;
	size_t n_surfaces;
	struct surface_config *surfaces[CONFIG_SURFACES_MAX];
	struct report_config report;
	size_t n_indicators;
	struct indicator_config indicators[CONFIG_INDICATORS_MAX];
};

/* What is wrong with a file; all that was found, not only the first. */
#define PROBLEMS_MAX 16
struct problems {
	size_t n_problems; /* may be more than are kept */
	struct error list[PROBLEMS_MAX];
};

/*
 * Reads and checks path whole: sections, keys, units, ranges, drivers, profiles, calibrations,
 * geometry. Returns 0, or -errno with at least one problem. Thread: main.
 */
int config_load(struct config **config, const char *path, struct problems *problems);
/* The same, but a calibration that is not there or is bad is no problem: for who makes it anew. */
int config_load_to_calibrate(struct config **config, const char *path, struct problems *problems);
/* The same, but only [lumbard] and [report] are read: no mat needs to be in order for a report. */
int config_load_for_reports(struct config **config, const char *path, struct problems *problems);
void config_destroy(struct config *config); /* NULL is legal */

/* What was found on stderr, a line each, opened by the program's name: "lumbar record". */
void problems_print(const struct problems *problems, const char *program);

/* The surface of that name, borrowed; NULL with err, which names those of the file `path`. */
const struct surface_config *config_find_surface(
    const struct config *config, const char *path, const char *name, struct error *err);

/*
 * The settings of a surface that no file describes: every fallback, no driver, no calibration.
 * Its places are borrowed. NULL: out of memory.
 */
struct surface_config *surface_config_create(const struct surface *surface);
void surface_config_destroy(struct surface_config *config); /* NULL is legal */

/* The same mat, read and judged in the same way: a reload may let it run on. */
bool surface_config_equal(const struct surface_config *a, const struct surface_config *b);

/* What a pipeline of this surface needs. Borrowed from the configuration. */
struct pipeline_config surface_config_pipeline(const struct surface_config *config);

/*
 * The `--check` of both programs: says "path: good, N surfaces" on stdout or each problem on
 * stderr, opened by the program's name. EXIT_OK or EXIT_FAULT.
 */
int config_check(const char *program, const char *path);

#endif
