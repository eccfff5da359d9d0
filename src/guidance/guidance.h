/*
 * The article's advice, as data: one row a piece of advice in guidance.def. Nothing is measured
 * here; docs/guidance.md is made from the same rows.
 */
#ifndef LUMBAR_GUIDANCE_GUIDANCE_H
#define LUMBAR_GUIDANCE_GUIDANCE_H

#include <stddef.h>

struct advice {
	const char *id;      /* "mattress.firm" */
	const char *advises; /* "a mattress that is not too soft" : follows "The article advises" */
	const char *measured; /* how; NULL: no mat can measure it */
	const char *try_this; /* one kind sentence: a thing to try */
	const char *source;   /* where the default limit comes from */
};

extern const struct advice guidance[];
extern const size_t n_guidance;

/* NULL when no row has the id. */
const struct advice *guidance_find(const char *id);

#endif
