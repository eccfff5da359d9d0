#include "app/config_surface.h"

#include "body/body.h"
#include "detect/detector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 25.4 mm and 4095 (12 bits) are what most mats of textile or FSR matrices have. */
static const struct option_spec surface_options[] = {
    {"kind", OPTION_CHOICE, NULL, 0, 0, "", "bed seat strip", "what the mat lies on"},
    {"driver", OPTION_TEXT, NULL, 0, 0, "", NULL, "where frames come from: lumbar drivers"},
    {"rows", OPTION_INTEGER, "0", 0, 128, "", NULL, "cells from head to feet, knees to back"},
    {"cols", OPTION_INTEGER, "0", 0, 128, "", NULL, "cells from side to side"},
    {"pitch", OPTION_NUMBER, "25.4", 1, 500, "mm", NULL, "centre to centre of two cells"},
    {"flip", OPTION_CHOICE, "none", 0, 0, "", "none rows cols both",
        "turns the mat's cells into body coordinates"},
    {"layout", OPTION_TEXT, "", 0, 0, "", NULL, "CSV cell,x_mm,y_mm,region instead of a grid"},
    {"full_scale", OPTION_NUMBER, "4095", 1, 4294967295.0, "counts", NULL,
        "the greatest count of a cell"},
    {"rate", OPTION_NUMBER, "10", 0.05, 1000, "hz", NULL, "frames a second"},
    {"calibration", OPTION_TEXT, "", 0, 0, "", NULL,
        "calibration file; without it that inside a recording, else pressures are relative; none: "
        "relative"},
    {0},
};

static size_t count_rules(void)
{
	size_t n = 0;

	while (detectors[n])
		n++;
	return n;
}

struct surface_config *surface_config_create(const struct surface *surface)
{
	struct surface_config *config = calloc(1, sizeof(*config));
	size_t n = count_rules();

	if (!config)
		return NULL;
	config->rules = calloc(n + 1, sizeof(struct options));
	config->rule_enabled = calloc(n + 1, sizeof(bool));
	if (!config->rules || !config->rule_enabled) {
		surface_config_destroy(config);
		return NULL;
	}
	config->surface = *surface;
	options_init(&config->pipeline, pipeline_options);
	options_init(&config->body, body_options);
	for (size_t i = 0; i < n; i++) {
		options_init(&config->rules[i], detectors[i]->options);
		config->rule_enabled[i] = true;
	}
	return config;
}

void surface_config_destroy(struct surface_config *config)
{
	if (!config)
		return;
	calibration_finish(&config->calibration);
	free(config->calibration_path);
	free(config->places);
	free(config->rules);
	free(config->rule_enabled);
	free(config->text);
	free(config);
}

static void keep_text(struct section *section)
{
	size_t size = 0;
	FILE *out = open_memstream(&section->config->text, &size);

	if (!out)
		return;
	for (size_t i = section->entries.first; i < section->entries.end; i++) {
		const struct ini_entry *entry = &section->entries.ini->entries[i];
		fprintf(out, "%s = %s\n", entry->key, entry->value);
	}
	fclose(out);
}

struct place section_place(const struct section *section, const char *key)
{
	return config_place(&section->entries, key);
}

struct error section_error(
    const struct section *section, const char *key, const struct error *fault)
{
	struct place where = section_place(section, key);
	struct error err = {0};

	error_at(&err, fault->code, &where, "%s", fault->text);
	return err;
}

static void take_own_keys(struct section *section)
{
	size_t before = section->problems->n_problems;

	options_init(&section->own, surface_options);
	for (size_t i = section->entries.first; i < section->entries.end; i++) {
		const struct ini_entry *entry = &section->entries.ini->entries[i];
		struct place where = inifile_place(section->entries.ini, entry);
		struct error err = {0};
		int first = inifile_given_before(section->entries.ini, i);
		if (first)
			error_at(&err, -EINVAL, &where,
			    "stands already at line %d; keep one (two sections of one name?)",
			    first);
		else if (!strchr(entry->key, '.'))
			options_set(&section->own, entry->key, entry->value, &where, &err);
		if (err.code)
			*problem_slot(section->problems) = err;
	}
	struct error err = {0};
	/* A key whose value is wrong is not also said to be missing. */
	if (section->problems->n_problems == before &&
	    options_complete(&section->own, &section->place, &err) < 0)
		*problem_slot(section->problems) = err;
}

