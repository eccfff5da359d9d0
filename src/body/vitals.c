/*
 * Frames are binned to channels of some 10 cm, kept on even time grids (vitals_history.h), and
 * every 5 s the newest window is read for breathing and heart rate. Gates of docs/methods.md,
 * section 3: a window is refused when more than 5 % of it moved or when movement ended less than
 * 5 s ago; a rate is refused outside its range, when its peak is not clear, or when it jumps and
 * the window before did not say the same.
 */
#include "body/vitals.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "body/vitals_breathing.h"
#include "body/vitals_courses.h"
#include "body/vitals_heart.h"
#include "body/vitals_history.h"
#include "body/vitals_lines.h"

#define HOP_S             5.0
#define MOVING_PART       0.05
#define MOVING_GUARD_S    5.0
#define BREATHING_RATE_HZ 4.0 /* frames per second below which breathing is not assessed */
#define BREATHING_GRID_HZ 5.0
#define BREATHING_LOW     6.0
#define BREATHING_TOP     35.0
#define HEART_JUMP        15.0
#define RATE_SLACK        0.9 /* a mat that is late by a tenth is still its nominal rate */
#define BLOCK_ROWS        32  /* blocks along and across: 5 cm on a 160 x 80 cm mat */
#define BLOCK_COLS        16

#define BREATHING_AGREE 2.0F /* between two windows */
#define LEAST_PART      0.5F /* of the limit, in the less clear of two windows */
#define ALONE_PART      1.5F /* so much clearer must a window be that stands alone */

/* Found at HEART_SCORE_FIND, a heart rate is followed at a lower one while it stays near. */
#define HEART_SCORE_FOLLOW 0.25F
#define HEART_MARGIN_LEAST 0.05F
#define HEART_NEAR         5.0

/* What was found last, for the jump gate. */
struct track {
	float candidate; /* of the last window, published or not; NAN: none */
	float published; /* NAN: none yet */
	int64_t published_ns;
};

#define TRACK_S 30.0 /* what was published longer ago is no guide */

struct vitals {
	size_t rows, cols, block_rows, block_cols; /* of the image, of one block */
	size_t n_channels, channel_cols;
	float *channels;
	struct history *slow, *fast; /* for breathing and heart; NULL: the mat is too slow */
	struct breathing *breathing;
	struct heart *heart; /* of a strip */
	struct lines *lines; /* or of a mat */
	struct track heart_track;
	int64_t lines_ns;    /* when they were read last; 0: not yet */
	int64_t next_hop_ns; /* 0: at the first whole window */
	bool sought;         /* breathing, at this image */
	struct vitals_reading reading;
};

static const struct track no_track = {.candidate = NAN, .published = NAN};
static const struct vitals_reading no_reading = {NAN, NAN, NAN, NAN, false, 0};

static size_t divide_up(size_t a, size_t b)
{
	return (a + b - 1) / b;
}

static void lay_blocks(struct vitals *v, const struct surface *surface)
{
	bool grid = surface_is_grid(surface);

	v->rows = grid ? surface->rows : 1;
	v->cols = grid ? surface->cols : surface->n_cells;
	v->block_rows = divide_up(v->rows, BLOCK_ROWS);
	v->block_cols = divide_up(v->cols, grid ? BLOCK_COLS : BLOCK_ROWS * BLOCK_COLS);
	v->channel_cols = divide_up(v->cols, v->block_cols);
	v->n_channels = divide_up(v->rows, v->block_rows) * v->channel_cols;
}

struct vitals *vitals_create(const struct surface *surface, struct error *err)
{
	struct vitals *v = calloc(1, sizeof(*v));

