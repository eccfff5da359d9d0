/*
 * Rocking (docs/methods.md, section 5): in 60 s of the centre of pressure a peak in 0.25-1.0 Hz
 * holds half of the band's power or more, in three windows that follow one another by 20 s.
 * A swing under half a percent of the depth is breathing or noise.
 */
#include "body/seat_rocking.h"

#include <math.h>

#define RATE_HZ        4
#define SAMPLE_NS      (1000000000LL / RATE_HZ)
#define HOP_SAMPLES    (20 * RATE_HZ)
#define BAND_FIRST     15 /* cycles a window of 60 s: 0.25 Hz */
#define BAND_LAST      60 /* 1.0 Hz */
#define BAND_SIZE      (BAND_LAST - BAND_FIRST + 1)
#define PEAK_SHARE     0.5
#define SWING_RATIO    0.005 /* amplitude, in depths */
#define WINDOWS_NEEDED 3

void seat_rocking_reset(struct seat_rocking *rocking)
{
	*rocking = (struct seat_rocking){0};
}

/* Power of `cycles` a window by Goertzel's recurrence: amplitude^2 / 2 of a sine. */
static double line_power(const struct seat_rocking *rocking, int cycles, double mean)
{
	const double n = SEAT_ROCKING_SAMPLES, pi = 3.14159265358979323846;
	double coefficient = 2 * cos(2 * pi * cycles / n), before = 0, last = 0;

	for (size_t i = 0; i < SEAT_ROCKING_SAMPLES; i++) {
		size_t at = (rocking->next + i) % SEAT_ROCKING_SAMPLES;
		double now = (double)rocking->samples[at] - mean + coefficient * last - before;

		before = last;
		last = now;
	}
	return 2 * (last * last + before * before - coefficient * last * before) / (n * n);
}

static bool window_rocks(const struct seat_rocking *rocking)
{
	double power[BAND_SIZE], sum = 0, mean = 0;
	size_t peak = 0;

	for (size_t i = 0; i < SEAT_ROCKING_SAMPLES; i++)
		mean += (double)rocking->samples[i] / SEAT_ROCKING_SAMPLES;
	for (size_t i = 0; i < BAND_SIZE; i++) {
		power[i] = line_power(rocking, BAND_FIRST + (int)i, mean);
		sum += power[i];
		if (power[i] > power[peak])
			peak = i;
	}
	double line = power[peak] + (peak > 0 ? power[peak - 1] : 0) +
	              (peak + 1 < BAND_SIZE ? power[peak + 1] : 0);
	return line > SWING_RATIO * SWING_RATIO / 2 && line >= PEAK_SHARE * sum;
}

bool seat_rocking_step(struct seat_rocking *rocking, int64_t mono_ns, float centre_y_ratio)
{
	if (mono_ns < rocking->due_ns)
		return rocking->windows >= WINDOWS_NEEDED;
	/* Late frames move the beat; they never make it catch up in a burst. */
	rocking->due_ns = mono_ns - rocking->due_ns < SAMPLE_NS ? rocking->due_ns + SAMPLE_NS
	                                                        : mono_ns + SAMPLE_NS;
	rocking->samples[rocking->next] = centre_y_ratio;
	rocking->next = (rocking->next + 1) % SEAT_ROCKING_SAMPLES;
	if (++rocking->n < SEAT_ROCKING_SAMPLES)
		return false;
	if ((rocking->n - SEAT_ROCKING_SAMPLES) % HOP_SAMPLES == 0)
		rocking->windows = window_rocks(rocking) ? rocking->windows + 1 : 0;
	return rocking->windows >= WINDOWS_NEEDED;
}
