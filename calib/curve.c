/*
 * x^y = 2^(y log2 x). The logarithm of the mantissa and the power of the rest are polynomials of
 * least greatest error, made by the exchange algorithm of Remez:
 *
 *	log2(1 + t), 0 <= t < 1		t (c1 + .. + c6 t^5)	3.7e-6 absolute
 *	2^f, -0.5 <= f <= 0.5		d0 + .. + d4 f^4	2.6e-6 relative
 *
 * Only arithmetic and whole numbers, so that compilers make vectors of the loop; a table of each
 * cell's curve, looked up and interpolated, was no shorter and cannot be had in vectors.
 */
#include "calib/curve.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline float float_of(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline uint32_t bits_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static inline float log2_of(uint32_t bits)
{
	float t = float_of((bits & 0x007fffffu) | 0x3f800000u) - 1;
	float whole = (float)((int32_t)(bits >> 23) - 127);
	float p = 0.120221908f + t * -0.0251232033f;

	p = -0.276967100f + t * p;
	p = 0.457618272f + t * p;
	p = -0.718324857f + t * p;
	p = 1.44257498f + t * p;
	return whole + t * p;
}

/*
 * Cut after adding so much that it is positive, it is rounded. Below -127 it is 0, by a greatest of
 * two without a comparison of floats, which would keep the loop from being made of vectors.
 */
static inline float exp2_of(float power)
{
	float shifted = power + 127.5f;
	int32_t whole = (int32_t)((shifted + fabsf(shifted)) * 0.5f);
	float f = power - (float)(whole - 127);
	float p = 0.0559220257f + f * 0.00968571144f;

	p = 0.240218655f + f * p;
	p = 0.693121036f + f * p;
	p = 1.00000015f + f * p;
	whole = whole > 255 ? 255 : whole; /* infinite */
	return float_of((uint32_t)whole << 23) * p;
}

void curve_apply(const float *restrict counts, const float *restrict offset,
    const float *restrict gain, const float *restrict exponent, float *restrict pressure, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits = bits_of(counts[i] - offset[i]);
		float power = exponent[i] * log2_of(bits & 0x7fffffffu);
		/* As whole numbers the bits of floats above 0, and of no others, are above 0. */
		uint32_t above = 0 - (uint32_t)((int32_t)bits > 0);
		pressure[i] = gain[i] * float_of(bits_of(exp2_of(power)) & above);
	}
}
