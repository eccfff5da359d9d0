#include "body/movement_shift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define STABLE_NS  (20 * NS_PER_S)
#define DIFFERENCE 0.5
/*
 * Rolling over between back and front leaves the body where it was: half of the load may stay on
 * the same cells, and its centre with them; what changes is which parts press, and that is the
 * posture. Simulated: 13 of 28 such turns under 0.5, one under 0.35. A minute apart and still, real
 * people (PMD) differ from themselves by 0.29 at most (99th percentile).
 */
#define DIFFERENCE_OVER 0.35
#define STEADY_PART     0.8F   /* of a stretch: a posture that comes and goes is no witness */
#define CENTRE_SHIFT_MM 40.0   /* our own: more than breathing and a stretched arm move it */
#define MEAN_MAPS       100.0F /* the mean map forgets over so many: 20 s at 5 maps a second */
/* Longer without a map and nobody knows what was in between: as long as rules are blind. */
#define BLIND_NS (60 * NS_PER_S)

/* A stretch without movement. */
struct stretch {
	float *mean; /* n_cells */
	int64_t begun_ns, last_ns;
	unsigned n_maps;      /* 0: none */
	enum posture posture; /* the last that was known */
	unsigned n_read[POSTURE_COUNT];
};

struct shift {
	const struct surface *surface;
	float *memory;
	struct stretch before, now;
	bool compared;   /* `now` was, with `before` */
	int64_t last_ns; /* of the newest map */
};

struct shift *shift_create(const struct surface *surface)
{
	struct shift *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->surface = surface;
	s->memory = calloc(2 * surface->n_cells, sizeof(float));
	if (!s->memory) {
		free(s);
		return NULL;
	}
	s->before.mean = s->memory;
	s->now.mean = s->memory + surface->n_cells;
	return s;
}

void shift_destroy(struct shift *s)
{
	if (!s)
		return;
	free(s->memory);
	free(s);
}

void shift_reset(struct shift *s)
{
	s->before.n_maps = s->now.n_maps = 0;
	s->compared = false;
	s->last_ns = 0;
}

static bool is_stable(const struct stretch *stretch)
{
	return stretch->n_maps > 0 && stretch->last_ns - stretch->begun_ns >= STABLE_NS;
}

static void stretch_add(struct stretch *stretch, const float *map, size_t n_cells, int64_t mono_ns,
    enum posture posture)
{
	if (stretch->n_maps == 0) {
		memset(stretch->mean, 0, n_cells * sizeof(*stretch->mean));
		stretch->begun_ns = mono_ns;
		stretch->posture = POSTURE_UNKNOWN;
		memset(stretch->n_read, 0, sizeof(stretch->n_read));
	}
	stretch->n_maps++;
	float part = fmaxf(1 / (float)stretch->n_maps, 1 / MEAN_MAPS);
	for (size_t i = 0; i < n_cells; i++)
		stretch->mean[i] += part * (map[i] - stretch->mean[i]);
	if (posture != POSTURE_UNKNOWN)
		stretch->posture = posture;
	stretch->n_read[posture]++;
	stretch->last_ns = mono_ns;
}

struct centre {
	double load, x_mm, y_mm;
};

static struct centre find_centre(const struct surface *surface, const float *map, float offset)
{
	struct centre c = {0};

	for (size_t i = 0; i < surface->n_cells; i++) {
		double p = fmax(0, map[i] - offset);
		size_t row = surface->places ? 0 : i / surface->cols;
		size_t col = surface->places ? 0 : i % surface->cols;
		double x_mm = surface->places ? surface->places[i].x_mm
		                              : (double)col * surface->pitch_mm;
		double y_mm = surface->places ? surface->places[i].y_mm
		                              : (double)row * surface->pitch_mm;
		c.load += p;
		c.x_mm += p * x_mm;
		c.y_mm += p * y_mm;
	}
	if (c.load > 0) {
		c.x_mm /= c.load;
		c.y_mm /= c.load;
	}
	return c;
}

static bool is_steady(const struct stretch *stretch, enum posture posture)
{
	return (float)stretch->n_read[posture] >= STEADY_PART * (float)stretch->n_maps;
}

static bool rolled_over(const struct stretch *from, const struct stretch *to)
{
	return (is_steady(from, POSTURE_SUPINE) && is_steady(to, POSTURE_PRONE)) ||
	       (is_steady(from, POSTURE_PRONE) && is_steady(to, POSTURE_SUPINE));
}

static bool differ(const struct shift *s, float offset)
{
	struct centre a = find_centre(s->surface, s->before.mean, offset);
	struct centre b = find_centre(s->surface, s->now.mean, offset);
	double load = (a.load + b.load) / 2, difference = 0;

	for (size_t i = 0; i < s->surface->n_cells; i++)
		difference += fabsf(s->now.mean[i] - s->before.mean[i]);
	if (difference > DIFFERENCE_OVER * load && rolled_over(&s->before, &s->now))
		return true;
	/* Legs share the load whatever its shape: there only its centre tells. */
	if (surface_sense(s->surface) != SENSE_LOAD && difference <= DIFFERENCE * load)
		return false;
	bool turned = s->before.posture != POSTURE_UNKNOWN && s->now.posture != POSTURE_UNKNOWN &&
	              s->before.posture != s->now.posture;
	return turned || hypot(b.x_mm - a.x_mm, b.y_mm - a.y_mm) >= CENTRE_SHIFT_MM;
}

/* A movement ends the stretch under way; one that lasted is what comes before the next. */
static void end_stretch(struct shift *s)
{
	if (is_stable(&s->now)) {
		struct stretch spare = s->before;
		s->before = s->now;
		s->now = spare;
	}
	s->now.n_maps = 0;
	s->compared = false;
}

void shift_pause(struct shift *s)
{
	end_stretch(s);
}

bool shift_step(struct shift *s, const float *map, float offset, int64_t mono_ns, bool moving,
    enum posture posture)
{
	if (s->last_ns && (mono_ns <= s->last_ns || mono_ns - s->last_ns > BLIND_NS))
		shift_reset(s);
	s->last_ns = mono_ns;
	if (moving) {
		end_stretch(s);
		return false;
	}
	stretch_add(&s->now, map, s->surface->n_cells, mono_ns, posture);
	if (s->compared || !is_stable(&s->now))
		return false;
	s->compared = true;
	return s->before.n_maps > 0 && differ(s, offset);
}
