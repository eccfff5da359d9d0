/*
 * The drawings of a report as inline SVG: strips over the hours, heat maps, small bars. Colours are
 * classes of report.css, so that they follow light and dark; strips are stretched to the page's
 * width, hence they hold no text.
 */
#ifndef LUMBAR_REPORT_FIGURE_H
#define LUMBAR_REPORT_FIGURE_H

#include "report/night.h"

#include <stdio.h>

/* The colour ramp of heat maps: 0 is nothing, FIGURE_LEVELS - 1 the greatest. "#rrggbb" */
#define FIGURE_LEVELS 24
#define COLOUR_SIZE   8
void figure_colour(size_t level, char text[static COLOUR_SIZE]);
size_t figure_level(float value, float greatest);

/* One lane a row, lanes[i] drawn in class "lane-<names[i]>"; label: what a screen reader says. */
struct figure_lane {
	enum lane lane;
	const char *colour; /* class */
};
void figure_strip(FILE *out, const struct report_night *report, const struct figure_lane *lanes,
    size_t n_lanes, const char *label);

/* Height follows the seconds moved in each minute, full at 30 s. */
void figure_movement(FILE *out, const struct report_night *report);

/* Points between low and high per minute, joined where minutes follow one another. */
void figure_breathing(FILE *out, const struct report_night *report, float low, float high);

/* Bars from start to end of each finding, in two rows by turns. */
void figure_notices(FILE *out, const struct report_night *report);

/* How much of each minute each kind of mat saw: full, partly, or hatched where nothing. */
void figure_quality(FILE *out, const struct report_night *report, bool bed);

/* A map with its centre of pressure. The greatest value shown is returned, for the legend. */
float figure_map(FILE *out, const struct report_map *map, const char *label);

/* The same of single cells at their places: the seat, and below it what is on the back rest. */
float figure_places(FILE *out, const struct report_map *map, const char *label);

/* n_days bars, the newest on the right; NAN: no night. The last one is this night. */
void figure_bars(FILE *out, const float *values, size_t n_days, float greatest, const char *label);

/* How many minutes lie between two labels of the clock. */
size_t figure_axis_step(const struct report_night *report);

/* The pattern that hatches are filled with; once a page. */
void figure_patterns(FILE *out);

#endif
