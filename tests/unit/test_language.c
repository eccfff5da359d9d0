/*
 * Reports in every language: nothing stays English, numbers, plurals and dates are as the language
 * has them, and a terminal's 72 columns hold them. Chinese tells what was never translated: there
 * any Latin word that is no name betrays it.
 */
#include "base/language.h"
#include "guidance/guidance.h"
#include "lumbar.h"
#include "night_fixture.h"
#include "report/night_document.h"
#include "report/period.h"
#include "report/wording.h"
#include "reports.h"
#include "support.h"

#include <ctype.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

struct expected {
	const char *name;
	const char *night[8], *period[4]; /* sentences; NULL ends them */
	const char *valley, *date, *day;  /* 0.45; 2026-07-25 */
	const char *feeds[2];             /* 1 and 3 */
	const char *days[2];              /* 1 and 3 of 7 nights */
};

static const struct expected table[] = {
    {.name = "de",
        .night = {"2\u00a0Punkte sind einen Blick wert.",
            "Der Artikel rät zu einem Bett, das fest genug ist, um die Taille zu stützen.",
            "Im Sessel (03:10–03:49\u00a0Uhr): 21\u00a0min von 39\u00a0min nach links geneigt",
            "Grenze: 0,15.", "Grenze: 1; 97\u00a0% der Zeit gesehen.",
            "bed: es kommen keine Messwerte: sieh nach Kabel, Strom und Adresse der Matte",
            "40\u00a0Tage vor dieser Nacht kalibriert"},
        .period = {"7 von 7\u00a0Nächten wurden aufgezeichnet.", "22.\u00a0Juli: new topper",
            "Lässt sich nicht sagen: Es braucht vier Nächte vorher und vier nachher."},
        .valley = "0,45",
        .date = "Samstag, 25.\u00a0Juli 2026",
        .day = "25.\u00a0Juli",
        .feeds = {"1\u00a0Mahlzeit des Kindes war dabei.",
            "3\u00a0Mahlzeiten des Kindes waren dabei."},
        .days = {"1 von 7\u00a0Nächten wurde aufgezeichnet.",
            "3 von 7\u00a0Nächten wurden aufgezeichnet."}},
    {.name = "es",
        .night = {"Hay 2\u00a0cosas que merecen una mirada.",
            "El artículo aconseja una cama lo bastante firme para sostener la cintura.",
            "En la silla (03:10–03:49): ladeada a la izquierda 21\u00a0min de 39\u00a0min",
            "Límite: 0,15.", "Límite: 1; visto el 97\u00a0% del tiempo.",
            "bed: no llegan lecturas: revisa el cable, la corriente",
            "calibrada 40\u00a0días antes de esta noche"},
        .period = {"Se registraron 7 de 7\u00a0noches.", "22 de julio: new topper",
            "No se puede decir: hacen falta cuatro noches antes y cuatro después."},
        .valley = "0,45",
        .date = "sábado, 25 de julio de 2026",
        .day = "25 de julio",
        .feeds = {"Hubo 1\u00a0toma que dar.", "Hubo 3\u00a0tomas que dar."},
        .days = {"Se registró 1 de 7\u00a0noches.", "Se registraron 3 de 7\u00a0noches."}},
    {.name = "zh_CN",
        .night = {"有 2 项值得看一看。首先：", "文章建议：抱孩子时不让孩子的重量压在腰背上。",
            "文章建议：睡足够硬实、能托住腰部的床。",
            "在椅子上（03:10–03:49）：39 分钟中有 21 分钟向左歪（侧向负荷比坐直时多 0.27）。",
            "界限：0.15。", "界限：1；观测到 97% 的时间。",
            "bed：收不到数据帧：请检查垫子的电缆、电源和地址", "于这一夜之前 40 天校准"},
        .period = {"7 夜中记录了 7 夜。其中 7 个早晨填写了疼痛。", "7月22日：new topper",
            "无法判断：之前和之后各需要四夜。"},
        .valley = "0.45",
        .date = "2026年7月25日 星期六",
        .day = "7月25日",
        .feeds = {"其间喂了 1 次奶。", "其间喂了 3 次奶。"},
        .days = {"7 夜中记录了 1 夜。", "7 夜中记录了 3 夜。"}},
};
enum { N_TABLE = sizeof(table) / sizeof(table[0]) };

