/*
 * hx711: load cells under a bed's legs or a seat, each behind an HX711 amplifier (hx711_wire.h has
 * the wire). One to eight chips, which share SCK or have one each; all are clocked at the same time.
 *
 *   a cell's counts = sample + 8388608: 0 to 16777215     24 bit, two's complement on the wire
 *
 * - A chip says by DOUT low that a sample is ready. DOUT carries the bits too, and each would be an
 *   edge, so it is looked at instead: not before four fifths of a period, then 50 times a period,
 *   asleep in between. A frame comes when the last chip is ready; its time is when that was seen.
 * - A pulse that took longer than 60 us on the clock here may have powered the chips down: the
 *   sample is thrown away and counted (late_samples), and the chips are powered down and up.
 * - After power-up a chip is on channel A, gain 128, and settles for 400 ms (10 Hz) or 50 ms (80 Hz);
 *   the first read after that chooses the input and is thrown away, and another input settles anew.
 * - A chip that shows no sample for longer than settling and four periods is named: -ETIMEDOUT.
 * - The ends of the converter are no load but an open bridge or an overload: -ERANGE.
 *
 * Source: Avia Semiconductor, HX711 data sheet (settling: "Key Electrical Characteristics").
 */
#include "drivers/hx711_wire.h"

#include "base/clock.h"
#include "drivers/driver.h"
#include "drivers/lines.h"
#include "drivers/pace.h"

#include <errno.h>
#include <stdio.h>

static const int64_t power_down_ns = 100 * NS_PER_US; /* more than 60 us */
enum { LOOKS_A_PERIOD = 50, SILENT_PERIODS = 4 };

struct hx711 {
	struct lines *clock, *data;
	struct hx711_wire wire;
	size_t n_chips;
	unsigned n_pulses;
	bool invert;
	int64_t period_ns, settle_ns;
	int n_discard;    /* samples until the input is chosen and has settled */
	int64_t since_ns; /* when the sample that is waited for was begun */
	int64_t look_ns;  /* when to look at DOUT next */
	uint32_t sequence;
};

/* Indices of `input` and `rate`. */
static const unsigned pulses_of[] = {25, 27, 26};
static const int rate_hz_of[] = {10, 80}, settle_ms_of[] = {400, 50};

static const struct option_spec hx711_options[] = {
    {"chip", OPTION_TEXT, LINES_CHIP_AUTO, 0, 0, "", NULL,
        "the GPIO chip: auto (a Raspberry Pi's header), a label, gpiochip0 or a path"},
    {"data", OPTION_TEXT, NULL, 0, 0, "", NULL,
        "DOUT of each amplifier, 1 to 8 lines in the order of the layout: GPIO5 GPIO6 13 19"},
    {"clock", OPTION_TEXT, NULL, 0, 0, "", NULL,
        "PD_SCK: one line for all amplifiers, or one for each"},
    {"input", OPTION_CHOICE, "A128", 0, 0, "", "A128 A64 B32", "channel and gain"},
    {"rate", OPTION_CHOICE, "10", 0, 0, "", "10 80",
        "samples a second, as the amplifier's RATE pin is wired; breathing and heart want 80"},
    {"invert", OPTION_BOOL, "no", 0, 0, "", NULL,
        "more load gives fewer counts: the bridge's signal wires are swapped"},
    {0},
};

/* The number of chips, or -errno with err filled. */
static int count_chips(const struct options *options, struct error *err)
{
	int n_chips = lines_count(options_text(options, "data"), err);

	if (n_chips < 0)
		return error_prefix(err, "hx711.data");
	int n_clocks = lines_count(options_text(options, "clock"), err);
	if (n_clocks < 0)
		return error_prefix(err, "hx711.clock");
	if (n_chips > HX711_CHIPS_MAX)
		return error_set(err, -EINVAL, "hx711.data: %d lines; at most %d amplifiers",
		    n_chips, HX711_CHIPS_MAX);
	if (n_clocks != 1 && n_clocks != n_chips)
		return error_set(err, -EINVAL,
		    "hx711.clock: %d lines for %d amplifiers; give one for all, or one for each",
		    n_clocks, n_chips);
	return n_chips;
}

