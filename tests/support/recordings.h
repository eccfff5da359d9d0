/* Recordings of a small mat with known frames, and what is read of them. */
#ifndef LUMBAR_TESTS_RECORDINGS_H
#define LUMBAR_TESTS_RECORDINGS_H

#include "recording/recording.h"

#define RECORDED_CELLS 40

extern const struct surface recorded_bed; /* 8 x 5 cells, 10 frames a second */

/* Values of cells: u8, u16, s32 and f32, and noise, of which 100 frames take two pages of the file. */
enum { RECORDED_KINDS = 4, RECORDED_NOISE = 4 };

/* The k-th frame of a kind; its counts, RECORDED_CELLS of them, go into counts. */
struct frame recorded_frame(int kind, int k, float *counts);

/* A new file in place of what is there, with the note "a test". */
struct recording_writer *recorded_create(const char *path);

/* Writes so many frames of recorded_bed to the scratch file; its path (the caller frees). */
char *recorded_file(const char *name, int kind, int n_frames);

struct recording_reader *recorded_open(const char *path);

/* Reads to the end; how many frames came, how many faults, and the last of both. */
struct recorded_pass {
	int n, n_bad;
	struct frame frame; /* its counts are gone with the reader */
	struct error err;
};
struct recorded_pass recorded_read(struct recording_reader *reader);

/*
 * How many frames there are to the end, each of which must be whole: of `kinds` kinds in turn, or,
 * when it is negative, all of kind -kinds.
 */
int recorded_count_whole(struct recording_reader *reader, int kinds);

void recorded_sql(const char *path, const char *sql);

#endif
