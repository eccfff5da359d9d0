/*
 * sim: a simulated person on a simulated mat (drivers/sim/world.h). Two surfaces with the same
 * seed and plan show the same person, who is on one of them at a time. Time runs at `speed`; at
 * speed 0 each read gives the next frame at once, and only the frames' own time passes.
 */
#include "base/clock.h"
#include "drivers/driver.h"
#include "drivers/pace.h"
#include "drivers/sim/loads.h"
#include "drivers/sim/sensor.h"
#include "drivers/sim/world.h"

#include <errno.h>
#include <math.h>

struct sim {
	struct sim_world *world; /* one of these two */
	struct sim_loads *loads;
	int64_t opened_ns; /* mono */
	int64_t start_real_ns;
	int32_t utc_offset_s;
	double rate_hz, speed;
	uint64_t n_frames;
};

/* The order of `plan` is that of enum sim_plan, and then one that is no person's. */
enum { PLAN_CALIBRATION = SIM_PLAN_FEED + 1 };
static const struct option_spec sim_options[] = {
    {"seed", OPTION_INTEGER, "1", 0, 2147483647, "", NULL, "which person, which night"},
    {"plan", OPTION_CHOICE, "rest", 0, 0, "", "night demo rest feed calibration",
        "night: from 21:00 to 9:00; demo: noon to noon; rest, feed: for ever; calibration: known "
        "loads"},
    {"stiffness", OPTION_NUMBER, "80", 5, 1000, "", NULL,
        "the mattress in kPa per metre: soft 25-45, medium 50-110, firm 120-250"},
    {"rate", OPTION_NUMBER, "10", 0.1, 100, "hz", NULL, "frames per second"},
    {"rows", OPTION_INTEGER, "0", 0, 128, "", NULL, "0: 32 on a bed, 16 on a seat"},
    {"cols", OPTION_INTEGER, "0", 0, 64, "", NULL, "0: 16"},
    {"speed", OPTION_NUMBER, "1", 0, 1000, "", NULL, "1: real time; 0: as fast as it goes"},
    {"start", OPTION_TEXT, "", 0, 0, "", NULL,
        "when the plan begins, 2026-11-21T12:00:00+01:00; empty: now"},
    {NULL, OPTION_TEXT, NULL, 0, 0, NULL, NULL, NULL},
};

/* When the plan begins. 0 or -EINVAL with err. */
static int start_of(
    const struct options *options, int64_t *real_ns, int32_t *utc_offset_s, struct error *err)
{
	const char *start = options_text(options, "start");
	struct place where = {.key = "sim.start", .value = start};

	*real_ns = clock_real_ns();
	*utc_offset_s = clock_utc_offset_s(*real_ns);
	if (!*start || clock_parse_stamp(start, real_ns, utc_offset_s) == 0)
		return 0;
	return error_at(err, -EINVAL, &where, "not a time; write 2026-11-21T12:00:00+01:00");
}

static int sim_describe(const struct options *options, struct surface *surface, struct error *err)
{
	size_t rows = (size_t)options_integer(options, "rows");
	size_t cols = (size_t)options_integer(options, "cols");
	int64_t start_real_ns;
	int32_t offset_s;

	if (surface->kind == SURFACE_STRIP)
		return error_set(err, -EINVAL, "sim: kind = strip: it has a bed and a seat only");
	int result = start_of(options, &start_real_ns, &offset_s, err);
	if (result < 0)
		return result;
	sim_surface(surface, surface->kind, rows, cols, options_number(options, "rate"));
	return 0;
}

static int sim_open(struct device *device, struct error *err)
{
	struct sim *sim = device->state;
	const struct options *options = device->options;

	sim->opened_ns = clock_mono_ns();
	sim->rate_hz = options_number(options, "rate");
	sim->speed = options_number(options, "speed");
	int result = start_of(options, &sim->start_real_ns, &sim->utc_offset_s, err);
	if (result < 0)
		return result;
	if (options_integer(options, "plan") == PLAN_CALIBRATION)
		return sim_loads_create(
		    &sim->loads, device->surface, (uint64_t)options_integer(options, "seed"), err);
	struct sim_settings settings = {
	    .seed = (uint64_t)options_integer(options, "seed"),
	    .plan = (enum sim_plan)options_integer(options, "plan"),
	    .stiffness_kpa_per_m = options_number(options, "stiffness"),
	    .start_real_ns = sim->start_real_ns,
	    .utc_offset_s = sim->utc_offset_s,
	};
	return sim_world_create(&sim->world, &settings, device->surface, 1, err);
}

static int sim_read(struct device *device, int64_t deadline_ns, struct frame *out)
{
	struct sim *sim = device->state;
	double t_s = (double)sim->n_frames / sim->rate_hz;
	int64_t since_ns = (int64_t)llround(t_s * 1e9);

	if (t_s >= (sim->loads ? sim_loads_length_s() : sim_world_length_s(sim->world)))
		return -ENODATA;
	if (sim->speed > 0 &&
	    !pace_wait(sim->opened_ns + (int64_t)((double)since_ns / sim->speed), deadline_ns))
		return -ETIMEDOUT;
	if (sim->loads)
		sim_loads_frame(sim->loads, t_s, out->counts);
	else
		sim_world_frame(sim->world, 0, t_s, out->counts);
	out->mono_ns = sim->opened_ns + since_ns;
	out->real_ns = sim->start_real_ns + since_ns;
	out->utc_offset_s = sim->utc_offset_s;
	out->flags = FRAME_CLOCK_SYNCED;
	out->sequence = (uint32_t)sim->n_frames++;
	out->n_cells = device->surface->n_cells;
	device->stats.requests++;
	device->stats.frames++;
	return 0;
}

static void sim_close(struct device *device)
{
	struct sim *sim = device->state;

	sim_world_destroy(sim->world);
	sim_loads_destroy(sim->loads);
	*sim = (struct sim){0};
}

extern const struct driver driver_sim;
const struct driver driver_sim = {
    .name = "sim",
    .summary = "a simulated person on a simulated mat",
    .options = sim_options,
    .state_size = sizeof(struct sim),
    .own_clock = true,
    .describe = sim_describe,
    .open = sim_open,
    .read = sim_read,
    .close = sim_close,
};
