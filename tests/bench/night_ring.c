#include "night_ring.h"

#include "drivers/sim/world.h"

#include <stdio.h>
#include <stdlib.h>

#define N_PIECES     8
#define PIECE_FRAMES (NIGHT_RING_FRAMES / N_PIECES)

const struct surface night_mat = {
    .name = "bed",
    .kind = SURFACE_BED,
    .rows = 64,
    .cols = 32,
    .n_cells = 64 * 32,
    .pitch_mm = 28,
    .full_scale_counts = 4095,
    .rate_hz = NIGHT_RATE_HZ,
};

_Noreturn void night_die(const struct error *err)
{
	fprintf(stderr, "bench: %s\n", err->text);
	exit(1);
}

void night_ring_init(struct night_ring *ring)
{
	const struct sim_settings settings = {
	    .seed = 1, .plan = SIM_PLAN_NIGHT, .stiffness_kpa_per_m = 80};
	struct sim_world *world;
	struct error err = {0};
	size_t n = night_mat.n_cells;

	ring->counts = calloc(NIGHT_RING_FRAMES * n, sizeof(*ring->counts));
	ring->frame = calloc(n, sizeof(*ring->frame));
	if (!ring->counts || !ring->frame)
		night_die(&(struct error){.text = "out of memory"});
	if (sim_world_create(&world, &settings, &night_mat, 1, &err) < 0)
		night_die(&err);
	double apart_s = sim_world_length_s(world) / N_PIECES;
	for (size_t i = 0; i < NIGHT_RING_FRAMES; i++) {
		size_t piece = i / PIECE_FRAMES, within = i % PIECE_FRAMES;
		double t_s = (double)piece * apart_s + (double)within / NIGHT_RATE_HZ;
		sim_world_frame(world, 0, t_s, ring->frame);
		for (size_t c = 0; c < n; c++)
			ring->counts[i * n + c] = (uint16_t)ring->frame[c];
	}
	sim_world_destroy(world);
}

void night_ring_finish(struct night_ring *ring)
{
	free(ring->counts);
	free(ring->frame);
}

struct frame night_ring_frame(const struct night_ring *ring, size_t i)
{
	size_t n = night_mat.n_cells;
	const uint16_t *from = ring->counts + i % NIGHT_RING_FRAMES * n;

	for (size_t c = 0; c < n; c++)
		ring->frame[c] = from[c];
	return (struct frame){
	    .mono_ns = (int64_t)(i + 1) * NS_PER_S / NIGHT_RATE_HZ,
	    .real_ns = NIGHT_START_NS + (int64_t)(i + 1) * NS_PER_S / NIGHT_RATE_HZ,
	    .flags = FRAME_CLOCK_SYNCED,
	    .sequence = (uint32_t)i,
	    .n_cells = n,
	    .counts = ring->frame,
	};
}
