/* lumbar calibrate: one front of calib/procedure.h, in a terminal or for a script. */
#include "app/calibrate.h"

#include "app/command.h"
#include "app/live_frames.h"
#include "app/status.h"
#include "base/clock.h"
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int64_t redraw_ns = 250 * NS_PER_MS;
enum { BAR_WIDTH = 24 };

struct front {
	const struct calibrate *job;
	struct procedure *procedure;
	bool terminal;
	int64_t next_draw_ns;
	int64_t made_real_ns;
	char asked[PROCEDURE_TEXT_SIZE], saw[sizeof(((struct procedure_view *)0)->sees)];
};

static const char *name_of(const struct calibrate *job)
{
	return job->surface->surface.name;
}

/* ---- what is shown while it runs ------------------------------------------------------------ */

static void draw(struct front *front, const struct procedure_view *view)
{
	static const char full[] = "########################";
	static const char none[] = "........................";
	int64_t now_ns = clock_mono_ns();

	if (!front->terminal || now_ns < front->next_draw_ns)
		return;
	front->next_draw_ns = now_ns + redraw_ns;
	int filled = (int)(view->step_ratio * BAR_WIDTH);
	printf("\r\033[K  [%.*s%.*s] %3.0f %% of all  %.*s", filled, full, BAR_WIDTH - filled, none,
	    100 * view->ratio, (int)strcspn(view->sees, ":"), view->sees);
	fflush(stdout);
}

/* A line for each new thing: what is to be done, and what is in the way. */
static void tell(struct front *front, const struct procedure_view *view)
{
	const char *clear = front->terminal ? "\r\033[K" : "";

	if (strcmp(view->ask, front->asked) != 0) {
		printf("%s%zu of %zu  %s\n", clear, view->n_done + 1, view->n_steps, view->ask);
		memcpy(front->asked, view->ask, sizeof(front->asked));
		front->saw[0] = '\0';
		fflush(stdout);
	}
	if (view->sees[0] && strcmp(view->sees, front->saw) != 0 && !front->terminal) {
		/* Figures in it may change with each frame; what stands before them does not. */
		if (strncmp(view->sees, front->saw, 12) != 0)
			printf("        %s\n", view->sees);
		memcpy(front->saw, view->sees, sizeof(front->saw));
		fflush(stdout);
	}
	draw(front, view);
}

static int take(void *user, const struct frame *frame, struct error *err)
{
	struct front *front = user;
	struct procedure_view view;

	(void)err;
	enum procedure_state state = procedure_feed(front->procedure, frame);
	front->made_real_ns = frame->real_ns;
	procedure_view(front->procedure, &view);
	if (state != PROCEDURE_RUNNING)
		return 0;
	tell(front, &view);
	return 1;
}

/* ---- what comes of it ------------------------------------------------------------------------ */

/* A row in the database; that it cannot be written is said, and changes nothing else. */
static void note(const struct calibrate *job, int64_t real_ns,
    const struct calibration *calibration, const char *reasons)
{
	struct store *store = NULL;
	struct error err = {0};

	if (!job->database || job->dry_run)
		return;
	/* Made here it would belong to whoever typed this, and lumbard could not write it. */
	if (access(job->database, F_OK) != 0)
		return;
	int result = store_open(&store, job->database, STORE_APPEND, &err);
	if (result == 0)
		result = store_calibration_made(store, name_of(job),
		    real_ns ? real_ns : clock_real_ns(), calibration, reasons, &err);
	int closed = store_close(store, result == 0 ? &err : NULL);
	if (result < 0 || closed < 0)
		fprintf(stderr, "lumbar calibrate: not noted in the database: %s\n", err.text);
}

static int failed(const struct calibrate *job, int64_t real_ns, const struct error *err)
{
	note(job, real_ns, NULL, err->text);
	command_fault("calibrate", err);
	if (access(job->path, F_OK) == 0)
		fprintf(stderr, "the calibration before stays as it is: %s\n", job->path);
	return EXIT_FAULT;
}