static int hx711_describe(const struct options *options, struct surface *surface, struct error *err)
{
	int n_chips = count_chips(options, err);

	if (n_chips < 0)
		return n_chips;
	surface->n_cells = (size_t)n_chips;
	if (surface->kind == SURFACE_STRIP && !surface->places) {
		surface->rows = 1;
		surface->cols = surface->n_cells;
	}
	surface->full_scale_counts = HX711_FULL_SCALE;
	surface->rate_hz = (float)rate_hz_of[options_integer(options, "rate")];
	return 0;
}

/* ---- the wire on real lines -------------------------------------------------------------- */

static int set_clock(void *user, bool high)
{
	const struct hx711 *hx711 = user;

	return lines_set(hx711->clock, high ? UINT64_MAX : 0);
}

static int get_data(void *user, uint64_t *data)
{
	const struct hx711 *hx711 = user;

	return lines_get(hx711->data, data);
}

static int64_t now_ns(void *user)
{
	(void)user;
	return clock_mono_ns();
}

/* At least so long, however it is woken. */
static void sleep_ns(int64_t ns)
{
	int64_t until_ns = clock_mono_ns() + ns;

	while (!pace_wait(until_ns, until_ns))
		;
}

/* Powers all chips down and up, and waits for their samples anew. */
static int restart(struct hx711 *hx711)
{
	int result = set_clock(hx711, true);

	sleep_ns(power_down_ns);
	int fallen = set_clock(hx711, false);
	hx711->since_ns = clock_mono_ns();
	hx711->look_ns = hx711->since_ns + hx711->settle_ns;
	hx711->n_discard = hx711->n_pulses == pulses_of[0] ? 1 : 2;
	return result < 0 ? result : fallen;
}

static int open_lines(struct hx711 *hx711, const struct options *options, struct error *err)
{
	struct lines_request clock = {
	    .chip = options_text(options, "chip"),
	    .names = options_text(options, "clock"),
	    .output = true,
	};
	struct lines_request data = {.chip = clock.chip, .names = options_text(options, "data")};
	int result = lines_open(&hx711->clock, &clock, err);

	if (result < 0)
		return error_prefix(err, "hx711.clock");
	result = lines_open(&hx711->data, &data, err);
	return result < 0 ? error_prefix(err, "hx711.data") : 0;
}

static int hx711_open(struct device *device, struct error *err)
{
	struct hx711 *hx711 = device->state;
	const struct options *options = device->options;
	long rate = options_integer(options, "rate");
	int n_chips = count_chips(options, err);

	if (n_chips < 0)
		return n_chips;
	if (device->surface->n_cells != (size_t)n_chips)
		return error_set(err, -EINVAL, "hx711.data: %d lines, surface %s has %zu cells",
		    n_chips, device->surface->name, device->surface->n_cells);
	hx711->n_chips = (size_t)n_chips;
	hx711->n_pulses = pulses_of[options_integer(options, "input")];
	hx711->invert = options_bool(options, "invert");
	hx711->period_ns = NS_PER_S / rate_hz_of[rate];
	hx711->settle_ns = settle_ms_of[rate] * NS_PER_MS;
	hx711->wire = (struct hx711_wire){hx711, set_clock, get_data, now_ns};
	int result = open_lines(hx711, options, err);
	if (result < 0)
		return result;
	result = restart(hx711);
	return result < 0 ? error_set(err, result, "hx711.clock: the lines cannot be set") : 0;
}

/* The chips stay powered down as long as their clock keeps its level. */
static void hx711_close(struct device *device)
{
	struct hx711 *hx711 = device->state;

	if (hx711->clock && hx711->data) {
		set_clock(hx711, true);
		sleep_ns(power_down_ns);
	}
	lines_close(hx711->data);
	lines_close(hx711->clock);
	*hx711 = (struct hx711){0};
}

/* ---- reading ----------------------------------------------------------------------------- */

