#include "lumbar.h"

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static char said[1 << 20];

const char *lumbar_said(void)
{
	return said;
}

static char *__attribute__((format(printf, 1, 0))) format_text(const char *format, va_list values)
{
	char *text = NULL;

	assert_true(vasprintf(&text, format, values) >= 0);
	return text;
}

static int run(const char *program, const char *arguments)
{
	char *command = NULL;

	assert_true(asprintf(&command, "{ %s %s\n} </dev/null 2>&1", program, arguments) > 0);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	size_t n = fread(said, 1, sizeof(said) - 1, pipe);
	assert_true(n < sizeof(said) - 1);
	said[n] = '\0';
	int status = pclose(pipe);
	free(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int run_lumbar(const char *arguments)
{
	char *program = build_path("lumbar");
	int status = run(program, arguments);

	free(program);
	return status;
}

int shell_run(const char *command, ...)
{
	va_list values;

	va_start(values, command);
	char *text = format_text(command, values);
	va_end(values);
	int status = run("", text);
	free(text);
	return status;
}

int lumbar_run(const char *arguments, ...)
{
	va_list values;

	va_start(values, arguments);
	char *text = format_text(arguments, values);
	va_end(values);
	int status = run_lumbar(text);
	free(text);
	return status;
}

void lumbar_expect(int status, const char *words, const char *arguments, ...)
{
	va_list values;

	va_start(values, arguments);
	char *text = format_text(arguments, values);
	va_end(values);
	int got = run_lumbar(text);
	if (got != status || !strstr(said, words))
		fail_msg("lumbar %s: %d, not %d with \"%s\": %s", text, got, status, words, said);
	free(text);
}

json_t *lumbar_json(const char *arguments, ...)
{
	va_list values;

	va_start(values, arguments);
	char *text = format_text(arguments, values);
	va_end(values);
	int status = run_lumbar(text);
	json_t *json = json_loads(said, 0, NULL);
	if (status != 0 || !json)
		fail_msg("lumbar %s: %d, and not JSON: %s", text, status, said);
	free(text);
	return json;
}
