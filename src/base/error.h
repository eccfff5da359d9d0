/*
 * One error, said so that a person can act on it: where (file, line, key, value), what is wrong,
 * what to do. Set-up functions fill it; the frame path returns plain -errno codes and counts.
 */
#ifndef LUMBAR_BASE_ERROR_H
#define LUMBAR_BASE_ERROR_H

struct error {
	int code;       /* -errno of the first failure, 0 while there is none */
	char text[512]; /* one line, no newline, cut with "..." when it would not fit */
};

/* Where in the user's files a fault lies. Members may be NULL (line: 0) when they say nothing. */
struct place {
	const char *file;
	int line;
	const char *key;
	const char *value;
};

/*
 * Writes "message" and returns code, so that callers can `return error_set(err, -EINVAL, ...)`.
 * err may be NULL: then only the code travels. Thread: any; err belongs to the caller.
 */
int error_set(struct error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, opened by the place: "mat.ini:12: baud = 12345: message". */
int error_at(struct error *err, int code, const struct place *where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts "context: " before the text that err holds already; returns err->code. */
int error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
