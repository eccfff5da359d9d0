#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char scratch[64];

static void remove_scratch(void)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -rf '%s'", scratch);
	if (system(command) != 0)
		fprintf(stderr, "%s was not removed\n", scratch);
}

static char *join(const char *folder, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		abort();
	return path;
}

char *scratch_path(const char *name)
{
	if (!scratch[0]) {
		strcpy(scratch, "/tmp/lumbar-test-XXXXXX");
		if (!mkdtemp(scratch))
			abort();
		atexit(remove_scratch);
	}
	return join(scratch, name);
}

char *scratch_file(const char *name, const char *text)
{
	char *path = scratch_path(name);
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		abort();
	return path;
}

char *data_path(const char *relative)
{
	const char *data = getenv("DATA");

	if (!data || !*data)
		return NULL;
	char *path = join(data, relative);
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

char *build_path(const char *name)
{
	const char *build = getenv("LUMBAR_BUILD");

	return join(build ? build : "build", name);
}

char *source_path(const char *relative)
{
	return join(".", relative);
}

void assert_near(double value, double expected, double tolerance)
{
	if (!(fabs(value - expected) <= tolerance))
		fail_msg("%.9g is not %.9g +- %g", value, expected, tolerance);
}
