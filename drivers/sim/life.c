#include "drivers/sim/life.h"

#include <math.h>

/*
 * Rates swing: f(t) = f0 + sum a_k sin(2 pi t / T_k + phi_k) per minute, whose phase has a closed
 * form. Sinus arrhythmia: the heart runs faster by 2-4 a minute while she breathes in.
 */
#define SLOW_SWING_PER_MIN  0.5
#define SLOW_SWING_S        140.0
#define QUICK_SWING_PER_MIN 0.3
#define QUICK_SWING_S       47.0
#define ARRHYTHMIA_PER_MIN  3.0
#define SWAY_SLOW_S         11.0
#define SWAY_QUICK_S        3.7

/* Amplitudes, so that a still person's movement ratio is near 0.02 (docs/methods.md, 4). */
#define BREATH_RATIO   0.035
#define PULSE_RATIO    0.004
#define SWAY_RATIO     0.02
#define PATCH_M        0.09 /* of chest that moves together: neighbours move against each other */
#define TOGETHER_RATIO 0.35 /* share of the answer that all cells have in common */

void sim_life_draw(struct sim_life *life, struct random *random)
{
	life->slow_phase = random_between(random, 0, 2 * M_PI);
	life->quick_phase = random_between(random, 0, 2 * M_PI);
}

static double swing_cycles(double amplitude_per_min, double period_s, double phase, double t_s)
{
	return amplitude_per_min / 60 * period_s / (2 * M_PI) *
	       (cos(phase) - cos(2 * M_PI * t_s / period_s + phase));
}

struct sim_beat sim_life_at(const struct sim_life *life, const struct sim_scene *scene, double t_s)
{
	if (isnan(scene->breathing_per_min))
		return (struct sim_beat){.breathing_per_min = NAN, .heart_per_min = NAN};
	double slow = 2 * M_PI * t_s / SLOW_SWING_S + life->slow_phase;
	double quick = 2 * M_PI * t_s / QUICK_SWING_S + life->quick_phase;
	double breath_cycles =
	    scene->breathing_per_min / 60 * t_s +
	    swing_cycles(SLOW_SWING_PER_MIN, SLOW_SWING_S, life->slow_phase, t_s) +
	    swing_cycles(QUICK_SWING_PER_MIN, QUICK_SWING_S, life->quick_phase, t_s);
	double breath = 2 * M_PI * breath_cycles;
	double pulse = 2 * M_PI * scene->heart_per_min / 60 * t_s -
	               ARRHYTHMIA_PER_MIN / scene->breathing_per_min * cos(breath);
	double depth = 1 + 0.2 * sin(0.6 * slow + quick);

	return (struct sim_beat){
	    .breathing_per_min = scene->breathing_per_min + SLOW_SWING_PER_MIN * sin(slow) +
	                         QUICK_SWING_PER_MIN * sin(quick),
	    .heart_per_min = scene->heart_per_min,
	    .breath = (float)(depth * (sin(breath) + 0.2 * sin(2 * breath + 0.8))),
	    /* The recoil of a beat: a short wave train of the first harmonics. */
	    .pulse = (float)(0.5 * sin(pulse) + 0.6 * sin(2 * pulse + 0.5) +
	                     0.5 * sin(3 * pulse + 1.1) + 0.3 * sin(4 * pulse + 1.9)),
	    .sway = (float)(0.6 * sin(2 * M_PI * t_s / SWAY_SLOW_S + life->slow_phase) +
	                    0.4 * sin(2 * M_PI * t_s / SWAY_QUICK_S + life->quick_phase)),
	};
}

/* 1 on the trunk, falling to 0 within a tenth of the mat beyond it. */
static double on_trunk(double row_ratio, const struct sim_trunk *trunk)
{
	double beyond = fmax(trunk->top_ratio - row_ratio, row_ratio - trunk->bottom_ratio);

	return fmin(fmax(1 - beyond / 0.1, 0), 1);
}

void sim_life_answers(struct sim_answer *answers, const struct surface *surface,
    const struct sim_trunk *trunk, uint64_t seed)
{
	struct random random;
	double pitch_m = surface->pitch_mm / 1e3;

	random_init(&random, seed);
	double phase_y = random_between(&random, 0, 2 * M_PI);
	double phase_x = random_between(&random, 0, 2 * M_PI);
	bool seat = surface->kind == SURFACE_SEAT;
	for (size_t row = 0, i = 0; row < surface->rows; row++)
		for (size_t col = 0; col < surface->cols; col++, i++) {
			double row_ratio = ((double)row + 0.5) / (double)surface->rows;
			double col_ratio = ((double)col + 0.5) / (double)surface->cols;
			double near = on_trunk(row_ratio, trunk);
			double patch = sin(M_PI * (double)row * pitch_m / PATCH_M + phase_y) *
			               sin(M_PI * (double)col * pitch_m / PATCH_M + phase_x);
			double mixed = TOGETHER_RATIO + (1 - TOGETHER_RATIO) * patch;
			answers[i] = (struct sim_answer){
			    .breath = (float)(BREATH_RATIO * near * mixed),
			    .pulse = (float)(PULSE_RATIO * (0.3 + 0.7 * near) * mixed),
			    .sway = seat ? (float)(SWAY_RATIO * 2 * (col_ratio - 0.5)) : 0,
			};
		}
}
