/* lumbard.conf: bytes in, a configuration or problems with texts out. */
#include "fuzz.h"

#include "app/config.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problems problems;
	struct config *config = NULL;

	if (memmem(data, size, "/dev/", 5)) /* a layout that never ends, say */
		return 0;
	int result = config_load(&config, fuzz_file(data, size), &problems);
	FUZZ_ASSERT((result == 0) == (config != NULL));
	FUZZ_ASSERT((result == 0) == (problems.n_problems == 0));
	for (size_t i = 0; i < problems.n_problems && i < PROBLEMS_MAX; i++)
		FUZZ_ASSERT(problems.list[i].code < 0 && problems.list[i].text[0]);
	for (size_t i = 0; config && i < config->n_surfaces; i++) {
		const struct surface *surface = &config->surfaces[i]->surface;
		FUZZ_ASSERT(surface->n_cells >= 1 && surface->n_cells <= SURFACE_CELLS_MAX);
		FUZZ_ASSERT(surface->rate_hz > 0 && surface->full_scale_counts > 0);
	}
	config_destroy(config);
	return 0;
}
