// SPDX-License-Identifier: GPL-2.0
/* bank.c: gpio_chip, edges and timer of a part, see bank.h. */
#include "bank.h"

#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/version.h>

static DEFINE_MUTEX(live_lock);

/* ---- edges ---------------------------------------------------------------------------- */

/* One step of the part, and the edges that it made; the lock is not held while they are told. */
static u64 step(struct bank *bank, u64 now_ns)
{
	unsigned long flags;
	u64 was, is, edges, next_ns;
	unsigned int line;

	spin_lock_irqsave(&bank->lock, flags);
	was = bank->shown;
	is = bank->shown = bank->part->show(now_ns);
	edges = (was ^ is) & bank->watched & ~bank->driven;
	next_ns = bank->part->next_ns(now_ns);
	spin_unlock_irqrestore(&bank->lock, flags);

	for (line = 0; edges; line++, edges >>= 1) {
		unsigned int irq = edges & 1 ? irq_find_mapping(bank->irqs, line) : 0;
		unsigned int wanted = is >> line & 1 ? IRQ_TYPE_EDGE_RISING : IRQ_TYPE_EDGE_FALLING;
		if (irq && irq_get_trigger_type(irq) & wanted)
			generic_handle_irq_safe(irq);
	}
	return next_ns;
}

static u64 catch_up(struct bank *bank)
{
	u64 now_ns, next_ns;

	do {
		now_ns = ktime_get_ns();
		next_ns = step(bank, now_ns);
	} while (next_ns <= now_ns);
	return next_ns;
}

void bank_refresh(struct bank *bank)
{
	u64 next_ns = catch_up(bank);

	if (bank->watched && next_ns != BANK_NEVER)
		hrtimer_start(&bank->timer, ns_to_ktime(next_ns), HRTIMER_MODE_ABS_HARD);
}

static enum hrtimer_restart on_timer(struct hrtimer *timer)
{
	struct bank *bank = container_of(timer, struct bank, timer);
	u64 next_ns = catch_up(bank);

	if (!bank->watched || next_ns == BANK_NEVER)
		return HRTIMER_NORESTART;
	hrtimer_set_expires(timer, ns_to_ktime(next_ns));
	return HRTIMER_RESTART;
}

static void irq_watch(struct irq_data *data, bool on)
{
	struct bank *bank = irq_data_get_irq_chip_data(data);
	u64 bit = BIT_ULL(irqd_to_hwirq(data));

	bank->watched = on ? bank->watched | bit : bank->watched & ~bit;
	if (on) /* soon, not now: the interrupt's own lock is held here */
		hrtimer_start(&bank->timer, ns_to_ktime(1000), HRTIMER_MODE_REL_HARD);
}

static void irq_mask_line(struct irq_data *data)
{
	irq_watch(data, false);
}

static void irq_unmask_line(struct irq_data *data)
{
	irq_watch(data, true);
}

static int irq_accept_type(struct irq_data *data, unsigned int type)
{
	return type & IRQ_TYPE_LEVEL_MASK ? -EINVAL : 0;
}

static struct irq_chip irq_chip = {
    .name = "emulated-edges",
    .irq_mask = irq_mask_line,
    .irq_unmask = irq_unmask_line,
    .irq_set_type = irq_accept_type,
};

static int irq_map(struct irq_domain *domain, unsigned int irq, irq_hw_number_t line)
{
	irq_set_chip_data(irq, domain->host_data);
	irq_set_chip_and_handler(irq, &irq_chip, handle_simple_irq);
	irq_modify_status(irq, IRQ_NOREQUEST | IRQ_NOAUTOEN, IRQ_NOPROBE);
	return 0;
}

static const struct irq_domain_ops irq_domain_ops = {
    .map = irq_map,
};

/* ---- lines ---------------------------------------------------------------------------- */

static int line_direction(struct gpio_chip *gc, unsigned int line)
{
	struct bank *bank = gpiochip_get_data(gc);

	return bank->driven & BIT_ULL(line) ? GPIO_LINE_DIRECTION_OUT : GPIO_LINE_DIRECTION_IN;
}

static int line_input(struct gpio_chip *gc, unsigned int line)
{
	struct bank *bank = gpiochip_get_data(gc);
	unsigned long flags;

	spin_lock_irqsave(&bank->lock, flags);
	bank->driven &= ~BIT_ULL(line);
	spin_unlock_irqrestore(&bank->lock, flags);
	bank_refresh(bank);
	return 0;
}

