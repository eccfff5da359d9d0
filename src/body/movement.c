/*
 *	NSAD(t) = sum |P(t) - P(t - 1 s)| / sum (P(t) - offset)
 *
 * over the cells in contact now or a second ago, so that the noise of an empty mat's many cells
 * does not count; where nothing is above the noise there is no ratio. P are maps averaged over a
 * fifth of a second: a fast mat costs no more than a slow one. The offset of a cell is the low
 * quantile of a large mat's cells, most of which carry nobody; small mats may be loaded all over,
 * there it is 0.
 *
 * A strip of a few cells has no shape, and its sum is mostly offset. The same difference over one
 * second is put on the person's own scale instead: its running median is 0.022, by definition the
 * still person's, so 0.10 is 4.5 times that. Nobody is judged in the first ten seconds there.
 */
#include "body/movement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "body/movement_shift.h"
#include "dsp/robust.h"

/* docs/methods.md, section 4 */
#define ON_LIMIT     0.10F
#define ON_MADS      6.0F
#define OFF_MADS     3.0F /* our own: a noisy mat comes to rest too */
#define OFF_LIMIT    0.06F
#define OFF_NS       (3 * NS_PER_S)
#define STILL_MEDIAN 0.022F
#define LAG_S        1.0
#define PAST_S       600 /* ten minutes, a ratio a second */

#define ON_LIMIT_MAX     0.40F /* however restless the ten minutes: half of the least turn's 0.84 */
#define MAPS_PER_S       5.0
#define SETTLE_NS        (10 * NS_PER_S) /* limits are renewed this often */
#define GAP_S            3.0
#define PAST_LEAST       10
#define STRIP_CELLS_MAX  8   /* fewer than a map: the strip's scale */
#define OFFSET_CELLS     128 /* fewer may be loaded all over */
#define OFFSET_QUANTILE  0.25
#define CONTACT_QUANTILE 0.95 /* docs/methods.md, section 1: contact is over 5-10 % of P95 */
#define CONTACT_PART     0.1F
/* Above this many medians of the differences of all cells there is more than noise: 6 sigma
 * where readings below zero were cut off, 12 where not. */
#define NOISE_TIMES     8.0F
#define STRAY_PART      0.01 /* of a large mat: fewer cells in contact are noise or faults */
#define STRIP_LOAD_PART 1e-3 /* of a strip's reading: less is its own noise */

#define LANES 8

struct movement {
	size_t n_cells, n_ring;
	bool strip, legs;
	double map_ns, gap_ns; /* length of a map; longest step between images */
	float *ring, *map;     /* n_ring maps; the one being summed */
	int64_t ring_ns[8];    /* when each was whole */
	size_t newest, n_maps; /* in the ring */
	size_t n_in_map;
	int64_t begun_ns, last_ns; /* of the map; of the last image, 0: none */
	float *scratch;            /* n_cells, or PAST_S */

	float offset, contact;      /* of a cell */
	float past[PAST_S];         /* one a second of somebody's presence, a ring */
	size_t n_past;              /* ever */
	int64_t past_ns, limits_ns; /* when the next are due */
	float on_limit, off_limit;  /* in force */
	float strip_scale;          /* the median difference, NAN: not yet */

	struct movement_reading reading;
	int64_t calm_ns;  /* since when below the off limit, 0: not */
	int64_t still_ns; /* since when not moving */
	struct shift *shift;
};

struct movement *movement_create(const struct surface *surface)
{
	struct movement *m = calloc(1, sizeof(*m));
	double maps_per_s = fmin(MAPS_PER_S, surface->rate_hz);
	size_t n = surface->n_cells;

	if (!m)
		return NULL;
	m->n_cells = n;
	m->strip = surface->kind == SURFACE_STRIP || n <= STRIP_CELLS_MAX;
	m->legs = surface_sense(surface) == SENSE_LOAD;
	m->n_ring = (size_t)fmax(1, round(LAG_S * maps_per_s)) + 1;
	m->map_ns = (double)NS_PER_S / maps_per_s;
	m->gap_ns = fmax(GAP_S, 3 / (double)surface->rate_hz) * (double)NS_PER_S;
	m->ring = calloc((m->n_ring + 1) * n, sizeof(float));
	m->scratch = calloc(n > PAST_S ? n : PAST_S, sizeof(float));
	m->shift = shift_create(surface);
	if (!m->ring || !m->scratch || !m->shift) {
		movement_destroy(m);
		return NULL;
	}
	m->map = m->ring + m->n_ring * n;
	movement_reset(m);
	return m;
}

