/* Nights of the designed database that are exported, and what queries of it say. */
#ifndef LUMBAR_TESTS_EXPORTED_H
#define LUMBAR_TESTS_EXPORTED_H

#include "export/range.h"

/* The nights that end from `from` to `to`, as they stand at now_ns, 0: at the end. */
struct range exported_range(struct store **store, int32_t from, int32_t to, int64_t now_ns);
void exported_end(struct range *range, struct store *store);

/* The one number that a query gives. */
double exported_number(const char *sql);

#endif
