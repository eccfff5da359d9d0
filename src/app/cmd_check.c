#include "app/command.h"
#include "app/config.h"

#include <getopt.h>
#include <stdio.h>

static const char usage[] = "[FILE | -c FILE]";

int cmd_check(int argc, char **argv)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'}, {"help", no_argument, NULL, 'h'}, {0}};
	const char *path = CONFIG_FILE;
	int option;

	while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			path = optarg;
			break;
		case 'h':
			printf("usage: lumbar check %s\n\n"
			       "Checks a configuration of lumbard, with everything that it names, "
			       "and\n"
			       "says what is wrong and what to do. Without FILE: " CONFIG_FILE "\n",
			    usage);
			return EXIT_OK;
		default:
			return command_usage(argv[0], usage);
		}
	}
	if (optind < argc)
		path = argv[optind++];
	if (optind < argc)
		return command_usage(argv[0], usage);
	return config_check("lumbar check", path);
}
