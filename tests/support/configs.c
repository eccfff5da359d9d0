#include "configs.h"

#include "support.h"

#include <stdlib.h>

struct config *configs_load(const char *text, struct problems *problems)
{
	char *path = scratch_file("lumbard.conf", text);
	struct config *config = NULL;

	config_load(&config, path, problems);
	free(path);
	return config;
}
