/*
 * A report from the database: one night and thirty, as page, on paper and as text. CPU time, so
 * that other programs do not count. Fails beyond its limits.
 */
#include "../gallery/designed.h"
#include "bench.h"

#include "base/log.h"
#include "report/night_document.h"
#include "report/period.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REPEATS     5
#define MAX_NIGHT_S 0.3
#define MAX_MONTH_S 1.0

static _Noreturn void fail(const struct error *err)
{
	fprintf(stderr, "bench_report: %s\n", err->text);
	exit(1);
}

/* Opens, gathers, writes, closes: what `lumbar report` does. n_days 0: one night. */
static void report(const char *path, size_t n_days, int (*write)(const struct document *, FILE *),
    struct error *err)
{
	struct report_period *period = NULL;
	struct report_night *night = NULL;
	struct store *store = NULL;
	FILE *out = fopen("/dev/null", "w");
	int rc = out ? store_open(&store, path, STORE_READ, err) : error_set(err, -1, "no output");

	if (rc == 0 && n_days == 0)
		rc = report_build(store, DESIGNED_DAY, 0, &night, err);
	else if (rc == 0)
		rc = period_build(store, DESIGNED_DAY, n_days, 0, &period, err);
	if (rc != 0)
		fail(err);
	struct document *document = night ? night_document(night, NULL)
	                                  : period_document(period, NULL);
	if (!document || write(document, out) != 0)
		fail(&(struct error){.text = "cannot be written"});
	document_destroy(document);
	report_free(night);
	period_free(period);
	store_close(store, NULL);
	fclose(out);
}

/* The median of some; 1 when it is beyond the limit. */
static int measure(const char *path, size_t n_days, const char *form,
    int (*write)(const struct document *, FILE *), double limit_s)
{
	double took_s[REPEATS] = {0};
	struct error err = {0};
	char name[48];

	for (int i = 0; i < REPEATS; i++) {
		int64_t begun_ns = bench_now_ns();
		report(path, n_days, write, &err);
		double s = (double)(bench_now_ns() - begun_ns) / 1e9;
		int at = i;
		for (; at > 0 && took_s[at - 1] > s; at--)
			took_s[at] = took_s[at - 1];
		took_s[at] = s;
	}
	snprintf(name, sizeof(name), "%s, %s", n_days ? "thirty nights" : "one night", form);
	printf("  %-34s %8.3f s    (at most %.1f)\n", name, took_s[REPEATS / 2], limit_s);
	return took_s[REPEATS / 2] <= limit_s ? 0 : 1;
}

static const struct designed *month(void)
{
	for (size_t i = 0; i < n_designed; i++)
		if (designed[i].n_nights >= 30)
			return &designed[i];
	fail(&(struct error){.text = "no month is designed"});
}

int main(void)
{
	static const struct {
		const char *name;
		int (*write)(const struct document *, FILE *);
	} forms[] = {{"html", document_write_html}, {"pdf", document_write_pdf},
	    {"text", document_write_text}};
	char folder[] = "/tmp/lumbar-bench-XXXXXX", path[64], lock[72];
	struct error err = {0};
	int result = 0;

	log_init(LOG_LEVEL_ERROR);
	if (!mkdtemp(folder))
		fail(&(struct error){.text = "no scratch folder"});
	snprintf(path, sizeof(path), "%s/month.db", folder);
	snprintf(lock, sizeof(lock), "%s.lock", path);
	if (designed_play(month(), path, &err) != 0)
		fail(&err);
	printf("bench_report: from a database of thirty nights of a bed and a chair\n");
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		result |= measure(path, 0, forms[i].name, forms[i].write, MAX_NIGHT_S);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		result |= measure(path, 30, forms[i].name, forms[i].write, MAX_MONTH_S);
	unlink(path);
	unlink(lock);
	rmdir(folder);
	return result;
}
