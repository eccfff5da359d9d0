/* lumbar status: the daemon's status file, for people and programs. */
#include "app/command.h"
#include "app/command_line.h"
#include "app/observation_json.h"
#include "app/status.h"
#include "app/status_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct arguments {
	const char *file;
	bool json, watch;
};

static int show(const struct arguments *arguments)
{
	struct error err = {0};
	json_t *root = status_load(arguments->file, &err);

	if (!root)
		return command_fault("status", &err);
	if (arguments->json) {
		json_dumpf(root, stdout,
		    arguments->watch ? JSON_COMPACT | JSON_NUMBERS : JSON_INDENT(2) | JSON_NUMBERS);
		putchar('\n');
	} else {
		status_view(root, arguments->watch && isatty(STDOUT_FILENO));
	}
	json_decref(root);
	fflush(stdout);
	return EXIT_OK;
}

/* Goes on also while the daemon is away: it may come back. */
static int watch(const struct arguments *arguments)
{
	bool terminal = isatty(STDOUT_FILENO) && !arguments->json;
	int status = EXIT_OK;

	for (;;) {
		if (terminal)
			fputs("\033[H\033[2J", stdout);
		fflush(stdout);
		int shown = show(arguments);
		if (shown != status && shown != EXIT_OK && !terminal)
			status = shown;
		if (ferror(stdout))
			return EXIT_FAULT;
		nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
	}
}

int cmd_status(int argc, char **argv)
{
	struct arguments a = {.file = STATUS_FILE};
	const struct command_option options[] = {
	    {"watch", 0, NULL, "go on, a picture of the mat included, until interrupted",
	        .flag = &a.watch},
	    {"json", 0, NULL, "the status file as it is", .flag = &a.json},
	    {"file", 0, "FILE", "the daemon's status_file; without it " STATUS_FILE,
	        .text = &a.file},
	    {"status-file", 0, "FILE", NULL, .text = &a.file},
	    {0},
	};
	const struct command_line line = {"lumbar status", "[--json] [--watch] [--file FILE]",
	    "What the daemon sees now: each mat, who is on it and how, and what was found last.",
	    options, 0, 0};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	return a.watch ? watch(&a) : show(&a);
}
