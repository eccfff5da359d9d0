#include "lumbar.h"

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* The status; the command as it was run and what it printed, both for the caller to free. */
static int run(char **command, char **output, const char *arguments, va_list values)
{
	char *program = build_path("lumbar"), *words = NULL;
	size_t n = 0, size = 0;

	assert_true(vasprintf(&words, arguments, values) >= 0);
	assert_true(asprintf(command, "%s %s </dev/null 2>&1", program, words) > 0);
	FILE *pipe = popen(*command, "r");
	assert_non_null(pipe);
	*output = NULL;
	do {
		size += 65536;
		*output = realloc(*output, size);
		assert_non_null(*output);
		n += fread(*output + n, 1, size - 1 - n, pipe);
	} while (n == size - 1);
	(*output)[n] = '\0';
	int status = pclose(pipe);
	free(words);
	free(program);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int lumbar_run(char **output, const char *arguments, ...)
{
	char *command, *printed;
	va_list values;

	va_start(values, arguments);
	int status = run(&command, &printed, arguments, values);
	va_end(values);
	free(command);
	if (output)
		*output = printed;
	else
		free(printed);
	return status;
}

void lumbar_expect(int status, const char *words, const char *arguments, ...)
{
	char *command, *printed;
	va_list values;

	va_start(values, arguments);
	int got = run(&command, &printed, arguments, values);
	va_end(values);
	if (got != status || !strstr(printed, words))
		fail_msg("%s: %d, not %d with \"%s\": %s", command, got, status, words, printed);
	free(command);
	free(printed);
}
