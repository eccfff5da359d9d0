/* A mat as it comes, not calibrated: every cell has its own offset, and noise, and drifts. */
#include "bodies.h"
#include "support.h"

#include "base/random.h"
#include "body/body.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ     5
#define CELLS_MAX   (64 * 32)
#define MMHG_FULL   200.0f /* of full scale */
#define SUITCASE_MM 650

struct mat {
	struct surface surface;
	struct body *body;
	struct random random;
	float offset[CELLS_MAX], drift[CELLS_MAX], load[CELLS_MAX], cells[CELLS_MAX];
	double noise, drift_per_h; /* percent of full scale */
	long n;
	long counts[4]; /* frames of each occupancy */
	struct observation o;
};

/* Percent of full scale: offsets about a common one, all their own. */
static void begin(struct mat *mat, struct surface surface, double common, double offset,
    double noise, uint64_t seed)
{
	struct options options;
	struct error err = {0};

	*mat = (struct mat){.surface = surface, .noise = noise, .drift_per_h = offset};
	mat->surface.rate_hz = RATE_HZ;
	options_init(&options, body_options);
	mat->body = body_create(&mat->surface, &options, &err);
	assert_non_null(mat->body);
	random_init(&mat->random, seed);
	for (size_t i = 0; i < surface.n_cells; i++) {
		double own = random_uniform(&mat->random) < 0.5
		                 ? fabs(random_normal(&mat->random))
		                 : -log(1 - random_uniform(&mat->random));
		mat->offset[i] = (float)(common + offset * own);
		mat->drift[i] = (float)(random_normal(&mat->random));
	}
}

/* seconds of what lies in mat->load, mmHg, its breath a share of it; counts what was read. */
static void last(struct mat *mat, int seconds, double breath)
{
	memset(mat->counts, 0, sizeof(mat->counts));
	for (int k = 0; k < seconds * RATE_HZ; k++, mat->n++) {
		double t_s = (double)mat->n / RATE_HZ;
		double drift = mat->drift_per_h * t_s / 3600;
		double rise = 1 + breath * sin(2 * M_PI * 0.25 * t_s);
		for (size_t i = 0; i < mat->surface.n_cells; i++) {
			double value = mat->offset[i] + drift * (double)mat->drift[i] +
			               rise * (double)mat->load[i] * 100 / (double)MMHG_FULL +
			               mat->noise * random_normal(&mat->random);
			mat->cells[i] = (float)(round(fmin(fmax(value, 0), 100) * 10) / 10);
		}
		struct image image = bodies_image(&mat->surface, mat->cells, t_s);
		image.unit = PRESSURE_RELATIVE;
		body_step(mat->body, &image, &mat->o);
		mat->counts[mat->o.occupancy]++;
	}
}

static void lift_all(struct mat *mat)
{
	memset(mat->load, 0, sizeof(mat->load));
}

static const struct {
	size_t rows, cols;
} sizes[] = {{64, 32}, {32, 16}, {16, 16}, {16, 8}};
static const struct {
	double common, offset, noise;
} faults[] = {{0, 0.1, 0.15}, {0, 0.3, 0.5}, {0, 1, 0.15}, {0, 1, 0.5}, {4.5, 0.5, 0.3}};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void test_an_empty_noisy_mat_is_empty(void **state)
{
	static struct mat mat;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes) * COUNT(faults); i++) {
		size_t size = i / COUNT(faults), fault = i % COUNT(faults);
		begin(&mat, bodies_bed(sizes[size].rows, sizes[size].cols), faults[fault].common,
		    faults[fault].offset, faults[fault].noise, i);
		last(&mat, 240, 0);
		assert_int_equal(mat.counts[OCCUPANCY_PERSON] + mat.counts[OCCUPANCY_OBJECT], 0);
		assert_true(mat.counts[OCCUPANCY_UNKNOWN] <= 4 * RATE_HZ);
		body_destroy(mat.body);
	}
}

