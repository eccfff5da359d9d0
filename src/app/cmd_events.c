/* placeholder until the room behind it stands */
#include "app/command.h"

int cmd_events(int argc, char **argv)
{
	(void)argc;
	return command_fault(argv[0], &(struct error){.text = "not built yet"});
}