static bool ask_whether(const char *question)
{
	char answer[16] = "";

	printf("%s [y/N] ", question);
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* A rough calibration must not push out a good one unasked. */
static bool may_replace(const struct calibrate *job, const struct calibration *made)
{
	struct calibration there;
	char question[120];

	if (calibration_load(&there, job->path, &job->surface->surface, NULL) < 0)
		return true;
	char grade = there.grade;
	calibration_finish(&there);
	if (!grade || made->grade <= grade || job->yes)
		return true;
	if (job->batch || !isatty(STDIN_FILENO)) {
		fprintf(stderr,
		    "lumbar calibrate: %s: the calibration there is of grade %c, this one of grade "
		    "%c: not saved; --yes saves it\n",
		    job->path, grade, made->grade);
		return false;
	}
	snprintf(question, sizeof(question),
	    "The calibration there is of grade %c, this one of grade %c. Save this one?", grade,
	    made->grade);
	return ask_whether(question);
}

static void say_what_next(const struct calibrate *job)
{
	const char *slash = strrchr(job->path, '/');

	printf("saved: %s\n", job->path);
	if (!job->surface->calibration_path)
		printf("It is used once this stands in the section [surface %s] of lumbard.conf:\n"
		       "  calibration = %s\n",
		    name_of(job), slash ? slash + 1 : job->path);
	puts("lumbard takes it when it starts: sudo systemctl start lumbard");
}

static int keep(const struct calibrate *job, const struct calibration *made)
{
	const struct surface *surface = &job->surface->surface;
	struct error err = {0};

	if (job->picture && calibrate_svg(made, surface, job->picture, &err) < 0)
		command_fault("calibrate", &err);
	if (job->dry_run) {
		puts("dry run: nothing was saved");
		return EXIT_OK;
	}
	if (!may_replace(job, made)) {
		note(job, made->made_real_ns, NULL, "not saved: worse than the one before");
		return EXIT_FAULT;
	}
	if (calibration_save(made, job->path, surface, &err) < 0)
		return failed(job, made->made_real_ns, &err);
	note(job, made->made_real_ns, made, made->reasons);
	say_what_next(job);
	return EXIT_OK;
}

/* A mat that is calibrated again is the same one, unless she names another. */
static void name_mat(const struct calibrate *job, struct calibration *made)
{
	struct calibration there;

	if (job->mat) {
		snprintf(made->mat, sizeof(made->mat), "%s", job->mat);
		return;
	}
	if (calibration_load(&there, job->path, &job->surface->surface, NULL) < 0)
		return;
	memcpy(made->mat, there.mat, sizeof(made->mat));
	calibration_finish(&there);
}

static int finish(struct front *front, int result, bool interrupted, struct error *err)
{
	const struct calibrate *job = front->job;
	struct calibration made;

	if (front->terminal)
		fputs("\r\033[K", stdout);
	if (result < 0)
		return failed(job, front->made_real_ns, err);
	procedure_end(front->procedure, interrupted ? "interrupted" : "the frames ended");
	result = procedure_result(front->procedure, &made, err);
	if (result < 0)
		return failed(job, front->made_real_ns, err);
	if (made.made_real_ns == 0)
		made.made_real_ns =
		    clock_real_ns(); /* a source without a clock, as fast as it goes */
	name_mat(job, &made);
	calibrate_print(&made, &job->surface->surface);
	calibrate_blocks(&made, &job->surface->surface, stdout);
	int status = keep(job, &made);
	calibration_finish(&made);
	return status;
}

/* ---- the run --------------------------------------------------------------------------------- */

int calibrate_run(const struct calibrate *job)
{
	struct front front = {.job = job, .terminal = !job->batch && isatty(STDOUT_FILENO)};
	struct live_frames live = {.driver = job->surface->driver,
	    .options = &job->surface->driver_options,
	    .surface = &job->surface->surface,
	    .take = take,
	    .user = &front};
	struct error err = {0};

	if (status_free(job->config->status_file, name_of(job), &err) < 0)
		return command_fault("calibrate", &err);
	if (!job->dry_run && calibration_can_save(job->path, &err) < 0)
		return command_fault("calibrate", &err);
	front.procedure = procedure_create(live.surface, &job->plan, &err);
	if (!front.procedure)
		return command_fault("calibrate", &err);
	int result = live_frames_read(&live, &err);
	int status = finish(&front, result, live.interrupted, &err);
	procedure_destroy(front.procedure);
	return status;
}
