/*
 * The lesser and the greater of two numbers. fminf() and fmaxf() must answer for NAN, which costs
 * a call; images hold none, so the frame path uses these.
 */
#ifndef LUMBAR_BODY_MINMAX_H
#define LUMBAR_BODY_MINMAX_H

static inline float lesser(float a, float b)
{
	return a < b ? a : b;
}

static inline float greater(float a, float b)
{
	return a > b ? a : b;
}

#endif
