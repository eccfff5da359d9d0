/* lumbar replay: a recording in virtual time, through the very code that runs live, into a store. */
#include "app/command.h"
#include "app/config.h"
#include "app/keeper.h"
#include "app/progress.h"
#include "app/recorded.h"
#include "base/clock.h"
#include "base/log.h"
#include "recording/recording.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

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
	const char *recording, *database, *config, *surface, *calibration;
	bool progress, json;
};

struct replay {
	const struct arguments *arguments;
	struct recording_reader *reader;
	struct config *config; /* NULL: none was given */
	struct store *store;
	struct keeper *keeper;
	struct surface_config *fallbacks[RECORDING_SURFACES_MAX]; /* owned; NULL: out of config */
	struct kept_surface *kept[RECORDING_SURFACES_MAX];        /* NULL: left out */
	int64_t last_ns[RECORDING_SURFACES_MAX];                  /* newest frame; 0: none yet */
	int64_t watched_ns;
	int only; /* -1: all */
	uint64_t n_frames, n_bad;
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
			arguments->database = optarg;
			break;
		case 'c':
			arguments->config = optarg;
			break;
		case SURFACE:
			arguments->surface = optarg;
			break;
		case CALIBRATION:
			arguments->calibration = optarg;
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
	arguments->recording = argv[optind];
	arguments->database = command_database(arguments->database);
	return 0;
}

/* The surface's section in the configuration, NULL: there is none, or (with err) it does not fit. */
static struct surface_config *configured(
    const struct replay *replay, const struct surface *surface, struct error *err)
{
	for (size_t i = 0; replay->config && i < replay->config->n_surfaces; i++) {
		struct surface_config *config = replay->config->surfaces[i];
		const struct surface *there = &config->surface;
		if (strcmp(there->name, surface->name) != 0)
			continue;
		if (there->n_cells == surface->n_cells && there->kind == surface->kind &&
		    there->rows == surface->rows)
			return config;
		error_set(err, -EINVAL,
		    "%s: [surface %s] has %zu cells (%zu x %zu), the recording %zu (%zu x %zu): "
		    "take another configuration",
		    replay->arguments->config, surface->name, there->n_cells, there->rows,
		    there->cols, surface->n_cells, surface->rows, surface->cols);
		return NULL;
	}
	return NULL;
}

/* What was asked for, else what the configuration has, else what is in the recording. */
static int choose_calibration(
    struct replay *replay, size_t index, struct surface_config *config, struct error *err)
{
	const char *path = replay->arguments->calibration;
	int result;

	if (!path) {
		result = recorded_take_calibration(replay->reader, index, config, err);
		return result < 0
		           ? error_prefix(err, "%s: %s (--calibration none plays it without)",
		                 replay->arguments->recording, config->surface.name)
		           : 0;
	}
	calibration_finish(&config->calibration);
	config->calibrated = false;
	if (strcmp(path, "none") == 0)
		return 0;
	result = calibration_load(&config->calibration, path, &config->surface, err);
	config->calibrated = result == 0;
	return result;
}

/* The settings of the surface: those of its name in the configuration, else the fallbacks. */
static const struct surface_config *settings_of(
    struct replay *replay, size_t index, struct error *err)
{
	const struct surface *surface = recording_surface(replay->reader, index);
	struct surface_config *config = configured(replay, surface, err);

	if (!config && err->code)
		return NULL;
	if (!config)
		config = replay->fallbacks[index] = surface_config_create(surface);
	if (!config) {
		error_set(err, -ENOMEM, "%s: out of memory", surface->name);
		return NULL;
	}
	return choose_calibration(replay, index, config, err) < 0 ? NULL : config;
}

static int add_surfaces(struct replay *replay, struct error *err)
{
	const char *wanted = replay->arguments->surface;
	size_t n = recording_n_surfaces(replay->reader);

	replay->only = -1;
	for (size_t i = 0; i < n; i++) {
		if (wanted && strcmp(recording_surface(replay->reader, i)->name, wanted) != 0)
			continue;
		const struct surface_config *config = settings_of(replay, i, err);
		if (!config)
			return err->code;
		replay->kept[i] = keeper_add(replay->keeper, config, err);
		if (!replay->kept[i])
			return err->code ? err->code : -ENOMEM;
		replay->only = wanted ? (int)i : -1;
	}
	if (wanted && replay->only < 0)
		return error_set(err, -ENOENT, "%s: no surface \"%s\"; the first of %zu is \"%s\"",
		    replay->arguments->recording, wanted, n,
		    n ? recording_surface(replay->reader, 0)->name : "");
	return 0;
}

static int read_config(struct replay *replay, struct error *err)
{
	struct problems problems;

	if (!replay->arguments->config)
		return 0;
	int result = config_load(&replay->config, replay->arguments->config, &problems);
	if (result < 0)
		*err = problems.list[0];
	return result;
}

