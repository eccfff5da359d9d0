#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum log_level threshold = LOG_LEVEL_INFO;
static bool under_journal;

void log_init(enum log_level least)
{
	threshold = least;
	under_journal = getenv("JOURNAL_STREAM") != NULL;
}

void log_message(enum log_level level, const char *format, ...)
{
	char line[1024];
	size_t used = 0;
	va_list args;

	if (level > threshold)
		return;
	if (under_journal)
		used = (size_t)snprintf(line, sizeof(line), "<%d>", (int)level);
	else if (level <= LOG_LEVEL_WARNING)
		used = (size_t)snprintf(
		    line, sizeof(line), "%s: ", level == LOG_LEVEL_ERROR ? "error" : "warning");
	va_start(args, format);
	int wanted = vsnprintf(line + used, sizeof(line) - used - 1, format, args);
	va_end(args);
	if (wanted < 0)
		return;
	used += (size_t)wanted;
	if (used > sizeof(line) - 2)
		used = sizeof(line) - 2;
	line[used++] = '\n';
	ssize_t written = write(STDERR_FILENO, line, used);
	(void)written; /* there is nowhere left to say that stderr is gone */
}

bool log_limit_pass(struct log_limit *limit, int64_t now_ns, int64_t interval_ns, uint64_t *skipped)
{
	if (now_ns < limit->next_ns) {
		limit->skipped++;
		return false;
	}
	*skipped = limit->skipped;
	limit->skipped = 0;
	limit->next_ns = now_ns + interval_ns;
	return true;
}
