/* lumbar indicator: plays an indicator's cues, so that who builds it sees that it works. */
#include "app/command.h"
#include "app/command_line.h"
#include "app/config.h"
#include "app/cue_line.h"
#include "app/indicators.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	const char *name, *config;
	enum notice notice; /* NOTICE_NONE: all */
};

/* Between two cues, so that they are told apart. */
static const uint64_t pause_us = 1500000;

/* NULL with err filled when there is none of the name. */
static const struct indicator_config *find(
    const struct config *config, const struct arguments *arguments, struct error *err)
{
	char known[160] = "none";
	size_t used = 0;

	for (size_t i = 0; i < config->n_indicators; i++) {
		const struct indicator_config *each = &config->indicators[i];
		if (strcmp(each->name, arguments->name) == 0)
			return each;
		used += (size_t)snprintf(
		    known + used, sizeof(known) - used, "%s%s", used ? ", " : "", each->name);
	}
	error_set(err, -ENOENT, "%s: no [indicator %s]; there are: %s", arguments->config,
	    arguments->name, known);
	return NULL;
}

/* A signal ends the loop, and the line is switched off after it. */
static int make_loop(sd_event **loop)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	int result = sd_event_new(loop);
	if (result >= 0)
		result = sd_event_add_signal(*loop, NULL, SIGTERM, NULL, NULL);
	if (result >= 0)
		result = sd_event_add_signal(*loop, NULL, SIGINT, NULL, NULL);
	return result;
}

/* Waits for one thing to happen; false when that was a signal. */
static bool turn(sd_event *loop)
{
	int code;

	return sd_event_run(loop, UINT64_MAX) >= 0 && sd_event_get_exit_code(loop, &code) < 0;
}

/* True to go on: no fault, and no signal. */
static bool wait_for_end(struct cue_line *line, sd_event *loop)
{
	while (cue_playing(&line->cue))
		if (!turn(loop))
			return false;
	return line->fault.code == 0;
}

static int on_pause_over(sd_event_source *source, uint64_t usec, void *user)
{
	bool *over = user;

	(void)source;
	(void)usec;
	*over = true;
	return 0;
}

static bool pause_between(sd_event *loop)
{
	bool over = false;

	if (sd_event_add_time_relative(
	        loop, NULL, CLOCK_MONOTONIC, pause_us, 1000, on_pause_over, &over) < 0)
		return false;
	while (!over)
		if (!turn(loop))
			return false;
	return true;
}

static void play(
    struct cue_line *line, sd_event *loop, const struct indicator_config *config, enum notice only)
{
	char text[PATTERN_TEXT_SIZE];
	bool first = true;

	for (enum notice notice = 0; notice < NOTICE_COUNT; notice++) {
		const struct pattern *pattern = &config->patterns[notice];
		if (only != NOTICE_NONE && notice != only)
			continue;
		if (pattern->n_times > 0 && !first && !pause_between(loop))
			return;
		printf("%-8s %s\n", notice_names[notice], pattern_text(pattern, text));
		fflush(stdout);
		cue_line_play(line, pattern);
		if (!wait_for_end(line, loop))
			return;
		first = first && pattern->n_times == 0;
	}
}

static int show(const struct indicator_config *config, enum notice only, struct error *err)
{
	struct cue_line line = {0};
	sd_event *loop = NULL;

	if (!config->line[0])
		return error_set(err, -EINVAL,
		    "[indicator %s] has no line, so it is off; add one, as line = GPIO18",
		    config->name);
	int result = make_loop(&loop);
	if (result < 0)
		error_set(err, result, "event loop: %s", strerror(-result));
	else
		result = cue_line_open(&line, loop, config, err);
	if (result >= 0) {
		play(&line, loop, config, only);
		if (line.fault.code)
			*err = line.fault;
		result = line.fault.code;
	}
	cue_line_close(&line);
	sd_event_unref(loop);
	return result;
}

static int run(const struct arguments *arguments)
{
	struct config *config;
	struct problems problems;
	struct error err = {0};

	if (config_load(&config, arguments->config, &problems) < 0)
		return command_fault("indicator", &problems.list[0]);
	const struct indicator_config *found = find(config, arguments, &err);
	int result = found ? show(found, arguments->notice, &err) : err.code;
	config_destroy(config);
	return result < 0 ? command_fault("indicator", &err) : EXIT_OK;
}

static bool take_notice(const char *text, void *user)
{
	enum notice *notice = user;

	for (*notice = 0; *notice < NOTICE_COUNT; (*notice)++)
		if (strcmp(text, notice_names[*notice]) == 0)
			return true;
	return false;
}

int cmd_indicator(int argc, char **argv)
{
	struct arguments a = {.config = CONFIG_FILE, .notice = NOTICE_NONE};
	const struct command_option options[] = {
	    {"config", 'c', "FILE", "the configuration; without it " CONFIG_FILE,
	        .text = &a.config},
	    {"notice", 0, "NOTICE", "this cue only: posture, sitting, lying, bending or fault",
	        .take = take_notice, .user = &a.notice,
	        .wants = "give posture, sitting, lying, bending or fault"},
	    {0},
	};
	const struct command_line line = {"lumbar indicator", "NAME [-c FILE] [--notice NOTICE]",
	    "Plays each cue of [indicator NAME] once, at any hour, so that you see that it works. "
	    "lumbard holds the line while it runs: stop it first.",
	    options, 1, 1};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	a.name = argv[optind];
	return run(&a);
}
