#include "app/simulate.h"
#include "base/clock.h"
#include "drivers/modbus_server.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static void surface_of(
    const struct modbus_map *map, const struct simulate *simulate, struct surface *surface)
{
	double rate_hz = simulate->rate_hz > 0 ? simulate->rate_hz : map->rate_hz;

	*surface = (struct surface){.name = "mat"};
	sim_surface(surface, map->kind, map->rows, map->cols, rate_hz > 0 ? rate_hz : 5);
	surface->pitch_mm = map->pitch_mm;
	surface->full_scale_counts = map->full_scale_counts;
}

/* SIGTERM and SIGINT wait to be asked for: this asks. */
static bool stop_asked(const sigset_t *signals)
{
	return sigtimedwait(signals, NULL, &(struct timespec){0}) > 0;
}

/* Frame after frame into the registers, and answers in between. */
static int serve(struct modbus_server *server, struct sim_world *world,
    const struct surface *surface, const sigset_t *signals, struct error *err)
{
	float *counts = calloc(surface->n_cells, sizeof(*counts));
	int64_t start_ns = clock_mono_ns();
	int code = 0;

	if (!counts)
		return error_set(err, -ENOMEM, "out of memory");
	for (uint64_t index = 0; code == 0 && !stop_asked(signals); index++) {
		double t_s = (double)index / (double)surface->rate_hz;
		sim_world_frame(world, 0, t_s, counts);
		modbus_server_set_frame(server, counts);
		int64_t next_ns = start_ns +
		                  llround((double)(index + 1) / (double)surface->rate_hz * 1e9);
		code = modbus_server_run(server, next_ns, err);
		/* A stopped process wakes up late: no need to catch up frame by frame. */
		if (clock_mono_ns() > next_ns + NS_PER_S)
			start_ns += clock_mono_ns() - next_ns;
	}
	free(counts);
	return code;
}

int simulate_serve(const struct simulate *simulate, struct error *err)
{
	struct sim_settings settings = simulate->settings;
	struct modbus_map map = {0};
	struct modbus_server *server = NULL;
	struct sim_world *world = NULL;
	struct surface surface;
	sigset_t signals;
	char *path = modbus_map_find(simulate->profile, err);
	int code = path ? modbus_map_load(&map, path, err) : err->code;

	free(path);
	if (code < 0)
		return code;
	surface_of(&map, simulate, &surface);
	if (!simulate->plan_given)
		settings.plan = map.kind == SURFACE_SEAT ? SIM_PLAN_FEED : SIM_PLAN_REST;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	code = sim_world_create(&world, &settings, &surface, 1, err);
	if (code == 0)
		code = modbus_server_open(&server, simulate->serve, &map, err);
	if (code == 0) {
		printf("listening on %s\n", modbus_server_where(server));
		fflush(stdout);
		code = serve(server, world, &surface, &signals, err);
	}
	modbus_server_close(server);
	sim_world_destroy(world);
	return code;
}
