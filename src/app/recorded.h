/* What a recording keeps beside its frames, as the configuration of a surface knows it. */
#ifndef LUMBAR_APP_RECORDED_H
#define LUMBAR_APP_RECORDED_H

#include "app/config.h"
#include "base/error.h"
#include "recording/recording.h"

/* Keeps the calibration of config, if it has one, with surface `index`. 0 or -errno. */
int recorded_put_calibration(struct recording_writer *writer, int index,
    const struct surface_config *config, struct error *err);

/* Takes the calibration inside, if there is one and config has none yet. 0 or -errno. */
int recorded_take_calibration(const struct recording_reader *reader, size_t index,
    struct surface_config *config, struct error *err);

#endif
