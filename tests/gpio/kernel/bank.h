/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bank of GPIO lines that answers like the part that is soldered to them. A part tells what it
 * does when lines are driven, which levels it shows, and when it next changes by itself; the bank
 * is the gpio_chip with real edges on real interrupts, which can be pulled out while in use.
 */
#ifndef EMULATORS_BANK_H
#define EMULATORS_BANK_H

#include <linux/gpio/driver.h>
#include <linux/hrtimer.h>
#include <linux/irqdomain.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define BANK_LINES_MAX 64
#define BANK_NEVER     U64_MAX

/* All are called with the bank's lock held; now_ns is CLOCK_MONOTONIC. */
struct part {
	/* Power comes on. */
	void (*reset)(u64 now_ns);
	/* Lines in `driven` are outputs with these levels. Returns for how long, in microseconds, the
	 * caller is held afterwards: a computer that was busy elsewhere. */
	unsigned int (*drive)(u64 driven, u64 levels, u64 now_ns);
	/* Levels that the part shows now, or as of its next own change, one at a time. */
	u64 (*show)(u64 now_ns);
	/* When the part next changes by itself, or BANK_NEVER. */
	u64 (*next_ns)(u64 now_ns);
};

struct bank {
	const char *label;
	unsigned int n_lines;
	const struct part *part;

	/* the rest is the bank's own */
	struct gpio_chip gc;
	struct irq_domain *irqs;
	struct hrtimer timer;
	spinlock_t lock;
	u64 driven, levels; /* which lines are outputs, and what they are set to */
	u64 shown;          /* what the part last showed */
	u64 watched;        /* lines whose interrupt is on */
	uint sets, gets;    /* calls that set or read lines */
	bool live;
};

int bank_init(struct bank *bank);
void bank_finish(struct bank *bank);

/* Something was changed from outside: shows it, with its edges. */
void bank_refresh(struct bank *bank);

/* Appears and disappears as a gpiochip; what had lines open gets ENODEV. */
int bank_set_live(struct bank *bank, bool live);

/* A module parameter NAME_live for a bank; the parameter's variable is the bank. */
extern const struct kernel_param_ops bank_live_ops;

/* Takes the matrix's SPI controller away, if there is one. */
void spidev_finish(void);

extern struct bank hx711_bank, matrix_bank, strip_bank;

#endif
