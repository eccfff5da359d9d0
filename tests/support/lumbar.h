/* lumbar as a person calls it: through the shell, with nothing to read. */
#ifndef LUMBAR_TESTS_LUMBAR_H
#define LUMBAR_TESTS_LUMBAR_H

#include <jansson.h>

/* Runs "lumbar ARGUMENTS"; its exit status, -1: a signal ended it. */
int lumbar_run(const char *arguments, ...) __attribute__((format(printf, 1, 2)));

/* What the last run printed, both outputs as they came. Until the next run. */
const char *lumbar_said(void);

/* Runs it, and fails unless it ends with this status and prints these words. */
void lumbar_expect(int status, const char *words, const char *arguments, ...)
    __attribute__((format(printf, 3, 4)));

/* Runs it, and fails unless it ends well and prints one JSON value. The caller's reference. */
json_t *lumbar_json(const char *arguments, ...) __attribute__((format(printf, 1, 2)));

/* Any command of the shell, in the same way. */
int shell_run(const char *command, ...) __attribute__((format(printf, 1, 2)));

#endif
