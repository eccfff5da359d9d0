/* Sentences with places: kept as text, said in a language, never beyond their buffer. */
#include "core/phrase.h"
#include "support.h"

#include <string.h>

static const char *said(const struct phrase *phrase, char out[static PHRASE_SAID])
{
	return phrase_say(phrase->text, NULL, out, PHRASE_SAID);
}

static void test_places(void **state)
{
	struct phrase phrase = {0};
	char out[PHRASE_SAID];

	(void)state;
	phrase_sentence(&phrase, "Lay for {length}{when}, {share} %, {load}, {which}, {n} of 10.");
	phrase_duration(&phrase, "length", 7500.9);
	phrase_span(&phrase, "when", "03:10", "05:15");
	phrase_number(&phrase, "share", 12.4, 0);
	phrase_number(&phrase, "load", -0.236, 2);
	phrase_word(&phrase, "which", "upright");
	phrase_count(&phrase, "n", 4);
	assert_string_equal(
	    said(&phrase, out), "Lay for 2 h 05 min, 03:10-05:15, 12 %, -0.24, upright, 4 of 10.");
}

static void test_sentences_have_places_of_their_own(void **state)
{
	struct phrase phrase = {0};
	char out[PHRASE_SAID];

	(void)state;
	phrase_sentence_n(&phrase, "There was {n} feed.", "There were {n} feeds.", 1);
	phrase_sentence_n(&phrase, "There was {n} feed.", "There were {n} feeds.", 3);
	phrase_sentence(&phrase, "None has {n}, {not} that.");
	assert_string_equal(
	    said(&phrase, out), "There was 1 feed. There were 3 feeds. None has {n}, {not} that.");
	assert_string_equal(phrase_say("", NULL, out, sizeof(out)), "");
	assert_string_equal(phrase_say("A plain one.", NULL, out, sizeof(out)), "A plain one.");
	assert_string_equal(
	    phrase_say("Left open {here", NULL, out, sizeof(out)), "Left open {here");
}

/* A place that is the end of another's name is another place. */
static void test_names_are_whole(void **state)
{
	char out[PHRASE_SAID];

	(void)state;
	assert_string_equal(
	    phrase_say("{a} {ab} {b}\tab=t 1\tb=t 2", NULL, out, sizeof(out)), "{a} 1 2");
}

static void test_what_does_not_fit_is_cut(void **state)
{
	struct phrase phrase = {0};
	char out[PHRASE_SAID];

	(void)state;
	for (int i = 0; i < 40; i++) {
		phrase_sentence(&phrase, "A sentence of some length.");
		phrase_number(&phrase, "none", 1e300 * i, 9);
	}
	assert_int_equal(strlen(phrase.text), PHRASE_SIZE - 1);
	for (size_t size = 1; size < sizeof(out); size++) {
		memset(out, 'x', sizeof(out));
		phrase_say(phrase.text, NULL, out, size);
		assert_true(strlen(out) < size);
		assert_int_equal(out[size], 'x');
	}
}

static void test_languages(void **state)
{
	static const char *const none[] = {"", "xx", "d", "deutsch", "_DE"};
	char text[NUMBER_SIZE];
	bool found;

	(void)state;
	for (size_t i = 0; language_at(i); i++) {
		assert_true(strlen(language_name(language_at(i))) > 3);
	}
	const struct language *german = language_find("de_AT.UTF-8", &found);
	assert_non_null(german);
	assert_ptr_equal(german, language_find("de", &found));
	assert_string_equal(language_code(language_find("zh_CN.UTF-8", &found)), "zh-Hans");
	assert_string_equal(language_code(language_find("zh", &found)), "zh-Hans");
	assert_string_equal(language_code(language_find("zh-Hans", &found)), "zh-Hans");
	assert_string_equal(language_number(german, -1234.5678, 2, text), "-1234,57");
	assert_string_equal(language_number(NULL, 0.0 / 0.0, 2, text), "-");
	assert_string_equal(language_percent(NULL, 0.376, text), "38 %");
	assert_string_equal(language_percent(german, 0.376, text), "38\u00a0%");
	assert_string_equal(language_percent(german, 0.0 / 0.0, text), "-");
	assert_null(language_find("en_GB", &found));
	assert_true(found);
	assert_null(language_find("C.UTF-8", &found));
	assert_true(found);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_null(language_find(none[i], &found));
		assert_false(found);
	}
	assert_string_equal(tr(german, "no such text"), "no such text");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_sentences_have_places_of_their_own),
	    cmocka_unit_test(test_names_are_whole),
	    cmocka_unit_test(test_what_does_not_fit_is_cut),
	    cmocka_unit_test(test_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
