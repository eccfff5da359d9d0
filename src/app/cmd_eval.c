/* lumbar eval: finds the comparison; each stands in its eval_NAME.c. */
#include "app/command.h"
#include "app/eval.h"

#include <stdio.h>
#include <string.h>

static const struct command evals[] = {
#define EVAL(name, summary) {#name, summary, eval_##name},
#include "app/evals.def"
#undef EVAL
};

static void print_help(FILE *out)
{
	fputs("usage: lumbar eval WHAT MANIFEST [OPTIONS]\n\n", out);
	for (size_t i = 0; i < sizeof(evals) / sizeof(evals[0]); i++)
		fprintf(out, "  %-8s %s\n", evals[i].name, evals[i].summary);
	fputs("\nlumbar eval WHAT --help says more.\n", out);
}

int cmd_eval(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help(stdout);
		return EXIT_OK;
	}
	for (size_t i = 0; i < sizeof(evals) / sizeof(evals[0]); i++)
		if (strcmp(evals[i].name, argv[1]) == 0)
			return evals[i].run(argc - 1, argv + 1);
	fprintf(stderr, "lumbar eval: unknown \"%s\"; lumbar eval --help lists them\n", argv[1]);
	return EXIT_USAGE;
}
