#include "report/document.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct document *document_create(const struct language *language)
{
	struct document *document = calloc(1, sizeof(*document));

	if (document)
		document->language = language;
	return document;
}

void document_destroy(struct document *document)
{
	if (!document)
		return;
	for (size_t i = 0; i < document->n_sections; i++) {
		for (size_t b = 0; b < document->sections[i].n_blocks; b++)
			free(document->sections[i].blocks[b].lines);
		free(document->sections[i].blocks);
	}
	for (size_t i = 0; i < document->n_strings; i++)
		free(document->strings[i]);
	free(document->strings);
	free(document->sections);
	free(document);
}

bool document_ok(const struct document *document)
{
	return !document->broken;
}

/* One more zeroed item at the end of an array, or NULL; the array stays what it was then. */
static void *grow(struct document *document, void *array, size_t *n, size_t size)
{
	char *larger = realloc(*(void **)array, (*n + 1) * size);

	if (!larger) {
		document->broken = true;
		return NULL;
	}
	*(void **)array = larger;
	return memset(larger + size * (*n)++, 0, size);
}

/* Takes memory over; frees it when it cannot. */
static char *own(struct document *document, char *memory)
{
	char **place = memory ? grow(document, &document->strings, &document->n_strings,
	                            sizeof(*document->strings))
	                      : NULL;

	if (place)
		return *place = memory;
	document->broken = true;
	free(memory);
	return NULL;
}

const char *document_print(struct document *document, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	text = own(document, text);
	return text ? text : "";
}

const char *document_keep(struct document *document, const char *text)
{
	return document_print(document, "%s", text);
}

void *document_memory(struct document *document, size_t size)
{
	return own(document, calloc(1, size));
}

void document_section(
    struct document *document, const char *id, const char *heading, enum section_look look)
{
	struct section *section = grow(
	    document, &document->sections, &document->n_sections, sizeof(*document->sections));

	if (section)
		*section = (struct section){.id = id, .heading = heading, .look = look};
}

struct block *document_block(struct document *document, enum block_kind kind)
{
	struct section *section = document->n_sections
	                              ? &document->sections[document->n_sections - 1]
	                              : NULL;
	struct block *block = NULL;

	if (section)
		block = grow(document, &section->blocks, &section->n_blocks, sizeof(*block));
	if (!block)
		block = &document->nowhere;
	*block = (struct block){.kind = kind};
	return block;
}

void document_text(struct document *document, const char *text)
{
	document_block(document, BLOCK_TEXT)->text = text;
}

void document_note(struct document *document, const char *text)
{
	document_block(document, BLOCK_NOTE)->text = text;
}

void document_fact(struct document *document, const char *term, const char *name, const char *text)
{
	struct block *block = document_block(document, BLOCK_FACT);

	block->term = term;
	block->name = name;
	block->text = text;
}

void document_define(struct document *document, const char *id, const char *name, const char *text)
{
	struct block *block = document_block(document, BLOCK_FACT);

	block->id = id;
	block->name = name;
	block->text = text;
}

void document_tile(struct document *document, const char *term, const char *name, const char *text,
    const char *note)
{
	struct block *block = document_block(document, BLOCK_TILE);

	block->term = term;
	block->name = name;
	block->text = text;
	block->note = note;
}

struct line *document_line(struct document *document, struct block *item)
{
	struct line *line = grow(document, &item->lines, &item->n_lines, sizeof(*line));

	return line ? line : &document->nowhere_line;
}