	if (!v)
		goto fail;
	lay_blocks(v, surface);
	v->channels = calloc(v->n_channels, sizeof(*v->channels));
	if (!v->channels)
		goto fail;
	if (surface->rate_hz >= BREATHING_RATE_HZ) {
		v->slow = history_create(v->n_channels, surface->rate_hz, BREATHING_GRID_HZ,
		    2 * BREATHING_WINDOW_S + HOP_S);
		v->breathing = v->slow ? breathing_create(v->slow) : NULL;
		if (!v->breathing)
			goto fail;
	}
	if (surface->rate_hz >= HEART_RATE_HZ) {
		v->fast = history_create(
		    v->n_channels, surface->rate_hz, HEART_GRID_HZ, HEART_WINDOW_S + HOP_S);
		if (v->fast && v->n_channels > COURSES_DIRECT)
			v->lines = lines_create(v->fast);
		else if (v->fast)
			v->heart = heart_create(v->fast);
		if (!v->heart && !v->lines)
			goto fail;
	}
	vitals_reset(v);
	return v;
fail:
	error_set(err, -ENOMEM, "out of memory for the breathing windows of %s", surface->name);
	vitals_destroy(v);
	return NULL;
}

void vitals_destroy(struct vitals *v)
{
	if (!v)
		return;
	heart_destroy(v->heart);
	lines_destroy(v->lines);
	history_destroy(v->fast);
	breathing_destroy(v->breathing);
	history_destroy(v->slow);
	free(v->channels);
	free(v);
}

static void forget(struct vitals *v)
{
	v->heart_track = no_track;
	v->reading = no_reading;
	v->next_hop_ns = v->lines_ns = 0;
	if (v->lines)
		lines_reset(v->lines);
}

void vitals_reset(struct vitals *v)
{
	if (v->slow)
		history_reset(v->slow);
	if (v->breathing)
		breathing_reset(v->breathing);
	if (v->fast)
		history_reset(v->fast);
	forget(v);
}

/* Sums of blocks; at the mat's edge a block may be smaller. */
static void bin_image(struct vitals *v, const float *cells)
{
	for (size_t i = 0; i < v->n_channels; i++)
		v->channels[i] = 0;
	for (size_t row = 0; row < v->rows; row++) {
		float *channel = v->channels + row / v->block_rows * v->channel_cols;
		for (size_t col = 0; col < v->cols; channel++) {
			size_t end = col + v->block_cols < v->cols ? col + v->block_cols : v->cols;
			float sum = 0;
			for (; col < end; col++)
				sum += *cells++;
			*channel += sum;
		}
	}
}

static bool is_near(const struct track *track, float value, double limit, int64_t mono_ns)
{
	return (double)(mono_ns - track->published_ns) <= TRACK_S * (double)NS_PER_S &&
	       fabsf(value - track->published) <= limit;
}

/* The jump gate: true when value may be published, being near the last or said twice. */
static bool follows(struct track *track, float value, double jump, int64_t mono_ns)
{
	bool known = !isnan(track->published);
	bool twice = fabsf(value - track->candidate) <= jump;

	track->candidate = value;
	if (known && !twice && !is_near(track, value, jump, mono_ns))
		return false;
	track->published = value;
	track->published_ns = mono_ns;
	return true;
}

static bool quiet(const struct history *history, double window_s)
{
	size_t n = (size_t)(window_s * history_rate_hz(history));

	return history_length_s(history) >= window_s &&
	       history_still_s(history) >= MOVING_GUARD_S &&
	       history_moving_ratio(history, n) <= MOVING_PART;
}

/*
 * Clearness of the newest window against its limit: 1 and more is breathing. While the window
 * before it is quiet too it must say the same, since two windows of noise seldom do. Negative: no
 * window.
 */
static float find_breathing(struct vitals *v, struct breathing_estimate *found)
{
	struct breathing_estimate before;
	bool two = quiet(v->slow, 2 * BREATHING_WINDOW_S);

	if (!quiet(v->slow, BREATHING_WINDOW_S) ||
	    !breathing_find(v->breathing, v->slow, two, found, &before))
		return -1;
	v->sought = true;
	if (found->per_min < BREATHING_LOW || found->per_min > BREATHING_TOP)
		return 0;
	float clear = found->quality / found->quality_least;
	if (!two)
		return clear / ALONE_PART;
	if (fabsf(before.per_min - found->per_min) > BREATHING_AGREE)
		return 0;
	float earlier = before.quality / before.quality_least;
	return fmin(clear, earlier) >= LEAST_PART ? sqrtf(clear * earlier) : 0;
}

