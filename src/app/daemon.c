#include "app/daemon.h"

#include "app/acquire.h"
#include "app/command.h"
#include "app/config.h"
#include "app/indicators.h"
#include "app/keeper.h"
#include "app/mats.h"
#include "app/status.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/store.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

static const uint64_t tick_us = 1000000;

struct daemon {
	const struct daemon_settings *settings;
	struct config *config;
	struct store *store;
	struct keeper *keeper;
	struct mats mats;
	struct indicators *indicators;
	sd_event *loop;
	int wake_fd;
	int64_t start_ns;
	bool night_judged; /* the one that ended while nobody was running */
	struct log_limit status_limit;
};

static void say_problems(const struct problems *problems)
{
	for (size_t i = 0; i < problems->n_problems && i < PROBLEMS_MAX; i++)
		log_error("%s", problems->list[i].text);
}

static const char *database_of(const struct daemon *daemon)
{
	return daemon->settings->database ? daemon->settings->database : daemon->config->database;
}

static void start_log(const struct daemon *daemon)
{
	int given = daemon->settings->log_level;

	log_init(given ? (enum log_level)given : daemon->config->log);
}

/* ---- what happens each second ---------------------------------------------------------------- */

static void tell_clock(struct daemon *daemon, int64_t mono_ns)
{
	int64_t real_ns = clock_real_ns();
	struct frame own;

	tzset(); /* the time zone may have been set since */
	if (mats_own_clock(&daemon->mats, &own)) {
		keeper_clock(daemon->keeper, own.mono_ns, own.real_ns, own.utc_offset_s, true);
		real_ns = own.real_ns;
	} else {
		keeper_clock(daemon->keeper, mono_ns, real_ns, clock_utc_offset_s(real_ns),
		    clock_synchronised());
	}
	if (!daemon->night_judged) {
		int32_t offset_s = clock_utc_offset_s(real_ns);
		daemon->night_judged = true;
		keeper_judge_newest(
		    daemon->keeper, clock_local_day(real_ns - 12 * NS_PER_H, offset_s));
	}
}

static void write_status(struct daemon *daemon, int64_t mono_ns)
{
	struct status_surface surfaces[MATS_MAX];
	int64_t real_ns = clock_real_ns();
	struct frame own;
	bool has_own = mats_own_clock(&daemon->mats, &own);
	uint64_t skipped;
	struct status status = {
	    .mono_ns = mono_ns,
	    .start_ns = daemon->start_ns,
	    .real_ns = real_ns,
	    .utc_offset_s = clock_utc_offset_s(real_ns),
	    .synchronised = clock_synchronised(),
	    .database = database_of(daemon),
	    .store_fault = keeper_store_fault(daemon->keeper),
	    .surfaces = surfaces,
	    .n_surfaces = mats_status(&daemon->mats, mono_ns, surfaces),
	    .indicators = daemon->indicators,
	    .moment = keeper_moment(daemon->keeper, has_own ? own.mono_ns : mono_ns),
	};

	if (!daemon->config->status_file[0])
		return;
	int result = status_write(daemon->config->status_file, &status);
	if (result < 0 && log_limit_pass(&daemon->status_limit, mono_ns, 10 * NS_PER_MIN, &skipped))
		log_warning("%s: cannot be written: %s; lumbar status will not work",
		    daemon->config->status_file, strerror(-result));
}

/* The watchdog is fed here: only while the loop turns, and the store answers, if only with no. */
static int on_tick(sd_event_source *source, uint64_t usec, void *user)
{
	struct daemon *daemon = user;
	int64_t mono_ns = clock_mono_ns();

	(void)usec;
	mats_read(&daemon->mats, daemon->keeper);
	mats_watch(&daemon->mats, daemon->keeper, mono_ns);
	indicators_watch(daemon->indicators);
	tell_clock(daemon, mono_ns);
	keeper_tick(daemon->keeper, mono_ns);
	write_status(daemon, mono_ns);
	if (keeper_store_fault(daemon->keeper)->code == -EUCLEAN) {
		log_error("ending, as nothing can be kept any more; the next start begins anew");
		return sd_event_exit(daemon->loop, EXIT_FAULT);
	}
	sd_notifyf(0, "WATCHDOG=1\nSTATUS=%zu of %zu mats are read; findings are %s",
	    mats_alive(&daemon->mats), daemon->mats.n_mats,
	    keeper_store_fault(daemon->keeper)->code ? "NOT written" : "written");
	sd_event_source_set_time_relative(source, tick_us);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int on_frames(sd_event_source *source, int fd, uint32_t revents, void *user)
{
	struct daemon *daemon = user;
	uint64_t count;

	(void)source;
	(void)revents;
	ssize_t got = read(fd, &count, sizeof(count));
	(void)got; /* only wakes */
	mats_read(&daemon->mats, daemon->keeper);
	return 0;
}

/* ---- signals ---------------------------------------------------------------------------------- */

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *info, void *user)
{
	(void)user;
	log_info("stopping on signal %u", info->ssi_signo);
	return sd_event_exit(sd_event_source_get_event(source), EXIT_OK);
}

