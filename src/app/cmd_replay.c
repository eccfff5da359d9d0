/* lumbar replay: a recording in virtual time, through the very code that runs live, into a store. */
#include "app/command.h"
#include "app/player.h"
#include "app/progress.h"
#include "base/log.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

static const char usage[] =
    "RECORDING [--database FILE] [-c CONF] [--surface NAME] [--calibration FILE]";

static const char help[] =
    "usage: lumbar replay RECORDING [--database FILE] [OPTIONS]\n\n"
    "Plays a recording through the pipeline into a database, as fast as it goes. The same\n"
    "recording gives the same rows each time; played again, it goes over its own rows.\n\n"
    "      --database FILE  where findings go; without it $LUMBAR_DATABASE or the installed one\n"
    "  -c, --config CONF    settings of surfaces by their names; without it the fallbacks\n"
    "      --surface NAME   only this surface of the recording\n"
    "      --calibration FILE  instead of the one that CONF names or, without that, the one in\n"
    "                       the recording; none: play it uncalibrated\n"
    "      --progress       a progress bar, also when stderr is no terminal\n"
    "      --json           the closing figures as JSON\n";

struct arguments {
	struct player player;
	bool progress, json;
};

static int parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	enum { DATABASE = 256, SURFACE, CALIBRATION, PROGRESS, JSON };
	static const struct option options[] = {{"database", required_argument, NULL, DATABASE},
	    {"config", required_argument, NULL, 'c'}, {"surface", required_argument, NULL, SURFACE},
	    {"calibration", required_argument, NULL, CALIBRATION},
	    {"progress", no_argument, NULL, PROGRESS}, {"json", no_argument, NULL, JSON},
	    {"help", no_argument, NULL, 'h'}, {0}};
	int option;

	while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		switch (option) {
		case DATABASE:
			arguments->player.database = optarg;
			break;
		case 'c':
			arguments->player.config = optarg;
			break;
		case SURFACE:
			arguments->player.surface = optarg;
			break;
		case CALIBRATION:
			arguments->player.calibration = optarg;
			break;
		case PROGRESS:
			arguments->progress = true;
			break;
		case JSON:
			arguments->json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return -ECANCELED;
		default:
			return -EINVAL;
		}
	}
	if (optind != argc - 1)
		return -EINVAL;
	arguments->player.recording = argv[optind];
	arguments->player.database = command_database(arguments->player.database);
	return 0;
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
	int result = parse_arguments(argc, argv, &arguments);

	if (result == -ECANCELED)
		return EXIT_OK;
	if (result < 0)
		return command_usage(argv[0], usage);
	log_init(LOG_LEVEL_ERROR);
	return run(&arguments, argv[0]);
}
