/*
 * What the body lies on: foam with tissue in series, as one curve from how far the body's free
 * shape reaches below the foam's flat top to the pressure between them.
 */
#ifndef LUMBAR_DRIVERS_SIM_FOAM_H
#define LUMBAR_DRIVERS_SIM_FOAM_H

#define FOAM_STEP_M  0.0005
#define FOAM_N_STEPS 1200 /* to 60 cm: no body reaches further */

struct foam {
	float pressure_pa[FOAM_N_STEPS + 1]; /* at 0, FOAM_STEP_M, ... */
};

/* thickness_m: of the foam, where it bottoms out. */
void foam_init(struct foam *foam, double stiffness_kpa_per_m, double thickness_m);

/* Pressure, and its slope in Pa per metre of approach; both 0 where there is no contact. */
double foam_pressure(const struct foam *foam, double approach_m, double *slope_pa_per_m);

#endif
