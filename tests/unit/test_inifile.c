/* INI files: every entry with its line, and one clear line for what is not understood. */
#include "support.h"

#include "base/inifile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_text(struct inifile *ini, const char *text, struct error *err)
{
	char *path = scratch_file("test.ini", text);
	int result = inifile_read(ini, path, err);

	free(path);
	return result;
}

static void assert_entry(const struct ini_entry *entry, const char *section, const char *key,
    const char *value, int line)
{
	assert_string_equal(entry->section, section);
	assert_string_equal(entry->key, key);
	assert_string_equal(entry->value, value);
	assert_int_equal(entry->line, line);
}

static void entries_keep_order_and_line(void **state)
{
	struct inifile ini;
	struct error err = {0};

	(void)state;
	assert_int_equal(read_text(&ini,
	                     "# a comment\n"
	                     "top = 1\n"
	                     "\n"
	                     "[surface bed]\n"
	                     "kind = bed ; said twice\n"
	                     "kind = seat # and again; so\n"
	                     "modbus.host = tcp:1502\r\n"
	                     "empty =\n"
	                     "bare = # nothing\n"
	                     "line = GPIO#5\t# not ; here\n"
	                     "[chair] # the other one\n"
	                     "kind = bed\n",
	                     &err),
	    0);
	assert_int_equal(ini.n_entries, 8);
	assert_entry(&ini.entries[0], "", "top", "1", 2);
	assert_entry(&ini.entries[1], "surface bed", "kind", "bed", 5);
	assert_entry(&ini.entries[2], "surface bed", "kind", "seat", 6);
	assert_entry(&ini.entries[3], "surface bed", "modbus.host", "tcp:1502", 7);
	assert_entry(&ini.entries[4], "surface bed", "empty", "", 8);
	assert_entry(&ini.entries[5], "surface bed", "bare", "", 9);
	assert_entry(&ini.entries[6], "surface bed", "line", "GPIO#5", 10);
	assert_entry(&ini.entries[7], "chair", "kind", "bed", 12);
	assert_int_equal(inifile_given_before(&ini, 2), 5);
	assert_int_equal(inifile_given_before(&ini, 7), 0);
	struct place where = inifile_place(&ini, &ini.entries[2]);
	assert_string_equal(where.file, ini.path);
	assert_int_equal(where.line, 6);
	inifile_finish(&ini);
}

static void indenting_means_nothing(void **state)
{
	struct inifile ini;
	struct error err = {0};

	(void)state;
	assert_int_equal(read_text(&ini, "[a]\n\tone = 1\n\ttwo = 2\n   # three = 3\n", &err), 0);
	assert_int_equal(ini.n_entries, 2);
	assert_entry(&ini.entries[1], "a", "two", "2", 3);
	inifile_finish(&ini);
}

/* More entries than the list first has room for. */
static void many_entries(void **state)
{
	char text[4000] = "[a]\n";
	struct inifile ini;
	struct error err = {0};

	(void)state;
	for (int i = 0; i < 200; i++)
		sprintf(text + strlen(text), "key%d = %d\n", i, i);
	assert_int_equal(read_text(&ini, text, &err), 0);
	assert_int_equal(ini.n_entries, 200);
	assert_entry(&ini.entries[199], "a", "key199", "199", 201);
	inifile_finish(&ini);
}

static void faults_name_the_line(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
	    {"[a]\nkey = 1\nno equals sign\nkey = 2\n", "test.ini:3: "},
	    {"key = 1\n[open\n", "test.ini:2: "},
	    {"[a]\n= value\nwhat\n", "test.ini:3: "},
	    {"[a] b = 1\nc = 2\n", "test.ini:1: something stands behind the ]"},
	    {"[12345678901234567890123456789012345678901234567890]\nc = 2\n",
	        "test.ini:1: the section's name is longer than 49 characters"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inifile ini;
		struct error err = {0};
		assert_int_equal(read_text(&ini, cases[i].text, &err), -EINVAL);
		assert_non_null(strstr(err.text, cases[i].says));
		inifile_finish(&ini);
	}
}

static void a_binary_file_is_no_text(void **state)
{
	static const char text[] = "[a]\nkey = 1\0 and more\nkey2 = 2\n";
	char *path = scratch_path("binary.ini");
	FILE *file = fopen(path, "w");
	struct inifile ini;
	struct error err = {0};

	(void)state;
	assert_non_null(file);
	fwrite(text, 1, sizeof(text) - 1, file);
	fclose(file);
	assert_int_equal(inifile_read(&ini, path, &err), -EINVAL);
	assert_non_null(strstr(err.text, "binary.ini:2: holds a byte 0"));
	inifile_finish(&ini);
	free(path);
}

/* Lines below a long one keep their numbers, and its tail is no line of its own. */
static void long_lines_are_refused(void **state)
{
	char text[1200] = "[a]\nshort = 1\nlong = ";
	struct inifile ini;
	struct error err = {0};

	(void)state;
	memset(text + strlen(text), 'x', 700);
	strcat(text, " = y\nnot understood\n");
	assert_int_equal(read_text(&ini, text, &err), -EINVAL);
	assert_non_null(strstr(err.text, "test.ini:3: longer than "));
	assert_non_null(strstr(err.text, "shorten"));
	inifile_finish(&ini);
}

static void unreadable_files_are_errors(void **state)
{
	struct inifile ini;
	struct error err = {0};
	char *path = scratch_path("absent.ini");

	(void)state;
	assert_int_equal(inifile_read(&ini, path, &err), -ENOENT);
	assert_non_null(strstr(err.text, "absent.ini: cannot be read"));
	inifile_finish(&ini);
	free(path);
	assert_int_equal(inifile_read(&ini, "/", &err), -EISDIR);
	inifile_finish(&ini);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(entries_keep_order_and_line),
	    cmocka_unit_test(indenting_means_nothing),
	    cmocka_unit_test(many_entries),
	    cmocka_unit_test(faults_name_the_line),
	    cmocka_unit_test(a_binary_file_is_no_text),
	    cmocka_unit_test(long_lines_are_refused),
	    cmocka_unit_test(unreadable_files_are_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
