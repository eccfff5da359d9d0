#include "drivers/resolve.h"

#include <errno.h>
#include <math.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* A look-up: of the thread that asks and the one that waits; the last of them frees it. */
struct lookup {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool has_ended, given_up;
	int failure; /* of getaddrinfo */
	struct resolved found;
	char *host;
};

static void destroy(struct lookup *lookup)
{
	pthread_cond_destroy(&lookup->ended);
	pthread_mutex_destroy(&lookup->lock);
	free(lookup->host);
	free(lookup);
}

static struct lookup *create(const char *host)
{
	struct lookup *lookup = calloc(1, sizeof(*lookup));
	pthread_condattr_t clock;

	if (!lookup)
		return NULL;
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_mutex_init(&lookup->lock, NULL);
	pthread_cond_init(&lookup->ended, &clock);
	pthread_condattr_destroy(&clock);
	lookup->host = strdup(host);
	if (!lookup->host) {
		destroy(lookup);
		return NULL;
	}
	return lookup;
}

/* Addresses as text; 0 or an EAI code. */
static int ask(struct resolved *out, const char *host, int flags)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags};
	struct addrinfo *list;
	int failure = getaddrinfo(host, NULL, &hints, &list);

	out->n = 0;
	if (failure != 0)
		return failure;
	for (const struct addrinfo *at = list; at && out->n < RESOLVE_MOST; at = at->ai_next)
		if (getnameinfo(at->ai_addr, at->ai_addrlen, out->addresses[out->n],
		        RESOLVE_TEXT_SIZE, NULL, 0, NI_NUMERICHOST) == 0)
			out->n++;
	freeaddrinfo(list);
	return out->n > 0 ? 0 : EAI_NONAME;
}

static void *run(void *user)
{
	struct lookup *lookup = user;
	struct resolved found;
	int failure = ask(&found, lookup->host, 0);

	pthread_mutex_lock(&lookup->lock);
	lookup->found = found;
	lookup->failure = failure;
	lookup->has_ended = true;
	bool given_up = lookup->given_up;
	pthread_cond_signal(&lookup->ended);
	pthread_mutex_unlock(&lookup->lock);
	if (given_up)
		destroy(lookup);
	return NULL;
}

static int start(struct lookup *lookup)
{
	pthread_attr_t detached;
	pthread_t thread;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	int result = pthread_create(&thread, &detached, run, lookup);
	pthread_attr_destroy(&detached);
	return -result;
}

/* Waits for its end and takes what was found; false: given up, and the thread will free it. */
static bool await(struct lookup *lookup, double limit_s, struct resolved *out, int *failure)
{
	struct timespec until;
	double whole_s = floor(limit_s);

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)whole_s;
	until.tv_nsec += (long)((limit_s - whole_s) * 1e9);
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&lookup->lock);
	while (!lookup->has_ended &&
	       pthread_cond_timedwait(&lookup->ended, &lookup->lock, &until) == 0)
		;
	bool has_ended = lookup->has_ended;
	lookup->given_up = !has_ended;
	*out = lookup->found;
	*failure = lookup->failure;
	pthread_mutex_unlock(&lookup->lock);
	if (has_ended)
		destroy(lookup);
	return has_ended;
}

int resolve_host(struct resolved *out, const char *host, double limit_s, struct error *err)
{
	int failure;

	*out = (struct resolved){0};
	if (ask(out, host, AI_NUMERICHOST) == 0)
		return 0;
	struct lookup *lookup = create(host);
	if (!lookup)
		return error_set(err, -ENOMEM, "%s: out of memory", host);
	int result = start(lookup);
	if (result < 0) {
		destroy(lookup);
		return error_set(
		    err, result, "%s: no thread to look it up: %s", host, strerror(-result));
	}
	if (!await(lookup, limit_s, out, &failure))
		return error_set(err, -ETIMEDOUT,
		    "%s: its name was not looked up within %g s; give its address", host, limit_s);
	if (failure == EAI_AGAIN)
		return error_set(
		    err, -ENOENT, "%s: no name server answers; give its address", host);
	if (failure != 0)
		return error_set(err, -ENOENT, "%s: no such host", host);
	return 0;
}