static int open_all(struct replay *replay, struct error *err)
{
	const struct arguments *arguments = replay->arguments;
	const char *slash = strrchr(arguments->recording, '/');
	char session[128];

	snprintf(session, sizeof(session), "replay:%s", slash ? slash + 1 : arguments->recording);
	int result = recording_open(&replay->reader, arguments->recording, err);
	if (result == 0)
		result = read_config(replay, err);
	if (result == 0)
		result = store_open(&replay->store, arguments->database, STORE_OWN, err);
	if (result == 0)
		result = store_begin_session(replay->store, session, LUMBAR_VERSION,
		    recording_start_ns(replay->reader), err);
	if (result < 0)
		return result;
	replay->keeper = keeper_create(replay->store, err);
	return replay->keeper ? add_surfaces(replay, err) : -ENOMEM;
}

static void watch_surface(struct replay *replay, size_t index, int64_t mono_ns)
{
	const struct surface_config *config = kept_config(replay->kept[index]);
	int64_t gap_ns = llround(options_number(&config->pipeline, "gap") * 1e9);

	if (replay->last_ns[index] && mono_ns - replay->last_ns[index] > gap_ns)
		keeper_gap(replay->keeper, replay->kept[index], mono_ns);
}

/* Each second says who is silent, as the daemon does; the others' frames tell the time. */
static void watch(struct replay *replay, int64_t mono_ns)
{
	if (mono_ns < replay->watched_ns + NS_PER_S)
		return;
	replay->watched_ns = mono_ns;
	for (size_t i = 0; i < RECORDING_SURFACES_MAX; i++)
		if (replay->kept[i])
			watch_surface(replay, i, mono_ns);
}

static void say_ending(const struct replay *replay)
{
	if (recording_ending(replay->reader) == RECORDING_CUT_OFF)
		fprintf(stderr,
		    "lumbar replay: %s: was cut off while it was written; its last %d s may be "
		    "missing\n",
		    replay->arguments->recording, RECORDING_CHUNK_S);
}

static void play(struct replay *replay, struct progress *progress)
{
	int64_t start_ns = recording_start_ns(replay->reader);
	double length = (double)(recording_end_ns(replay->reader) - start_ns) + 1;
	struct frame frame;
	int index, result;

	for (;;) {
		struct error err = {0};
		result = recording_next(replay->reader, replay->only, &index, &frame, &err);
		if (result == -ENODATA)
			return;
		if (result < 0) {
			replay->n_bad++;
			progress_end(progress);
			fprintf(stderr, "lumbar replay: %s\n", err.text);
			if (result != -EBADMSG)
				return;
			continue;
		}
		if (frame.real_ns)
			keeper_clock(replay->keeper, frame.mono_ns, frame.real_ns,
			    frame.utc_offset_s, frame.flags & FRAME_CLOCK_SYNCED);
		replay->last_ns[index] = frame.mono_ns;
		keeper_step(replay->keeper, replay->kept[index], &frame);
		watch(replay, frame.mono_ns);
		keeper_tick(replay->keeper, frame.mono_ns);
		if (++replay->n_frames % 256 == 0)
			progress_step(progress, (double)(frame.mono_ns - start_ns) / length,
			    replay->n_frames, "frames");
	}
}

static int close_all(struct replay *replay, struct error *err)
{
	int result = 0;

	if (replay->keeper && keeper_store_fault(replay->keeper)->code)
		result = error_set(err, keeper_store_fault(replay->keeper)->code, "%s",
		    keeper_store_fault(replay->keeper)->text);
	keeper_destroy(replay->keeper);
	int closed = store_close(replay->store, result < 0 ? NULL : err);
	for (size_t i = 0; i < RECORDING_SURFACES_MAX; i++)
		surface_config_destroy(replay->fallbacks[i]);
	config_destroy(replay->config);
	recording_close_reader(replay->reader);
	return result < 0 ? result : closed;
}

static void say_figures(const struct replay *replay, double hours, double seconds)
{
	double rate = (double)replay->n_frames / seconds;

	if (replay->arguments->json)
		printf("{\"frames\": %llu, \"hours\": %.3f, \"seconds\": %.3f, "
		       "\"frames_per_s\": %.0f, \"bad\": %llu}\n",
		    (unsigned long long)replay->n_frames, hours, seconds, rate,
		    (unsigned long long)replay->n_bad);
	else
		printf("%llu frames, %.1f h, played in %.1f s: %.0f frames/s\n",
		    (unsigned long long)replay->n_frames, hours, seconds, rate);
}

static int run(const struct arguments *arguments, const char *name)
{
	struct replay replay = {.arguments = arguments};
	struct progress progress;
	struct error err = {0};
	double hours = 0;

	progress_begin(&progress, arguments->progress);
	int result = open_all(&replay, &err);
	if (result == 0) {
		play(&replay, &progress);
		say_ending(&replay);
		keeper_finish(replay.keeper);
		hours = (double)(recording_end_ns(replay.reader) -
		                 recording_start_ns(replay.reader)) /
		        (double)NS_PER_H;
	}
	double seconds = progress_seconds(&progress);
	progress_end(&progress);
	struct error closing = {0};
	int closed = close_all(&replay, &closing);
	if (result < 0 || closed < 0)
		return command_fault(name, result < 0 ? &err : &closing);
	say_figures(&replay, hours, seconds);
	return replay.n_bad ? EXIT_FAULT : EXIT_OK;
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
