#include "tests/gpio/support/emulated.h"

#include "support.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_SIZE = 4096 };

static int open_parameter(const char *parameter, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/module/emulators/parameters/%s", parameter);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	return fd;
}

static void write_parameter(const char *parameter, const char *text)
{
	int fd = open_parameter(parameter, O_WRONLY);

	if (write(fd, text, strlen(text)) < 0)
		fail_msg("%s = %s: %s", parameter, text, strerror(errno));
	close(fd);
}

void emulated_set(const char *parameter, const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	write_parameter(parameter, text);
}

void emulated_set_all(const char *parameter, const int *values, size_t n)
{
	char text[TEXT_SIZE] = "";
	size_t length = 0;

	for (size_t i = 0; i < n; i++) {
		length += (size_t)snprintf(
		    text + length, sizeof(text) - length, "%s%d", i ? "," : "", values[i]);
		assert_true(length < sizeof(text));
	}
	write_parameter(parameter, text);
}

void emulated_get_all(const char *parameter, int64_t *values, size_t n)
{
	char text[TEXT_SIZE];
	int fd = open_parameter(parameter, O_RDONLY);
	ssize_t length = read(fd, text, sizeof(text) - 1);
	char *next = text;

	close(fd);
	if (length < 0) {
		fail_msg("%s: %s", parameter, strerror(errno));
		return;
	}
	text[length] = '\0';
	for (size_t i = 0; i < n; i++) {
		char *end;
		values[i] = strtoll(next, &end, 10);
		if (end == next)
			fail_msg("%s has less than %zu values: %s", parameter, n, text);
		next = end + (*end == ',');
	}
}

int64_t emulated_get(const char *parameter)
{
	int64_t value = 0;

	emulated_get_all(parameter, &value, 1);
	return value;
}

void emulated_restart(const char *part)
{
	char parameter[32];

	snprintf(parameter, sizeof(parameter), "%s_live", part);
	emulated_set(parameter, "0");
	emulated_set(parameter, "1");
}

/* ---- a driver ------------------------------------------------------------------------- */

int reader_open(struct reader *reader, const char *name, const struct setting *settings)
{
	const struct driver *driver = driver_find(name);

	assert_non_null(driver);
	*reader = (struct reader){.surface = {.name = "mat", .kind = SURFACE_BED}};
	options_init(&reader->options, driver->options);
	for (; settings->key; settings++)
		if (options_set(&reader->options, settings->key, settings->value,
		        &(struct place){.key = settings->key}, &reader->err) < 0)
			fail_msg("%s", reader->err.text);
	if (options_complete(&reader->options, &(struct place){0}, &reader->err) < 0)
		fail_msg("%s", reader->err.text);
	reader->device = (struct device){
	    .driver = driver,
	    .surface = &reader->surface,
	    .options = &reader->options,
	    .state = calloc(1, driver->state_size),
	};
	assert_non_null(reader->device.state);
	int result = driver->describe(&reader->options, &reader->surface, &reader->err);
	if (result < 0)
		return result;
	reader->frame.counts = calloc(reader->surface.n_cells, sizeof(float));
	assert_non_null(reader->frame.counts);
	return driver->open(&reader->device, &reader->err);
}

void reader_open_good(struct reader *reader, const char *driver, const struct setting *settings)
{
	int result = reader_open(reader, driver, settings);

	if (result < 0)
		fail_msg("%s: %d, %s", driver, result, reader->err.text);
}

int reader_read(struct reader *reader, int ms)
{
	return reader->device.driver->read(
	    &reader->device, clock_mono_ns() + ms * NS_PER_MS, &reader->frame);
}

int reader_frame(struct reader *reader, int ms)
{
	int64_t end_ns = clock_mono_ns() + ms * NS_PER_MS;
	int result;

	do
		result = reader->device.driver->read(&reader->device, end_ns, &reader->frame);
	while (result == -ETIMEDOUT && clock_mono_ns() < end_ns);
	return result;
}

void reader_close(struct reader *reader)
{
	reader->device.driver->close(&reader->device);
	free(reader->device.state);
	free(reader->frame.counts);
	*reader = (struct reader){0};
}
