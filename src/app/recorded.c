#include "app/recorded.h"

#include <errno.h>
#include <stdlib.h>

int recorded_put_calibration(struct recording_writer *writer, int index,
    const struct surface_config *config, struct error *err)
{
	if (!config->calibrated)
		return 0;
	char *text = calibration_text(&config->calibration, &config->surface);
	if (!text)
		return error_set(err, -ENOMEM, "%s: out of memory", config->surface.name);
	int result = recording_set_calibration(writer, index, text, err);
	free(text);
	return result;
}

int recorded_take_calibration(const struct recording_reader *reader, size_t index,
    struct surface_config *config, struct error *err)
{
	const char *text = recording_calibration(reader, index);

	if (!text || config->calibrated)
		return 0;
	int result = calibration_parse(
	    &config->calibration, text, "the calibration inside", &config->surface, err);
	config->calibrated = result == 0;
	return result;
}
