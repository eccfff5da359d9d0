/* lumbard: its command line. What it does stands in daemon.c. */
#include "app/command.h"
#include "app/config.h"
#include "app/daemon.h"
#include "base/log.h"

#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "usage: lumbard [-c FILE] [--check] [OPTIONS]\n\n"
    "Reads pressure mats, judges what they show and keeps what was found, until SIGTERM.\n\n"
    "  -c, --config FILE    the configuration; without it " CONFIG_FILE "\n"
    "      --check          check the configuration, say what is wrong, and exit\n"
    "      --database FILE  keep findings there instead\n"
    "      --run-for TIME   end after so many seconds, or 10 min, 2 h\n"
    "  -v, --verbose        log more; --debug is the same\n"
    "  -h, --help           print this\n"
    "  -V, --version        print the version\n";

static int wrong_usage(void)
{
	fputs("usage: lumbard [-c FILE] [--check] [OPTIONS]\nlumbard --help says more\n", stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	enum { CHECK = 256, DATABASE, RUN_FOR };
	static const struct option options[] = {{"config", required_argument, NULL, 'c'},
	    {"check", no_argument, NULL, CHECK}, {"database", required_argument, NULL, DATABASE},
	    {"run-for", required_argument, NULL, RUN_FOR}, {"verbose", no_argument, NULL, 'v'},
	    {"debug", no_argument, NULL, 'v'}, {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'}, {0}};
	struct daemon_settings settings = {.config_path = CONFIG_FILE};
	bool check = false;
	int option;

	log_init(LOG_LEVEL_INFO);
	while ((option = getopt_long(argc, argv, "c:vhV", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			settings.config_path = optarg;
			break;
		case CHECK:
			check = true;
			break;
		case DATABASE:
			settings.database = optarg;
			break;
		case RUN_FOR:
			if (options_parse_number(optarg, "s", &settings.run_for_s) < 0 ||
			    settings.run_for_s <= 0) {
				fprintf(stderr, "lumbard: --run-for %s: give a time, as 15 s\n",
				    optarg);
				return EXIT_USAGE;
			}
			break;
		case 'v':
			settings.log_level = LOG_LEVEL_DEBUG;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		case 'V':
			puts("lumbard " LUMBAR_VERSION);
			return EXIT_OK;
		default:
			return wrong_usage();
		}
	}
	if (optind < argc)
		return wrong_usage();
	if (check)
		return config_check("lumbard", settings.config_path);
	return daemon_run(&settings);
}
