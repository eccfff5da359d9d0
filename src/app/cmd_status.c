/* lumbar status: the daemon's status file, for people and programs. */
#include "app/command.h"
#include "app/observation_json.h"
#include "app/status.h"
#include "app/status_view.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char usage[] = "[--json] [--watch] [--file FILE]";

static const char help[] =
    "usage: lumbar status [--json] [--watch] [--file FILE]\n\n"
    "What the daemon sees now: each mat, who is on it and how, and what was found last.\n\n"
    "      --watch      go on, a picture of the mat included, until interrupted\n"
    "      --json       the status file as it is\n"
    "      --file FILE  the daemon's status_file; without it " STATUS_FILE "\n";

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
	enum { JSON = 256, WATCH, STATUS_PATH };
	static const struct option options[] = {{"json", no_argument, NULL, JSON},
	    {"watch", no_argument, NULL, WATCH}, {"file", required_argument, NULL, STATUS_PATH},
	    {"status-file", required_argument, NULL, STATUS_PATH}, {"help", no_argument, NULL, 'h'},
	    {0}};
	struct arguments arguments = {.file = STATUS_FILE};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case JSON:
			arguments.json = true;
			break;
		case WATCH:
			arguments.watch = true;
			break;
		case STATUS_PATH:
			arguments.file = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		default:
			return command_usage(argv[0], usage);
		}
	}
	if (optind < argc)
		return command_usage(argv[0], usage);
	return arguments.watch ? watch(&arguments) : show(&arguments);
}
