/*
 * gallery FOLDER: plays the designed nights and writes each of them as a page and on paper, with
 * an index.html. The databases stay beside them, so that what the pages say can be looked up.
 */
#include "designed.h"

#include "base/log.h"
#include "report/night_document.h"
#include "report/period.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

typedef int writer(const struct document *, FILE *);

static int write_file(const char *folder, const char *name, const char *ending,
    const struct document *document, writer *write, struct error *err)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s.%s", folder, name, ending);
	FILE *out = fopen(path, "w");
	if (!out)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));
	int rc = document ? write(document, out) : -ENOMEM;
	if (fclose(out) != 0 && rc == 0)
		rc = -EIO;
	return rc == 0 ? 0 : error_set(err, rc, "%s: %s", path, strerror(-rc));
}

/* On all papers. Takes the document. */
static int write_document(
    const char *folder, const char *name, struct document *document, struct error *err)
{
	int rc = write_file(folder, name, "html", document, document_write_html, err);

	if (rc == 0)
		rc = write_file(folder, name, "pdf", document, document_write_pdf, err);
	if (rc == 0)
		rc = write_file(folder, name, "txt", document, document_write_text, err);
	document_destroy(document);
	return rc;
}

static int write_period(const char *folder, const char *name, const char *ending, size_t n_days,
    struct store *store, struct error *err)
{
	struct report_period *period = NULL;
	char whole[80];
	int rc = period_build(store, DESIGNED_DAY, n_days, 0, &period, err);

	snprintf(whole, sizeof(whole), "%s-%s", name, ending);
	if (rc == 0)
		rc = write_document(folder, whole, period_document(period, NULL), err);
	period_free(period);
	return rc;
}

static int write_night(const char *folder, const struct designed *what, struct error *err)
{
	struct report_night *report = NULL;
	struct store *store = NULL;
	char path[512];

	snprintf(path, sizeof(path), "%s/%s.db", folder, what->name);
	int rc = designed_play(what, path, err);
	if (rc == 0)
		rc = store_open(&store, path, STORE_READ, err);
	if (rc == 0)
		rc = report_build(store, DESIGNED_DAY, 0, &report, err);
	if (rc == 0)
		rc = write_document(folder, what->name, night_document(report, NULL), err);
	if (rc == 0 && what->has_trend)
		rc = write_period(folder, what->name, "month", 30, store, err);
	if (rc == 0 && what->has_trend)
		rc = write_period(folder, what->name, "trend", 28, store, err);
	report_free(report);
	store_close(store, NULL);
	return rc;
}

static void write_link(FILE *out, const char *name, const char *title)
{
	fprintf(out,
	    "<li><a href=\"%s.html\">%s</a> <a href=\"%s.pdf\" aria-label=\"%s, "
	    "PDF\">PDF</a></li>\n",
	    name, title, name, title);
}

static int write_index(const char *folder, struct error *err)
{
	char path[512], name[80], title[120];

	snprintf(path, sizeof(path), "%s/index.html", folder);
	FILE *out = fopen(path, "w");
	if (!out)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));
	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
	      "<title>Lumbar: designed nights</title></head>\n"
	      "<body style=\"font: 17px/1.7 system-ui, sans-serif; margin: 2em\">\n"
	      "<main><h1>Designed nights</h1>\n<ul>\n",
	    out);
	for (size_t i = 0; i < n_designed; i++) {
		write_link(out, designed[i].name, designed[i].title);
		if (!designed[i].has_trend)
			continue;
		snprintf(name, sizeof(name), "%s-month", designed[i].name);
		snprintf(title, sizeof(title), "%s: the month", designed[i].title);
		write_link(out, name, title);
		snprintf(name, sizeof(name), "%s-trend", designed[i].name);
		snprintf(title, sizeof(title), "%s: the trend", designed[i].title);
		write_link(out, name, title);
	}
	fputs("</ul></main></body></html>\n", out);
	return fclose(out) == 0 ? 0 : error_set(err, -EIO, "%s: cannot be written", path);
}

int main(int argc, char **argv)
{
	struct error err = {0};

	if (argc != 2) {
		fputs("usage: gallery FOLDER\n", stderr);
		return 2;
	}
	log_init(LOG_LEVEL_ERROR); /* the clock that is found is part of the design */
	mkdir(argv[1], 0777);
	for (size_t i = 0; i < n_designed; i++)
		if (write_night(argv[1], &designed[i], &err) != 0) {
			fprintf(stderr, "gallery: %s: %s\n", designed[i].name, err.text);
			return 1;
		}
	if (write_index(argv[1], &err) != 0) {
		fprintf(stderr, "gallery: %s\n", err.text);
		return 1;
	}
	printf("%zu designed nights in %s/index.html\n", n_designed, argv[1]);
	return 0;
}