static const struct language *language_of(const struct expected *row)
{
	bool found;
	const struct language *language = language_find(row->name, &found);

	assert_non_null(language);
	return language;
}

/* ---- the reports ---------------------------------------------------------------------------- */

typedef int document_writer(const struct document *, FILE *);

static char *written(struct document *document, document_writer *write)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(write(document, out), 0);
	assert_int_equal(fclose(out), 0);
	document_destroy(document);
	return text;
}

struct reports {
	struct report_night *night;
	struct report_period *period;
};

static struct reports build(void)
{
	char *path = scratch_path("languages.db");
	struct store *store = NULL;
	struct reports reports = {0};

	bool is_new = access(path, F_OK) != 0;
	if (is_new)
		fixture_designed_nights(path, FIXTURE_DAY);
	assert_int_equal(store_open(&store, path, STORE_OWN, NULL), 0);
	if (is_new)
		assert_int_equal(store_note(store, FIXTURE_DAY - 3, "new topper", 1, NULL), 0);
	assert_int_equal(report_build(store, FIXTURE_DAY, 0, &reports.night, NULL), 0);
	assert_int_equal(period_build(store, FIXTURE_DAY, 7, 0, &reports.period, NULL), 0);
	store_close(store, NULL);
	free(path);
	return reports;
}

static void discard(struct reports *reports)
{
	report_free(reports->night);
	period_free(reports->period);
}

/* Without line breaks and indents; between Chinese characters no blank stays. */
static void unwrap(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from != '\n') {
			*to++ = *from;
			continue;
		}
		while (from[1] == ' ')
			from++;
		bool wide = to > text && (unsigned char)to[-1] >= 0x80 &&
		            (unsigned char)from[1] >= 0xe3;
		if (!wide)
			*to++ = ' ';
	}
	*to = '\0';
}

/* What a page shows or says aloud: its text, its labels and titles; the rest becomes blanks. */
static void strip_tags(char *html)
{
	char *style = strstr(html, "<style>"), *end = style ? strstr(style, "</style>") : NULL;
	bool tag = false, label = false;

	assert_non_null(end);
	memset(html, ' ', (size_t)(end - html));
	for (char *p = html; *p; p++) {
		if (*p == '<')
			tag = true;
		bool ends = *p == '>' && tag;
		if (label && *p == '"')
			label = false;
		if (ends)
			tag = label = false;
		if (tag && !label && strncmp(p, "label=\"", 7) == 0) {
			memset(p, ' ', 7);
			p += 6;
			label = true;
		} else if ((tag && !label) || ends) {
			*p = ' ';
		}
	}
}

/* ---- what must and what must not be in them -------------------------------------------------- */

static void assert_sentences(const char *report, const char *const *sentences, size_t n)
{
	char *text = strdup(report);

	assert_non_null(text);
	unwrap(text);
	for (size_t i = 0; i < n && sentences[i]; i++)
		if (!strstr(text, sentences[i]))
			fail_msg("\"%s\" is not in:\n%s", sentences[i], report);
	free(text);
}

static bool is_one_of(const char *word, size_t n, const char *const *words, size_t n_words)
{
	for (size_t i = 0; i < n_words; i++)
		if (strlen(words[i]) == n && strncasecmp(words[i], word, n) == 0)
			return true;
	return false;
}

static bool is_advice(const char *word, size_t n)
{
	char id[64];

	snprintf(id, sizeof(id), "%.*s", (int)n, word);
	return guidance_find(id) != NULL;
}

/* Names of mats, of people, of bodies and studies, and of units, the note, and an entity of HTML. */
static const char *const names[] = {"bed", "chair", "mmHg", "Cole", "Kripke", "lumbar", "pain",
    "calibrate", "note", "new", "topper", "amp", "lt", "gt", "quot", "Kovacs", "NHS", "RCOG", "PMC",
    "TURN"};