static void check_gap(struct section *section)
{
	const struct surface_config *config = section->config;
	struct place where = section_place(section, "pipeline.gap");
	struct error err = {0};

	if (pipeline_check_gap(&config->surface, &config->pipeline, &err) == 0)
		return;
	if (where.value)
		error_at(problem_slot(section->problems), err.code, &where, "%s", err.text);
	else
		error_at(problem_slot(section->problems), err.code, &section->place,
		    "[surface %s]: %s", config->surface.name, err.text);
}

int surface_config_read(
    struct surface_config **out, const struct config_entries *entries, struct problems *problems)
{
	struct section section = {
	    .entries = *entries, .problems = problems, .place = config_place(entries, "")};

	section.config = surface_config_create(&(struct surface){0});
	*out = section.config;
	if (!section.config)
		return -ENOMEM;
	keep_text(&section);
	config_name(config_heading(entries), "surface ", section.config->surface.name,
	    &section.place, problems);
	size_t before = problems->n_problems;
	take_own_keys(&section);
	if (!options_given(&section.own, "kind"))
		return 0; /* what else fits depends on it */
	section.config->surface.kind = (enum surface_kind)options_integer(&section.own, "kind");
	section.config->surface.flip = (enum flip)options_integer(&section.own, "flip");
	section_take_driver(&section);
	section_take_parts(&section);
	if (problems->n_problems == before)
		section_take_geometry(&section);
	if (problems->n_problems == before)
		check_gap(&section);
	if (problems->n_problems == before)
		section_take_calibration(&section);
	return 0;
}

static bool calibrations_equal(const struct surface_config *a, const struct surface_config *b)
{
	if (a->calibrated != b->calibrated)
		return false;
	if (!a->calibrated)
		return true;
	bool equal = a->calibration.unit == b->calibration.unit &&
	             a->calibration.made_real_ns == b->calibration.made_real_ns;
	for (size_t i = 0; equal && i < a->surface.n_cells; i++) {
		const struct calib_cell *x = &a->calibration.cells[i],
		                        *y = &b->calibration.cells[i];
		equal = x->offset_counts == y->offset_counts && x->gain == y->gain &&
		        x->exponent == y->exponent && x->dead == y->dead;
	}
	return equal;
}

static bool places_equal(const struct surface *a, const struct surface *b)
{
	if (!a->places || !b->places)
		return a->places == b->places;
	for (size_t i = 0; i < a->n_cells; i++)
		if (a->places[i].x_mm != b->places[i].x_mm ||
		    a->places[i].y_mm != b->places[i].y_mm ||
		    a->places[i].region != b->places[i].region)
			return false;
	return true;
}

bool surface_config_equal(const struct surface_config *a, const struct surface_config *b)
{
	const struct surface *s = &a->surface, *t = &b->surface;

	if (!a->text || !b->text || strcmp(a->text, b->text) != 0 || strcmp(s->name, t->name) != 0)
		return false;
	if (s->kind != t->kind || s->rows != t->rows || s->cols != t->cols ||
	    s->n_cells != t->n_cells || s->pitch_mm != t->pitch_mm || s->flip != t->flip ||
	    s->rate_hz != t->rate_hz || s->full_scale_counts != t->full_scale_counts)
		return false;
	return places_equal(s, t) && calibrations_equal(a, b);
}

struct pipeline_config surface_config_pipeline(const struct surface_config *config)
{
	return (struct pipeline_config){
	    .surface = &config->surface,
	    .calibration = config->calibrated ? &config->calibration : NULL,
	    .pipeline = &config->pipeline,
	    .body = &config->body,
	    .detectors = config->rules,
	    .detector_enabled = config->rule_enabled,
	};
}
