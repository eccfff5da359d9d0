/* The subcommands of `lumbar`: one file and one row in commands.def each. */
#ifndef LUMBAR_APP_COMMAND_H
#define LUMBAR_APP_COMMAND_H

#include "base/error.h"

#include <stdint.h>

enum exit_status {
	EXIT_OK = 0,
	EXIT_FAULT = 1, /* the input or the machine: said on stderr */
	EXIT_USAGE = 2, /* the command line */
};

struct command {
	const char *name, *summary;
	int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

#define COMMAND(name, summary) int cmd_##name(int argc, char **argv);
#include "app/commands.def"
#undef COMMAND

extern const struct command commands[]; /* made from commands.def, ends with a NULL name */

/* "lumbar NAME: text" on stderr; returns EXIT_FAULT. */
int command_fault(const char *name, const struct error *err);

/* The usage line on stderr after a wrong command line; returns EXIT_USAGE. */
int command_usage(const char *name, const char *usage);

/*
 * Whether an entry may be made: the usual database must be there already, as made here it would
 * belong to whoever typed this, and lumbard could not write it. database NULL: not given. 0 or
 * -errno with err filled.
 */
int command_own_database(const char *database, struct error *err);

/* Where the database is when --database is not given: $LUMBAR_DATABASE, else the installed one. */
const char *command_database(const char *given);

/* Reads the date that was given with an option. 0, or EXIT_USAGE after saying what is wanted. */
int command_parse_day(const char *name, const char *option, const char *text, int32_t *day);

#define LUMBAR_VERSION "0.1.0"

#endif