/* English words that are words of none of the languages. */
static const char *const english[] = {"the", "and", "of", "with", "your", "you", "is", "are",
    "night", "nights", "lying", "sleep", "back", "front", "left", "right", "upright", "leaning",
    "feeds", "seen", "known", "unknown", "measured", "advises", "article", "pressure", "longest",
    "before", "after", "usual", "findings", "waist", "mat", "calibrated", "to", "for", "by", "not",
    "than"};

/* Of Latin letters, with the points of an advice's id inside; 0: none begins here. */
static size_t word_at(const char *p)
{
	size_t n = 0;

	for (;;) {
		unsigned char c = (unsigned char)p[n];

		if (c >= 0xc3 && c < 0xe0 && strncmp(p + n, "×", 2) != 0)
			n += 2;
		else if (isalpha(c) ||
		         (n > 0 && (c == '.' || c == '_') && isalpha((unsigned char)p[n + 1])))
			n++;
		else
			return n;
	}
}

static void assert_not_english(const char *text, const char *name)
{
	bool chinese = strcmp(name, "zh_CN") == 0;

	for (const char *p = text; *p;) {
		size_t n = word_at(p);
		bool bad = chinese ? !is_one_of(p, n, names, sizeof(names) / sizeof(names[0]))
		                   : is_one_of(p, n, english, sizeof(english) / sizeof(english[0]));

		if (n > 1 && bad && !is_advice(p, n))
			fail_msg("%s: \"%.*s\" is English, in \"%.60s\"", name, (int)n, p, p);
		p += n > 0 ? n : 1;
	}
}

/* wcwidth() knows how wide characters are better than we do. */
static void assert_fits(const char *text, const char *name)
{
	mbstate_t shift = {0};
	int column = 0;
	wchar_t c;

	for (size_t n; *text; text += n) {
		n = mbrtowc(&c, text, MB_CUR_MAX, &shift);
		assert_in_range(n, 1, 4);
		column = c == L'\n' ? 0 : column + wcwidth(c);
		if (column > 72)
			fail_msg("%s: longer than 72 columns at \"%.60s\"", name, text);
	}
}

static void test_reports(void **state)
{
	struct reports reports = build();

	(void)state;
	for (size_t i = 0; i < N_TABLE; i++) {
		const struct expected *row = &table[i];
		const struct language *l = language_of(row);
		char *night = written(night_document(reports.night, l), document_write_text);
		char *period = written(period_document(reports.period, l), document_write_text);
		char *page = written(night_document(reports.night, l), document_write_html);
		char *pages = written(period_document(reports.period, l), document_write_html);

		assert_fits(night, row->name);
		assert_fits(period, row->name);
		assert_sentences(night, row->night, 8);
		assert_sentences(period, row->period, 4);
		assert_has(night, row->valley);
		assert_has(page, row->date);
		strip_tags(page);
		strip_tags(pages);
		assert_has(page, row->valley);
		assert_not_english(night, row->name);
		assert_not_english(period, row->name);
		assert_not_english(page, row->name);
		assert_not_english(pages, row->name);
		free(night);
		free(period);
		free(page);
		free(pages);
	}
	discard(&reports);
}

/* What a good night has no words for: no calibration, a clock that was never set, half a night. */
static void test_poor_night(void **state)
{
	char *path = scratch_path("poor.db");
	struct night_fixture f;
	struct store *store = NULL;

	(void)state;
	fixture_begin(&f, path, FIXTURE_DAY - 1);
	fixture_write(&f, 0, 90); /* no anchor: of no night */
	fixture_end(&f);
	fixture_begin(&f, path, FIXTURE_DAY);
	fixture_anchor(&f, 0, false);
	fixture_bed(&f, AT(22, 30), AT(1, 0), 'p');
	fixture_write(&f, AT(22, 0), AT(1, 30));
	int64_t now_ns = fixture_real_ns(&f, AT(9, 0));
	fixture_end(&f);
	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	for (size_t i = 0; i < 2 * N_TABLE; i++) {
		const struct expected *row = &table[i / 2];
		struct report_night *night = NULL;

		assert_int_equal(
		    report_build(store, FIXTURE_DAY, i % 2 ? now_ns : 0, &night, NULL), 0);
		char *text = written(night_document(night, language_of(row)), document_write_text);
		assert_fits(text, row->name);
		assert_not_english(text, row->name);
		report_free(night);
		free(text);
	}
	store_close(store, NULL);
	free(path);
}

