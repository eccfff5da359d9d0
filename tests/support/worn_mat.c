#include "worn_mat.h"

#include "bodies.h"
#include "support.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"

#define RATE 4

const struct sim_wear very_worn = {.gain_sigma = 0.3,
    .gamma_low = 0.7,
    .gamma_high = 1,
    .creep_ratio = 0.03,
    .dead_ratio = 0.02,
    .dead_row = 20};
const struct sim_wear little_worn = {
    .gain_sigma = 0.15, .gamma_low = 0.95, .gamma_high = 1, .creep_ratio = 0.02, .dead_row = -1};

struct procedure_plan worn_mat_plan(size_t n_levels, float mass_kg)
{
	static const float levels_mmhg[] = {10, 20, 40};
	struct procedure_plan plan = {.n_levels = n_levels, .mass_kg = mass_kg};

	procedure_defaults(&plan);
	memcpy(plan.levels_mmhg, levels_mmhg + (3 - n_levels), n_levels * sizeof(float));
	return plan;
}

void worn_mat_begin(
    struct worn_mat *mat, const struct sim_wear *wear, const struct procedure_plan *plan)
{
	struct random random;
	struct error err = {0};

	*mat = (struct worn_mat){.surface = bodies_bed(WORN_ROWS, WORN_COLS), .now_ns = NS_PER_H};
	strcpy(mat->surface.name, "bed");
	mat->surface.full_scale_counts = 4095;
	random_init(&random, 17);
	mat->sensor = sim_sensor_create_worn(&mat->surface, &random, wear, NULL);
	assert_non_null(mat->sensor);
	mat->procedure = procedure_create(&mat->surface, plan, &err);
	if (!mat->procedure)
		fail_msg("%s", err.text);
}

void worn_mat_end(struct worn_mat *mat)
{
	procedure_destroy(mat->procedure);
	sim_sensor_destroy(mat->sensor);
}

void worn_mat_pass(struct worn_mat *mat, double length_s)
{
	mat->loaded_ns = mat->now_ns;
	for (int i = 0; i < length_s * RATE; i++) {
		mat->now_ns += NS_PER_S / RATE;
		sim_sensor_read(mat->sensor, mat->mmhg,
		    (double)(mat->now_ns - mat->loaded_ns) / 1e9, mat->counts);
		struct frame frame = {.mono_ns = mat->now_ns,
		    .real_ns = mat->now_ns + 1795359600LL * NS_PER_S,
		    .n_cells = WORN_CELLS,
		    .counts = mat->counts};
		procedure_feed(mat->procedure, &frame);
	}
}

void worn_mat_press(struct worn_mat *mat, float mmhg, double length_s)
{
	for (size_t i = 0; i < WORN_CELLS; i++)
		mat->mmhg[i] = mmhg;
	worn_mat_pass(mat, length_s);
}

void worn_mat_lie(struct worn_mat *mat, double length_s)
{
	bodies_lie(&mat->surface, POSTURE_SUPINE, 80, 3, mat->mmhg);
	worn_mat_pass(mat, length_s);
}

void worn_mat_weigh(struct worn_mat *mat, double mass_kg, double length_s)
{
	double area_m2 = 256 * pow((double)mat->surface.pitch_mm / 1000, 2);
	float mmhg = (float)(mass_kg * 9.80665 / area_m2 / 133.322);

	for (size_t i = 0; i < WORN_CELLS; i++) {
		size_t row = i / WORN_COLS, col = i % WORN_COLS;
		mat->mmhg[i] = row >= 32 && row < 48 && col >= 8 && col < 24 ? mmhg : 0;
	}
	worn_mat_pass(mat, length_s);
}

void worn_mat_condition(struct worn_mat *mat)
{
	worn_mat_press(mat, 0, 5);
	for (int i = 0; i < 3; i++) {
		worn_mat_press(mat, 40, 8);
		worn_mat_press(mat, 0, 8);
	}
}

void worn_mat_condition_and_tare(struct worn_mat *mat)
{
	worn_mat_condition(mat);
	worn_mat_press(mat, 0, 62);
}

struct procedure_view worn_mat_view(const struct worn_mat *mat)
{
	struct procedure_view view;

	procedure_view(mat->procedure, &view);
	return view;
}

void worn_mat_sees(const struct worn_mat *mat, const char *words)
{
	struct procedure_view view = worn_mat_view(mat);

	if (!strstr(view.sees, words))
		fail_msg("\"%s\" lacks \"%s\" (asked: %s)", view.sees, words, view.ask);
}

struct calibration worn_mat_result(struct worn_mat *mat)
{
	struct calibration made;
	struct error err = {0};

	if (procedure_result(mat->procedure, &made, &err) < 0)
		fail_msg("%s", err.text);
	return made;
}
