/* What a procedure is made of. Only calib/procedure*.c include this. */
#ifndef LUMBAR_CALIB_PROCEDURE_PARTS_H
#define LUMBAR_CALIB_PROCEDURE_PARTS_H

#include "calib/load.h"
#include "calib/procedure.h"
#include "calib/window.h"

#define STEPS_MAX (PROCEDURE_LEVELS_MAX + 4)

struct step {
	enum procedure_step kind;
	float pressure_mmhg; /* of a level */
	double length_s;     /* when all goes well */
};

/* Conditioning: the load goes up and down between the least and the greatest that was seen. */
struct conditioning {
	float low_ratio, high_ratio;
	bool loaded;
	int64_t since_ns; /* that it is on the other side of the limit; 0: it is not */
	unsigned n_loads;
};

/* Creep: the regression of the load's total over log10(1 + t / tau). */
struct creep {
	double n, sx, sy, sxx, sxy;
	double first, watched_s;
	int64_t next_ns;
};

struct procedure {
	struct surface surface;
	struct procedure_plan plan;
	struct step steps[STEPS_MAX];
	size_t n_steps, step;
	enum procedure_state state;
	struct error failure;
	char sees[PROCEDURE_TEXT_SIZE];

	float *counts, *before, *scratch; /* this frame, the one before, spare */
	bool any, frozen;
	int64_t last_ns, last_real_ns;
	int64_t good_ns;    /* when a step last saw what it wants */
	int64_t changed_ns; /* when a frame was last unlike the one before */
	struct load_look look;

	struct conditioning conditioning;
	float seen_low_ratio,
	    seen_ratio; /* of it: the mat unloaded, and what a load adds; 0: none */
	struct window window;
	float *zero; /* after the tare */
	bool tared;
	float noise_counts;

	int64_t settled_ns;   /* since when the load of a step is steady; 0: it is not */
	float steady_ratio;   /* the load then */
	float last_level;     /* of full scale: the level before this one */
	int64_t load_ns;      /* since when the load that lies there now has been lying */
	double greatest_part; /* uneven_ratio, the greatest of the levels */
	struct creep creep;

	float *levels; /* PROCEDURE_LEVELS_MAX x n_cells: the medians */
	float *weight; /* n_cells */
	struct calibration made;
};

/*
 * One frame of a step (procedure_steps.c), p->look being that of this frame. Return true when the
 * load is what the step wants; otherwise p->sees says what it is. They call step_done() at its end.
 */
bool step_condition(struct procedure *p, int64_t now_ns);
bool step_tare(struct procedure *p, int64_t now_ns);
bool step_level(struct procedure *p, int64_t now_ns);
bool step_weight(struct procedure *p, int64_t now_ns);
bool step_creep(struct procedure *p, int64_t now_ns);

/* 0-1 of the step under way, and what is asked for it. */
double step_ratio(const struct procedure *p);
void step_ask(const struct procedure *p, char text[static PROCEDURE_TEXT_SIZE]);

/* The way on: procedure.c. */
void step_begin(struct procedure *p);
void step_done(struct procedure *p);
void procedure_fail(struct procedure *p, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Out of all that was measured, a graded calibration, or a failure: procedure_make.c. */
void procedure_make(struct procedure *p);

#endif
