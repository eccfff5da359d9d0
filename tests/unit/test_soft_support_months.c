/* How often soft_support speaks of a mattress that has not changed: months of usual nights. */
#include "rule_run.h"
#include "support.h"

#include "base/random.h"

#include <math.h>
#include <stdio.h>

#define MONTHS 500
#define DAYS   30
/*
 * Of a night's valley ratio from night to night: twice the 0.02 of simulated people. Between people
 * on one good mattress (PMD experiment 1): docs/methods.md, section 1.
 */
#define NIGHT_SD    0.04
#define PEOPLE_MEAN 0.39
#define PEOPLE_SD   0.12

static bool speaks(struct random *random, const char *const *settings, float person, double drift)
{
	struct night_facts nights[DAYS];
	struct rule_run run;
	bool found = false;

	rule_begin(&run, "soft_support", settings);
	for (int day = 0; day < DAYS && run.n_findings == 0; day++) {
		nights[day] = rule_night(20000 + day, 8);
		nights[day].valley_ratio = (float)((double)person +
		                                   NIGHT_SD * random_normal(random) +
		                                   (day >= DAYS / 2 ? drift : 0));
		nights[day].quiet_supine_s = (float)random_between(random, 30 * 60, 150 * 60);
		rule_judge(&run, nights, (size_t)day + 1);
	}
	found = run.n_findings > 0;
	rule_end(&run);
	return found;
}

static int months_with_findings(double drift, bool given)
{
	struct random random;
	int n = 0;

	random_init(&random, 7);
	for (int month = 0; month < MONTHS; month++) {
		double drawn = PEOPLE_MEAN + PEOPLE_SD * random_normal(&random);
		float person = (float)fmin(fmax(drawn, 0.05), 0.95);
		char reference[64];
		const char *const settings[] = {reference, NULL};
		snprintf(reference, sizeof(reference), "reference_valley_ratio=%.3f",
		    (double)person + 0.02 * random_normal(&random));
		n += speaks(&random, given ? settings : NULL, person, drift);
	}
	return n;
}

static void usual_months_are_silent(void **state)
{
	(void)state;
	int own = months_with_findings(0, false), given = months_with_findings(0, true);

	print_message("%d and %d of %d months (own nights, given reference)\n", own, given, MONTHS);
	assert_in_range(own, 0, MONTHS * 2 / 100);
	assert_in_range(given, 0, MONTHS * 2 / 100);
}

static void a_mattress_that_gives_way_is_found(void **state)
{
	(void)state;
	int own = months_with_findings(0.20, false); /* one and a half halvings */

	print_message("%d of %d months\n", own, MONTHS);
	assert_in_range(own, MONTHS * 95 / 100, MONTHS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(usual_months_are_silent),
	    cmocka_unit_test(a_mattress_that_gives_way_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