static void read_breathing(struct vitals *v)
{
	struct vitals_reading *r = &v->reading;
	struct breathing_estimate found = {0};

	r->breathing_per_min = r->breathing_confidence = NAN;
	if (!v->slow || history_frame_rate_hz(v->slow) < RATE_SLACK * BREATHING_RATE_HZ)
		return;
	float clear = find_breathing(v, &found);
	if (clear < 0)
		return;
	r->window_s = (float)BREATHING_WINDOW_S;
	r->breathing_seen = clear >= 1;
	if (!r->breathing_seen)
		return;
	r->breathing_per_min = found.per_min;
	r->breathing_confidence = clear / (1 + clear);
}

static bool accept_heart(struct vitals *v, const struct heart_estimate *found, int64_t mono_ns)
{
	if (found->per_min < HEART_PER_MIN_LOW || found->per_min > HEART_PER_MIN_TOP ||
	    found->margin < HEART_MARGIN_LEAST)
		return false;
	if (found->score < HEART_SCORE_FIND &&
	    (found->score < HEART_SCORE_FOLLOW ||
	        !is_near(&v->heart_track, found->per_min, HEART_NEAR, mono_ns)))
		return false;
	return follows(&v->heart_track, found->per_min, HEART_JUMP, mono_ns);
}

/* A strip's heart: what is found must be near what was found before, or be found twice. */
static bool read_strip(struct vitals *v, int64_t mono_ns, struct heart_estimate *found)
{
	return heart_find(v->heart, v->fast, found) && accept_heart(v, found, mono_ns);
}

/* A mat's: only where a person breathes; steps beside a suitcase are as regular as a heart. */
static bool read_lines(struct vitals *v, int64_t mono_ns, struct heart_estimate *found)
{
	double since_s = v->lines_ns > 0 ? (double)(mono_ns - v->lines_ns) / (double)NS_PER_S : 0;

	if (!v->reading.breathing_seen)
		return false;
	v->lines_ns = mono_ns;
	return lines_find(v->lines, v->fast, since_s, found);
}

static void read_heart(struct vitals *v, int64_t mono_ns)
{
	struct vitals_reading *r = &v->reading;
	struct heart_estimate found = {0};

	r->heart_per_min = r->heart_confidence = NAN;
	if (!v->fast || history_frame_rate_hz(v->fast) < RATE_SLACK * HEART_RATE_HZ ||
	    !quiet(v->fast, HEART_WINDOW_S))
		return;
	r->window_s = fmaxf(r->window_s, (float)HEART_WINDOW_S);
	if (!(v->lines ? read_lines : read_strip)(v, mono_ns, &found))
		return;
	float half = v->lines ? (float)LINES_SCORE_FIND : HEART_SCORE_FOLLOW;
	r->heart_per_min = found.per_min;
	r->heart_confidence = fminf(1, found.score / (2 * half));
}

bool vitals_step(struct vitals *v, const struct image *image, bool occupied, bool moving,
    struct vitals_reading *out)
{
	bool complete = false;

	v->sought = false;
	if (!v->slow || !occupied) {
		if (v->slow && !occupied)
			vitals_reset(v);
		*out = v->reading;
		return false;
	}
	bin_image(v, image->cells);
	if (!history_add(v->slow, image->mono_ns, v->channels, moving))
		forget(v);
	if (v->fast)
		history_add(v->fast, image->mono_ns, v->channels, moving);
	if (history_length_s(v->slow) >= BREATHING_WINDOW_S && image->mono_ns >= v->next_hop_ns) {
		v->next_hop_ns = image->mono_ns + (int64_t)(HOP_S * (double)NS_PER_S);
		v->reading.window_s = 0;
		read_breathing(v);
		read_heart(v, image->mono_ns);
		complete = true;
	}
	*out = v->reading;
	return complete;
}

bool vitals_wave(struct vitals *v, struct wave *wave)
{
	return v->sought && breathing_wave(v->breathing, v->slow, wave);
}
