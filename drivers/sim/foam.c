/*
 * Foam: p = k d (1 + 24 max(0, d / T - 0.45)^2), tissue: 150 kPa/m, in series: both carry the
 * same pressure and share the approach (docs/methods.md, section 7).
 */
#include "drivers/sim/foam.h"

#define TISSUE_PA_PER_M    150e3
#define BOTTOMING_STRENGTH 24.0
#define BOTTOMING_RATIO    0.45

static double foam_alone(double stiffness_pa_per_m, double thickness_m, double depth_m)
{
	double over = depth_m / thickness_m - BOTTOMING_RATIO;

	if (over < 0)
		over = 0;
	return stiffness_pa_per_m * depth_m * (1 + BOTTOMING_STRENGTH * over * over);
}

void foam_init(struct foam *foam, double stiffness_kpa_per_m, double thickness_m)
{
	double stiffness = stiffness_kpa_per_m * 1e3;
	double depth_m = 0;

	for (int i = 0; i <= FOAM_N_STEPS; i++) {
		/* The foam takes what the tissue leaves: depth + p(depth) / tissue = approach. */
		double approach_m = i * FOAM_STEP_M, low_m = depth_m, high_m = approach_m;
		for (int halving = 0; halving < 30; halving++) {
			depth_m = (low_m + high_m) / 2;
			double pressure = foam_alone(stiffness, thickness_m, depth_m);
			if (depth_m + pressure / TISSUE_PA_PER_M < approach_m)
				low_m = depth_m;
			else
				high_m = depth_m;
		}
		foam->pressure_pa[i] = (float)foam_alone(stiffness, thickness_m, depth_m);
	}
}

double foam_pressure(const struct foam *foam, double approach_m, double *slope_pa_per_m)
{
	*slope_pa_per_m = 0;
	if (approach_m <= 0)
		return 0;
	double at = approach_m / FOAM_STEP_M;
	int step = at < FOAM_N_STEPS - 1 ? (int)at : FOAM_N_STEPS - 1;
	double low = foam->pressure_pa[step], high = foam->pressure_pa[step + 1];
	*slope_pa_per_m = (high - low) / FOAM_STEP_M;
	return low + (at - step) * (high - low);
}
