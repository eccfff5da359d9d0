/*
 * What a recording holds: `lumbar record --info`, `--frames` and `--npy`. All return EXIT_OK, or
 * EXIT_FAULT after saying on stderr, opened by the command's name, what could not be read.
 */
#ifndef LUMBAR_APP_RECORD_SHOW_H
#define LUMBAR_APP_RECORD_SHOW_H

#include <stdbool.h>

int record_show_info(const char *command, const char *path, bool json);

/* surface: its name; NULL: the only one. */
int record_show_frames(const char *command, const char *path, const char *surface);

/* surface: its name; NULL: all. folder: see app/record_npy.h. */
int record_show_npy(const char *command, const char *path, const char *surface, const char *folder);

#endif
