/* A trial's frames, and what their errors mean for who wired the mat. */
#include "app/live_frames.h"
#include "app/trial.h"
#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct taking {
	struct trial *trial;
	int64_t begun_ns, span_ns;
};

static int take(void *user, const struct frame *frame, struct error *err)
{
	struct taking *taking = user;
	struct trial *trial = taking->trial;

	(void)err;
	if (trial->n_frames == 0)
		trial->waited_s = (double)(clock_mono_ns() - taking->begun_ns) / 1e9;
	trial_feed(trial, frame);
	return trial->last_ns - trial->first_ns < taking->span_ns;
}

int trial_run(struct trial *trial, double seconds, struct error *err)
{
	struct taking taking = {
	    .trial = trial, .begun_ns = clock_mono_ns(), .span_ns = llround(seconds * 1e9)};
	struct live_frames live = {.driver = trial->config->driver,
	    .options = &trial->config->driver_options,
	    .surface = &trial->config->surface,
	    .take = take,
	    .user = &taking,
	    .most_ns = taking.span_ns};
	int result = live_frames_read(&live, err);

	trial->stats = live.stats;
	if (result < 0 && live.opened) {
		snprintf(trial->failure, sizeof(trial->failure), "%s", err->text);
		result = 0;
	}
	return result;
}

/* ---- errors ---------------------------------------------------------------------------------- */

enum kind { TIMEOUTS, INTEGRITY, CONTENT, EXCEPTIONS, IO, TORN, LATE, N_KINDS };

static const struct {
	const char *kind, *words;
} kinds[N_KINDS] = {
    [TIMEOUTS] = {"timeouts", "without an answer in time"},
    [INTEGRITY] = {"integrity_errors", "damaged on the way"},
    [CONTENT] = {"content_errors", "impossible values"},
    [EXCEPTIONS] = {"exceptions", "refused by the module"},
    [IO] = {"io_errors", "the port failed"},
    [TORN] = {"torn_frames", "changed while they were read"},
    [LATE] = {"late_samples", "lost since this machine was late"},
};

/* In the order of wiring: what is most often wrong stands first. */
static const struct {
	const char *driver;
	const char *advice[N_KINDS];
} drivers_advice[] = {
    {"modbus",
        {[TIMEOUTS] = "look at power, A and B (swap them once), baud rate, parity and unit id",
            [INTEGRITY] = "look at the ground, 120 ohm at both ends, units with the same id",
            [CONTENT] = "the profile does not fit: look at type, order, scale and full_scale",
            [EXCEPTIONS] = "the profile does not fit: look at function, base and count of cells",
            [IO] = "look at the adapter's plug, or the network",
            [TORN] = "a few do no harm; many: ask for fewer frames, or a faster line"}},
    {"hx711", {[TIMEOUTS] = "look at its 3.3 V, ground, DOUT and PD_SCK",
                  [INTEGRITY] =
                      "shorten the wires of DOUT and PD_SCK, and give each its ground beside it",
                  [CONTENT] = "a wire of the cell is off, or more load than it can carry",
                  [IO] = "the GPIO chip is gone",
                  [LATE] = "a few do no harm; more than one in a hundred: what else runs here?"}},
    {"matrix", {[TIMEOUTS] = "the scan is slower than a second: fewer conversions, or a faster SPI",
                   [INTEGRITY] = "look at the converter's 3.3 V, MISO and select",
                   [IO] = "the GPIO chip or the SPI device is gone",
                   [LATE] = "use the kernel's SPI (matrix.spi) in place of GPIO lines"}},
};

static const char *advice_of(const struct trial *trial, enum kind kind)
{
	const char *name = trial->config->driver->name;

	for (size_t i = 0; i < sizeof(drivers_advice) / sizeof(drivers_advice[0]); i++)
		if (strcmp(drivers_advice[i].driver, name) == 0)
			return drivers_advice[i].advice[kind];
	return NULL;
}

size_t trial_faults(const struct trial *trial, struct trial_fault *faults)
{
	const struct driver_stats *stats = &trial->stats;
	const uint64_t counts[N_KINDS] = {
	    [TIMEOUTS] = stats->timeouts,
	    [INTEGRITY] = stats->integrity_errors,
	    [CONTENT] = stats->content_errors,
	    [EXCEPTIONS] = stats->exceptions,
	    [IO] = stats->io_errors,
	    [TORN] = stats->torn_frames,
	    [LATE] = stats->late_samples,
	};
	size_t n = 0;

	for (enum kind kind = 0; kind < N_KINDS; kind++)
		if (counts[kind])
			faults[n++] = (struct trial_fault){kinds[kind].kind, kinds[kind].words,
			    counts[kind], advice_of(trial, kind)};
	return n;
}
