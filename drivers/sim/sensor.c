/*
 * counts = g p^gamma (1 + c log10(1 + t / tau)) (1 + alpha (T - 25)), with p behind a Prandtl
 * play, then ghost, offset, noise and rounding. Ranges: docs/methods.md, section 7.
 */
#include "drivers/sim/sensor.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GAIN_SIGMA     0.10 /* of ln g; a calibrated or equilibrated mat: 0.15-0.30 without */
#define GAMMA_LOW      0.85
#define GAMMA_HIGH     1.0
#define GAMMA_SIGMA    0.01 /* between the cells of one mat */
#define CREEP_LOW      0.02 /* per decade of time */
#define CREEP_HIGH     0.08
#define CREEP_TAU_S    10.0
#define ALPHA_PER_K    0.003 /* at most, to either side */
#define ROOM_C         22.0
#define SKIN_C         32.0 /* of the sheet under her, which she warms up to */
#define WARM_TAU_S     1200.0
#define PLAY_LOW       0.10 /* hysteresis */
#define PLAY_HIGH      0.20
#define PLAY_MMHG      4.0
#define GHOST_LOW      0.01
#define GHOST_HIGH     0.05
#define NOISE_MMHG     0.05  /* real mats: 0.5 counts of 1000 where nothing lies */
#define NOISE_SHARE    0.008 /* of the reading on top */
#define NOISE_COUNTS   0.35  /* at least: a converter's own */
#define OFFSET_MMHG    0.08
#define DEAD_SHARE_MAX 0.01 /* of single cells */
#define DEAD_LINE_ODDS 0.05 /* that a whole row is dead */
#define NOISE_TABLE    8192 /* a power of two */

struct cell {
	float gain, gamma, offset; /* offset in counts */
	int dead;
};

struct sim_sensor {
	size_t rows, cols, n_cells;
	int perfect;
	float full_scale, counts_per_mmhg, creep, ghost, alpha, play_share;
	struct cell *cells;
	float *play; /* mmHg, the operator's state */
	float *raw;  /* counts before ghosts */
	float *row_mean, *col_mean;
	float noise[NOISE_TABLE]; /* of sd 1 */
	float noise_counts;
	struct random random;
};

static void draw_faults(struct sim_sensor *sensor, struct random *random, double full_mmhg)
{
	double gamma = random_between(random, GAMMA_LOW, GAMMA_HIGH);
	double dead_share = random_between(random, 0, DEAD_SHARE_MAX);

	sensor->creep = (float)random_between(random, CREEP_LOW, CREEP_HIGH);
	sensor->ghost = (float)random_between(random, GHOST_LOW, GHOST_HIGH);
	for (size_t i = 0; i < sensor->n_cells; i++) {
		struct cell *cell = &sensor->cells[i];
		double cell_gamma = gamma + GAMMA_SIGMA * random_normal(random);
		/* The gain is 1 at a fifth of full scale, where a body presses. */
		cell->gamma = (float)cell_gamma;
		cell->gain = (float)(exp(GAIN_SIGMA * random_normal(random)) *
		                     sensor->counts_per_mmhg * pow(full_mmhg / 5, 1 - cell_gamma));
		cell->offset = (float)fabs(
		    OFFSET_MMHG * sensor->counts_per_mmhg * random_normal(random));
		cell->dead = random_uniform(random) < dead_share;
	}
	if (random_uniform(random) < DEAD_LINE_ODDS) {
		size_t row = (size_t)(random_uniform(random) * (double)sensor->rows);
		for (size_t col = 0; col < sensor->cols; col++)
			sensor->cells[row * sensor->cols + col].dead = 1;
	}
	sensor->noise_counts = (float)fmax(
	    NOISE_MMHG * (double)sensor->counts_per_mmhg, NOISE_COUNTS);
	for (size_t i = 0; i < NOISE_TABLE; i++)
		sensor->noise[i] = (float)random_normal(random);
	sensor->alpha = (float)random_between(random, -ALPHA_PER_K, ALPHA_PER_K);
	sensor->play_share = (float)random_between(random, PLAY_LOW, PLAY_HIGH);
}

