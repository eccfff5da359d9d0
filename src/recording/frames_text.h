/*
 * Frames as text: one frame a line, counts separated by tabs, commas or blanks. Lines opening
 * with # are skipped.
 */
#ifndef LUMBAR_RECORDING_FRAMES_TEXT_H
#define LUMBAR_RECORDING_FRAMES_TEXT_H

#include "base/error.h"

#include <stddef.h>

struct frames_text;

/* 0; -errno when it cannot be opened; -ENODATA when it holds no frame at all. */
int frames_text_open(struct frames_text **text, const char *path, size_t n_cells,
    float full_scale_counts, struct error *err);
void frames_text_close(struct frames_text *text);

/*
 * Reads the next line into counts (n_cells). Returns 0; -ENODATA at the end; -EINVAL with file and
 * line for too many or too few cells or text that is no number; -ERANGE for NAN, infinite,
 * negative or over full scale in more than one cell in ten. Single cells over full scale or below
 * zero are clamped and counted: real mats do that. After an error the next call goes on with the
 * next line.
 */
int frames_text_read(struct frames_text *text, float *counts, struct error *err);

size_t frames_text_line(const struct frames_text *text);    /* of the last frame, from 1 */
size_t frames_text_clamped(const struct frames_text *text); /* cells clamped so far */

#endif
