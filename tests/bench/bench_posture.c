/* What judging the posture of one map costs, by the size of the mat. docs/methods.md: 30 us. */
#include "bench.h"

#include "body/posture.h"
#include "core/observation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 4000, VARIANTS = 16 };

/* A trunk, a head and two legs of about the right sizes: what counts is the work, not the answer. */
static float pressure_at(double x, double y, unsigned variant)
{
	double turn = 0.02 * variant;
	double trunk = exp(-pow((x - 0.5 - turn * (y - 0.4)) / 0.16, 2) - pow((y - 0.38) / 0.2, 2));
	double head = exp(-pow((x - 0.5) / 0.07, 2) - pow((y - 0.08) / 0.05, 2));
	double legs = exp(-pow((fabs(x - 0.5) - 0.1) / 0.05, 2) - pow((y - 0.75) / 0.2, 2));

	return (float)(40 * trunk + 25 * head + 15 * legs);
}

static void fill(const struct surface *surface, float *cells)
{
	for (unsigned v = 0; v < VARIANTS; v++)
		for (size_t i = 0; i < surface->n_cells; i++)
			cells[v * surface->n_cells + i] = pressure_at(
			    ((double)(i % surface->cols) + 0.5) / (double)surface->cols,
			    ((double)(i / surface->cols) + 0.5) / (double)surface->rows, v);
}

static int time_size(size_t rows, size_t cols, const struct posture_model *model)
{
	struct surface surface = {.kind = SURFACE_BED,
	    .rows = rows,
	    .cols = cols,
	    .n_cells = rows * cols,
	    .pitch_mm = 1730.0f / (float)rows,
	    .full_scale_counts = 4095,
	    .rate_hz = 10};
	struct posture_classifier *classifier = posture_classifier_create(&surface, model);
	float *cells = calloc(VARIANTS * surface.n_cells, sizeof(float));
	struct posture_reading reading;
	char name[32];

	if (!classifier || !cells) {
		posture_classifier_destroy(classifier);
		free(cells);
		return -1;
	}
	fill(&surface, cells);
	size_t allocations = bench_allocations();
	int64_t begun_ns = bench_now_ns();
	for (unsigned i = 0; i < N; i++) {
		struct image image = {.surface = &surface,
		    .unit = PRESSURE_RELATIVE,
		    .health_ratio = 1,
		    .cells = cells + i % VARIANTS * surface.n_cells};
		posture_classify(classifier, &image, &reading);
	}
	snprintf(name, sizeof(name), "posture, %zu x %zu", rows, cols);
	bench_print_stage(name, bench_now_ns() - begun_ns, N);
	allocations = bench_allocations() - allocations;
	posture_classifier_destroy(classifier);
	free(cells);
	if (allocations)
		printf("  %zu allocations: there must be none\n", allocations);
	return allocations ? -1 : 0;
}

int main(void)
{
	static const size_t sizes[][2] = {{16, 8}, {32, 16}, {64, 32}, {128, 64}};
	struct posture_model *model = posture_model_load(NULL, NULL);
	int result = model ? 0 : -1;

	printf("bench_posture: CPU time a map\n");
	for (size_t i = 0; result == 0 && i < sizeof(sizes) / sizeof(sizes[0]); i++)
		result = time_size(sizes[i][0], sizes[i][1], model);
	posture_model_destroy(model);
	return result < 0 ? 1 : 0;
}
