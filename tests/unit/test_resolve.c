/*
 * Names of hosts, looked up within a limit. This program's own getaddrinfo() stands in for the
 * system's: names under ".test" are slow, unknown, without a server, or have many addresses.
 */
#include "drivers/resolve.h"
#include "support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static atomic_bool may_end; /* the slow look-up comes back when it is true */
static atomic_int asked, ended;

static struct addrinfo *make(uint32_t address)
{
	struct addrinfo *made = calloc(1, sizeof(*made));
	struct sockaddr_in *at = calloc(1, sizeof(*at));

	at->sin_family = AF_INET;
	at->sin_addr.s_addr = htonl(address);
	made->ai_family = AF_INET;
	made->ai_addr = (struct sockaddr *)at;
	made->ai_addrlen = sizeof(*at);
	return made;
}

int getaddrinfo(
    const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
	struct in_addr numeric;

	(void)service;
	*list = NULL;
	if (hints->ai_flags & AI_NUMERICHOST) {
		if (inet_pton(AF_INET, host, &numeric) != 1)
			return EAI_NONAME;
		*list = make(ntohl(numeric.s_addr));
		return 0;
	}
	atomic_fetch_add(&asked, 1);
	if (strcmp(host, "unknown.test") == 0)
		return EAI_NONAME;
	if (strcmp(host, "serverless.test") == 0)
		return EAI_AGAIN;
	if (strcmp(host, "slow.test") == 0) {
		while (!atomic_load(&may_end))
			usleep(1000);
	}
	for (uint32_t i = 6; i >= 1; i--) {
		struct addrinfo *first = make(0xc0a80100 + i);
		first->ai_next = *list;
		*list = first;
	}
	atomic_fetch_add(&ended, 1);
	return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
	while (list) {
		struct addrinfo *next = list->ai_next;
		free(list->ai_addr);
		free(list);
		list = next;
	}
}

static void an_address_asks_nobody(void **state)
{
	struct resolved found;

	(void)state;
	atomic_store(&asked, 0);
	assert_int_equal(resolve_host(&found, "10.0.0.7", 0.01, NULL), 0);
	assert_int_equal(found.n, 1);
	assert_string_equal(found.addresses[0], "10.0.0.7");
	assert_int_equal(atomic_load(&asked), 0);
}

static void a_name_has_its_first_addresses(void **state)
{
	struct resolved found;

	(void)state;
	assert_int_equal(resolve_host(&found, "many.test", 60, NULL), 0);
	assert_int_equal(found.n, RESOLVE_MOST);
	assert_string_equal(found.addresses[0], "192.168.1.1");
	assert_string_equal(found.addresses[RESOLVE_MOST - 1], "192.168.1.4");
}

static void what_is_not_found_is_said(void **state)
{
	struct resolved found;
	struct error err = {0};

	(void)state;
	assert_int_equal(resolve_host(&found, "unknown.test", 60, &err), -ENOENT);
	assert_string_equal(err.text, "unknown.test: no such host");
	assert_int_equal(resolve_host(&found, "serverless.test", 60, &err), -ENOENT);
	assert_string_equal(err.text, "serverless.test: no name server answers; give its address");
	assert_int_equal(found.n, 0);
}

/* The caller comes back though the look-up has not; and what that finds later harms nobody. */
static void a_slow_server_is_given_up(void **state)
{
	struct resolved found;
	struct error err = {0};

	(void)state;
	atomic_store(&ended, 0);
	assert_int_equal(resolve_host(&found, "slow.test", 0.05, &err), -ETIMEDOUT);
	assert_int_equal(atomic_load(&ended), 0);
	assert_non_null(strstr(err.text, "not looked up within 0.05 s"));
	atomic_store(&may_end, true);
	for (int k = 0; k < 60000 && atomic_load(&ended) == 0; k++)
		usleep(1000);
	assert_int_equal(atomic_load(&ended), 1);
	usleep(50000); /* its thread frees what it had: the sanitizers look */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_address_asks_nobody),
	    cmocka_unit_test(a_name_has_its_first_addresses),
	    cmocka_unit_test(what_is_not_found_is_said),
	    cmocka_unit_test(a_slow_server_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
