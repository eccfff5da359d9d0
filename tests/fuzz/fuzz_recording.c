/* A recording, whatever was done to the file: frames or faults, and an end. */
#include "fuzz.h"

#include "recording/recording.h"

#include <errno.h>
#include <math.h>

enum { CALLS_MOST = 100000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recording_reader *reader;
	struct error err = {0};
	struct frame frame;
	int result = 0, surface, n = 0;

	if (recording_open(&reader, fuzz_file(data, size), &err) < 0) {
		FUZZ_ASSERT(err.text[0]);
		return 0;
	}
	for (size_t i = 0; i < recording_n_surfaces(reader); i++) {
		const struct surface *at = recording_surface(reader, i);
		FUZZ_ASSERT(at->n_cells >= 1 && at->n_cells <= SURFACE_CELLS_MAX);
		FUZZ_ASSERT(isfinite(at->rate_hz) && at->rate_hz > 0);
		(void)recording_is_u16(reader, i);
	}
	while ((result = recording_next(reader, -1, &surface, &frame, &err)) != -ENODATA) {
		FUZZ_ASSERT(result == 0 || err.text[0]);
		FUZZ_ASSERT(++n < CALLS_MOST);
	}
	recording_close_reader(reader);
	return 0;
}
