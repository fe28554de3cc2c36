/* A Markdown file as it is read: its front matter, what it is called, and its prose.
 *
 *     MarkdownPage page = {0};
 *     TRY(page_open(&arena, path, &page));  e = page_parse(&arena, path, &page);  …  page_close(&page); */
#ifndef NERDX_SERVICES_WORLD_INGEST_PAGE_H
#define NERDX_SERVICES_WORLD_INGEST_PAGE_H

#include "base/err.h"
#include "base/json.h"

enum { PAGE_MAX_BYTES = 64 * 1024 * 1024 /* it is read whole */ };

typedef struct MarkdownPage {
    Str text;     /* of the file */
    Str body;     /* behind the front matter */
    json_t *head; /* the front matter; an object */
    Str id;       /* as the front matter says, or made of the file's name */
} MarkdownPage;

/* Reads the file. Errors: as file_read. */
Err page_open(Arena *arena, const char *path, MarkdownPage *page);

/* Errors: INVALID when the front matter can't be read, or the text isn't UTF-8. */
Err page_parse(Arena *arena, const char *path, MarkdownPage *page);
void page_close(MarkdownPage *page); /* accepts a zeroed one */

/* What its so manieth passage, from 1, is called in the graph. */
Str page_part_id(Arena *arena, const MarkdownPage *page, size_t number);

/* The line of the file, from 1, that a place of its text stands in. */
int64_t page_line(const MarkdownPage *page, const char *place);

#endif
