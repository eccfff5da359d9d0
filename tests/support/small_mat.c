#include "small_mat.h"

struct surface small_mat(enum flip flip)
{
	return (struct surface){.name = "bed",
	    .kind = SURFACE_BED,
	    .rows = SMALL_ROWS,
	    .cols = SMALL_COLS,
	    .n_cells = SMALL_CELLS,
	    .pitch_mm = 25,
	    .flip = flip,
	    .full_scale_counts = 4000,
	    .rate_hz = 10};
}

struct frame small_frame(float *counts, int64_t mono_ns)
{
	return (struct frame){.mono_ns = mono_ns, .n_cells = SMALL_CELLS, .counts = counts};
}
