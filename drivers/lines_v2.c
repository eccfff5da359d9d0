/*
 * lines over libgpiod 2, which speaks the kernel's second GPIO interface: one descriptor and one
 * queue for all lines, and the kernel debounces. It stamps an edge when the line has kept still for
 * the period, as lines_v1.c does.
 */
#include "drivers/lines_common.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gpiod.h>

struct lines {
	struct gpiod_chip *chip;
	struct gpiod_line_request *request;
	struct gpiod_edge_event_buffer *events; /* room for one */
	struct line_names names;
	unsigned offsets[LINES_MAX];
};

static int minus_errno(void)
{
	return errno > 0 ? -errno : -EIO;
}

/* What a call on open lines says: the chip is gone, or it failed. */
static int io_errno(void)
{
	return errno == ENODEV ? -ENODEV : -EIO;
}

/* ---- opening ---------------------------------------------------------------------------- */

static void append_label(char *labels, size_t size, const char *label)
{
	size_t used = strlen(labels);

	snprintf(labels + used, size - used, "%s%s", used ? ", " : "", label);
}

/* Whether the open chip is the one that is looked for; its label goes to the list of those there. */
static bool chip_fits(struct gpiod_chip *chip, const char *wanted, char *labels, size_t size)
{
	struct gpiod_chip_info *info = gpiod_chip_get_info(chip);

	if (!info)
		return false;
	bool fits = lines_label_fits(wanted, gpiod_chip_info_get_label(info));
	append_label(labels, size, gpiod_chip_info_get_label(info));
	gpiod_chip_info_free(info);
	return fits;
}

static int open_by_label(struct lines *lines, const char *chip, struct error *err)
{
	char paths[LINES_CHIPS_MAX][LINE_NAME_SIZE], labels[256] = "";
	size_t n_paths = lines_chip_paths(paths);
	bool refused = false;

	for (size_t i = 0; i < n_paths; i++) {
		lines->chip = gpiod_chip_open(paths[i]);
		if (!lines->chip) {
			refused = refused || errno == EACCES || errno == EPERM;
			continue;
		}
		if (chip_fits(lines->chip, chip, labels, sizeof(labels)))
			return 0;
		gpiod_chip_close(lines->chip);
		lines->chip = NULL;
	}
	return lines_no_chip_error(err, chip, labels, refused);
}

static int open_chip(struct lines *lines, const char *chip, struct error *err)
{
	char path[256];

	if (!lines_chip_path(chip, path, sizeof(path)))
		return open_by_label(lines, chip, err);
	lines->chip = gpiod_chip_open(path);
	return lines->chip ? 0 : lines_chip_error(err, minus_errno(), chip);
}

static unsigned n_lines_of(struct gpiod_chip *chip)
{
	struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
	size_t n_lines = info ? gpiod_chip_info_get_num_lines(info) : 0;

	gpiod_chip_info_free(info);
	return (unsigned)n_lines;
}

/* Finds line i, free and not among those before it. */
static int find_line(struct lines *lines, size_t i, const char *chip, struct error *err)
{
	const char *name = lines->names.names[i];
	int offset = line_name_offset(name);

	if (offset < 0)
		offset = gpiod_chip_get_line_offset_from_name(lines->chip, name);
	struct gpiod_line_info *info =
	    offset < 0 ? NULL : gpiod_chip_get_line_info(lines->chip, (unsigned)offset);
	if (!info)
		return lines_no_line_error(err, chip, name, n_lines_of(lines->chip));
	int result = 0;
	if (gpiod_line_info_is_used(info))
		result = lines_busy_error(err, chip, name, gpiod_line_info_get_consumer(info));
	gpiod_line_info_free(info);
	for (size_t k = 0; result == 0 && k < i; k++)
		if (lines->offsets[k] == (unsigned)offset)
			result = error_set(err, -EINVAL,
			    "GPIO chip %s: %s and %s are the same line", chip,
			    lines->names.names[k], name);
	lines->offsets[i] = (unsigned)offset;
	return result;
}

static struct gpiod_line_settings *settings_of(const struct lines_request *request)
{
	static const enum gpiod_line_bias biases[] = {
	    [LINES_BIAS_AS_IS] = GPIOD_LINE_BIAS_AS_IS,
	    [LINES_BIAS_OFF] = GPIOD_LINE_BIAS_DISABLED,
	    [LINES_BIAS_UP] = GPIOD_LINE_BIAS_PULL_UP,
	    [LINES_BIAS_DOWN] = GPIOD_LINE_BIAS_PULL_DOWN,
	};
	struct gpiod_line_settings *settings = gpiod_line_settings_new();

	if (!settings)
		return NULL;
	gpiod_line_settings_set_direction(
	    settings, request->output ? GPIOD_LINE_DIRECTION_OUTPUT : GPIOD_LINE_DIRECTION_INPUT);
	gpiod_line_settings_set_bias(settings, biases[request->bias]);
	gpiod_line_settings_set_active_low(settings, request->active_low);
	if (!request->output && request->events) {
		gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
		gpiod_line_settings_set_debounce_period_us(
		    settings, (unsigned long)(request->debounce_ns / NS_PER_US));
	}
	return settings;
}