static void wear_out(
    struct sim_sensor *sensor, const struct sim_wear *wear, struct random *random, double full_mmhg)
{
	size_t n_dead = (size_t)(wear->dead_ratio * (double)sensor->n_cells + 0.5);

	sensor->creep = (float)wear->creep_ratio;
	for (size_t i = 0; i < sensor->n_cells; i++) {
		struct cell *cell = &sensor->cells[i];
		double gamma = random_between(random, wear->gamma_low, wear->gamma_high);
		cell->gamma = (float)gamma;
		cell->gain = (float)(exp(wear->gain_sigma * random_normal(random)) *
		                     sensor->counts_per_mmhg * pow(full_mmhg / 5, 1 - gamma));
		cell->dead = wear->dead_row >= 0 && i / sensor->cols == (size_t)wear->dead_row;
	}
	while (n_dead > 0) {
		size_t i = (size_t)(random_uniform(random) * (double)sensor->n_cells);
		n_dead -= !sensor->cells[i].dead;
		sensor->cells[i].dead = 1;
	}
}

int sim_sensor_dead(const struct sim_sensor *sensor, size_t cell)
{
	return sensor->cells[cell].dead;
}

static double full_of(const struct surface *surface)
{
	return surface->kind == SURFACE_SEAT ? SIM_SEAT_FULL_MMHG : SIM_BED_FULL_MMHG;
}

struct sim_sensor *sim_sensor_create_worn(const struct surface *surface, struct random *random,
    const struct sim_wear *wear, struct error *err)
{
	struct sim_sensor *sensor = sim_sensor_create(surface, random, 0, err);

	if (sensor)
		wear_out(sensor, wear, random, full_of(surface));
	return sensor;
}

struct sim_sensor *sim_sensor_create(
    const struct surface *surface, struct random *random, int perfect, struct error *err)
{
	struct sim_sensor *sensor = calloc(1, sizeof(*sensor));
	double full_mmhg = full_of(surface);

	if (!sensor)
		goto fail;
	sensor->rows = surface->rows;
	sensor->cols = surface->cols;
	sensor->n_cells = surface->n_cells;
	sensor->perfect = perfect;
	sensor->full_scale = surface->full_scale_counts;
	sensor->counts_per_mmhg = (float)(surface->full_scale_counts / full_mmhg);
	sensor->cells = calloc(sensor->n_cells, sizeof(*sensor->cells));
	sensor->play = calloc(sensor->n_cells, sizeof(*sensor->play));
	sensor->raw = calloc(sensor->n_cells, sizeof(*sensor->raw));
	sensor->row_mean = calloc(sensor->rows, sizeof(*sensor->row_mean));
	sensor->col_mean = calloc(sensor->cols, sizeof(*sensor->col_mean));
	if (!sensor->cells || !sensor->play || !sensor->raw || !sensor->row_mean ||
	    !sensor->col_mean)
		goto fail;
	draw_faults(sensor, random, full_mmhg);
	random_init(&sensor->random, (uint64_t)(random_uniform(random) * 0x1p48));
	return sensor;
fail:
	sim_sensor_destroy(sensor);
	error_set(err, -ENOMEM, "out of memory for a simulated mat");
	return NULL;
}

void sim_sensor_destroy(struct sim_sensor *sensor)
{
	if (!sensor)
		return;
	free(sensor->cells);
	free(sensor->play);
	free(sensor->raw);
	free(sensor->row_mean);
	free(sensor->col_mean);
	free(sensor);
}

/*
 * p^gamma for p > 0 to 0.5 %: the logarithm and the power of two by a cubic each on the mantissa,
 * some nanoseconds against powf's ten times that. Both cubics are exact at the ends of an octave.
 */