static void say_fault(struct device *device, size_t chip, const char *what)
{
	const struct hx711 *hx711 = device->state;

	snprintf(device->stats.fault, sizeof(device->stats.fault), "amplifier %zu (data %s) %s",
	    chip + 1, lines_name(hx711->data, chip), what);
}

/* Some chips are not ready, which is a fault once it has lasted. */
static int wait_longer(struct device *device, uint64_t data, int64_t now)
{
	struct hx711 *hx711 = device->state;
	size_t chip = 0;

	hx711->look_ns = now + hx711->period_ns / LOOKS_A_PERIOD;
	if (now - hx711->since_ns <= hx711->settle_ns + SILENT_PERIODS * hx711->period_ns)
		return -EAGAIN;
	while (!(data >> chip & 1))
		chip++;
	say_fault(device, chip, "gives no sample: look at its power, DOUT and PD_SCK");
	device->stats.timeouts++;
	int result = restart(hx711);
	return result < 0 ? result : -ETIMEDOUT;
}

/* After a failed read: what it means for the chips and for the host. */
static int take_failure(struct device *device, int failure, size_t chip)
{
	struct hx711 *hx711 = device->state;

	if (failure == -ETIME) {
		device->stats.late_samples++;
		failure = -EAGAIN;
	} else if (failure == -EBADMSG) {
		device->stats.integrity_errors++;
		say_fault(device, chip, "lost count of its bits: look at DOUT and PD_SCK");
	} else {
		device->stats.io_errors++;
		return failure;
	}
	int result = restart(hx711);
	return result < 0 ? result : failure;
}

static int fill(struct device *device, const int32_t *raw, int64_t ready_ns, struct frame *out)
{
	struct hx711 *hx711 = device->state;

	for (size_t i = 0; i < hx711->n_chips; i++) {
		out->counts[i] = hx711_counts(raw[i], hx711->invert);
		if (!hx711_saturated(raw[i]))
			continue;
		say_fault(device, i, "is at its limit: overload, or an open wire of its cell");
		device->stats.content_errors++;
		return -ERANGE;
	}
	out->n_cells = hx711->n_chips;
	out->mono_ns = ready_ns;
	out->real_ns = 0;
	out->utc_offset_s = 0;
	out->flags = 0;
	out->sequence = hx711->sequence++;
	device->stats.frames++;
	device->stats.last_read_s = (double)(clock_mono_ns() - ready_ns) / (double)NS_PER_S;
	return 0;
}

static int take_sample(struct device *device, int64_t ready_ns, struct frame *out)
{
	struct hx711 *hx711 = device->state;
	int32_t raw[HX711_CHIPS_MAX];
	size_t chip = 0;

	device->stats.requests++;
	int result = hx711_read(&hx711->wire, hx711->n_chips, hx711->n_pulses, raw, &chip);
	if (result < 0)
		return take_failure(device, result, chip);
	hx711->since_ns = ready_ns;
	hx711->look_ns = ready_ns + hx711->period_ns * 4 / 5;
	if (hx711->n_discard == 0)
		return fill(device, raw, ready_ns, out);
	if (--hx711->n_discard > 0) /* the input has been changed by this read */
		hx711->look_ns = clock_mono_ns() + hx711->settle_ns;
	return -EAGAIN;
}

static int hx711_read_frame(struct device *device, int64_t deadline_ns, struct frame *out)
{
	struct hx711 *hx711 = device->state;
	uint64_t data;
	int result;

	do {
		if (!pace_wait(hx711->look_ns, deadline_ns))
			return -ETIMEDOUT;
		result = lines_get(hx711->data, &data);
		int64_t now = clock_mono_ns();
		if (result < 0)
			device->stats.io_errors++;
		else
			result = data ? wait_longer(device, data, now)
			              : take_sample(device, now, out);
	} while (result == -EAGAIN);
	return result;
}

extern const struct driver driver_hx711;
const struct driver driver_hx711 = {
    .name = "hx711",
    .summary = "load cells behind HX711 amplifiers, on GPIO lines",
    .options = hx711_options,
    .state_size = sizeof(struct hx711),
    .describe = hx711_describe,
    .open = hx711_open,
    .read = hx711_read_frame,
    .close = hx711_close,
};