/* A machine without fonts prints boxes, and is told what to install. */
static void test_no_font(void **state)
{
	char *path = scratch_path("languages.db");
	char *fonts = scratch_file("fonts.conf", "<fontconfig></fontconfig>\n");
	struct reports reports = build();

	(void)state;
	assert_int_equal(setenv("FONTCONFIG_FILE", fonts, 1), 0);
	lumbar_expect(0, "install fonts-noto-cjk",
	    "report --lang zh --format pdf --database '%s' 2>&1 >/dev/null", path);
	assert_int_equal(unsetenv("FONTCONFIG_FILE"), 0);
	discard(&reports);
	free(fonts);
	free(path);
}

/* A line of Chinese begins with no mark that ends a sentence. */
static void test_chinese_lines(void **state)
{
	static const char *const marks[] = {"。", "，", "：", "；", "）", "、", "”"};
	struct reports reports = build();
	bool found;
	char *text = written(
	    night_document(reports.night, language_find("zh", &found)), document_write_text);

	(void)state;
	for (const char *line = text; (line = strchr(line, '\n'));) {
		line += 1 + strspn(line + 1, " ");
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
			assert_int_not_equal(strncmp(line, marks[i], strlen(marks[i])), 0);
	}
	free(text);
	discard(&reports);
}

/* ---- plurals, dates, sentences --------------------------------------------------------------- */

static void test_plurals_and_dates(void **state)
{
	char text[PHRASE_SAID];

	(void)state;
	for (size_t i = 0; i < N_TABLE; i++) {
		const struct language *l = language_of(&table[i]);

		for (size_t k = 0; k < 2; k++) {
			size_t n = k == 0 ? 1 : 3;
			struct phrase phrase = {0};

			phrase_sentence_n(
			    &phrase, "There was {n} feed to do.", "There were {n} feeds to do.", n);
			assert_string_equal(
			    phrase_say(phrase.text, l, text, sizeof(text)), table[i].feeds[k]);
			snprintf(text, sizeof(text),
			    tr_n(l, "%1$zu of %2$zu nights was recorded.",
			        "%1$zu of %2$zu nights were recorded.", n),
			    n, (size_t)7);
			assert_string_equal(text, table[i].days[k]);
		}
		assert_string_equal(wording_date(l, FIXTURE_DAY, text), table[i].date);
		assert_string_equal(wording_day(l, FIXTURE_DAY, text), table[i].day);
	}
}

/* A time that the finding names itself is not put before it. */
static void test_time_is_said_once(void **state)
{
	struct reports reports = build();
	char text[PHRASE_SAID + WORDING_SIZE];

	(void)state;
	struct stored_event event = reports.night->events[0];
	for (size_t i = 0; i < N_TABLE; i++) {
		const struct language *l = language_of(&table[i]);
		char when[WORDING_SIZE];

		wording_when(l, &event, when);
		wording_finding(l, &event, text, sizeof(text));
		assert_ptr_equal(strstr(text, when), text); /* another time: it stands before */
		struct stored_event same = event;
		same.start_real_ns = event.start_real_ns - 11 * 60 * 1000000000LL;
		same.end_real_ns = event.end_real_ns + 8 * 60 * 1000000000LL;
		wording_when(l, &same, when);
		wording_finding(l, &same, text, sizeof(text));
		assert_has(text, when);
		assert_null(strstr(strstr(text, when) + 1, when));
	}
	discard(&reports);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reports),
	    cmocka_unit_test(test_poor_night),
	    cmocka_unit_test(test_no_font),
	    cmocka_unit_test(test_chinese_lines),
	    cmocka_unit_test(test_plurals_and_dates),
	    cmocka_unit_test(test_time_is_said_once),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
