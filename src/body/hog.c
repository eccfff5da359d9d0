#include "body/hog.h"

#include <math.h>
#include <string.h>

#define ROWS       FEATURES_ROWS
#define COLS       FEATURES_COLS
#define BLOCK      FEATURES_BLOCK
#define BINS       FEATURES_BINS
#define BLOCK_COLS (COLS / BLOCK)

/* Taps of a Gaussian of sigma 0.7 cells: docs/methods.md, section 2. */
#define TAP_CENTRE 0.5876f
#define TAP_SIDE   0.2062f

/* Added to a block's norm: a block of mere noise must not shout. The map's mean square is 1. */
#define NORM_FLOOR 0.5f

/* Blurred, within a frame of zeros one cell wide. */
static void blur(const float *map, float out[ROWS + 2][COLS + 2])
{
	float across[ROWS][COLS];

	for (size_t row = 0; row < ROWS; row++)
		for (size_t col = 0; col < COLS; col++) {
			const float *cell = map + row * COLS + col;
			float before = col > 0 ? cell[-1] : 0;
			float after = col + 1 < COLS ? cell[1] : 0;
			across[row][col] = TAP_CENTRE * *cell + TAP_SIDE * (before + after);
		}
	memset(out, 0, sizeof(float) * (ROWS + 2) * (COLS + 2));
	for (size_t row = 0; row < ROWS; row++)
		for (size_t col = 0; col < COLS; col++) {
			float above = row > 0 ? across[row - 1][col] : 0;
			float below = row + 1 < ROWS ? across[row + 1][col] : 0;
			out[row + 1][col + 1] = TAP_CENTRE * across[row][col] +
			                        TAP_SIDE * (above + below);
		}
}

/* Each gradient votes, by its size, for the two bins nearest to its direction (unsigned). */
static void vote(float across, float along, float *bins)
{
	float size = sqrtf(across * across + along * along);

	if (!(size > 0))
		return;
	float turn = atan2f(along, across) / (float)M_PI; /* -1 to 1; directions repeat every 1 */
	float place = (turn < 0 ? turn + 1 : turn) * BINS;
	size_t low = (size_t)place;
	float part = place - (float)low;
	low %= BINS;
	bins[low] += size * (1 - part);
	bins[(low + 1) % BINS] += size * part;
}

static void normalise(float *bins)
{
	float sum = 0;

	for (size_t i = 0; i < BINS; i++)
		sum += bins[i] * bins[i];
	float scale = 1 / (sqrtf(sum) + NORM_FLOOR);
	for (size_t i = 0; i < BINS; i++)
		bins[i] *= scale;
}

void hog_extract(const float *map, float *out)
{
	float blurred[ROWS + 2][COLS + 2];
	float *means = out + FEATURES_BLOCKS * BINS;

	memset(out, 0, FEATURES_COUNT * sizeof(float));
	blur(map, blurred);
	for (size_t row = 0; row < ROWS; row++)
		for (size_t col = 0; col < COLS; col++) {
			size_t block = row / BLOCK * BLOCK_COLS + col / BLOCK;
			vote(blurred[row + 1][col + 2] - blurred[row + 1][col],
			    blurred[row + 2][col + 1] - blurred[row][col + 1], out + block * BINS);
			means[block] += map[row * COLS + col] / (BLOCK * BLOCK);
		}
	for (size_t block = 0; block < FEATURES_BLOCKS; block++)
		normalise(out + block * BINS);
}

void features_mirror(const float *values, float *out)
{
	for (size_t block = 0; block < FEATURES_BLOCKS; block++) {
		size_t row = block / BLOCK_COLS, col = block % BLOCK_COLS;
		size_t other = row * BLOCK_COLS + BLOCK_COLS - 1 - col;
		for (size_t bin = 0; bin < BINS; bin++)
			out[other * BINS + (BINS - bin) % BINS] = values[block * BINS + bin];
		out[FEATURES_BLOCKS * BINS + other] = values[FEATURES_BLOCKS * BINS + block];
	}
}
