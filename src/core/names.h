/* Words for enumerations: one table an enumeration, looked up both ways. */
#ifndef LUMBAR_CORE_NAMES_H
#define LUMBAR_CORE_NAMES_H

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define NAMES_COUNT(names) (sizeof(names) / sizeof((names)[0]))

/* The index of text among the names, or -EINVAL. */
static inline int name_find(const char *const *names, size_t n_names, const char *text)
{
	for (size_t i = 0; i < n_names; i++)
		if (strcmp(names[i], text) == 0)
			return (int)i;
	return -EINVAL;
}

#endif
