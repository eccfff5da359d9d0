#include "app/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct command commands[] = {
#define COMMAND(name, summary) {#name, summary, cmd_##name},
#include "app/commands.def"
#undef COMMAND
    {NULL, NULL, NULL},
};

int command_fault(const char *name, const struct error *err)
{
	fprintf(stderr, "lumbar %s: %s\n", name, err->text);
	return EXIT_FAULT;
}

const char *command_database(const char *given)
{
	if (given)
		return given;
	const char *named = getenv("LUMBAR_DATABASE");
	return named ? named : "/var/lib/lumbar/lumbar.db";
}

/* An own database that is made here would belong to whoever typed this: lumbard could not write it. */
static int check_there(const char *database, struct error *err)
{
	const char *path = command_database(NULL);

	if (database || getenv("LUMBAR_DATABASE") || access(path, F_OK) == 0)
		return 0;
	return error_set(
	    err, -errno, "%s: %s: start lumbard first, or give --database", path, strerror(errno));
}

int command_with_store(const char *name, const char *database, enum store_mode mode,
    int (*work)(struct store *store, void *user, struct error *err), void *user)
{
	struct store *store = NULL;
	struct error err = {0};
	int rc = mode == STORE_READ ? 0 : check_there(database, &err);

	if (rc == 0)
		rc = store_open(&store, command_database(database), mode, &err);
	if (rc == 0)
		rc = work(store, user, &err);
	int closed = store_close(store, rc == 0 ? &err : NULL);
	return rc == 0 && closed == 0 ? EXIT_OK : command_fault(name, &err);
}
