#include "guidance/guidance.h"

#include <string.h>

const struct advice guidance[] = {
#define ADVICE(id, advises, measured, try_this, source) {id, advises, measured, try_this, source},
#include "guidance/guidance.def"
#undef ADVICE
};

const size_t n_guidance = sizeof(guidance) / sizeof(guidance[0]);

const struct advice *guidance_find(const char *id)
{
	for (size_t i = 0; i < n_guidance; i++)
		if (strcmp(guidance[i].id, id) == 0)
			return &guidance[i];
	return NULL;
}
