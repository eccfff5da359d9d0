/* lumbar replay: a recording in virtual time, through the very code that runs live, into a store. */
#include "app/command.h"
#include "app/command_line.h"
#include "app/player.h"
#include "app/progress.h"
#include "base/log.h"

#include <stdio.h>
#include <unistd.h>

struct arguments {
	struct player player;
	bool progress, json;
};

static int parse(int argc, char **argv, struct arguments *a)
{
	struct player *player = &a->player;
	const struct command_option options[] = {
	    {"database", 0, "FILE",
	        "where findings go; without it $LUMBAR_DATABASE or the installed one",
	        .text = &player->database},
	    {"config", 'c', "CONF", "settings of surfaces by their names; without it the fallbacks",
	        .text = &player->config},
	    {"surface", 0, "NAME", "only this surface of the recording", .text = &player->surface},
	    {"calibration", 0, "FILE",
	        "instead of the one that CONF names or, without that, the one in the recording; "
	        "none: play it uncalibrated",
	        .text = &player->calibration},
	    {"progress", 0, NULL, "a progress bar, also when stderr is no terminal",
	        .flag = &a->progress},
	    {"json", 0, NULL, "the closing figures as JSON", .flag = &a->json},
	    {0},
	};
	const struct command_line line = {"lumbar replay",
	    "RECORDING [--database FILE] [-c CONF] [--surface NAME] [--calibration FILE]",
	    "Plays a recording through the pipeline into a database, as fast as it goes. The same "
	    "recording gives the same rows each time; played again, it goes over its own rows.",
	    options, 1, 1};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	player->recording = argv[optind];
	player->database = command_database(player->database);
	return COMMAND_RUN;
}

static void say_figures(const struct player_figures *figures, double seconds, bool json)
{
	double rate = (double)figures->n_frames / seconds;

	if (json)
		printf("{\"frames\": %llu, \"hours\": %.3f, \"seconds\": %.3f, "
		       "\"frames_per_s\": %.0f, \"bad\": %llu}\n",
		    (unsigned long long)figures->n_frames, figures->hours, seconds, rate,
		    (unsigned long long)figures->n_bad);
	else
		printf("%llu frames, %.1f h, played in %.1f s: %.0f frames/s\n",
		    (unsigned long long)figures->n_frames, figures->hours, seconds, rate);
}

static int run(const struct arguments *arguments, const char *name)
{
	struct progress progress;
	struct player player = arguments->player;
	struct player_figures figures;
	struct error err = {0};

	progress_begin(&progress, arguments->progress);
	player.command = name;
	player.progress = &progress;
	int result = player_run(&player, &figures, &err);
	double seconds = progress_seconds(&progress);
	progress_end(&progress);
	if (result < 0)
		return command_fault(name, &err);
	say_figures(&figures, seconds, arguments->json);
	return figures.n_bad ? EXIT_FAULT : EXIT_OK;
}

int cmd_replay(int argc, char **argv)
{
	struct arguments arguments = {0};
	int status = parse(argc, argv, &arguments);

	if (status != COMMAND_RUN)
		return status;
	log_init(LOG_LEVEL_ERROR);
	return run(&arguments, argv[0]);
}
