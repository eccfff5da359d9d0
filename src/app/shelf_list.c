#include "app/shelf_list.h"

#include "app/output.h"
#include "app/report_format.h"
#include "base/clock.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIST_NAME ".lumbar-reports"

static const char heading[] =
    "# Reports that lumbar nightly wrote. What is not listed it neither replaces nor removes.\n";

/* ---- nights -------------------------------------------------------------------------------- */

/* Where the night stands, or would stand. */
static size_t place_of(const struct shelf_list *list, int32_t day)
{
	size_t at = list->n_nights;

	while (at > 0 && list->nights[at - 1].day >= day)
		at--;
	return at;
}

static bool is_at(const struct shelf_list *list, size_t at, int32_t day)
{
	return at < list->n_nights && list->nights[at].day == day;
}

unsigned shelf_list_find(const struct shelf_list *list, int32_t day)
{
	size_t at = place_of(list, day);

	return is_at(list, at, day) ? list->nights[at].formats : 0;
}

static int make_room(struct shelf_list *list)
{
	size_t wider = list->capacity ? 2 * list->capacity : 64;

	if (list->n_nights < list->capacity)
		return 0;
	struct shelf_night *nights = realloc(list->nights, wider * sizeof(*nights));
	if (!nights)
		return -ENOMEM;
	list->nights = nights;
	list->capacity = wider;
	return 0;
}

int shelf_list_add(struct shelf_list *list, int32_t day, unsigned formats, struct error *err)
{
	size_t at = place_of(list, day);

	if (is_at(list, at, day)) {
		list->nights[at].formats |= formats;
		return 0;
	}
	if (make_room(list) < 0)
		return error_set(err, -ENOMEM, "%s: out of memory", list->folder);
	memmove(list->nights + at + 1, list->nights + at,
	    (list->n_nights - at) * sizeof(*list->nights));
	list->nights[at] = (struct shelf_night){.day = day, .formats = formats};
	list->n_nights++;
	return 0;
}

void shelf_list_drop(struct shelf_list *list, int32_t day, unsigned formats)
{
	size_t at = place_of(list, day);

	if (!is_at(list, at, day))
		return;
	list->nights[at].formats &= ~formats;
	if (list->nights[at].formats)
		return;
	list->n_nights--;
	memmove(list->nights + at, list->nights + at + 1,
	    (list->n_nights - at) * sizeof(*list->nights));
}

bool shelf_list_oldest(const struct shelf_list *list, int32_t *day)
{
	if (list->n_nights > 0)
		*day = list->nights[0].day;
	return list->n_nights > 0;
}

bool shelf_list_newest(const struct shelf_list *list, int32_t *day)
{
	if (list->n_nights > 0)
		*day = list->nights[list->n_nights - 1].day;
	return list->n_nights > 0;
}

/* ---- the file ------------------------------------------------------------------------------ */

/* "2026-03-14 html pdf": 0, -EINVAL, -ENOMEM. */
static int take_line(struct shelf_list *list, char *line)
{
	char *rest = line, *date = strtok_r(rest, " \n", &rest);
	enum report_format format;
	unsigned formats = 0;
	int32_t day;

	if (!date || clock_parse_day(date, &day) < 0)
		return -EINVAL;
	for (char *word; (word = strtok_r(rest, " \n", &rest)); formats |= 1u << format)
		if (report_format_find(word, &format) < 0)
			return -EINVAL;
	return formats ? shelf_list_add(list, day, formats, NULL) : -EINVAL;
}

static int read_lines(struct shelf_list *list, FILE *file, const char *path, struct error *err)
{
	char *line = NULL;
	size_t size = 0;
	int rc = 0;

	for (int n = 1; rc != -ENOMEM && getline(&line, &size, file) > 0; n++) {
		rc = line[0] == '#' ? 0 : take_line(list, line);
		if (rc == -EINVAL)
			log_warning("%s:%d: not understood, and passed over", path, n);
	}
	free(line);
	return rc == -ENOMEM ? error_set(err, rc, "%s: out of memory", path) : 0;
}

static char *list_path(const struct shelf_list *list)
{
	char *path = NULL;

	return asprintf(&path, "%s/" LIST_NAME, list->folder) < 0 ? NULL : path;
}

int shelf_list_load(struct shelf_list *list, const char *folder, struct error *err)
{
	*list = (struct shelf_list){.folder = strdup(folder)};
	char *path = list->folder ? list_path(list) : NULL;
	int rc = 0;

	if (!path)
		return error_set(err, -ENOMEM, "%s: out of memory", folder);
	FILE *file = fopen(path, "re");
	if (file)
		rc = read_lines(list, file, path, err);
	else if (errno != ENOENT)
		rc = error_set(err, -errno, "%s: %s", path, strerror(errno));
	if (file)
		fclose(file);
	free(path);
	return rc;
}

static int write_lines(const struct output *output, FILE *out)
{
	const struct shelf_list *list = output->user;
	char date[DATE_SIZE];

	fputs(heading, out);
	for (size_t i = 0; i < list->n_nights; i++) {
		clock_format_day(list->nights[i].day, date);
		fputs(date, out);
		for (enum report_format f = 0; f < REPORT_FORMAT_COUNT; f++)
			if (list->nights[i].formats & 1u << f)
				fprintf(out, " %s", report_format_name(f));
		fputc('\n', out);
	}
	return ferror(out) ? -EIO : 0;
}

int shelf_list_save(const struct shelf_list *list, struct error *err)
{
	char *path = list_path(list);

	if (!path)
		return error_set(err, -ENOMEM, "%s: out of memory", list->folder);
	int rc = output_write(
	    &(struct output){.path = path, .write = write_lines, .user = list}, err);
	free(path);
	return rc;
}

void shelf_list_finish(struct shelf_list *list)
{
	free(list->folder);
	free(list->nights);
	*list = (struct shelf_list){0};
}

/* ---- what was cut off ---------------------------------------------------------------------- */

/* "2026-03-14.html.part-1234", of a night and format that the list has, or of the list. */
static bool is_part(const struct shelf_list *list, const char *name)
{
	static const char part[] = ".part-";
	const char *end = strstr(name, part);
	char date[DATE_SIZE];
	int32_t day;

	if (!end || end[strlen(part)] == '\0' ||
	    end[strlen(part) + strspn(end + strlen(part), "0123456789")] != '\0')
		return false;
	size_t n = (size_t)(end - name);
	if (n == strlen(LIST_NAME) && memcmp(name, LIST_NAME, n) == 0)
		return true;
	snprintf(date, sizeof(date), "%.*s", DATE_SIZE - 1, name);
	if (n <= DATE_SIZE || name[DATE_SIZE - 1] != '.' || clock_parse_day(date, &day) < 0)
		return false;
	for (enum report_format f = 0; f < REPORT_FORMAT_COUNT; f++) {
		const char *ending = report_format_ending(f);
		if ((shelf_list_find(list, day) & 1u << f) && strlen(ending) == n - DATE_SIZE &&
		    memcmp(name + DATE_SIZE, ending, n - DATE_SIZE) == 0)
			return true;
	}
	return false;
}

void shelf_list_sweep(const struct shelf_list *list, int folder_fd)
{
	DIR *folder = opendir(list->folder);

	if (!folder)
		return;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		if (is_part(list, entry->d_name))
			unlinkat(folder_fd, entry->d_name, 0);
	closedir(folder);
}
