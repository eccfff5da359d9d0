#include "pipeline/rules.h"

#include "detect/detector.h"

#include <errno.h>
#include <stdlib.h>

struct rule {
	const struct detector *detector;
	void *state;
};

struct rules {
	size_t n_rules;
	struct rule *rules;
};

static bool applies(const struct detector *detector, const struct surface *surface)
{
	return detector->step && (detector->surfaces & 1u << surface->kind);
}

static int add_rule(struct rules *rules, const struct detector *detector,
    const struct options *given, const struct surface *surface, struct error *err)
{
	struct options fallbacks;
	struct rule *rule = &rules->rules[rules->n_rules];

	*rule = (struct rule){.detector = detector, .state = calloc(1, detector->state_size)};
	if (!rule->state)
		return error_set(err, -ENOMEM, "%s: out of memory", detector->name);
	rules->n_rules++;
	if (!given) {
		options_init(&fallbacks, detector->options);
		given = &fallbacks;
	}
	int result = detector->init(rule->state, given, surface, err);
	if (result < 0)
		error_prefix(err, "rule %s on %s", detector->name, surface->name);
	return result;
}

struct rules *rules_create(const struct surface *surface, const struct options *options,
    const bool *enabled, struct error *err)
{
	struct rules *rules = calloc(1, sizeof(*rules));
	size_t n = 0;

	while (detectors[n])
		n++;
	if (rules)
		rules->rules = calloc(n + 1, sizeof(struct rule));
	if (!rules || !rules->rules) {
		error_set(err, -ENOMEM, "rules: out of memory");
		rules_destroy(rules);
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (!applies(detectors[i], surface) || (enabled && !enabled[i]))
			continue;
		if (add_rule(rules, detectors[i], options ? &options[i] : NULL, surface, err) < 0) {
			rules_destroy(rules);
			return NULL;
		}
	}
	return rules;
}

void rules_destroy(struct rules *rules)
{
	if (!rules)
		return;
	for (size_t i = 0; i < rules->n_rules; i++)
		free(rules->rules[i].state);
	free(rules->rules);
	free(rules);
}

void rules_step(
    struct rules *rules, const struct observation *observation, event_sink *sink, void *user)
{
	for (size_t i = 0; i < rules->n_rules; i++)
		rules->rules[i].detector->step(rules->rules[i].state, observation, sink, user);
}

void rules_end(struct rules *rules, event_sink *sink, void *user)
{
	for (size_t i = 0; i < rules->n_rules; i++) {
		const struct rule *rule = &rules->rules[i];
		if (rule->detector->finish)
			rule->detector->finish(rule->state, sink, user);
		if (rule->detector->reset)
			rule->detector->reset(rule->state);
	}
}
