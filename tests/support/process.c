#include "process.h"

#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void pause_a_little(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

pid_t process_start(const char *program, const char *log, const char *const *argv)
{
	char *path = build_path(program);
	pid_t pid = fork();

	if (pid == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		execv(path, (char *const *)argv);
		_exit(127);
	}
	free(path);
	return pid;
}

int process_wait(pid_t pid, double limit_s)
{
	double until_s = now_s() + limit_s;
	int status;

	while (now_s() < until_s) {
		pid_t ended = waitpid(pid, &status, WNOHANG);
		if (ended == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		if (ended < 0 && errno != EINTR)
			return -1;
		pause_a_little();
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -1;
}

int process_run(const char *program, const char *log, const char *const *argv, double limit_s)
{
	return process_wait(process_start(program, log, argv), limit_s);
}

char *file_text(const char *path)
{
	char *text = calloc(1, 1 << 20);
	FILE *file = fopen(path, "r");

	if (!text)
		abort();
	if (file) {
		text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
		fclose(file);
	}
	return text;
}

bool file_says(const char *path, const char *text, double limit_s)
{
	double until_s = now_s() + limit_s;
	bool found = false;

	while (!found && now_s() < until_s) {
		char *all = file_text(path);
		found = strstr(all, text) != NULL;
		free(all);
		if (!found)
			pause_a_little();
	}
	return found;
}
