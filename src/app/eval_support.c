/* placeholder until the room behind it stands */
#include "app/command.h"
#include "app/eval.h"

int eval_support(int argc, char **argv)
{
	(void)argc;
	return command_fault(argv[0], &(struct error){.text = "not built yet"});
}
