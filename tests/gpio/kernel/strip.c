// SPDX-License-Identifier: GPL-2.0
/*
 * strip.c: eight strip switches that bounce as they are told.
 *
 * strip_play takes steps in time: a number waits so many microseconds, LINE=LEVEL sets a line.
 * "0=0 200 0=1 150 0=0" closes line 0 with one bounce. A new play replaces what is left of the old.
 * The lines are pulled up: an open switch reads 1.
 */
#include "bank.h"

#include <linux/module.h>
#include <linux/string.h>

#define N_LINES   8
#define STEPS_MAX 1024

static struct {
	u64 at_ns;
	u8 line;
	bool level;
} steps[STEPS_MAX];
static unsigned int n_steps, next_step;
static u64 levels;

/* For how long the test's steps were late, at worst: edges are no more exact than this. */
static uint late_us;
module_param_named(strip_late_us, late_us, uint, 0644);
module_param_named(strip_levels, levels, ullong, 0444);

static unsigned int strip_drive(u64 driven, u64 levels_driven, u64 now_ns)
{
	return 0;
}

/* One step a call, so that each has its edge however late it comes. */
static u64 strip_show(u64 now_ns)
{
	if (next_step < n_steps && steps[next_step].at_ns <= now_ns) {
		u64 bit = BIT_ULL(steps[next_step].line);

		levels = steps[next_step].level ? levels | bit : levels & ~bit;
		late_us = max(late_us, (uint)div_u64(now_ns - steps[next_step].at_ns, 1000));
		next_step++;
	}
	return levels;
}

static u64 strip_next_ns(u64 now_ns)
{
	return next_step < n_steps ? steps[next_step].at_ns : BANK_NEVER;
}

static void strip_reset(u64 now_ns)
{
	n_steps = next_step = 0;
	levels = (1 << N_LINES) - 1;
}

static const struct part strip_part = {
    .reset = strip_reset,
    .drive = strip_drive,
    .show = strip_show,
    .next_ns = strip_next_ns,
};

struct bank strip_bank = {
    .label = "emulated-strip",
    .n_lines = N_LINES,
    .part = &strip_part,
};
module_param_cb(strip_live, &bank_live_ops, &strip_bank, 0644);

/* Fills steps from a text. 0 or -EINVAL. */
static int parse(char *text, u64 at_ns, unsigned int *n)
{
	char *word;

	for (*n = 0; (word = strsep(&text, " \n")) != NULL;) {
		unsigned int a, b;
		char rest;

		if (*word == '\0')
			continue;
		if (sscanf(word, "%u=%u%c", &a, &b, &rest) == 2) {
			if (a >= N_LINES || b > 1 || *n == STEPS_MAX)
				return -EINVAL;
			steps[*n].at_ns = at_ns;
			steps[*n].line = (u8)a;
			steps[(*n)++].level = b;
		} else if (kstrtouint(word, 10, &a) == 0) {
			at_ns += (u64)a * 1000;
		} else {
			return -EINVAL;
		}
	}
	return 0;
}

static int play_set(const char *value, const struct kernel_param *param)
{
	char *text = kstrdup(value, GFP_KERNEL);
	unsigned long flags;
	unsigned int n;
	int result;

	if (!text)
		return -ENOMEM;
	spin_lock_irqsave(&strip_bank.lock, flags);
	n_steps = next_step = 0;
	result = parse(text, ktime_get_ns(), &n);
	n_steps = result == 0 ? n : 0;
	spin_unlock_irqrestore(&strip_bank.lock, flags);
	kfree(text);
	if (result == 0 && strip_bank.live)
		bank_refresh(&strip_bank);
	return result;
}

/* How many steps are left. */
static int play_get(char *text, const struct kernel_param *param)
{
	return sprintf(text, "%u\n", n_steps - next_step);
}

static const struct kernel_param_ops play_ops = {
    .set = play_set,
    .get = play_get,
};
module_param_cb(strip_play, &play_ops, NULL, 0644);
