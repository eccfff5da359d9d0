#include "drivers/debounce.h"

void debounce_init(struct debounce *debounce, int64_t period_ns, bool level)
{
	*debounce = (struct debounce){.period_ns = period_ns, .level = level, .next = level};
}

bool debounce_pending(const struct debounce *debounce, int64_t *due_ns)
{
	*due_ns = debounce->edge_ns + debounce->period_ns;
	return debounce->next != debounce->level;
}

bool debounce_settle(struct debounce *debounce, int64_t now_ns, int64_t *stamp_ns)
{
	if (!debounce_pending(debounce, stamp_ns) || now_ns < *stamp_ns)
		return false;
	debounce->level = debounce->next;
	return true;
}

void debounce_edge(struct debounce *debounce, bool level, int64_t edge_ns)
{
	debounce->next = level;
	debounce->edge_ns = edge_ns;
}
