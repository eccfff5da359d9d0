/*
 * lines over libgpiod 1.6, which speaks the kernel's first GPIO interface: no debouncing there, so
 * it is done here, by the kernel's stamps of the raw edges (debounce.h). Every line with edges has
 * a descriptor and a queue of its own in the kernel; they are read together and put in order.
 */
#include "drivers/lines_common.h"

#include "base/clock.h"
#include "drivers/debounce.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gpiod.h>

enum { QUEUE_MAX = 64, READ_MAX = 16 };

struct lines {
	struct gpiod_chip *chip;
	struct gpiod_line_bulk bulk;
	struct line_names names;
	bool requested;
	struct debounce debounce[LINES_MAX];
	struct lines_event queue[QUEUE_MAX]; /* by stamp, the oldest first */
	size_t n_queued;
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
		if (lines_label_fits(chip, gpiod_chip_label(lines->chip)))
			return 0;
		append_label(labels, sizeof(labels), gpiod_chip_label(lines->chip));
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

static int find_line(struct lines *lines, const char *chip, const char *name, struct error *err)
{
	int offset = line_name_offset(name);
	struct gpiod_line *line = offset >= 0 ? gpiod_chip_get_line(lines->chip, (unsigned)offset)
	                                      : gpiod_chip_find_line(lines->chip, name);

	if (!line)
		return lines_no_line_error(err, chip, name, gpiod_chip_num_lines(lines->chip));
	for (unsigned i = 0; i < gpiod_line_bulk_num_lines(&lines->bulk); i++)
		if (gpiod_line_bulk_get_line(&lines->bulk, i) == line)
			return error_set(err, -EINVAL, "GPIO chip %s: %s and %s are the same line",
			    chip, lines->names.names[i], name);
	if (gpiod_line_is_used(line))
		return lines_busy_error(err, chip, name, gpiod_line_consumer(line));
	gpiod_line_bulk_add(&lines->bulk, line);
	return 0;
}

static int flags_of(const struct lines_request *request)
{
	static const int bias_flags[] = {
	    [LINES_BIAS_AS_IS] = 0,
	    [LINES_BIAS_OFF] = GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE,
	    [LINES_BIAS_UP] = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP,
	    [LINES_BIAS_DOWN] = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN,
	};
	int active_low = request->active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;

	return bias_flags[request->bias] | active_low;
}

static int type_of(const struct lines_request *request)
{
	if (request->output)
		return GPIOD_LINE_REQUEST_DIRECTION_OUTPUT;
	return request->events ? GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES
	                       : GPIOD_LINE_REQUEST_DIRECTION_INPUT;
}

static int request_lines(
    struct lines *lines, const struct lines_request *request, struct error *err)
{
	struct gpiod_line_request_config config = {
	    .consumer = LINES_CONSUMER,
	    .request_type = type_of(request),
	    .flags = flags_of(request),
	};
	int values[LINES_MAX];
	uint64_t levels = 0;

