#include "app/mats.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static int64_t gap_ns(const struct mat *mat)
{
	return llround(options_number(&mat->config->pipeline, "gap") * 1e9);
}

int mats_add(struct mats *mats, struct keeper *keeper, const struct surface_config *config,
    int wake_fd, struct error *err)
{
	struct mat mat = {.config = config, .begun_ns = clock_mono_ns()};

	if (mats->n_mats == MATS_MAX)
		return error_set(err, -E2BIG, "%s: more than %d surfaces; start a second lumbard",
		    config->surface.name, MATS_MAX);
	mat.kept = keeper_add(keeper, config, err);
	if (!mat.kept)
		return err->code ? err->code : -ENOMEM;
	int result = acquire_start(&mat.acquire, config, ACQUIRE_LIVE, wake_fd, err);
	if (result < 0) {
		keeper_remove(keeper, mat.kept);
		return result;
	}
	mats->mats[mats->n_mats++] = mat;
	return 0;
}

static void read_mat(struct mat *mat, struct keeper *keeper)
{
	struct frame frame;

	while (acquire_next(mat->acquire, &frame)) {
		keeper_step(keeper, mat->kept, &frame);
		mat->frames++;
		mat->arrived_ns = clock_mono_ns();
		mat->newest = frame;
		mat->newest.counts = NULL;
	}
}

void mats_read(struct mats *mats, struct keeper *keeper)
{
	for (size_t i = 0; i < mats->n_mats; i++)
		read_mat(&mats->mats[i], keeper);
}

void mats_watch(struct mats *mats, struct keeper *keeper, int64_t mono_ns)
{
	for (size_t i = 0; i < mats->n_mats; i++) {
		struct mat *mat = &mats->mats[i];
		int64_t silent_ns = mono_ns - mat->arrived_ns;
		mat->frames_then[mat->then] = mat->frames;
		mat->mono_then[mat->then] = mono_ns;
		mat->then = (mat->then + 1) % RATE_SPANS;
		/* A source's own mono time may differ from ours; silence lasts as long in both. */
		if (mat->arrived_ns && silent_ns > gap_ns(mat))
			keeper_gap(keeper, mat->kept, mat->newest.mono_ns + silent_ns);
		else if (!mat->arrived_ns && mono_ns - mat->begun_ns > gap_ns(mat))
			keeper_gap(keeper, mat->kept, mat->begun_ns);
	}
}

static void end_mat(struct mat *mat, struct keeper *keeper)
{
	struct acquire *acquire = mat->acquire;

	read_mat(mat, keeper);
	acquire_stop(acquire);
	keeper_remove(keeper, mat->kept);
}

void mats_stop(struct mats *mats, struct keeper *keeper)
{
	/* All at once: each may be in the middle of a read. */
	for (size_t i = 0; i < mats->n_mats; i++)
		acquire_ask_stop(mats->mats[i].acquire);
	for (size_t i = 0; i < mats->n_mats; i++)
		end_mat(&mats->mats[i], keeper);
	mats->n_mats = 0;
}

/* The surface of `fresh` that is the same as mat's, whose settings it takes over; false: none. */
static bool runs_on(struct mat *mat, struct config *old, struct config *fresh)
{
	for (size_t i = 0; i < fresh->n_surfaces; i++) {
		if (!surface_config_equal(mat->config, fresh->surfaces[i]))
			continue;
		for (size_t k = 0; k < old->n_surfaces; k++) {
			if (old->surfaces[k] != mat->config)
				continue;
			old->surfaces[k] = fresh->surfaces[i];
			fresh->surfaces[i] = (struct surface_config *)mat->config;
			return true;
		}
	}
	return false;
}

static bool is_running(const struct mats *mats, const struct surface_config *config)
{
	for (size_t i = 0; i < mats->n_mats; i++)
		if (mats->mats[i].config == config)
			return true;
	return false;
}

void mats_reload(
    struct mats *mats, struct keeper *keeper, struct config *old, struct config *fresh, int wake_fd)
{
	bool stays[MATS_MAX] = {false};
	size_t n_kept = 0;

	/* All at once: each may be in the middle of a read, and the others wait meanwhile. */
	for (size_t i = 0; i < mats->n_mats; i++) {
		stays[i] = runs_on(&mats->mats[i], old, fresh);
		if (!stays[i])
			acquire_ask_stop(mats->mats[i].acquire);
	}
	for (size_t i = 0; i < mats->n_mats; i++) {
		if (stays[i]) {
			mats->mats[n_kept++] = mats->mats[i];
			continue;
		}
		log_info("%s: ended", mats->mats[i].config->surface.name);
		end_mat(&mats->mats[i], keeper);
	}
	mats->n_mats = n_kept;
	for (size_t i = 0; i < fresh->n_surfaces; i++) {
		struct error err = {0};
		if (is_running(mats, fresh->surfaces[i]))
			continue;
		if (mats_add(mats, keeper, fresh->surfaces[i], wake_fd, &err) < 0)
			log_error("%s", err.text);
		else
			log_info("%s: begun", fresh->surfaces[i]->surface.name);
	}
}

size_t mats_alive(const struct mats *mats)
{
	size_t n = 0;

	for (size_t i = 0; i < mats->n_mats; i++)
		n += mats->mats[i].arrived_ns &&
		     clock_mono_ns() - mats->mats[i].arrived_ns <= gap_ns(&mats->mats[i]);
	return n;
}

bool mats_own_clock(const struct mats *mats, struct frame *newest)
{
	struct acquire_state state;

	for (size_t i = 0; i < mats->n_mats; i++) {
		acquire_state(mats->mats[i].acquire, &state);
		if (!state.own_clock || !mats->mats[i].arrived_ns)
			continue;
		*newest = mats->mats[i].newest;
		return true;
	}
	return false;
}

static double rate_of(const struct mat *mat, int64_t mono_ns)
{
	size_t oldest = mat->mono_then[mat->then] ? mat->then : 0;
	double seconds = (double)(mono_ns - mat->mono_then[oldest]) / (double)NS_PER_S;

	return seconds > 0.5 ? (double)(mat->frames - mat->frames_then[oldest]) / seconds : NAN;
}

size_t mats_status(struct mats *mats, int64_t mono_ns, struct status_surface *surfaces)
{
	for (size_t i = 0; i < mats->n_mats; i++) {
		struct mat *mat = &mats->mats[i];
		surfaces[i] = (struct status_surface){
		    .kept = mat->kept,
		    .age_s = mat->arrived_ns
		                 ? (double)(mono_ns - mat->arrived_ns) / (double)NS_PER_S
		                 : NAN,
		    .rate_hz = rate_of(mat, mono_ns),
		    .frames = mat->frames,
		};
		acquire_state(mat->acquire, &surfaces[i].acquire);
	}
	return mats->n_mats;
}
