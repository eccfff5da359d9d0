/* lumbar as a person calls it: through the shell, with nothing to read. */
#ifndef LUMBAR_TESTS_LUMBAR_H
#define LUMBAR_TESTS_LUMBAR_H

/*
 * Runs "lumbar ARGUMENTS"; the exit status. What it printed, warnings too, goes to *output, which the
 * caller frees; NULL: is not wanted.
 */
int lumbar_run(char **output, const char *arguments, ...) __attribute__((format(printf, 2, 3)));

/* Fails unless it ends with this status and prints these words. */
void lumbar_expect(int status, const char *words, const char *arguments, ...)
    __attribute__((format(printf, 3, 4)));

#endif