static void spread(uint64_t values, size_t n, enum gpiod_line_value each[static LINES_MAX])
{
	for (size_t i = 0; i < n; i++)
		each[i] = values >> i & 1 ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
}

static bool fill_config(struct lines *lines, const struct lines_request *request,
    struct gpiod_line_config *config, struct gpiod_line_settings *settings)
{
	enum gpiod_line_value values[LINES_MAX];
	size_t n = lines->names.n;

	spread(request->initial, n, values);
	return config && settings &&
	       gpiod_line_config_add_line_settings(config, lines->offsets, n, settings) == 0 &&
	       (!request->output || gpiod_line_config_set_output_values(config, values, n) == 0);
}

static int request_lines(
    struct lines *lines, const struct lines_request *request, struct error *err)
{
	struct gpiod_line_settings *settings = settings_of(request);
	struct gpiod_line_config *config = gpiod_line_config_new();
	struct gpiod_request_config *consumer = gpiod_request_config_new();

	errno = ENOMEM;
	if (consumer && fill_config(lines, request, config, settings)) {
		gpiod_request_config_set_consumer(consumer, LINES_CONSUMER);
		lines->request = gpiod_chip_request_lines(lines->chip, consumer, config);
	}
	int result = lines->request ? 0 : minus_errno();
	gpiod_request_config_free(consumer);
	gpiod_line_config_free(config);
	gpiod_line_settings_free(settings);
	if (result == 0 && request->events && !(lines->events = gpiod_edge_event_buffer_new(1)))
		result = -ENOMEM;
	return result == 0 ? 0 : lines_request_error(err, result, request->chip, request->names);
}

int lines_open(struct lines **out, const struct lines_request *request, struct error *err)
{
	struct lines *lines = calloc(1, sizeof(*lines));

	*out = NULL;
	if (!lines)
		return error_set(err, -ENOMEM, "out of memory");
	int result = line_names_parse(&lines->names, request->names, err);
	if (result == 0)
		result = open_chip(lines, request->chip, err);
	for (size_t i = 0; result == 0 && i < lines->names.n; i++)
		result = find_line(lines, i, request->chip, err);
	if (result == 0)
		result = request_lines(lines, request, err);
	if (result < 0) {
		lines_close(lines);
		return result;
	}
	*out = lines;
	return 0;
}

void lines_close(struct lines *lines)
{
	if (!lines)
		return;
	if (lines->events)
		gpiod_edge_event_buffer_free(lines->events);
	if (lines->request)
		gpiod_line_request_release(lines->request);
	if (lines->chip)
		gpiod_chip_close(lines->chip);
	free(lines);
}

const char *lines_name(const struct lines *lines, size_t i)
{
	return lines->names.names[i];
}

/* ---- values ----------------------------------------------------------------------------- */

int lines_set(struct lines *lines, uint64_t values)
{
	enum gpiod_line_value each[LINES_MAX];

	spread(values, lines->names.n, each);
	return gpiod_line_request_set_values(lines->request, each) < 0 ? io_errno() : 0;
}

int lines_get(struct lines *lines, uint64_t *values)
{
	enum gpiod_line_value each[LINES_MAX];

	if (gpiod_line_request_get_values(lines->request, each) < 0)
		return io_errno();
	*values = 0;
	for (size_t i = 0; i < lines->names.n; i++)
		*values |= (uint64_t)(each[i] == GPIOD_LINE_VALUE_ACTIVE) << i;
	return 0;
}

/* ---- edges ------------------------------------------------------------------------------ */

static size_t line_at(const struct lines *lines, unsigned offset)
{
	size_t i = 0;

	while (i + 1 < lines->names.n && lines->offsets[i] != offset)
		i++;
	return i;
}

int lines_wait(struct lines *lines, int64_t deadline_ns, struct lines_event *event)
{
	int ready;

	do {
		int64_t wait_ns = deadline_ns - clock_mono_ns();
		ready = gpiod_line_request_wait_edge_events(
		    lines->request, wait_ns > 0 ? wait_ns : 0);
	} while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		return ready < 0 ? io_errno() : -ETIMEDOUT;
	if (gpiod_line_request_read_edge_events(lines->request, lines->events, 1) != 1)
		return io_errno();
	struct gpiod_edge_event *edge = gpiod_edge_event_buffer_get_event(lines->events, 0);
	uint64_t stamp_ns = gpiod_edge_event_get_timestamp_ns(edge);
	*event = (struct lines_event){
	    .line = line_at(lines, gpiod_edge_event_get_line_offset(edge)),
	    .active = gpiod_edge_event_get_event_type(edge) == GPIOD_EDGE_EVENT_RISING_EDGE,
	    .mono_ns = lines_boot_ns((int64_t)stamp_ns),
	};
	return 0;
}
