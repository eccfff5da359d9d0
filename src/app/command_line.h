/*
 * A program's or a command's line: one row an option, from which it is read and --help is printed.
 * getopt_long(3) reads: argp would word messages and lay out help in its own way, and knows no
 * ranges, days or choices either. Thread: main.
 */
#ifndef LUMBAR_APP_COMMAND_LINE_H
#define LUMBAR_APP_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COMMAND_OPTIONS_MAX 24
#define COMMAND_RUN         (-1) /* no exit status: go on */

/*
 * The target that is set says what the value must be; without a value every option is a flag.
 * Targets keep what they hold when the option is not given. Of several the last counts.
 */
struct command_option {
	const char *name;  /* of --name; NULL: help is a heading over the rows that follow */
	char letter;       /* of -l; 0: none */
	const char *value; /* as --help calls it, "FILE"; NULL: it takes none */
	const char *help;  /* one paragraph, or lines; NULL: another name, not shown */

	bool *flag;        /* true; with another target: that it was given */
	const char **text; /* borrowed from argv */
	size_t *n_texts;   /* text is an array of `most`, to which each time one is added */
	int32_t *day;      /* days since 1970-01-01, of 2026-07-25 */
	uint64_t *seed;    /* a whole number from 0 up */
	size_t *count;     /* a whole number of least to most; without a value: least */
	double *number;    /* least to most; may be given in any unit of the kind: options.h */
	float *single;     /* the same */
	const char *unit;  /* of number and single; NULL: none */
	double least, most;
	int *choice; /* the index of the word in choices, which end with NULL */
	const char *const *choices;
	bool (*take)(const char *text, void *user); /* false: wrong; without wants it says why */
	void *user;                                 /* for take */

	const char *wants; /* said of a wrong value instead of what follows from above */
};

struct command_line {
	const char *name;  /* "lumbar events" */
	const char *usage; /* what follows the name */
	const char *about; /* paragraphs */
	const struct command_option
	    *options;                    /* ends with a row of NULL, COMMAND_OPTIONS_MAX at most */
	int n_words_least, n_words_most; /* that are no options; argv[optind] is the first */
};

/*
 * Reads the options into their targets and moves them before the words. COMMAND_RUN; EXIT_OK after
 * printing the help that was asked for; EXIT_USAGE after saying on stderr what is wrong.
 */
int command_line_read(const struct command_line *line, int argc, char **argv);

/* The usage line on stderr; EXIT_USAGE. */
int command_line_usage(const struct command_line *line);

/* "lumbar events: text" on stderr; EXIT_USAGE. */
int command_line_wrong(const struct command_line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prose on stdout, in lines of at most 96 columns; the cursor stands at `indent` already. */
void command_line_print(const char *text, int indent);

#endif
