/*
 * The addresses behind a host's name, within a time limit: getaddrinfo() itself has none, and with
 * a name server that is gone it blocks for tens of seconds.
 */
#ifndef LUMBAR_DRIVERS_RESOLVE_H
#define LUMBAR_DRIVERS_RESOLVE_H

#include "base/error.h"

#include <stddef.h>

#define RESOLVE_MOST      4  /* addresses that are kept, in the resolver's order */
#define RESOLVE_TEXT_SIZE 64 /* "fe80::1234%interface" */

struct resolved {
	size_t n;
	char addresses[RESOLVE_MOST][RESOLVE_TEXT_SIZE]; /* numeric: "192.168.1.40" */
};

/*
 * Fills out with at least one address. An address is passed through without asking anybody. 0;
 * -ETIMEDOUT after limit_s; -ENOENT: no such host; -ENOMEM; with err filled. Thread: any; a look-up
 * that is given up ends by itself, in a thread of its own.
 */
int resolve_host(struct resolved *out, const char *host, double limit_s, struct error *err);

#endif
