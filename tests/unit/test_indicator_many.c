/* An indicator with as many surfaces as it may have: no finding is taken for a new one. */
#include "base/clock.h"
#include "live/indicator.h"
#include "support.h"

#include <stdio.h>

/* What a chair can say: five rules and its faults. */
static const char *const rules[][2] = {{"prolonged_sitting", "sitting.stand_if_you_can"},
    {"feeding_posture", "feeding.posture"}, {"long_feed", "feeding.length"},
    {"sideways_lean", "holding.weight_off_back"}, {"frequent_bending", "bending.seldom"},
    {"acquire", ""}};
enum { N_RULES = sizeof(rules) / sizeof(rules[0]) };

static void what_was_heard_stays_heard(void **state)
{
	(void)state;
	struct indicator_config config = {.n_surfaces = INDICATOR_SURFACES_MAX,
	    .least = EVENT_ADVICE,
	    .at_most_every_ns = 1,
	    .quiet = QUIET_NEVER};
	struct indicator_memory memory = {0};

	for (size_t i = 0; i < NOTICE_COUNT; i++)
		config.patterns[i] = (struct pattern){.n_times = 1, .ms = {200}};
	for (size_t i = 0; i < INDICATOR_SURFACES_MAX; i++)
		snprintf(config.surfaces[i].name, SURFACE_NAME_SIZE, "chair-%zu", i);
	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < INDICATOR_SURFACES_MAX; i++)
			for (size_t k = 0; k < N_RULES; k++) {
				struct surface chair = {.kind = SURFACE_SEAT};
				struct event event = {.rule = rules[k][0],
				    .advice_id = rules[k][1],
				    .level = rules[k][1][0] ? EVENT_ADVICE : EVENT_TECHNICAL,
				    .start_ns = NS_PER_H,
				    .end_ns = NS_PER_H};
				struct moment now = {
				    .mono_ns = NS_PER_H + (int64_t)(i * N_RULES + k + 1)};
				enum notice notice;

				snprintf(chair.name, sizeof(chair.name), "chair-%zu", i);
				enum verdict verdict = indicator_step(
				    &config, &memory, &chair, &event, &now, &notice);
				assert_int_equal(verdict, round ? VERDICT_REPEATED : VERDICT_CUE);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_heard_stays_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
