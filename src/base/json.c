#include "base/json.h"

#include "base/clock.h"

#include <math.h>

json_t *json_number_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_stamp_or_null(int64_t real_ns, int32_t utc_offset_s)
{
	char text[STAMP_SIZE];

	if (real_ns == 0)
		return json_null();
	clock_format_stamp(real_ns, utc_offset_s, text);
	return json_string(text);
}
