#include "body/histogram.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Read off the float's own exponent. */
#define BINS_OCTAVE    (1u << HISTOGRAM_BIN_BITS)
#define BINS_LOW_BITS  (120u << HISTOGRAM_BIN_BITS)
#define BIN_BITS_SHIFT (23 - HISTOGRAM_BIN_BITS)

static unsigned bin_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	bits >>= BIN_BITS_SHIFT;
	if (bits < BINS_LOW_BITS)
		return 0;
	bits -= BINS_LOW_BITS;
	return bits < HISTOGRAM_BINS ? bits : HISTOGRAM_BINS - 1;
}

static float bin_edge(double bin)
{
	double octave = floor(bin / BINS_OCTAVE);

	return (float)ldexp(1 + (bin - BINS_OCTAVE * octave) / BINS_OCTAVE, (int)octave - 7);
}

void histogram_count(struct histogram *histogram, const float *cells, size_t n_cells)
{
	memset(histogram->bins, 0, sizeof(histogram->bins));
	memset(histogram->other_half, 0, sizeof(histogram->other_half));
	for (size_t i = 0; i + 1 < n_cells; i += 2) {
		histogram->bins[bin_of(cells[i])]++;
		histogram->other_half[bin_of(cells[i + 1])]++;
	}
	if (n_cells % 2)
		histogram->bins[bin_of(cells[n_cells - 1])]++;
	for (size_t bin = 0; bin < HISTOGRAM_BINS; bin++)
		histogram->bins[bin] += histogram->other_half[bin];
}

unsigned histogram_n_above(const struct histogram *histogram, float value)
{
	unsigned n = 0;

	for (unsigned bin = bin_of(value) + 1; bin < HISTOGRAM_BINS; bin++)
		n += histogram->bins[bin];
	return n;
}

float histogram_rank_above(const struct histogram *histogram, float value, double rank)
{
	double below = 0;

	for (unsigned bin = bin_of(value) + 1; bin < HISTOGRAM_BINS; bin++) {
		double here = histogram->bins[bin];
		if (below + here > rank)
			return bin_edge(bin + (rank - below) / here);
		below += here;
	}
	return bin_edge(HISTOGRAM_BINS);
}

float histogram_fine_rank(
    const struct histogram *histogram, const float *cells, size_t n_cells, double rank)
{
	enum { PARTS = 16 };
	unsigned counts[PARTS] = {0}, bin = 0;
	double below = 0;

	for (; bin < HISTOGRAM_BINS && below + histogram->bins[bin] <= rank; bin++)
		below += histogram->bins[bin];
	if (bin == 0 || bin == HISTOGRAM_BINS)
		return bin == 0 ? 0 : bin_edge(HISTOGRAM_BINS);
	float low = bin_edge(bin), step = (bin_edge(bin + 1) - low) / PARTS;
	for (size_t i = 0; i < n_cells; i++)
		if (bin_of(cells[i]) == bin) {
			unsigned part = (unsigned)((cells[i] - low) / step);
			counts[part < PARTS ? part : PARTS - 1]++;
		}
	for (unsigned part = 0; part < PARTS; part++) {
		if (below + counts[part] > rank)
			return low + step * ((float)part + (float)((rank - below) / counts[part]));
		below += counts[part];
	}
	return low + step * PARTS;
}
