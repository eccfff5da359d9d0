/*
 * switch: strip switches under a mattress or on a chair, or any contact that closes under load.
 *
 *   a cell's counts = 1 closed, 0 open          wired to ground: active_low = yes, bias = up
 *
 * - Frames come at a fixed rate and hold the debounced state of that moment; one line is one cell,
 *   in the order of `lines`. Nothing is said before the first reading of all lines.
 * - Edges are stamped by the kernel and debounced (lines.h). An edge that was lost, as when more
 *   came than its queue holds, is made up for: a level that differs from what the edges told for a
 *   second longer than the debouncing is believed.
 * - A switch tells loaded or not. It cannot tell a person from a thing, nor anything else.
 *
 * Source: none but the contact's own data sheet; strip switches bounce for 5 to 30 ms.
 */
#include "base/clock.h"
#include "drivers/driver.h"
#include "drivers/lines.h"

#include <errno.h>
#include <math.h>

static const int64_t lost_edge_ns = NS_PER_S;
enum { EDGES_MAX = 256 }; /* in one read: a line that never comes to rest holds up nothing */

struct switches {
	struct lines *lines;
	size_t n;
	int64_t period_ns, debounce_ns;
	uint64_t closed;  /* by the edges */
	int64_t other_ns; /* since when the levels say otherwise, 0: they do not */
	int64_t due_ns;   /* the next frame */
	uint32_t sequence;
};

static const struct option_spec switch_options[] = {
    {"chip", OPTION_TEXT, LINES_CHIP_AUTO, 0, 0, "", NULL,
        "the GPIO chip: auto (a Raspberry Pi's header), a label, gpiochip0 or a path"},
    {"lines", OPTION_TEXT, NULL, 0, 0, "", NULL,
        "one line for each switch, 1 to 64, names or numbers: GPIO17 27"},
    {"active_low", OPTION_BOOL, "yes", 0, 0, "", NULL,
        "a closed switch pulls its line to ground; no: to 3.3 V"},
    {"bias", OPTION_CHOICE, "up", 0, 0, "", LINES_BIASES,
        "the resistor inside the chip that holds an open line: up, down, off or as it is"},
    {"debounce", OPTION_NUMBER, "0.05", 0, 2, "s", NULL,
        "a change counts once the switch has kept it for so long"},
    {"rate", OPTION_NUMBER, "5", 0.5, 50, "hz", NULL, "frames a second"},
    {0},
};

static int switch_describe(
    const struct options *options, struct surface *surface, struct error *err)
{
	int n = lines_count(options_text(options, "lines"), err);

	if (n < 0)
		return error_prefix(err, "switch.lines");
	surface->n_cells = (size_t)n;
	if (!surface->places) {
		surface->rows = 1;
		surface->cols = (size_t)n;
	}
	surface->full_scale_counts = 1;
	surface->rate_hz = (float)options_number(options, "rate");
	return 0;
}

static int switch_open(struct device *device, struct error *err)
{
	struct switches *switches = device->state;
	const struct options *options = device->options;
	struct lines_request request = {
	    .chip = options_text(options, "chip"),
	    .names = options_text(options, "lines"),
	    .active_low = options_bool(options, "active_low"),
	    .bias = (enum lines_bias)options_integer(options, "bias"),
	    .events = true,
	    .debounce_ns = llround(options_number(options, "debounce") * 1e9),
	};
	int n = lines_count(request.names, err);

	if (n < 0)
		return error_prefix(err, "switch.lines");
	if (device->surface->n_cells != (size_t)n)
		return error_set(err, -EINVAL, "switch.lines: %d lines, surface %s has %zu cells",
		    n, device->surface->name, device->surface->n_cells);
	switches->n = (size_t)n;
	switches->period_ns = llround(1e9 / options_number(options, "rate"));
	switches->debounce_ns = request.debounce_ns;
	int result = lines_open(&switches->lines, &request, err);
	if (result < 0)
		return error_prefix(err, "switch.lines");
	result = lines_get(switches->lines, &switches->closed);
	switches->due_ns = clock_mono_ns();
	return result < 0 ? error_set(err, result, "switch.lines: they cannot be read") : 0;
}

static void switch_close(struct device *device)
{
	struct switches *switches = device->state;

	lines_close(switches->lines);
	*switches = (struct switches){0};
}

/* Takes edges until the frame is due. 0: it is; -ETIMEDOUT: the deadline came first. */
static int take_edges(struct switches *switches, int64_t deadline_ns)
{
	int64_t until_ns = switches->due_ns < deadline_ns ? switches->due_ns : deadline_ns;
	struct lines_event event;
	int result = 0;

	for (int n = 0; n < EDGES_MAX; n++) {
		result = lines_wait(switches->lines, until_ns, &event);
		if (result < 0)
			break;
		uint64_t line = UINT64_C(1) << event.line;
		switches->closed = event.active ? switches->closed | line
		                                : switches->closed & ~line;
	}
	if (result < 0 && result != -ETIMEDOUT)
		return result;
	return clock_mono_ns() >= switches->due_ns ? 0 : -ETIMEDOUT;
}

/* The levels themselves, in case that an edge was lost. */
static void compare_levels(struct switches *switches, uint64_t levels, int64_t now_ns)
{
	if (levels == switches->closed) {
		switches->other_ns = 0;
	} else if (switches->other_ns == 0) {
		switches->other_ns = now_ns;
	} else if (now_ns - switches->other_ns > switches->debounce_ns + lost_edge_ns) {
		switches->closed = levels;
		switches->other_ns = 0;
	}
}

static int switch_read(struct device *device, int64_t deadline_ns, struct frame *out)
{
	struct switches *switches = device->state;
	uint64_t levels = 0;
	int result = take_edges(switches, deadline_ns);

	if (result == -ETIMEDOUT)
		return result;
	if (result == 0)
		result = lines_get(switches->lines, &levels);
	if (result < 0) {
		device->stats.io_errors++;
		return result;
	}
	int64_t now_ns = clock_mono_ns();
	compare_levels(switches, levels, now_ns);
	switches->due_ns += switches->period_ns;
	if (switches->due_ns <= now_ns)
		switches->due_ns = now_ns + switches->period_ns;
	for (size_t i = 0; i < switches->n; i++)
		out->counts[i] = (float)(switches->closed >> i & 1);
	out->n_cells = switches->n;
	out->mono_ns = now_ns;
	out->real_ns = 0;
	out->utc_offset_s = 0;
	out->flags = 0;
	out->sequence = switches->sequence++;
	device->stats.requests++;
	device->stats.frames++;
	return 0;
}

extern const struct driver driver_switch;
const struct driver driver_switch = {
    .name = "switch",
    .summary = "strip switches and other contacts, on GPIO lines",
    .options = switch_options,
    .state_size = sizeof(struct switches),
    .describe = switch_describe,
    .open = switch_open,
    .read = switch_read,
    .close = switch_close,
};
