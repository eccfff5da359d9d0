/*
 * Power spectra: one object holds the FFT plan, its buffers and a Hann window for one length.
 *
 * The result is a one-sided power spectral density in unit^2 / Hz, normalised by the window's own
 * power: sum(psd) * bin_hz is the mean square of the samples less their mean. A unit sine thus
 * integrates to 0.5, whatever the length, the rate and the zero padding.
 */
#ifndef LUMBAR_DSP_SPECTRUM_H
#define LUMBAR_DSP_SPECTRUM_H

#include <stddef.h>

struct spectrum;

/*
 * Spectra of n_samples, zero-padded to n_fft (>= n_samples; products of 2, 3 and 5 are quick).
 * NULL: out of memory. Thread: main, plans are made here; afterwards one thread at a time.
 */
struct spectrum *spectrum_create(size_t n_samples, size_t n_fft);
void spectrum_destroy(struct spectrum *spectrum); /* NULL is legal */

/* The least product of 2, 3 and 5 that is not below `least` (> 0): a quick n_fft. */
size_t spectrum_quick_size(size_t least);

size_t spectrum_n_samples(const struct spectrum *spectrum);
size_t spectrum_n_bins(const struct spectrum *spectrum); /* n_fft / 2 + 1, bin 0 is 0 Hz */
double spectrum_bin_hz(const struct spectrum *spectrum, double rate_hz);

/*
 * Removes the mean, applies the window, transforms. samples: n_samples, not changed.
 * psd: n_bins of the caller's. Allocates nothing.
 */
void spectrum_density(struct spectrum *spectrum, const float *samples, double rate_hz, float *psd);

#endif
