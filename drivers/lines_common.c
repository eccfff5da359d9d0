#include "drivers/lines_common.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The header's chip: Pi 1 to 3 and Zero, Pi 4 and 400, Pi 5. */
static const char *const header_labels[] = {"pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"};

static const char separators[] = " \t,";

static bool has_name(const struct line_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->names[i], name) == 0)
			return true;
	return false;
}

static int add_name(struct line_names *names, const char *text, size_t length, struct error *err)
{
	char name[LINE_NAME_SIZE];

	if (length >= sizeof(name))
		return error_set(err, -EINVAL, "line \"%.40s\": a name has at most %zu characters",
		    text, sizeof(name) - 1);
	memcpy(name, text, length);
	name[length] = '\0';
	if (has_name(names, name))
		return error_set(err, -EINVAL, "line %s stands there twice", name);
	if (names->n == LINES_MAX)
		return error_set(err, -EINVAL, "more than %d lines", LINES_MAX);
	memcpy(names->names[names->n++], name, sizeof(name));
	return 0;
}

int line_names_parse(struct line_names *names, const char *text, struct error *err)
{
	int result = 0;

	names->n = 0;
	for (text += strspn(text, separators); *text && result == 0;) {
		size_t length = strcspn(text, separators);
		result = add_name(names, text, length, err);
		text += length;
		text += strspn(text, separators);
	}
	if (result == 0 && names->n == 0)
		return error_set(err, -EINVAL, "no line is named; write GPIO17 or its number, 17");
	return result;
}

int lines_count(const char *text, struct error *err)
{
	struct line_names names;
	int result = line_names_parse(&names, text, err);

	return result < 0 ? result : (int)names.n;
}

int line_name_offset(const char *name)
{
	char *end;
	long offset = strtol(name, &end, 10);

	return isdigit((unsigned char)name[0]) && !*end && offset < 65536 ? (int)offset : -1;
}

bool lines_label_fits(const char *chip, const char *label)
{
	if (strcmp(chip, LINES_CHIP_AUTO) != 0)
		return strcmp(chip, label) == 0;
	for (size_t i = 0; i < sizeof(header_labels) / sizeof(header_labels[0]); i++)
		if (strcmp(header_labels[i], label) == 0)
			return true;
	return false;
}

bool lines_chip_path(const char *chip, char *path, size_t size)
{
	if (strchr(chip, '/'))
		return snprintf(path, size, "%s", chip) < (int)size;
	if (strncmp(chip, "gpiochip", 8) != 0 || line_name_offset(chip + 8) < 0)
		return false;
	return snprintf(path, size, "/dev/%s", chip) < (int)size;
}

static int is_chip(const struct dirent *entry)
{
	return strncmp(entry->d_name, "gpiochip", 8) == 0 &&
	       line_name_offset(entry->d_name + 8) >= 0;
}

size_t lines_chip_paths(char paths[static LINES_CHIPS_MAX][LINE_NAME_SIZE])
{
	struct dirent **entries;
	int n_entries = scandir("/dev", &entries, is_chip, versionsort);
	size_t n = 0;

	if (n_entries < 0)
		return 0;
	for (int i = 0; i < n_entries; i++) {
		if (n < LINES_CHIPS_MAX)
			snprintf(paths[n++], LINE_NAME_SIZE, "/dev/%.24s", entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return n;
}

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t lines_boot_ns(int64_t monotonic_ns)
{
	return monotonic_ns + now_ns(CLOCK_BOOTTIME) - now_ns(CLOCK_MONOTONIC);
}

static const char group_advice[] =
    "the user who runs this must be in the group gpio (sudo adduser USER gpio, log in anew)";

int lines_chip_error(struct error *err, int code, const char *chip)
{
	if (code == -EACCES || code == -EPERM)
		return error_set(
		    err, -EACCES, "GPIO chip %s: %s; %s", chip, strerror(-code), group_advice);
	return error_set(err, code,
	    "GPIO chip %s: %s; `gpiodetect` (package gpiod) lists the chips", chip,
	    strerror(-code));
}

int lines_no_chip_error(struct error *err, const char *chip, const char *labels, bool some_refused)
{
	bool is_auto = strcmp(chip, LINES_CHIP_AUTO) == 0;

	if (some_refused)
		return lines_chip_error(err, -EACCES, chip);
	if (!*labels)
		return error_set(err, -ENOENT,
		    "GPIO chip %s: this machine has no /dev/gpiochip*, so no GPIO", chip);
	return error_set(err, -ENOENT, "GPIO chip %s: %s; there %s: %s", chip,
	    is_auto ? "not a Raspberry Pi's header" : "no chip has this label",
	    strchr(labels, ' ') ? "are" : "is", labels);
}

int lines_no_line_error(struct error *err, const char *chip, const char *line, unsigned n_lines)
{
	if (line_name_offset(line) >= 0)
		return error_set(err, -ENOENT, "GPIO chip %s has the lines 0 to %u, not %s", chip,
		    n_lines - 1, line);
	return error_set(err, -ENOENT,
	    "GPIO chip %s has no line named %s; write its number, or a name that `gpioinfo` "
	    "(package gpiod) lists",
	    chip, line);
}

int lines_busy_error(struct error *err, const char *chip, const char *line, const char *consumer)
{
	return error_set(err, -EBUSY,
	    "GPIO chip %s: line %s is held by \"%s\"; take another line, or stop what holds it",
	    chip, line, consumer && *consumer ? consumer : "the kernel");
}

int lines_request_error(struct error *err, int code, const char *chip, const char *names)
{
	if (code == -EACCES || code == -EPERM)
		return lines_chip_error(err, code, chip);
	return error_set(err, code,
	    "GPIO chip %s: lines %s: %s; does the chip have what is asked (input or output, "
	    "bias, edges)?",
	    chip, names, strerror(-code));
}