	for (size_t i = 0; i < lines->names.n; i++)
		values[i] = (int)(request->initial >> i & 1);
	if (gpiod_line_request_bulk(&lines->bulk, &config, values) < 0)
		return lines_request_error(err, minus_errno(), request->chip, request->names);
	lines->requested = true;
	int result = request->events ? lines_get(lines, &levels) : 0;
	if (result < 0)
		return lines_request_error(err, result, request->chip, request->names);
	for (size_t i = 0; i < lines->names.n; i++)
		debounce_init(&lines->debounce[i], request->debounce_ns, levels >> i & 1);
	return 0;
}

int lines_open(struct lines **out, const struct lines_request *request, struct error *err)
{
	struct lines *lines = calloc(1, sizeof(*lines));

	*out = NULL;
	if (!lines)
		return error_set(err, -ENOMEM, "out of memory");
	gpiod_line_bulk_init(&lines->bulk);
	int result = line_names_parse(&lines->names, request->names, err);
	if (result == 0)
		result = open_chip(lines, request->chip, err);
	for (size_t i = 0; result == 0 && i < lines->names.n; i++)
		result = find_line(lines, request->chip, lines->names.names[i], err);
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
	if (lines->requested)
		gpiod_line_release_bulk(&lines->bulk);
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
	int each[LINES_MAX];

	for (size_t i = 0; i < lines->names.n; i++)
		each[i] = (int)(values >> i & 1);
	return gpiod_line_set_value_bulk(&lines->bulk, each) < 0 ? io_errno() : 0;
}

int lines_get(struct lines *lines, uint64_t *values)
{
	int each[LINES_MAX];

	if (gpiod_line_get_value_bulk(&lines->bulk, each) < 0)
		return io_errno();
	*values = 0;
	for (size_t i = 0; i < lines->names.n; i++)
		*values |= (uint64_t)(each[i] != 0) << i;
	return 0;
}

/* ---- edges ------------------------------------------------------------------------------ */

/* Into its place by stamp; when full, the oldest goes. */
static void enqueue(struct lines *lines, size_t line, bool active, int64_t mono_ns)
{
	struct lines_event *queue = lines->queue;

	if (lines->n_queued == QUEUE_MAX)
		memmove(queue, queue + 1, --lines->n_queued * sizeof(*queue));
	size_t at = lines->n_queued++;
	for (; at > 0 && queue[at - 1].mono_ns > mono_ns; at--)
		queue[at] = queue[at - 1];
	queue[at] = (struct lines_event){.line = line, .active = active, .mono_ns = mono_ns};
}

static void settle(struct lines *lines, size_t line, int64_t now_ns)
{
	struct debounce *debounce = &lines->debounce[line];
	int64_t stamp_ns;

	if (debounce_settle(debounce, now_ns, &stamp_ns))
		enqueue(lines, line, debounce->level, stamp_ns);
}

static void take_edge(struct lines *lines, size_t line, const struct gpiod_line_event *event)
{
	int64_t edge_ns = lines_boot_ns((int64_t)event->ts.tv_sec * NS_PER_S + event->ts.tv_nsec);

	settle(lines, line, edge_ns);
	debounce_edge(
	    &lines->debounce[line], event->event_type == GPIOD_LINE_EVENT_RISING_EDGE, edge_ns);
}

static int read_line(struct lines *lines, size_t line)
{
	struct gpiod_line_event events[READ_MAX];
	int n = gpiod_line_event_read_multiple(
	    gpiod_line_bulk_get_line(&lines->bulk, (unsigned)line), events, READ_MAX);

	for (int i = 0; i < n; i++)
		take_edge(lines, line, &events[i]);
	return n < 0 ? io_errno() : 0;
}

/* Waits until the kernel has edges, at most until until_ns, and takes some. 1: took, 0: none. */
static int read_edges(struct lines *lines, int64_t until_ns)
{
	struct gpiod_line_bulk ready = GPIOD_LINE_BULK_INITIALIZER;
	int64_t wait_ns = until_ns - clock_mono_ns();
	int result = 0;

	wait_ns = wait_ns > 0 ? wait_ns : 0;
	struct timespec timeout = {.tv_sec = wait_ns / NS_PER_S, .tv_nsec = wait_ns % NS_PER_S};
	int n = gpiod_line_event_wait_bulk(&lines->bulk, &timeout, &ready);
	if (n <= 0)
		return n < 0 && errno != EINTR ? io_errno() : 0;
	for (size_t i = 0; result == 0 && i < lines->names.n; i++)
		for (unsigned k = 0; k < gpiod_line_bulk_num_lines(&ready); k++)
			if (gpiod_line_bulk_get_line(&ready, k) ==
			    gpiod_line_bulk_get_line(&lines->bulk, (unsigned)i))
				result = read_line(lines, i);
	return result < 0 ? result : 1;
}

/* The end of waiting: the deadline, or when the first waiting level counts. */
static int64_t next_due(const struct lines *lines, int64_t deadline_ns)
{
	int64_t due_ns;

	for (size_t i = 0; i < lines->names.n; i++)
		if (debounce_pending(&lines->debounce[i], &due_ns) && due_ns < deadline_ns)
			deadline_ns = due_ns;
	return deadline_ns;
}

int lines_wait(struct lines *lines, int64_t deadline_ns, struct lines_event *event)
{
	while (lines->n_queued == 0) {
		int64_t begun_ns = clock_mono_ns();
		int result = read_edges(lines, next_due(lines, deadline_ns));
		if (result < 0)
			return result;
		/* What is due counts only when no edge waited in the kernel that came before. */
		for (size_t i = 0; result == 0 && i < lines->names.n; i++)
			settle(lines, i, begun_ns);
		if (lines->n_queued == 0 && clock_mono_ns() >= deadline_ns)
			return -ETIMEDOUT;
	}
	*event = lines->queue[0];
	memmove(lines->queue, lines->queue + 1, --lines->n_queued * sizeof(*event));
	return 0;
}