static int on_time_up(sd_event_source *source, uint64_t usec, void *user)
{
	(void)usec;
	(void)user;
	log_info("stopping after the time that was given");
	return sd_event_exit(sd_event_source_get_event(source), EXIT_OK);
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info, void *user)
{
	struct daemon *daemon = user;
	const char *path = daemon->settings->config_path;
	struct config *config;
	struct problems problems;

	(void)source;
	(void)info;
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_mono_ns() / 1000);
	if (config_load(&config, path, &problems) < 0) {
		say_problems(&problems);
		log_error("%s: not taken; the old configuration stays", path);
	} else {
		if (!daemon->settings->database &&
		    strcmp(config->database, daemon->config->database) != 0)
			log_warning(
			    "database = %s: taken at the next start of lumbard", config->database);
		mats_reload(&daemon->mats, daemon->keeper, daemon->config, config, daemon->wake_fd);
		memcpy(config->database, daemon->config->database, sizeof(config->database));
		if (strcmp(config->status_file, daemon->config->status_file) != 0)
			unlink(daemon->config->status_file); /* nobody writes it any more */
		indicators_reload(daemon->indicators, config);
		config_destroy(daemon->config);
		daemon->config = config;
		log_info("%s: read again, %zu surfaces", path, daemon->mats.n_mats);
		start_log(daemon);
	}
	sd_notify(0, "READY=1");
	return 0;
}

/* ---- start and end ---------------------------------------------------------------------------- */

static int make_loop(struct daemon *daemon)
{
	double run_for_s = daemon->settings->run_for_s;
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is a full disk: an error, not the end */
	int r = sd_event_new(&daemon->loop);
	if (r >= 0)
		r = sd_event_add_signal(daemon->loop, NULL, SIGHUP, on_reload, daemon);
	if (r >= 0)
		r = sd_event_add_signal(daemon->loop, NULL, SIGTERM, on_stop, daemon);
	if (r >= 0)
		r = sd_event_add_signal(daemon->loop, NULL, SIGINT, on_stop, daemon);
	if (r >= 0)
		r = sd_event_add_io(
		    daemon->loop, NULL, daemon->wake_fd, EPOLLIN, on_frames, daemon);
	if (r >= 0 && run_for_s > 0)
		r = sd_event_add_time_relative(daemon->loop, NULL, CLOCK_BOOTTIME,
		    (uint64_t)llround(run_for_s * 1e6), 1000, on_time_up, NULL);
	return r;
}

static int add_tick(struct daemon *daemon)
{
	return sd_event_add_time_relative(
	    daemon->loop, NULL, CLOCK_BOOTTIME, 0, tick_us / 20, on_tick, daemon);
}

static int open_store(struct daemon *daemon, struct error *err)
{
	char boot_id[BOOT_ID_SIZE];
	int result = store_open(&daemon->store, database_of(daemon), STORE_OWN, err);

	if (result < 0)
		return result;
	clock_boot_id(boot_id);
	result = store_begin_session(daemon->store, boot_id, LUMBAR_VERSION, daemon->start_ns, err);
	if (result < 0)
		return result;
	daemon->keeper = keeper_create(daemon->store, err);
	return daemon->keeper ? 0 : -ENOMEM;
}

static int take_indicators(struct daemon *daemon, struct error *err)
{
	daemon->indicators = indicators_create(daemon->loop, daemon->config);
	if (!daemon->indicators)
		return error_set(err, -ENOMEM, "indicators: out of memory");
	keeper_listen(daemon->keeper, indicators_hear, daemon->indicators);
	return 0;
}

static int start(struct daemon *daemon, struct error *err)
{
	daemon->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (daemon->wake_fd < 0)
		return error_set(err, -errno, "eventfd: %s", strerror(errno));
	int result = make_loop(daemon);
	if (result < 0)
		return error_set(err, result, "event loop: %s", strerror(-result));
	result = open_store(daemon, err);
	if (result == 0)
		result = take_indicators(daemon, err);
	for (size_t i = 0; result == 0 && i < daemon->config->n_surfaces; i++)
		result = mats_add(&daemon->mats, daemon->keeper, daemon->config->surfaces[i],
		    daemon->wake_fd, err);
	if (result == 0 && add_tick(daemon) < 0)
		result = error_set(err, -ENOMEM, "event loop: no timer");
	return result;
}

static int finish(struct daemon *daemon)
{
	struct error err = {0};
	bool began = daemon->keeper != NULL;

	if (daemon->keeper)
		keeper_listen(daemon->keeper, NULL, NULL);
	indicators_destroy(daemon->indicators); /* off at once: mats may take a second to end */
	mats_stop(&daemon->mats, daemon->keeper);
	keeper_destroy(daemon->keeper);
	int result = store_close(daemon->store, &err);
	if (result < 0)
		log_error("%s", err.text);
	if (began && daemon->config->status_file[0])
		unlink(daemon->config->status_file);
	sd_event_unref(daemon->loop);
	if (daemon->wake_fd >= 0)
		close(daemon->wake_fd);
	config_destroy(daemon->config);
	return result < 0 ? EXIT_FAULT : EXIT_OK;
}

int daemon_run(const struct daemon_settings *settings)
{
	struct daemon daemon = {.settings = settings, .wake_fd = -1, .start_ns = clock_mono_ns()};
	struct problems problems;
	struct error err = {0};

	if (config_load(&daemon.config, settings->config_path, &problems) < 0) {
		say_problems(&problems);
		return EXIT_FAULT;
	}
	start_log(&daemon);
	int status = EXIT_FAULT;
	if (start(&daemon, &err) < 0) {
		log_error("%s", err.text);
	} else {
		log_info("lumbard %s: %zu surfaces, database %s", LUMBAR_VERSION,
		    daemon.mats.n_mats, database_of(&daemon));
		sd_notify(0, "READY=1");
		int result = sd_event_loop(daemon.loop);
		status = result == 0 ? EXIT_OK : EXIT_FAULT;
		if (result < 0)
			log_error("event loop: %s", strerror(-result));
		sd_notify(0, "STOPPING=1");
	}
	return finish(&daemon) == EXIT_OK ? status : EXIT_FAULT;
}
