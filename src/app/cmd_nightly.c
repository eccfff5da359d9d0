/* lumbar nightly: brings the folder of reports up to date. What lumbar-report.timer starts. */
#include "app/command.h"
#include "app/command_line.h"
#include "app/config.h"
#include "app/nightly.h"
#include "base/clock.h"

#include <stdio.h>

static void say(const struct nightly_tally *tally)
{
	printf("%zu written, %zu as they were, %zu removed", tally->written, tally->unchanged,
	    tally->removed);
	if (tally->refused > 0)
		printf(", %zu not written", tally->refused);
	puts(tally->running ? "; tonight's is still to come" : "");
}

static int run(const struct config *config, const char *database, struct error *err)
{
	int64_t now_ns = clock_real_ns();
	struct nightly_tally tally = {0};
	struct store *store = NULL;
	int rc = store_open(&store, database ? database : config->database, STORE_READ, err);

	if (rc == 0)
		rc = nightly_run(
		    store, &config->report, now_ns, clock_utc_offset_s(now_ns), &tally, err);
	store_close(store, NULL);
	if (rc == 0)
		say(&tally);
	return rc == 0 && tally.refused > 0 ? EXIT_FAULT : rc;
}

int cmd_nightly(int argc, char **argv)
{
	const char *path = CONFIG_FILE, *database = NULL;
	const struct command_option options[] = {
	    {"config", 'c', "FILE", "default " CONFIG_FILE, .text = &path},
	    {"database", 'd', "FILE", "instead of the configuration's", .text = &database},
	    {0},
	};
	const struct command_line line = {"lumbar nightly", "[-c FILE] [--database FILE]",
	    "Writes the report of each night that has none, or whose data changed since, into the "
	    "folder of [report] in the configuration, and removes those that are older than it "
	    "says. lumbar-report.timer does this every morning and at noon.",
	    options, 0, 0};
	int status = command_line_read(&line, argc, argv);
	struct config *config = NULL;
	struct problems problems;
	struct error err = {0};

	if (status != COMMAND_RUN)
		return status;
	if (config_load_for_reports(&config, path, &problems) < 0) {
		problems_print(&problems, line.name);
		return EXIT_FAULT;
	}
	int rc = run(config, database, &err);
	config_destroy(config);
	return rc < 0 ? command_fault(argv[0], &err) : rc;
}
