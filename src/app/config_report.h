/* The section [report] of lumbard.conf. Only app/config*.c include this. */
#ifndef LUMBAR_APP_CONFIG_REPORT_H
#define LUMBAR_APP_CONFIG_REPORT_H

#include "app/config_section.h"

/* Reads it, or takes what stands for it when it is not there. What is wrong goes to problems. */
void config_read_report(
    struct report_config *report, const struct inifile *ini, struct problems *problems);

#endif
