/* A made-up person on a made-up pad of 16 x 16 cells of 25 mm, whose seat is read. */
#ifndef LUMBAR_TESTS_SITTER_H
#define LUMBAR_TESTS_SITTER_H

#include "base/random.h"
#include "body/seat.h"

#define SITTER_CELLS (16 * 16)
#define SITTER_HZ    10

/* Two halves of a body; what a lean does is to shift load from one to the other. */
struct sitter {
	double kg;           /* 0: nobody */
	double lean_ratio;   /* (right - left) / all */
	double forward_mm;   /* of the whole load */
	double flat;         /* 0: seat bones show, 1: a slumped, even load */
	double noise;        /* of a cell, in mmHg */
	double offset, gain; /* of every cell */
};

struct chair {
	struct surface surface;
	struct seat *seat;
	struct seat_reading reading; /* the last */
	struct random random;
	int64_t now_ns;
	float cells[SITTER_CELLS];
	size_t bends; /* counted over all readings */
};

extern const struct sitter sitter_upright;

/* A chair with nobody in it yet; with who has sat upright for long enough to be known. */
void chair_open(struct chair *chair);
void chair_open_known(struct chair *chair);

/* Her pressures into cells, SITTER_CELLS of them. */
void sitter_press(const struct sitter *sitter, struct random *random, float *cells);

/* One frame of her, or so many seconds. */
void chair_step(struct chair *chair, const struct sitter *sitter);
void chair_sit(struct chair *chair, const struct sitter *sitter, double seconds);

#endif
