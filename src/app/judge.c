#include "app/judge.h"

#include "detect/detector.h"
#include "store/breaks.h"
#include "store/query.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NIGHTS_MAX 30 /* as detect/detector.h promises the rules */

/* The first surface that the rule is made for and enabled on; NULL: none. */
static const struct surface_config *find_home(
    size_t rule, const struct surface_config *const *configs, size_t n_configs)
{
	for (size_t i = 0; i < n_configs; i++)
		if (detectors[rule]->surfaces & 1u << configs[i]->surface.kind &&
		    configs[i]->rule_enabled[rule])
			return configs[i];
	return NULL;
}

static int ask(size_t rule, const struct surface_config *home, const struct night_facts *nights,
    size_t n_nights, event_sink *sink, void *user, struct error *err)
{
	const struct detector *detector = detectors[rule];
	void *state = calloc(1, detector->state_size);

	if (!state)
		return error_set(err, -ENOMEM, "%s: out of memory", detector->name);
	int result = detector->init(state, &home->rules[rule], &home->surface, err);
	if (result == 0)
		detector->judge(state, nights, n_nights, sink, user);
	free(state);
	return result;
}

/* A morning whose night no mat saw: nothing is known but her own entry. */
static struct night_facts unseen_night(int32_t day, int pain)
{
	return (struct night_facts){
	    .day = day,
	    .unknown_s = 24 * 3600,
	    .valley_ratio = NAN,
	    .load = NAN,
	    .sleep = {NAN, NAN, NAN, NAN, NAN, -1},
	    .pain = pain,
	};
}

/* Nights with data, and mornings with an entry among the last NIGHTS_MAX; the newest stands last. */
static int read_nights(
    struct store *store, int32_t day, struct night_facts *nights, size_t *n, struct error *err)
{
	struct night_facts seen[NIGHTS_MAX] = {0};
	int pains[NIGHTS_MAX];
	size_t n_seen = 0, free_places = NIGHTS_MAX;
	int result = query_nights(store, day, seen, NIGHTS_MAX, &n_seen, err);

	if (result == 0)
		result = query_pains(store, day - NIGHTS_MAX + 1, day, pains, err);
	if (result != 0)
		return result;
	for (int32_t i = NIGHTS_MAX - 1; i >= 0; i--) {
		int32_t morning = day - NIGHTS_MAX + 1 + i;
		if (n_seen > 0 && seen[n_seen - 1].day == morning)
			nights[--free_places] = seen[--n_seen];
		else if (pains[i] >= 0)
			nights[--free_places] = unseen_night(morning, pains[i]);
	}
	while (n_seen > 0 && free_places > 0)
		nights[--free_places] = seen[--n_seen];
	*n = NIGHTS_MAX - free_places;
	memmove(nights, nights + free_places, *n * sizeof(*nights));
	return breaks_mark_nights(store, nights, *n, err);
}

int judge_night(struct store *store, int32_t day, const struct surface_config *const *configs,
    size_t n_configs, event_sink *sink, void *user, struct error *err)
{
	struct night_facts nights[NIGHTS_MAX] = {0};
	size_t n_nights = 0;
	int result = store_commit(store, err);

	if (result == 0)
		result = store_clear_day_events(store, day, err);
	if (result == 0)
		result = read_nights(store, day, nights, &n_nights, err);
	if (result < 0 || n_nights == 0 || nights[n_nights - 1].day != day)
		return result;
	for (size_t i = 0; result == 0 && detectors[i]; i++) {
		const struct surface_config *home = find_home(i, configs, n_configs);
		if (detectors[i]->judge && home)
			result = ask(i, home, nights, n_nights, sink, user, err);
	}
	return result == 0 ? store_judged(store, &nights[n_nights - 1], err) : result;
}
