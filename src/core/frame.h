/*
 * A frame: one reading of a whole mat, raw counts as the mat gives them, and the only time the
 * pipeline ever sees.
 */
#ifndef LUMBAR_CORE_FRAME_H
#define LUMBAR_CORE_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum frame_flag {
	FRAME_CLOCK_SYNCED = 1u << 0, /* real_ns was disciplined when the frame was read */
};

struct frame {
	int64_t mono_ns;      /* when it was read; grows strictly within a session */
	int64_t real_ns;      /* UTC at that moment; 0: not known */
	int32_t utc_offset_s; /* seconds east of UTC of the place of measuring */
	uint32_t flags;       /* enum frame_flag */
	uint32_t sequence;    /* counts from 0 at open */
	size_t n_cells;
	float *counts; /* n_cells, the mat's own order; the host's memory, never NAN */
};

#endif
