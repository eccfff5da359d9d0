/* What a kind of paper must be able to do; canvas.c hands each call on. */
#ifndef LUMBAR_REPORT_CANVAS_OPS_H
#define LUMBAR_REPORT_CANVAS_OPS_H

#include "report/canvas.h"

struct canvas_ops {
	void (*begin)(struct canvas *, const struct figure_size *);
	void (*end)(struct canvas *);
	void (*rect)(struct canvas *, double x, double y, double width, double height);
	void (*circle)(struct canvas *, double x, double y, double radius);
	void (*move)(struct canvas *, double x, double y);
	void (*line)(struct canvas *, double x, double y);
	void (*fill)(struct canvas *, enum ink);
	void (*stroke)(struct canvas *, enum ink);
	void (*fill_rgb)(struct canvas *, uint32_t rgb, bool crisp);
	void (*link)(struct canvas *, const char *target, const char *title);
	void (*mirror)(struct canvas *, double width);
	void (*destroy)(struct canvas *);
};

/* The first member of each kind's own struct. */
struct canvas {
	const struct canvas_ops *ops;
};

#endif
