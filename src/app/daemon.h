/* The daemon: surfaces read, judged and kept until a signal ends it. */
#ifndef LUMBAR_APP_DAEMON_H
#define LUMBAR_APP_DAEMON_H

struct daemon_settings {
	const char *config_path;
	const char *database; /* instead of the configuration's; NULL: that one */
	int log_level;        /* enum log_level instead of the configuration's; 0: that one */
	double run_for_s;     /* ends after this long; 0: never */
};

/* Runs until SIGTERM, SIGINT or the end of run_for_s. An exit status. Thread: main. */
int daemon_run(const struct daemon_settings *settings);

#endif
