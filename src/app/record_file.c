#include "app/record_file.h"

#include "app/recorded.h"
#include "base/clock.h"
#include "recording/recording.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAME_SECOND_MAX = 100 }; /* files of one second in one folder */

struct record_file {
	const struct record_target *target;
	struct recording_writer *writer; /* NULL: no frame has come yet */
	char *path;
	const char *name; /* in path, behind the folder */
	bool folder, dated;
	int32_t day; /* the night's, when dated */
	double others_bytes;
};

static int32_t night_of(const struct frame *frame)
{
	return clock_local_day(frame->real_ns + 12 * NS_PER_H, frame->utc_offset_s);
}

static int refuse(const char *path, int code, const char *why, struct error *err)
{
	return error_at(err, code, &(struct place){.file = path}, "%s", why);
}

int record_file_create(
    struct record_file **out, const struct record_target *target, struct error *err)
{
	struct stat stat_now;
	bool there = stat(target->path, &stat_now) == 0;
	bool folder = there && S_ISDIR(stat_now.st_mode);

	if (!folder && target->path[strlen(target->path) - 1] == '/')
		return refuse(target->path, -ENOENT, "no such folder: make it first", err);
	if (!folder && target->limits.max_age_s > 0)
		return refuse(
		    target->path, -EINVAL, "is no folder: --max-age deletes old files of one", err);
	if (there && !folder && !target->replace)
		return refuse(target->path, -EEXIST,
		    "is there already; name another file, or say --replace", err);
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return error_set(err, -ENOMEM, "%s: out of memory", target->path);
	(*out)->target = target;
	(*out)->folder = folder;
	return 0;
}

/* Makes the file of the name that is free: "T213000.rec", else "T213000-2.rec" and so on. */
static int create_in_folder(struct record_file *file, const struct frame *frame, struct error *err)
{
	int64_t real_ns = frame->real_ns ? frame->real_ns : clock_real_ns();
	int32_t offset_s = frame->real_ns ? frame->utc_offset_s : clock_utc_offset_s(real_ns);
	const struct record_target *target = file->target;
	char name[RETENTION_NAME_SIZE];
	int result = -EEXIST;

	retention_name(real_ns, offset_s, name);
	for (int n = 1; result == -EEXIST && n < SAME_SECOND_MAX; n++) {
		char number[8] = "";
		if (n > 1)
			snprintf(number, sizeof(number), "-%d", n);
		free(file->path);
		if (asprintf(&file->path, "%s/%.*s%s.rec", target->path, (int)strlen(name) - 4,
		        name, number) < 0) {
			file->path = NULL;
			return error_set(err, -ENOMEM, "%s: out of memory", target->path);
		}
		result = recording_create(&file->writer, file->path, false, target->notes, err);
	}
	file->name = file->path + strlen(target->path) + 1;
	return result;
}

static int create(struct record_file *file, const struct frame *frame, struct error *err)
{
	const struct record_target *target = file->target;

	if (file->folder)
		return create_in_folder(file, frame, err);
	file->path = strdup(target->path);
	if (!file->path)
		return error_set(err, -ENOMEM, "%s: out of memory", target->path);
	return recording_create(&file->writer, file->path, target->replace, target->notes, err);
}

static int trim(struct record_file *file, struct error *err)
{
	double bytes = 0;
	struct stat own = {0};

	assert(file->path);
	if (!file->folder)
		return 0;
	int result = retention_apply(
	    file->target->path, file->name, &file->target->limits, clock_real_ns(), &bytes, err);
	if (stat(file->path, &own) == 0)
		file->others_bytes = bytes - (double)own.st_size;
	return result;
}

static int begin(struct record_file *file, const struct frame *frame, struct error *err)
{
	int result = create(file, frame, err);

	file->dated = frame->real_ns != 0;
	file->day = file->dated ? night_of(frame) : 0;
	for (size_t i = 0; result >= 0 && i < file->target->n_surfaces; i++) {
		const struct surface_config *config = file->target->surfaces[i];
		result = recording_add_surface(file->writer, &config->surface, err);
		if (result >= 0)
			result = recorded_put_calibration(file->writer, (int)i, config, err);
	}
	return result < 0 ? result : trim(file, err);
}

static int end(struct record_file *file, struct error *err)
{
	int result = recording_close_writer(file->writer, err);

	file->writer = NULL;
	return result;
}

/* Noon has passed; a surface that lags behind the others writes into the new file too. */
static bool is_next_night(const struct record_file *file, const struct frame *frame)
{
	return file->folder && frame->real_ns && (!file->dated || night_of(frame) > file->day);
}

static int check_size(struct record_file *file, struct error *err)
{
	double max_bytes = file->target->limits.max_bytes;
	struct stat own;

	assert(file->path);
	if (!(max_bytes > 0) || stat(file->path, &own) < 0 ||
	    file->others_bytes + (double)own.st_size <= max_bytes)
		return 0;
	int result = trim(file, err);
	if (result < 0 || file->others_bytes + (double)own.st_size <= max_bytes)
		return result;
	return error_set(err, -EDQUOT, "%s: is as large as --max-size allows", file->target->path);
}

int record_file_write(
    struct record_file *file, size_t surface, const struct frame *frame, struct error *err)
{
	int result = 0;

	if (file->writer && is_next_night(file, frame))
		result = end(file, err);
	if (result == 0 && !file->writer)
		result = begin(file, frame, err);
	if (result >= 0)
		result = recording_write(file->writer, (int)surface, frame, err);
	return result < 0 ? result : check_size(file, err);
}

int record_file_flush(struct record_file *file, size_t surface, struct error *err)
{
	return file->writer ? recording_flush(file->writer, (int)surface, err) : 0;
}

int record_file_close(struct record_file *file, struct error *err)
{
	if (!file)
		return 0;
	int result = end(file, err);
	free(file->path);
	free(file);
	return result;
}

const char *record_file_path(const struct record_file *file)
{
	return file->path ? file->path : "";
}
