/* The comparisons of `lumbar eval`: one file and one row in evals.def each. */
#ifndef LUMBAR_APP_EVAL_H
#define LUMBAR_APP_EVAL_H

#define EVAL(name, summary) int eval_##name(int argc, char **argv);
#include "app/evals.def"
#undef EVAL

#endif