/* Lines of mask become outputs of these levels, all at once. */
static void drive(struct bank *bank, u64 mask, u64 levels)
{
	unsigned int held_us;
	unsigned long flags;
	u64 now_ns;

	bank->sets++;
	bank_refresh(bank);
	now_ns = ktime_get_ns();
	spin_lock_irqsave(&bank->lock, flags);
	bank->driven |= mask;
	bank->levels = (bank->levels & ~mask) | (levels & mask);
	held_us = bank->part->drive(bank->driven, bank->levels, now_ns);
	spin_unlock_irqrestore(&bank->lock, flags);
	bank_refresh(bank);
	if (held_us)
		usleep_range(held_us, held_us + 1);
}

static int line_output(struct gpio_chip *gc, unsigned int line, int high)
{
	drive(gpiochip_get_data(gc), BIT_ULL(line), high ? BIT_ULL(line) : 0);
	return 0;
}

static int line_get(struct gpio_chip *gc, unsigned int line)
{
	struct bank *bank = gpiochip_get_data(gc);

	bank->gets++;
	bank_refresh(bank);
	return !!((bank->driven & BIT_ULL(line) ? bank->levels : bank->shown) & BIT_ULL(line));
}

static int lines_get(struct gpio_chip *gc, unsigned long *mask, unsigned long *bits)
{
	struct bank *bank = gpiochip_get_data(gc);

	bank->gets++;
	bank_refresh(bank);
	*bits = ((bank->levels & bank->driven) | (bank->shown & ~bank->driven)) & *mask;
	return 0;
}

/* Setters tell of failure since Linux 6.17. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
#define SETTER   int
#define SET_DONE return 0
#else
#define SETTER   void
#define SET_DONE return
#endif

static SETTER line_set(struct gpio_chip *gc, unsigned int line, int high)
{
	line_output(gc, line, high);
	SET_DONE;
}

static SETTER lines_set(struct gpio_chip *gc, unsigned long *mask, unsigned long *bits)
{
	drive(gpiochip_get_data(gc), *mask, *bits);
	SET_DONE;
}

static int line_to_irq(struct gpio_chip *gc, unsigned int line)
{
	struct bank *bank = gpiochip_get_data(gc);

	return irq_create_mapping(bank->irqs, line);
}

/* ---- there and gone ------------------------------------------------------------------- */

int bank_set_live(struct bank *bank, bool live)
{
	int result = 0;

	if (!bank->irqs) /* a parameter on insmod's own command line comes too early */
		return -EAGAIN;
	mutex_lock(&live_lock);
	if (live && !bank->live) {
		bank->gc = (struct gpio_chip){
		    .label = bank->label,
		    .owner = THIS_MODULE,
		    .base = -1,
		    .ngpio = bank->n_lines,
		    .can_sleep = true,
		    .get_direction = line_direction,
		    .direction_input = line_input,
		    .direction_output = line_output,
		    .get = line_get,
		    .get_multiple = lines_get,
		    .set = line_set,
		    .set_multiple = lines_set,
		    .to_irq = line_to_irq,
		};
		bank->driven = bank->levels = 0;
		bank->sets = bank->gets = 0;
		bank->part->reset(ktime_get_ns());
		bank->shown = bank->part->show(ktime_get_ns());
		result = gpiochip_add_data(&bank->gc, bank);
		bank->live = result == 0;
	} else if (!live && bank->live) {
		hrtimer_cancel(&bank->timer);
		bank->live = false;
		gpiochip_remove(&bank->gc);
	}
	mutex_unlock(&live_lock);
	return result;
}

static int live_set(const char *text, const struct kernel_param *param)
{
	bool live;
	int result = kstrtobool(text, &live);

	return result ? result : bank_set_live(param->arg, live);
}

static int live_get(char *text, const struct kernel_param *param)
{
	return sprintf(text, "%d\n", ((struct bank *)param->arg)->live);
}

const struct kernel_param_ops bank_live_ops = {
    .set = live_set,
    .get = live_get,
};

int bank_init(struct bank *bank)
{
	spin_lock_init(&bank->lock);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	hrtimer_setup(&bank->timer, on_timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_HARD);
#else
	hrtimer_init(&bank->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_HARD);
	bank->timer.function = on_timer;
#endif
	bank->irqs = irq_domain_create_linear(NULL, bank->n_lines, &irq_domain_ops, bank);
	return bank->irqs ? 0 : -ENOMEM;
}

void bank_finish(struct bank *bank)
{
	unsigned int line;

	bank_set_live(bank, false);
	for (line = 0; line < bank->n_lines; line++)
		irq_dispose_mapping(irq_find_mapping(bank->irqs, line));
	irq_domain_remove(bank->irqs);
}
