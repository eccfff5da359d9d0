#include "app/nightly.h"

#include "app/shelf.h"
#include "base/clock.h"
#include "base/log.h"
#include "report/night.h"
#include "store/minutes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define NOON_S (12 * 3600)

struct nightly {
	struct store *store;
	const struct report_config *config;
	int64_t now_ns;
	bool morning; /* from_s to noon */
	struct shelf *shelf;
	struct nightly_tally *tally;
};

struct texts {
	struct shelf_text text[REPORT_FORMAT_COUNT];
	char *bytes[REPORT_FORMAT_COUNT]; /* owned */
	size_t n;
};

static void free_texts(struct texts *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		free(texts->bytes[i]);
}

static int write_text(const struct nightly *nightly, const struct report_night *night,
    enum report_format format, struct texts *texts)
{
	size_t at = texts->n++;
	struct shelf_text *text = &texts->text[at];
	FILE *out = open_memstream(&texts->bytes[at], &text->size);

	if (!out)
		return -ENOMEM;
	int rc = report_format_write(format, night, nightly->config->language, out);
	if (fclose(out) != 0 && rc == 0)
		rc = -ENOMEM;
	text->format = format;
	text->bytes = texts->bytes[at];
	return rc;
}

static int write_texts(const struct nightly *nightly, const struct report_night *night,
    struct texts *texts, struct error *err)
{
	int rc = 0;

	for (enum report_format f = 0; rc == 0 && f < REPORT_FORMAT_COUNT; f++)
		if (nightly->config->formats & 1u << f)
			rc = write_text(nightly, night, f, texts);
	return rc == 0 ? 0 : error_set(err, rc, "the report cannot be made: out of memory");
}

static void say_written(const struct report_night *night, bool again)
{
	char date[DATE_SIZE];

	clock_format_day(night->facts.day, date);
	log_info("the report of %s is written%s%s", date, again ? " again" : "",
	    night->running ? "; the night is still running" : "");
}

static int put(struct nightly *nightly, const struct report_night *night, struct error *err)
{
	struct texts texts = {0};
	bool again = shelf_find(nightly->shelf, night->facts.day) != 0;
	int rc = write_texts(nightly, night, &texts, err);

	if (rc == 0)
		rc = shelf_put(nightly->shelf, night->facts.day, texts.text, texts.n, err);
	free_texts(&texts);
	if (rc == -EEXIST) {
		log_error("%s", err->text);
		*err = (struct error){0};
		nightly->tally->refused++;
		return 0;
	}
	if (rc > 0)
		say_written(night, again);
	nightly->tally->written += rc > 0;
	nightly->tally->unchanged += rc == 0;
	return rc < 0 ? rc : 0;
}

static int make(struct nightly *nightly, int32_t day, struct error *err)
{
	struct report_night *night = NULL;
	int rc = report_build(nightly->store, day, nightly->now_ns, &night, err);

	if (rc == -ENODATA) { /* that day had another noon */
		*err = (struct error){0};
		return 0;
	}
	if (rc < 0)
		return rc;
	if (night->running && !nightly->morning)
		nightly->tally->running = true;
	else if (night->facts.start_ns < nightly->now_ns)
		rc = put(nightly, night, err);
	report_free(night);
	return rc;
}

/* Looked at long ago: only what is not there is made. */
static bool is_settled(const struct nightly *nightly, int32_t day, int32_t newest)
{
	return nightly->morning && day <= newest - NIGHTLY_RECENT &&
	       (nightly->config->formats & ~shelf_find(nightly->shelf, day)) == 0;
}

static int make_all(struct nightly *nightly, int32_t newest, int32_t oldest, struct error *err)
{
	struct error none = {0};
	int rc = 0, found = 0;

	for (int32_t day = newest, before; rc == 0 && found == 0 && day >= oldest; day = before) {
		if (is_settled(nightly, day, newest))
			nightly->tally->unchanged++;
		else
			rc = make(nightly, day, err);
		found = query_day_until(nightly->store, day - 1, &before, &none);
		if (found == 0 && before >= day)
			before = day - 1;
	}
	if (rc == 0 && found != 0 && found != -ENODATA)
		rc = error_set(err, found, "%s", none.text);
	return rc;
}

static int bring_up_to_date(struct nightly *nightly, int32_t newest, struct error *err)
{
	int32_t keep_days = nightly->config->keep_days;
	int32_t oldest = keep_days > 0 ? newest - keep_days + 1 : INT32_MIN;
	/* The old ones go first: there may be no room for new ones. */
	int rc = shelf_remove_before(nightly->shelf, oldest, err);

	nightly->tally->removed = rc > 0 ? (size_t)rc : 0;
	if (rc >= 0)
		rc = make_all(nightly, newest, oldest, err);
	if (rc == 0)
		rc = shelf_point(nightly->shelf, err);
	return rc;
}

int nightly_run(struct store *store, const struct report_config *config, int64_t now_ns,
    int32_t utc_offset_s, struct nightly_tally *tally, struct error *err)
{
	int32_t second = clock_second_of_day(now_ns, utc_offset_s), newest = 0;
	struct nightly nightly = {.store = store,
	    .config = config,
	    .now_ns = now_ns,
	    .morning = second >= config->from_s && second < NOON_S,
	    .tally = tally};
	/* A date after today's is a clock's that was wrong. */
	int rc = query_day_until(store, minutes_night_of(now_ns, utc_offset_s), &newest, err);

	*tally = (struct nightly_tally){0};
	if (rc == -ENODATA) {
		*err = (struct error){0};
		return 0;
	}
	if (rc == 0)
		rc = shelf_open(&nightly.shelf, config->folder, err);
	if (rc == 0)
		rc = bring_up_to_date(&nightly, newest, err);
	shelf_close(nightly.shelf);
	return rc;
}