static void test_drift_over_hours_is_no_load(void **state)
{
	static struct mat mat;

	(void)state;
	begin(&mat, bodies_bed(32, 16), 4.5, 0.5, 0.3, 3);
	mat.drift_per_h = 1;
	last(&mat, 3 * 3600, 0);
	assert_int_equal(mat.counts[OCCUPANCY_PERSON] + mat.counts[OCCUPANCY_OBJECT], 0);
	body_destroy(mat.body);
}

static void test_a_person_comes_and_goes_on_a_noisy_mat(void **state)
{
	static struct mat mat;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes) * COUNT(faults); i++) {
		size_t size = i / COUNT(faults), fault = i % COUNT(faults);
		enum posture posture = i % 2 ? POSTURE_LEFT : POSTURE_SUPINE;
		begin(&mat, bodies_bed(sizes[size].rows, sizes[size].cols), faults[fault].common,
		    faults[fault].offset, faults[fault].noise, i);
		last(&mat, 20, 0);
		bodies_lie(&mat.surface, posture, 80, i, mat.load);
		last(&mat, 12, 0.03);
		assert_int_equal(mat.o.occupancy, OCCUPANCY_PERSON);
		last(&mat, 300, 0.03);
		assert_int_equal(mat.counts[OCCUPANCY_PERSON], 300 * RATE_HZ);
		lift_all(&mat);
		last(&mat, 10, 0);
		assert_int_equal(mat.o.occupancy, OCCUPANCY_EMPTY);
		last(&mat, 120, 0);
		assert_int_equal(mat.counts[OCCUPANCY_EMPTY], 120 * RATE_HZ);
		body_destroy(mat.body);
	}
}

static void test_a_suitcase_on_a_noisy_mat_is_no_person(void **state)
{
	static struct mat mat;

	(void)state;
	for (size_t fault = 0; fault < COUNT(faults); fault++) {
		begin(&mat, bodies_bed(32, 16), faults[fault].common, faults[fault].offset,
		    faults[fault].noise, fault);
		last(&mat, 20, 0);
		bodies_add_box(&mat.surface, 250, 400, 450, SUITCASE_MM, 15, mat.load);
		last(&mat, 600, 0);
		assert_int_equal(mat.counts[OCCUPANCY_PERSON], 0);
		assert_int_equal(mat.o.occupancy, OCCUPANCY_OBJECT);
		lift_all(&mat);
		last(&mat, 10, 0);
		assert_int_equal(mat.o.occupancy, OCCUPANCY_EMPTY);
		body_destroy(mat.body);
	}
}

static void test_a_noisy_chair_is_empty(void **state)
{
	static struct mat mat;
	struct surface seat = {.name = "chair",
	    .kind = SURFACE_SEAT,
	    .rows = 16,
	    .cols = 16,
	    .n_cells = 256,
	    .pitch_mm = 25,
	    .full_scale_counts = 1000};

	(void)state;
	for (size_t fault = 0; fault < COUNT(faults); fault++) {
		begin(&mat, seat, faults[fault].common, faults[fault].offset, faults[fault].noise,
		    fault);
		last(&mat, 240, 0);
		assert_int_equal(mat.counts[OCCUPANCY_PERSON] + mat.counts[OCCUPANCY_OBJECT], 0);
		assert_true(mat.counts[OCCUPANCY_UNKNOWN] <= 4 * RATE_HZ);
		assert_int_equal(mat.o.seat, SEAT_EMPTY);
		body_destroy(mat.body);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_an_empty_noisy_mat_is_empty),
	    cmocka_unit_test(test_drift_over_hours_is_no_load),
	    cmocka_unit_test(test_a_person_comes_and_goes_on_a_noisy_mat),
	    cmocka_unit_test(test_a_suitcase_on_a_noisy_mat_is_no_person),
	    cmocka_unit_test(test_a_noisy_chair_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
