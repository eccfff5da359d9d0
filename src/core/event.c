#include "core/event.h"

const char *event_level_name(enum event_level level)
{
	static const char *const names[] = {"technical", "information", "advice"};

	return names[level];
}
