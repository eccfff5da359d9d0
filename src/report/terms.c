#include "guidance/guidance.h"
#include "report/night_document.h"
#include "report/strips.h"

#include <string.h>

struct term {
	const char *id, *name, *definition;
};

static const struct term terms[] = {
#define TERM(id, name, definition) {"term-" id, name, definition},
#include "report/terms.def"
#undef TERM
};

static bool strips_use(const struct report_night *night, const char *id)
{
	struct strip shown;

	for (size_t i = 0; i < n_strips; i++)
		if (strips[i].term && strcmp(strips[i].term, id) == 0 &&
		    strip_show(&strips[i], night, &shown))
			return true;
	return false;
}

static bool uses(const struct document *document, const char *id)
{
	for (size_t s = 0; s < document->n_sections; s++)
		for (size_t b = 0; b < document->sections[s].n_blocks; b++) {
			const struct block *block = &document->sections[s].blocks[b];

			if (block->term && strcmp(block->term, id) == 0)
				return true;
			if (block->kind == BLOCK_STRIPS && strips_use(document->night, id))
				return true;
		}
	return false;
}

static bool stands_for(const struct document *document, const struct advice *advice)
{
	for (size_t s = 0; s < document->n_sections; s++)
		for (size_t b = 0; b < document->sections[s].n_blocks; b++) {
			const struct block *block = &document->sections[s].blocks[b];

			for (size_t i = 0; i < block->n_lines; i++)
				if (block->lines[i].code &&
				    strcmp(block->lines[i].code, advice->id) == 0)
					return true;
		}
	return false;
}

/* Where the limit of each advice that was touched comes from. */
static void add_sources(struct document *document)
{
	const struct language *l = document->language;

	for (size_t i = 0; i < n_guidance; i++)
		if (guidance[i].measured && stands_for(document, &guidance[i]))
			document_define(document,
			    document_print(document, "advice-%s", guidance[i].id), guidance[i].id,
			    document_print(
			        document, tr(l, "The limit: %s."), tr(l, guidance[i].source)));
}

void terms_add(struct document *document)
{
	const struct language *l = document->language;
	bool used[sizeof(terms) / sizeof(terms[0])];

	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		used[i] = uses(document, terms[i].id);
	document_section(document, "terms", tr(l, "What the words mean"), SECTION_TERMS);
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		if (used[i])
			document_define(document, terms[i].id, tr(l, terms[i].name),
			    tr(l, terms[i].definition));
	add_sources(document);
}
