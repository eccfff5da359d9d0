/*
 * The log: one line a message on stderr. Under systemd each line opens with the journal's "<N>"
 * priority. States are logged when they change, not while they last; nothing about a person's
 * health is logged above LOG_DEBUG.
 */
#ifndef LUMBAR_BASE_LOG_H
#define LUMBAR_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_INFO = 6,
	LOG_LEVEL_DEBUG = 7
};

/* Lines above `least` are dropped. Thread: main, before others start. */
void log_init(enum log_level least);

/* Thread: any. One write(2) a line, so lines of two threads never mix. */
void log_message(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define log_error(...)   log_message(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_message(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...)    log_message(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)   log_message(LOG_LEVEL_DEBUG, __VA_ARGS__)

/*
 * Lets a message through at most once in interval_ns; `skipped` says how many were held back
 * since the last one. One per call site, zero-initialised. Thread: the owner's.
 */
struct log_limit {
	int64_t next_ns;
	uint64_t skipped;
};
bool log_limit_pass(
    struct log_limit *limit, int64_t now_ns, int64_t interval_ns, uint64_t *skipped);

#endif
