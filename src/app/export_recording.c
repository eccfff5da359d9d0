#include "app/export_recording.h"

#include "app/command.h"
#include "app/output.h"
#include "app/player.h"
#include "base/clock.h"
#include "base/log.h"
#include "export/edf_waves.h"
#include "recording/recording.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(RECORDING_SURFACES_MAX <= EDF_MATS_MAX, "every mat of a recording");

/* ---- a folder for the store ------------------------------------------------------------------ */

static int make_folder(char **folder, struct error *err)
{
	const char *parent = getenv("TMPDIR");

	if (asprintf(folder, "%s/lumbar-XXXXXX", parent && *parent ? parent : "/tmp") < 0) {
		*folder = NULL;
		return error_set(err, -ENOMEM, "out of memory");
	}
	if (mkdtemp(*folder))
		return 0;
	int rc = error_set(err, -errno, "%s: %s", *folder, strerror(errno));
	free(*folder);
	*folder = NULL;
	return rc;
}

/* The folder holds files alone: the store and what belongs to it. */
static void remove_folder(char *folder)
{
	DIR *entries = folder ? opendir(folder) : NULL;
	const struct dirent *entry;

	while (entries && (entry = readdir(entries)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(entries), entry->d_name, 0);
	if (entries)
		closedir(entries);
	if (folder)
		rmdir(folder);
	free(folder);
}

/* ---- playing --------------------------------------------------------------------------------- */

static void take_frame(void *user, size_t index, struct pipeline *pipeline)
{
	struct edf_waves *waves = user;
	struct wave wave;

	edf_waves_observe(
	    waves, index, pipeline_image(pipeline)->surface, pipeline_observation(pipeline));
	if (pipeline_breathing(pipeline, &wave))
		edf_waves_breathe(waves, index, &wave);
}

static int play(const struct export_recording *job, const char *database, struct edf_waves *waves,
    struct error *err)
{
	struct progress progress;
	struct player_figures figures;

	log_init(LOG_LEVEL_ERROR);
	progress_begin(&progress, false);
	int rc = player_run(&(struct player){.command = "export",
	                        .recording = job->recording,
	                        .database = database,
	                        .config = job->config,
	                        .calibration = job->calibration,
	                        .progress = &progress,
	                        .frame = take_frame,
	                        .user = waves},
	    &figures, err);
	progress_end(&progress);
	return rc;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct writing {
	struct edf_waves *waves;
	const struct range *range;
	struct error *err;
};

static int write_waves(const struct output *output, FILE *out)
{
	const struct writing *writing = output->user;
	int rc = edf_waves_write(writing->waves, writing->range, out, writing->err);

	return rc == 0 && ferror(out) ? -EIO : rc;
}

static int write_output(const struct export_recording *job, struct edf_waves *waves,
    const struct range *range, struct error *err)
{
	struct error reason = {0}, failed = {0};
	struct writing writing = {waves, range, &reason};
	int rc = output_write(
	    &(struct output){.path = job->output, .write = write_waves, .user = &writing}, &failed);

	if (rc != 0 && reason.code)
		return error_set(err, reason.code, "%s: %s", job->recording, reason.text);
	if (rc != 0)
		*err = failed;
	return rc;
}

/* All nights that the store has, which are those of the recording. */
static int read_range(
    struct range *range, struct store *store, const char *recording, struct error *err)
{
	int32_t day;
	int rc = query_last_day(store, &day, err);

	if (rc == -ENODATA)
		return error_set(err, rc,
		    "%s: its frames have no time of day, and an EDF+ file begins with a date",
		    recording);
	return rc == 0 ? range_read(range, store, day - EDF_WAVES_DAYS_MAX, day, INT64_MAX, err)
	               : rc;
}

static int write_all(const struct export_recording *job, const char *database,
    struct edf_waves *waves, struct error *err)
{
	struct store *store = NULL;
	struct range range = {0};
	int rc = store_open(&store, database, STORE_READ, err);

	if (rc == 0)
		rc = read_range(&range, store, job->recording, err);
	if (rc == 0)
		rc = write_output(job, waves, &range, err);
	range_finish(&range);
	store_close(store, NULL);
	return rc;
}

/* It would be replaced by what is made from it. */
static int refuse_itself(const struct export_recording *job, struct error *err)
{
	struct stat in, out;

	if (job->output && stat(job->output, &out) == 0 && stat(job->recording, &in) == 0 &&
	    in.st_dev == out.st_dev && in.st_ino == out.st_ino)
		return error_set(
		    err, -EEXIST, "%s: is the recording; name another file", job->output);
	return 0;
}

int export_recording(const struct export_recording *job, struct error *err)
{
	char *folder = NULL, *database = NULL;
	struct edf_waves *waves = edf_waves_create();
	int rc = waves ? refuse_itself(job, err) : error_set(err, -ENOMEM, "out of memory");

	if (rc == 0)
		rc = make_folder(&folder, err);
	if (rc == 0 && asprintf(&database, "%s/night.db", folder) < 0) {
		database = NULL;
		rc = error_set(err, -ENOMEM, "out of memory");
	}
	if (rc == 0)
		rc = play(job, database, waves, err);
	if (rc == 0)
		rc = write_all(job, database, waves, err);
	remove_folder(folder);
	free(database);
	edf_waves_destroy(waves);
	return rc;
}
