/* lumbard: its command line. What it does stands in daemon.c. */
#include "app/command.h"
#include "app/command_line.h"
#include "app/config.h"
#include "app/daemon.h"
#include "base/log.h"

#include <math.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct daemon_settings settings = {.config_path = CONFIG_FILE};
	bool check = false, verbose = false, version = false;
	const struct command_option options[] = {
	    {"config", 'c', "FILE", "the configuration; without it " CONFIG_FILE,
	        .text = &settings.config_path},
	    {"check", 0, NULL, "check the configuration, say what is wrong, and exit",
	        .flag = &check},
	    {"database", 0, "FILE", "keep findings there instead", .text = &settings.database},
	    {"run-for", 0, "TIME", "end after so many seconds, or 10 min, 2 h",
	        .number = &settings.run_for_s, .unit = "s", .least = 1e-9, .most = INFINITY,
	        .wants = "give a time, as 15 s"},
	    {"verbose", 'v', NULL, "log more; --debug is the same", .flag = &verbose},
	    {"debug", 0, NULL, NULL, .flag = &verbose},
	    {"version", 'V', NULL, "print the version", .flag = &version},
	    {0},
	};
	const struct command_line line = {"lumbard", "[-c FILE] [--check] [OPTIONS]",
	    "Reads pressure mats, judges what they show and keeps what was found, until SIGTERM.",
	    options, 0, 0};

	log_init(LOG_LEVEL_INFO);
	int status = command_line_read(&line, argc, argv);
	if (status != COMMAND_RUN)
		return status;
	if (version)
		return puts("lumbard " LUMBAR_VERSION) < 0 ? EXIT_FAULT : EXIT_OK;
	if (verbose)
		settings.log_level = LOG_LEVEL_DEBUG;
	return check ? config_check(line.name, settings.config_path) : daemon_run(&settings);
}
