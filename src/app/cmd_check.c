/* lumbar check: is a configuration good? */
#include "app/command.h"
#include "app/command_line.h"
#include "app/config.h"

#include <unistd.h>

int cmd_check(int argc, char **argv)
{
	const char *path = CONFIG_FILE;
	const struct command_option options[] = {
	    {"config", 'c', "FILE", "the same as FILE alone", .text = &path},
	    {0},
	};
	const struct command_line line = {"lumbar check", "[FILE | -c FILE]",
	    "Checks a configuration of lumbard, with everything that it names, and says what is "
	    "wrong and what to do. Without FILE: " CONFIG_FILE,
	    options, 0, 1};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	return config_check(line.name, optind < argc ? argv[optind] : path);
}