static float power(float p, float gamma)
{
	uint32_t bits;
	float mantissa, whole, result;

	memcpy(&bits, &p, sizeof(bits));
	uint32_t mantissa_bits = (bits & 0x007fffffu) | 0x3f800000u;
	memcpy(&mantissa, &mantissa_bits, sizeof(mantissa));
	float m = mantissa - 1;
	float log2_p = (float)((int)(bits >> 23) - 127) +
	               m * (1.42286530f + m * (-0.58208536f + m * 0.15922006f));
	float exponent = log2_p * gamma;
	whole = floorf(exponent);
	float f = exponent - whole;
	uint32_t scale = (uint32_t)((int)whole + 127) << 23;
	memcpy(&result, &scale, sizeof(result));
	return result * (1 + f * (0.69583356f + f * (0.22606716f + f * 0.07809928f)));
}

/* Raw counts of every cell, and the means of rows and columns on the way. */
static void press(struct sim_sensor *sensor, const float *mmhg, float creep)
{
	memset(sensor->col_mean, 0, sensor->cols * sizeof(*sensor->col_mean));
	for (size_t row = 0, i = 0; row < sensor->rows; row++) {
		float sum = 0;
		for (size_t col = 0; col < sensor->cols; col++, i++) {
			const struct cell *cell = &sensor->cells[i];
			float play = sensor->play[i], p = mmhg[i];
			play = play < p - (float)PLAY_MMHG ? p - (float)PLAY_MMHG : play;
			play = play > p + (float)PLAY_MMHG ? p + (float)PLAY_MMHG : play;
			sensor->play[i] = play;
			p += sensor->play_share * (play - p);
			/* A cell that nothing touches reads nothing: the sheets part. */
			float raw = mmhg[i] > 0.01f ? cell->gain * power(p, cell->gamma) * creep
			                            : 0;
			sensor->raw[i] = raw;
			sensor->col_mean[col] += raw;
			sum += raw;
		}
		sensor->row_mean[row] = sum / (float)sensor->cols;
	}
	for (size_t col = 0; col < sensor->cols; col++)
		sensor->col_mean[col] /= (float)sensor->rows;
}

static float clamp(float value, float high)
{
	return value < 0 ? 0 : value > high ? high : value;
}

void sim_sensor_read(struct sim_sensor *sensor, const float *mmhg, double loaded_s, float *counts)
{
	double celsius = ROOM_C + (SKIN_C - ROOM_C) * (1 - exp(-loaded_s / WARM_TAU_S));
	float creep = (1 + sensor->creep * (float)log10(1 + loaded_s / CREEP_TAU_S)) *
	              (1 + sensor->alpha * (float)(celsius - 25));

	if (sensor->perfect) {
		for (size_t i = 0; i < sensor->n_cells; i++)
			counts[i] = clamp(mmhg[i] * sensor->counts_per_mmhg, sensor->full_scale);
		return;
	}
	press(sensor, mmhg, creep);
	/* One draw a frame, then the table from there on: cheap, and no two frames are alike. */
	size_t at = (size_t)(random_uniform(&sensor->random) * NOISE_TABLE);
	for (size_t row = 0, i = 0; row < sensor->rows; row++)
		for (size_t col = 0; col < sensor->cols; col++, i++) {
			float noise = sensor->noise[(at + i) % NOISE_TABLE];
			float ghost = sensor->ghost *
			              (sensor->row_mean[row] + sensor->col_mean[col]);
			float value = sensor->raw[i] + ghost + sensor->cells[i].offset +
			              noise * (sensor->noise_counts +
			                          (float)NOISE_SHARE * sensor->raw[i]);
			value = sensor->cells[i].dead ? 0 : value;
			counts[i] = (float)(int)(clamp(value, sensor->full_scale) + 0.5f);
		}
}
