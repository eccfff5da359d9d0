/* lumbar: the user's command. It only finds the subcommand; each stands in its cmd_NAME.c. */
#include "app/command.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

static void print_help(FILE *out)
{
	fputs("usage: lumbar COMMAND [OPTIONS]\n\n", out);
	for (const struct command *command = commands; command->name; command++)
		fprintf(out, "  %-10s %s\n", command->name, command->summary);
	fputs("\nlumbar COMMAND --help says more; lumbar --version names the version.\n", out);
}

/* Runs it, and does not call it done while what it printed could not be written. */
static int run(const struct command *command, int argc, char **argv)
{
	int status = command->run(argc, argv);

	if ((fflush(stdout) == 0 && !ferror(stdout)) || status != EXIT_OK)
		return status;
	fprintf(stderr, "lumbar %s: standard output cannot be written; is the disk full?\n",
	    command->name);
	return EXIT_FAULT;
}

int main(int argc, char **argv)
{
	log_init(LOG_LEVEL_INFO);
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help(stdout);
		return EXIT_OK;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		puts("lumbar " LUMBAR_VERSION);
		return EXIT_OK;
	}
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(command->name, argv[1]) == 0)
			return run(command, argc - 1, argv + 1);
	fprintf(stderr, "lumbar: unknown command \"%s\"; lumbar --help lists them\n", argv[1]);
	return EXIT_USAGE;
}
