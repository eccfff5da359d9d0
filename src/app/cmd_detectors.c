/*
 * lumbar detectors: what the rules measure, their limits and the advice behind each. The markdown
 * is docs/guidance.md, word for word.
 */
#include "app/command.h"
#include "app/command_line.h"
#include "detect/detector.h"
#include "guidance/guidance.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const enum surface_kind kinds[] = {SURFACE_BED, SURFACE_SEAT, SURFACE_STRIP};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* ---- for people -------------------------------------------------------------------------- */

static void print_surfaces(const struct detector *rule)
{
	const char *between = "";

	for (size_t i = 0; i < N_KINDS; i++) {
		if (!(rule->surfaces & 1U << kinds[i]))
			continue;
		printf("%s%s", between, surface_kind_name(kinds[i]));
		between = ", ";
	}
}

static void print_options(const struct detector *rule)
{
	for (const struct option_spec *option = rule->options; option->key; option++)
		printf("  %s.%-*s %8s  %s\n", rule->name, (int)(40 - strlen(rule->name)),
		    option->key, option->fallback ? option->fallback : "-", option->help);
}

static void print_rule(const struct detector *rule)
{
	const struct advice *advice = guidance_find(rule->advice_id);

	printf("%s: %s (", rule->name, rule->summary);
	print_surfaces(rule);
	printf(")\n\n");
	printf("  ");
	command_line_print(rule->definition, 2);
	printf("\n");
	print_options(rule);
	printf("\n  %s: the article advises %s.\n  ", advice->id, advice->advises);
	command_line_print(advice->try_this, 2);
}

static void print_list(void)
{
	for (size_t i = 0; detectors[i]; i++) {
		const struct detector *rule = detectors[i];

		printf("%-18s %-24s %s (", rule->name, rule->advice_id, rule->summary);
		print_surfaces(rule);
		printf(")\n");
		print_options(rule);
	}
}

/* ---- for programs ------------------------------------------------------------------------ */

static json_t *surfaces_json(const struct detector *rule)
{
	json_t *surfaces = json_array();

	for (size_t i = 0; i < N_KINDS; i++)
		if (rule->surfaces & 1U << kinds[i])
			json_array_append_new(surfaces, json_string(surface_kind_name(kinds[i])));
	return surfaces;
}

static json_t *rule_json(const struct detector *rule)
{
	json_t *options = json_array();

	for (const struct option_spec *option = rule->options; option->key; option++)
		json_array_append_new(
		    options, json_pack("{s:s, s:s?, s:s, s:f, s:f, s:s}", "key", option->key,
		                 "default", option->fallback, "unit", option->unit, "min",
		                 option->min, "max", option->max, "help", option->help));
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:o, s:o}", "name", rule->name, "summary",
	    rule->summary, "advice", rule->advice_id, "definition", rule->definition,
	    "judges_frames", rule->step != NULL, "judges_nights", rule->judge != NULL, "surfaces",
	    surfaces_json(rule), "options", options);
}

static int print_json(const struct detector *only)
{
	json_t *root = only ? rule_json(only) : json_array();

	for (size_t i = 0; !only && detectors[i]; i++)
		json_array_append_new(root, rule_json(detectors[i]));
	int failed = !root || json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
	return failed ? EXIT_FAULT : EXIT_OK;
}

/* ---- docs/guidance.md -------------------------------------------------------------------- */

static void print_rules_of(const struct advice *advice)
{
	bool any = false;

	for (size_t i = 0; detectors[i]; i++) {
		const struct detector *rule = detectors[i];

		if (strcmp(rule->advice_id, advice->id) != 0)
			continue;
		printf("%s`%s`:", any ? "; " : "", rule->name);
		for (const struct option_spec *option = rule->options; option->key; option++)
			printf("%s %s %s", option == rule->options ? "" : ",", option->key,
			    option->fallback);
		any = true;
	}
	if (!any)
		printf("%s", advice->measured ? "shown in the report" : "-");
}

static void print_advice_table(void)
{
	puts("| advice | the article advises | measured by | rule and default limits "
	     "| where the limits come from | one thing to try |\n|---|---|---|---|---|---|");
	for (size_t i = 0; i < n_guidance; i++) {
		const struct advice *advice = &guidance[i];

		printf("| %s | %s | %s | ", advice->id, advice->advises,
		    advice->measured ? advice->measured : "nothing; shown as advice");
		print_rules_of(advice);
		printf(" | %s | %s |\n", advice->source, advice->try_this);
	}
}

static void print_markdown_rule(const struct detector *rule)
{
	printf(
	    "\n## %s\n\n%c%s. On: ", rule->name, rule->summary[0] - 'a' + 'A', rule->summary + 1);
	print_surfaces(rule);
	printf(". Advice: %s.\n\n%s\n\n| option | default | |\n|---|---|---|\n", rule->advice_id,
	    rule->definition);
	for (const struct option_spec *option = rule->options; option->key; option++)
		printf("| `%s.%s` | %s | %s |\n", rule->name, option->key, option->fallback,
		    option->help);
}

static void print_markdown(void)
{
	puts("# The article's advice, and how it is measured\n\n"
	     "Each row is one piece of the article's advice in our own words. A notice names the\n"
	     "advice, what was measured and the limit in force; the limits are settings of a\n"
	     "surface, `RULE.OPTION` in lumbard.conf. Nothing here is an alarm or a diagnosis.\n"
	     "This page is what `lumbar detectors --markdown` prints; a test compares them.\n");
	print_advice_table();
	for (size_t i = 0; detectors[i]; i++)
		print_markdown_rule(detectors[i]);
}

/* ------------------------------------------------------------------------------------------ */

int cmd_detectors(int argc, char **argv)
{
	const struct detector *only = NULL;
	bool json = false, markdown = false;
	const struct command_option options[] = {
	    {"json", 0, NULL, "the same for programs", .flag = &json},
	    {"markdown", 0, NULL,
	        "the page docs/guidance.md: the whole advice, also what no mat can see",
	        .flag = &markdown},
	    {0},
	};
	const struct command_line line = {"lumbar detectors", "[NAME] [--json | --markdown]",
	    "Lists the rules with their limits, or explains the one named.", options, 0, 1};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	if (markdown && (json || argc > optind))
		return command_line_usage(&line);
	if (argc > optind && !(only = detector_find(argv[optind]))) {
		struct error err;

		error_set(&err, -1, "no rule \"%s\"; lumbar detectors lists them", argv[optind]);
		return command_fault(argv[0], &err);
	}
	if (json)
		return print_json(only);
	if (markdown)
		print_markdown();
	else if (only)
		print_rule(only);
	else
		print_list();
	return EXIT_OK;
}
