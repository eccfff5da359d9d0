#include "detect/detector.h"
#include "detect/finding.h"

#include <string.h>

const struct detector *const detectors[] = {
#define DETECTOR(name) &detector_##name,
#include "detect/detectors.def"
#undef DETECTOR
    NULL,
};

const struct detector *detector_find(const char *name)
{
	for (size_t i = 0; detectors[i]; i++)
		if (strcmp(detectors[i]->name, name) == 0)
			return detectors[i];
	return NULL;
}
