/*
 * The drawings of a report: strips over the hours, heat maps, small bars. Each is drawn once, on
 * whatever paper canvas.h stands for. Strips are stretched to the width of the page, hence they
 * hold no text.
 */
#ifndef LUMBAR_REPORT_FIGURE_H
#define LUMBAR_REPORT_FIGURE_H

#include "report/canvas.h"
#include "report/document.h"
#include "report/night.h"

/* The colour ramp of heat maps: 0 is nothing, FIGURE_LEVELS - 1 the greatest. 0xrrggbb */
#define FIGURE_LEVELS 24
uint32_t figure_colour(size_t level);
size_t figure_level(float value, float greatest);

/* Height of a lane with the space about it, and of the other strips: px in a page. */
#define FIGURE_LANE_PITCH    16
#define FIGURE_STRIP_HEIGHT  30
#define FIGURE_SIGNAL_HEIGHT 14

/* One lane a row; label: what a screen reader says. */
struct figure_lane {
	enum lane lane;
	enum ink ink;
};
void figure_strip(struct canvas *canvas, const struct report_night *report,
    const struct figure_lane *lanes, size_t n_lanes, const char *label);

/* Height follows the seconds moved in each minute, full at 30 s. */
void figure_movement(struct canvas *canvas, const struct report_night *report, const char *label);

/* Points between low and high per minute, joined where minutes follow one another. */
void figure_breathing(struct canvas *canvas, const struct report_night *report, float low,
    float high, const char *label);

/* Bars from start to end of each finding, in two rows by turns; each says it and leads to it. */
void figure_notices(struct canvas *canvas, const struct report_night *report,
    const struct language *language, const char *label);

/* How much of each minute each kind of mat saw: full, partly, or hatched where nothing. */
void figure_quality(
    struct canvas *canvas, const struct report_night *report, bool bed, const char *label);

/* A map with its centre of pressure. The greatest value shown is returned, for the legend. */
float figure_map(struct canvas *canvas, const struct report_map *map, const char *label);

/* The same of single cells at their places: the seat, and below it what is on the back rest. */
float figure_places(struct canvas *canvas, const struct report_map *map, const char *label);

/* Some of the single cells are of a back rest, which figure_places() draws below the seat. */
bool figure_has_back(const struct report_map *map);

/* The values as bars, the newest on the right, and her usual as a line. */
void figure_bars(struct canvas *canvas, const struct bars *bars, const char *label);

/* Shares of a whole, side by side. */
void figure_shares(struct canvas *canvas, const struct shares *shares, const char *label);

/* How many minutes lie between two labels of the clock. */
size_t figure_axis_step(const struct report_night *report);

/*
 * The first minute from `minute` on at which the clock on the wall stands at a multiple of `step`,
 * or the strips' end; and its hour as two digits. In the night in which the clocks change labels are
 * closer together or further apart.
 */
size_t figure_axis_next(const struct report_night *report, size_t minute, size_t step);
#define FIGURE_HOUR_SIZE 4
const char *figure_axis_hour(
    const struct report_night *report, size_t minute, char hour[static FIGURE_HOUR_SIZE]);

#endif
