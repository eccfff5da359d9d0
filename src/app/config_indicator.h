/* The sections [indicator NAME] of lumbard.conf. Only app/config*.c include this. */
#ifndef LUMBAR_APP_CONFIG_INDICATOR_H
#define LUMBAR_APP_CONFIG_INDICATOR_H

#include "app/config.h"
#include "base/inifile.h"

/* Reads them all, once config has its surfaces. What is wrong goes to problems. Thread: main. */
void config_read_indicators(
    struct config *config, const struct inifile *ini, struct problems *problems);

#endif
