/*
 * Debouncing by time stamps: a level counts once the line has kept it for a whole period. It is
 * said when it began to count, last edge + period, as the kernel's own debouncer does, however
 * late the edges are read.
 */
#ifndef LUMBAR_DRIVERS_DEBOUNCE_H
#define LUMBAR_DRIVERS_DEBOUNCE_H

#include <stdbool.h>
#include <stdint.h>

struct debounce {
	int64_t period_ns; /* 0: every change of level counts at once */
	bool level;        /* that counts */
	bool next;         /* the level after the last edge */
	int64_t edge_ns;   /* of the last edge */
};

void debounce_init(struct debounce *debounce, int64_t period_ns, bool level);

/* Whether another level waits to count; it does at *due_ns unless an edge comes before. */
bool debounce_pending(const struct debounce *debounce, int64_t *due_ns);

/* True once when the waiting level counts at now_ns; its stamp is then *stamp_ns. */
bool debounce_settle(struct debounce *debounce, int64_t now_ns, int64_t *stamp_ns);

/*
 * An edge to `level` at edge_ns. What had settled before the edge is lost unless debounce_settle()
 * was asked with edge_ns first. Edges come in order.
 */
void debounce_edge(struct debounce *debounce, bool level, int64_t edge_ns);

#endif
