/* Frames as text: every frame that is given lies within the scale. */
#include "fuzz.h"

#include "recording/frames_text.h"

#include <errno.h>

enum { CELLS_MOST = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frames_text *text;
	float counts[CELLS_MOST];
	int result;

	if (size < 1)
		return 0;
	size_t n_cells = 1 + data[0] % CELLS_MOST;
	if (frames_text_open(&text, fuzz_file(data + 1, size - 1), n_cells, 1000, NULL) < 0)
		return 0;
	while ((result = frames_text_read(text, counts, NULL)) != -ENODATA)
		for (size_t i = 0; result == 0 && i < n_cells; i++)
			FUZZ_ASSERT(counts[i] >= 0 && counts[i] <= 1000);
	frames_text_close(text);
	return 0;
}
