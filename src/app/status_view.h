/* The status file as a person reads it. */
#ifndef LUMBAR_APP_STATUS_VIEW_H
#define LUMBAR_APP_STATUS_VIEW_H

#include <jansson.h>
#include <stdbool.h>

/* Prints on stdout. pictures: also each mat as a map of blocks, in colours of the terminal. */
void status_view(const json_t *root, bool pictures);

#endif
