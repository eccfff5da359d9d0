#include "app/command.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct command commands[] = {
#define COMMAND(name, summary) {#name, summary, cmd_##name},
#include "app/commands.def"
#undef COMMAND
    {NULL, NULL, NULL},
};

int command_fault(const char *name, const struct error *err)
{
	fprintf(stderr, "lumbar %s: %s\n", name, err->text);
	return EXIT_FAULT;
}

int command_usage(const char *name, const char *usage)
{
	fprintf(stderr, "usage: lumbar %s %s\nlumbar %s --help says more\n", name, usage, name);
	return EXIT_USAGE;
}

const char *command_database(const char *given)
{
	if (given)
		return given;
	const char *named = getenv("LUMBAR_DATABASE");
	return named ? named : "/var/lib/lumbar/lumbar.db";
}

int command_own_database(const char *database, struct error *err)
{
	const char *path = command_database(NULL);

	if (database || getenv("LUMBAR_DATABASE") || access(path, F_OK) == 0)
		return 0;
	return error_set(
	    err, -errno, "%s: %s: start lumbard first, or give --database", path, strerror(errno));
}

int command_parse_day(const char *name, const char *option, const char *text, int32_t *day)
{
	if (clock_parse_day(text, day) == 0)
		return EXIT_OK;
	fprintf(stderr, "lumbar %s: %s %s: give a date as 2026-07-25\n", name, option, text);
	return EXIT_USAGE;
}