void movement_destroy(struct movement *m)
{
	if (!m)
		return;
	shift_destroy(m->shift);
	free(m->scratch);
	free(m->ring);
	free(m);
}

/* Nobody is there, or nobody is known to be: no ratio, and no limits of an earlier person. */
static void forget_ratios(struct movement *m)
{
	m->reading = (struct movement_reading){.ratio = NAN};
	m->calm_ns = m->still_ns = 0;
	m->limits_ns = 0;
	m->on_limit = ON_LIMIT;
	m->off_limit = OFF_LIMIT;
	m->strip_scale = NAN;
	m->n_past = 0;
}

void movement_reset(struct movement *m)
{
	m->n_maps = m->n_in_map = 0;
	m->last_ns = 0;
	forget_ratios(m);
	shift_pause(m->shift);
}

/* Takes the image into the map under way; true when that made it whole. */
static bool add_image(struct movement *m, const struct image *image)
{
	if (m->n_in_map == 0) {
		memcpy(m->map, image->cells, m->n_cells * sizeof(*m->map));
		m->begun_ns = image->mono_ns;
	} else {
		for (size_t i = 0; i < m->n_cells; i++)
			m->map[i] += image->cells[i];
	}
	m->n_in_map++;
	/* The next image, as far away as the last was, would lie beyond the map. */
	double step_ns = m->last_ns ? (double)(image->mono_ns - m->last_ns) : m->map_ns;
	return (double)(image->mono_ns - m->begun_ns) + 1.5 * step_ns > m->map_ns;
}

static const float *close_map(struct movement *m, int64_t mono_ns)
{
	float part = 1 / (float)m->n_in_map;

	m->newest = (m->newest + 1) % m->n_ring;
	float *map = m->ring + m->newest * m->n_cells;
	for (size_t i = 0; i < m->n_cells; i++)
		map[i] = m->map[i] * part;
	m->ring_ns[m->newest] = mono_ns;
	m->n_maps += m->n_maps < m->n_ring;
	m->n_in_map = 0;
	return map;
}

/* The map of about a second ago: the youngest that is old enough. NULL: there is none yet. */
static const float *earlier_map(const struct movement *m)
{
	for (size_t back = 1; back < m->n_maps; back++) {
		size_t place = (m->newest + m->n_ring - back) % m->n_ring;
		double age_ns = (double)(m->ring_ns[m->newest] - m->ring_ns[place]);
		if (age_ns >= LAG_S * (double)NS_PER_S - 0.5 * m->map_ns)
			return m->ring + place * m->n_cells;
	}
	return NULL;
}

static void find_levels(struct movement *m, const float *now, const float *then)
{
	m->offset = m->contact = 0;
	if (m->strip)
		return;
	if (m->n_cells >= OFFSET_CELLS)
		m->offset = robust_quantile(now, m->n_cells, OFFSET_QUANTILE, m->scratch);
	float high = robust_quantile(now, m->n_cells, CONTACT_QUANTILE, m->scratch);
	m->contact = m->offset + CONTACT_PART * (high - m->offset);
	if (m->n_cells < OFFSET_CELLS)
		return;
	for (size_t i = 0; i < m->n_cells; i++)
		m->scratch[i] = fabsf(now[i] - then[i]);
	float noise = robust_median(m->scratch, m->n_cells, m->scratch);
	m->contact = fmaxf(m->contact, m->offset + NOISE_TIMES * noise);
}

static void find_limits(struct movement *m)
{
	size_t n = m->n_past < PAST_S ? m->n_past : PAST_S;

	if (n < PAST_LEAST)
		return;
	float median = robust_median(m->past, n, m->scratch);
	float mad = robust_mad(m->past, n, m->scratch);
	if (m->strip) {
		m->strip_scale = median;
		mad *= median > 0 ? STILL_MEDIAN / median : 0;
		median = STILL_MEDIAN;
	}
	m->on_limit = fminf(fmaxf(ON_LIMIT, median + ON_MADS * mad), ON_LIMIT_MAX);
	m->off_limit = fminf(fmaxf(OFF_LIMIT, median + OFF_MADS * mad), m->on_limit);
}

