// SPDX-License-Identifier: GPL-2.0
/*
 * emulators.ko: the parts that Lumbar's GPIO drivers read, on GPIO lines of a kernel under test.
 * Each part is a gpiochip that comes and goes with /sys/module/emulators/parameters/PART_live;
 * its other settings and counters stand beside that one, see README.md.
 */
#include "bank.h"

#include <linux/irq.h>
#include <linux/module.h>

/*
 * User-mode Linux takes every interrupt number for itself when it starts, so that no GPIO line, not
 * even gpio-sim's, could have one. Its own devices use a dozen from below; the rest is given back.
 */
#define FIRST_FREE_IRQ 32

static struct bank *const banks[] = {&hx711_bank, &matrix_bank, &strip_bank};

static void finish(void)
{
	size_t i;

	spidev_finish();
	for (i = 0; i < ARRAY_SIZE(banks); i++)
		if (banks[i]->irqs)
			bank_finish(banks[i]);
}

static int __init emulators_init(void)
{
	size_t i;
	int result = 0;

#ifndef CONFIG_SPARSE_IRQ
	irq_free_descs(FIRST_FREE_IRQ, NR_IRQS - FIRST_FREE_IRQ);
#endif
	for (i = 0; i < ARRAY_SIZE(banks) && result == 0; i++)
		result = bank_init(banks[i]);
	if (result)
		finish();
	return result;
}

static void __exit emulators_exit(void)
{
	finish();
}

module_init(emulators_init);
module_exit(emulators_exit);
MODULE_DESCRIPTION("Load cells, a resistive matrix and strip switches, emulated on GPIO lines");
MODULE_LICENSE("GPL");
