#include "app/command_line.h"

#include "app/command.h"
#include "base/clock.h"
#include "base/options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 96, GAP = 2, FIRST_LONG = 256 };

/* ---- what is said ---------------------------------------------------------------------------- */

int command_line_usage(const struct command_line *line)
{
	fprintf(stderr, "usage: %s %s\n%s --help says more\n", line->name, line->usage, line->name);
	return EXIT_USAGE;
}

int command_line_wrong(const struct command_line *line, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", line->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

void command_line_print(const char *text, int indent)
{
	int column = indent;

	while (*text) {
		size_t length = strcspn(text, " \n");

		if (column > indent && column + 1 + (int)length > WIDTH)
			column = printf("\n%*s", indent, "") - 1;
		column += printf("%s%.*s", column > indent ? " " : "", (int)length, text);
		text += length + strspn(text + length, " ");
		if (*text == '\n' && text++)
			column = printf("\n%*s", indent, "") - 1;
	}
	putchar('\n');
}

/* What stands before the help of an option; its length. */
static int print_names(const struct command_option *option, char *text, size_t size)
{
	char letter[] = "    ";

	if (option->letter)
		snprintf(letter, sizeof(letter), "-%c, ", option->letter);
	return snprintf(text, size, "  %s--%s%s%s", letter, option->name, option->value ? " " : "",
	    option->value ? option->value : "");
}

static bool is_row(const struct command_option *option)
{
	return option->name || option->help;
}

static int print_help(const struct command_line *line)
{
	const struct command_option *option;
	char names[80], usage[512];
	int column = 0;

	snprintf(usage, sizeof(usage), "%s %s", line->name, line->usage);
	command_line_print(usage, printf("usage: "));
	putchar('\n');
	command_line_print(line->about, 0);
	putchar('\n');
	for (option = line->options; is_row(option); option++) {
		int length = option->name && option->help
		                 ? print_names(option, names, sizeof(names))
		                 : 0;
		column = length + GAP > column ? length + GAP : column;
	}
	for (option = line->options; is_row(option); option++) {
		if (!option->help)
			continue;
		if (!option->name) {
			printf("%s%s\n", option == line->options ? "" : "\n", option->help);
			continue;
		}
		print_names(option, names, sizeof(names));
		printf("%-*s", column, names);
		command_line_print(option->help, column);
	}
	return EXIT_OK;
}

/* "give csv, edf or fhir" */
static void join_choices(const char *const *choices, char *text, size_t size)
{
	size_t n = (size_t)snprintf(text, size, "give ");

	for (size_t i = 0; choices[i] && n < size; i++) {
		const char *between = i == 0 ? "" : choices[i + 1] ? ", " : " or ";
		n += (size_t)snprintf(text + n, size - n, "%s%s", between, choices[i]);
	}
}

static int refuse(
    const struct command_line *line, const struct command_option *option, const char *text)
{
	char wants[160] = "give a date as 2026-07-25";

	if (option->wants)
		snprintf(wants, sizeof(wants), "%s", option->wants);
	else if (option->take)
		return EXIT_USAGE;
	else if (option->text)
		snprintf(wants, sizeof(wants), "give %g at most", option->most);
	else if (option->seed)
		snprintf(wants, sizeof(wants), "give a whole number from 0 up");
	else if (option->choice)
		join_choices(option->choices, wants, sizeof(wants));
	else if (!option->day)
		snprintf(wants, sizeof(wants), "give a %snumber of %g to %g%s%s",
		    option->count ? "whole " : "", option->least, option->most,
		    option->unit ? " " : "", option->unit ? option->unit : "");
	return command_line_wrong(line, "--%s %s: %s", option->name, text, wants);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool read_text(const struct command_option *option, const char *text)
{
	if (option->n_texts && *option->n_texts >= (size_t)option->most)
		return false;
	option->text[option->n_texts ? (*option->n_texts)++ : 0] = text;
	return true;
}

static bool read_seed(const char *text, uint64_t *seed)
{
	char *end;

	errno = 0;
	*seed = strtoull(text, &end, 10);
	return !errno && *text >= '0' && *text <= '9' && !*end;
}

static bool read_choice(const struct command_option *option, const char *text)
{
	for (int i = 0; option->choices[i]; i++)
		if (strcmp(option->choices[i], text) == 0) {
			*option->choice = i;
			return true;
		}
	return false;
}

static bool read_number(const struct command_option *option, const char *text)
{
	double value;

	if (options_parse_number(text, option->unit ? option->unit : "", &value) < 0 ||
	    !(value >= option->least && value <= option->most) ||
	    (option->count && value != floor(value)))
		return false;
	if (option->count)
		*option->count = (size_t)value;
	else if (option->single)
		*option->single = (float)value;
	else
		*option->number = value;
	return true;
}

static bool read_value(const struct command_option *option, const char *text)
{
	if (option->flag)
		*option->flag = true;
	if (option->count && !option->value)
		*option->count = (size_t)option->least;
	else if (option->text)
		return read_text(option, text);
	else if (option->take)
		return option->take(text, option->user);
	else if (option->day)
		return clock_parse_day(text, option->day) == 0;
	else if (option->seed)
		return read_seed(text, option->seed);
	else if (option->choice)
		return read_choice(option, text);
	else if (option->value)
		return read_number(option, text);
	return true;
}

/* What getopt_long is to know; val is the row's place, from FIRST_LONG. */
static void make_tables(
    const struct command_line *line, struct option longs[COMMAND_OPTIONS_MAX + 2], char *letters)
{
	for (int i = 0; is_row(&line->options[i]); i++) {
		const struct command_option *option = &line->options[i];
		int argument = option->value ? required_argument : no_argument;

		assert(i < COMMAND_OPTIONS_MAX);
		if (option->name)
			*longs++ = (struct option){option->name, argument, NULL, FIRST_LONG + i};
		if (option->letter)
			*letters++ = option->letter;
		if (option->letter && argument)
			*letters++ = ':';
	}
	*longs = (struct option){"help", no_argument, NULL, 'h'};
	*letters = 'h';
}

static const struct command_option *find(const struct command_line *line, int given)
{
	const struct command_option *option = line->options;

	if (given >= FIRST_LONG)
		return &option[given - FIRST_LONG];
	while (is_row(option) && option->letter != given)
		option++;
	return is_row(option) ? option : NULL;
}

int command_line_read(const struct command_line *line, int argc, char **argv)
{
	struct option longs[COMMAND_OPTIONS_MAX + 2] = {0};
	char letters[2 * COMMAND_OPTIONS_MAX + 2] = {0};

	make_tables(line, longs, letters);
	optind = 0; /* another line may have been read before */
	for (int given; (given = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
		const struct command_option *option = find(line, given);

		if (given == 'h')
			return print_help(line);
		if (!option)
			return command_line_usage(line);
		if (!read_value(option, optarg))
			return refuse(line, option, optarg);
	}
	int n_words = argc - optind;
	return n_words >= line->n_words_least && n_words <= line->n_words_most
	           ? COMMAND_RUN
	           : command_line_usage(line);
}
