/* The first bytes of a recording, looked at before SQLite is asked. */
#ifndef LUMBAR_RECORDING_HEADER_H
#define LUMBAR_RECORDING_HEADER_H

#include <stdint.h>

#define RECORDING_APPLICATION_ID 0x4c6d4261u /* as in schema.sql: "LmBa" */
#define RECORDING_VERSION        1           /* its user_version: the newest that is understood */

/* 0 and the file's version; -EINVAL: no recording; or -errno when it cannot be read. */
int recording_read_header(const char *path, uint32_t *version);

#endif
