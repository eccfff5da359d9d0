/* Programs under test: started, watched, ended; everything bounded in time. */
#ifndef LUMBAR_TESTS_PROCESS_H
#define LUMBAR_TESTS_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* Starts $LUMBAR_BUILD/program; stdout and stderr go to log (a path). argv ends with NULL. */
pid_t process_start(const char *program, const char *log, const char *const *argv);

/* Waits for its end, kills it after limit_s. The exit status, or -1 when it had to be killed. */
int process_wait(pid_t pid, double limit_s);

/* Both in one. */
int process_run(const char *program, const char *log, const char *const *argv, double limit_s);

/* Waits until the file holds the text. False after limit_s. */
bool file_says(const char *path, const char *text, double limit_s);

/* The whole file, "" when it is not there. The caller frees. */
char *file_text(const char *path);

#endif
