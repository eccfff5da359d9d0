#include "app/cue_line.h"

#include <string.h>

/* The loop would else put timers of a quarter of a second together. */
static const uint64_t accuracy_us = 1000;

static int set_line(void *user, bool on)
{
	struct cue_line *line = user;

	return lines_set(line->lines, on);
}

static void give_back(struct cue_line *line)
{
	line->timer = sd_event_source_disable_unref(line->timer);
	if (line->lines)
		lines_set(line->lines, 0);
	lines_close(line->lines);
	line->lines = NULL;
	line->cue = (struct cue){0};
}

/* After so many ms the next step; 0: there is none; -errno: the line fails. */
static void go_on(struct cue_line *line, int ms)
{
	int result = ms;

	if (ms > 0)
		result = sd_event_source_set_time_relative(line->timer, (uint64_t)ms * 1000);
	if (ms > 0 && result >= 0)
		result = sd_event_source_set_enabled(line->timer, SD_EVENT_ONESHOT);
	if (result >= 0)
		return;
	error_set(&line->fault, result, "the line cannot be set: %s", strerror(-result));
	give_back(line);
}

static int on_step(sd_event_source *source, uint64_t usec, void *user)
{
	struct cue_line *line = user;

	(void)source;
	(void)usec;
	go_on(line, cue_next(&line->cue));
	return 0;
}

int cue_line_open(
    struct cue_line *line, sd_event *loop, const struct indicator_config *config, struct error *err)
{
	const struct lines_request request = {
	    .chip = config->chip,
	    .names = config->line,
	    .output = true,
	    .active_low = config->active_low,
	};

	line->cue.output = (struct cue_output){line, set_line};
	int result = lines_open(&line->lines, &request, err);
	if (result < 0)
		return result;
	result = sd_event_add_time_relative(
	    loop, &line->timer, CLOCK_MONOTONIC, 0, accuracy_us, on_step, line);
	if (result >= 0)
		result = sd_event_source_set_enabled(line->timer, SD_EVENT_OFF);
	if (result < 0) {
		give_back(line);
		return error_set(err, result, "event loop: no timer: %s", strerror(-result));
	}
	return 0;
}

void cue_line_play(struct cue_line *line, const struct pattern *pattern)
{
	if (line->lines)
		go_on(line, cue_begin(&line->cue, pattern));
}

void cue_line_close(struct cue_line *line)
{
	give_back(line);
	line->fault = (struct error){0};
}
