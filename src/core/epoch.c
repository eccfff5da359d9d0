#include "core/epoch.h"

#include <math.h>

void epoch_clear(struct epoch *epoch, int64_t start_ns)
{
	*epoch = (struct epoch){
	    .start_ns = start_ns,
	    .load = NAN,
	    .centre_x_ratio = NAN,
	    .centre_y_ratio = NAN,
	    .valley_ratio = NAN,
	    .breathing_per_min = NAN,
	    .heart_per_min = NAN,
	    .sideways_ratio = NAN,
	    .forward_ratio = NAN,
	    .sideways_peak_ratio = NAN,
	    .health_ratio = NAN,
	};
}
