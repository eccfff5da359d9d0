/* A calibration file: what is taken gives finite pressures, and comes back from its own text. */
#include "fuzz.h"

#include "calib/calib.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 6 };

static const struct surface bed = {.name = "bed",
    .kind = SURFACE_BED,
    .rows = 2,
    .cols = 3,
    .n_cells = CELLS,
    .pitch_mm = 25,
    .full_scale_counts = 4095,
    .rate_hz = 10};

static void apply(const struct calibration *calibration)
{
	struct calib *calib = calib_create(&bed, calibration, NULL);
	float counts[CELLS] = {0, 1, 4095, 100, 2000, 4000}, cells[CELLS];
	struct frame frame = {.mono_ns = 1, .n_cells = CELLS, .counts = counts};
	struct image image = {.cells = cells};

	FUZZ_ASSERT(calib);
	if (calib_apply(calib, &frame, &image) == 0)
		for (size_t i = 0; i < CELLS; i++)
			FUZZ_ASSERT(isfinite(cells[i]) && cells[i] >= 0);
	calib_destroy(calib);
}

/* "reason=" may stand there without the blanks that it gets, and then fill the line. */
static bool is_written_by_us(const char *reasons)
{
	while (*reasons) {
		size_t length = strcspn(reasons, "\n");
		if (length > 180)
			return false;
		reasons += length + (reasons[length] == '\n');
	}
	return true;
}

static void come_back(const struct calibration *calibration)
{
	struct calibration again;

	if (!is_written_by_us(calibration->reasons))
		return;
	char *text = calibration_text(calibration, &bed);

	FUZZ_ASSERT(text && calibration_parse(&again, text, "again", &bed, NULL) == 0);
	FUZZ_ASSERT(again.unit == calibration->unit && again.grade == calibration->grade);
	for (size_t i = 0; i < CELLS; i++)
		FUZZ_ASSERT(again.cells[i].gain == calibration->cells[i].gain &&
		            again.cells[i].dead == calibration->cells[i].dead);
	calibration_finish(&again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct calibration calibration;
	struct error err = {0};
	char *text = strndup((const char *)data, size);

	FUZZ_ASSERT(text);
	if (calibration_parse(&calibration, text, "fuzz", &bed, &err) == 0) {
		apply(&calibration);
		come_back(&calibration);
		calibration_finish(&calibration);
	} else {
		FUZZ_ASSERT(err.text[0]);
	}
	free(text);
	return 0;
}
