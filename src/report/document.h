/*
 * A report as a document: sections of blocks, every word in its language already. A report is
 * written down once, here; write_text.c, write_html.c and write_pdf.c only lay it out, so that paper,
 * page and terminal say the same. Building never fails half-way: without memory the document is
 * broken, which document_ok() tells at the end. One thread.
 */
#ifndef LUMBAR_REPORT_DOCUMENT_H
#define LUMBAR_REPORT_DOCUMENT_H

#include "base/language.h"
#include "report/canvas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct report_night;
struct report_map;

enum block_kind {
	BLOCK_TEXT,   /* a paragraph */
	BLOCK_NOTE,   /* the same in small print */
	BLOCK_ITEM,   /* of a list: text or none, then `lines` */
	BLOCK_FACT,   /* name: text */
	BLOCK_TILE,   /* name, text, note */
	BLOCK_SHARES, /* name, text, a bar of shares, note */
	BLOCK_BARS,   /* name, text (its unit, or NULL), note, bars */
	BLOCK_STRIPS, /* all strips of a night on one clock axis */
	BLOCK_MAP,    /* name, text, note */
};

/* A further line of an item: text, then links to places of this document. */
#define LINE_LINKS 2
struct line {
	const char *id; /* a place that links lead to; NULL: none */
	bool soft;      /* in a lighter colour */
	const char *text;
	struct {
		const char *text, *target;
	} links[LINE_LINKS]; /* text NULL: none */
	const char *code;    /* the id of an advice, whose place is "advice-<id>"; NULL: none */
};

#define SHARES_MAX 8
struct shares {
	size_t n;
	struct share {
		const char *name, *text; /* text: how long it was; NULL: not said */
		enum ink ink;
		float part; /* of the whole, 0-1 */
	} parts[SHARES_MAX];
};

/* One value a night, oldest first; NAN: no night. Few have their values written below them. */
#define BARS_FEW 8
#define BARS_MAX 92
struct bars {
	const char *measure; /* the id of what is shown */
	size_t n;
	float values[BARS_MAX];
	bool marks[BARS_MAX];  /* something changed before this night: a line */
	bool breaks[BARS_MAX]; /* and those before are no measure any more: two lines */
	float greatest;        /* what fills the height */
	float usual;           /* her own median before; NAN: not known */
	size_t since;          /* of the nights from this one on */
	int digits;
	bool last_is_now;                     /* the last one is what the report is about */
	const char *first_label, *last_label; /* days, below; NULL: they need none */
};

struct block {
	enum block_kind kind;
	const char *id;   /* a place that links lead to; NULL: none */
	const char *term; /* the id of its definition ("term-rest"); NULL: none */
	const char *name, *text, *note;
	struct line *lines;
	size_t n_lines;
	bool compact; /* shares: one row, its parts without percent */
	const struct shares *shares;
	const struct bars *bars;
	const struct report_map *map;
};

enum section_look {
	SECTION_PLAIN,
	SECTION_BARE, /* no card, no heading */
	SECTION_ACCENT,
	SECTION_FIGURES, /* short facts, in columns where there is room */
	SECTION_TERMS,   /* definitions, small: left out on a terminal */
};

struct section {
	const char *id, *heading;
	enum section_look look;
	struct block *blocks;
	size_t n_blocks;
};

struct document {
	const struct language *language;
	const struct report_night *night; /* what strips and maps are drawn from; NULL: none */
	const char *kicker, *title, *lead, *footer;
	struct section *sections;
	size_t n_sections;
	char **strings; /* all that the document owns */
	size_t n_strings;
	bool broken;
	struct block nowhere; /* what is written without memory */
	struct line nowhere_line;
};

/* NULL: no memory. */
struct document *document_create(const struct language *language);
void document_destroy(struct document *document); /* NULL is legal */
bool document_ok(const struct document *document);

/* Text that lives as long as the document; "" without memory. */
__attribute__((format(printf, 2, 3))) const char *document_print(
    struct document *document, const char *format, ...);
const char *document_keep(struct document *document, const char *text);
void *document_memory(struct document *document, size_t size); /* zeroed, or NULL */

void document_section(
    struct document *document, const char *id, const char *heading, enum section_look look);

/*
 * Adds a block to the last section and returns it, to fill in what its kind has, until the next
 * one is added. Never NULL.
 */
struct block *document_block(struct document *document, enum block_kind kind);
void document_text(struct document *document, const char *text);
void document_note(struct document *document, const char *text);
void document_fact(struct document *document, const char *term, const char *name, const char *text);
/* A fact that links lead to. */
void document_define(struct document *document, const char *id, const char *name, const char *text);
void document_tile(struct document *document, const char *term, const char *name, const char *text,
    const char *note);
/* A further line of an item, to fill in; never NULL. */
struct line *document_line(struct document *document, struct block *item);

/* The three papers. 0, or -errno. */
int document_write_text(const struct document *document, FILE *out);
int document_write_html(const struct document *document, FILE *out);
int document_write_pdf(const struct document *document, FILE *out);

#endif