/* Sums over the cells in contact in either map. */
struct sums {
	double difference, load, n_cells;
};

/* In lanes, for the vector unit. */
static struct sums compare(const struct movement *m, const float *now, const float *then)
{
	float differences[LANES] = {0}, loads[LANES] = {0}, cells[LANES] = {0};
	struct sums sums = {0};

	for (size_t i = 0; i < m->n_cells; i += LANES) {
		size_t n = m->n_cells - i < LANES ? m->n_cells - i : LANES;
		for (size_t j = 0; j < n; j++) {
			float a = now[i + j], b = then[i + j];
			float in_contact = (a > b ? a : b) >= m->contact ? 1.0F : 0.0F;
			differences[j] += in_contact * fabsf(a - b);
			loads[j] += in_contact * (a - m->offset);
			cells[j] += in_contact;
		}
	}
	for (size_t j = 0; j < LANES; j++) {
		sums.difference += differences[j];
		sums.load += loads[j];
		sums.n_cells += cells[j];
	}
	return sums;
}

/* The ratio of this map, and its place in the past. NAN: not yet. */
static float find_ratio(struct movement *m, const float *now, const float *then, int64_t mono_ns)
{
	struct sums sums = compare(m, now, then);
	bool stray = m->n_cells >= OFFSET_CELLS && sums.n_cells < STRAY_PART * (double)m->n_cells;
	float ratio = sums.load > 0 && !stray ? (float)(sums.difference / sums.load) : NAN;

	if (mono_ns >= m->past_ns) {
		m->past[m->n_past++ % PAST_S] = m->strip ? (float)sums.difference : ratio;
		m->past_ns = mono_ns + NS_PER_S;
	}
	if (!m->strip)
		return ratio;
	if (isnan(m->strip_scale))
		return NAN;
	double scale = fmax(m->strip_scale, STRIP_LOAD_PART * sums.load);
	return scale > 0 ? (float)(STILL_MEDIAN * sums.difference / scale) : 0;
}

static void step_hysteresis(struct movement *m, int64_t mono_ns)
{
	struct movement_reading *r = &m->reading;

	if (r->ratio > m->on_limit)
		r->moving = true;
	if (!r->moving) {
		if (!m->still_ns)
			m->still_ns = mono_ns;
		return;
	}
	m->still_ns = 0;
	if (r->ratio >= m->off_limit) {
		m->calm_ns = 0;
	} else if (!m->calm_ns) {
		m->calm_ns = mono_ns;
	} else if (mono_ns - m->calm_ns >= OFF_NS) {
		r->moving = false;
		m->still_ns = mono_ns;
		m->calm_ns = 0;
	}
}

static void judge_map(struct movement *m, const float *map, int64_t mono_ns, enum posture posture)
{
	const float *then = earlier_map(m);

	if (!then)
		return;
	if (mono_ns >= m->limits_ns) {
		find_levels(m, map, then);
		find_limits(m);
		m->limits_ns = mono_ns + SETTLE_NS;
	}
	m->reading.ratio = find_ratio(m, map, then, mono_ns);
	step_hysteresis(m, mono_ns);
	if (!m->strip || m->legs)
		m->reading.shift = shift_step(
		    m->shift, map, m->offset, mono_ns, m->reading.moving, posture);
}

void movement_step(struct movement *m, const struct image *image, bool occupied,
    enum posture posture, struct movement_reading *out)
{
	int64_t now_ns = image->mono_ns;

	if (m->last_ns && (now_ns <= m->last_ns || (double)(now_ns - m->last_ns) > m->gap_ns))
		movement_reset(m);
	if (!occupied) {
		forget_ratios(m);
		shift_reset(m->shift);
	}
	m->reading.shift = false;
	bool whole = add_image(m, image);
	m->last_ns = now_ns;
	if (whole) {
		const float *map = close_map(m, now_ns);
		if (occupied)
			judge_map(m, map, now_ns, posture);
	}
	m->reading.still_s = m->still_ns
	                         ? (float)((double)(now_ns - m->still_ns) / (double)NS_PER_S)
	                         : 0;
	*out = m->reading;
}
