/* Facts that were read before. All turns share the book of the world's newest version; when that moves, the next turn
 * opens a new one, and the old goes with the last turn that reads in it. A book is bounded: what finds no room is read
 * anew each time. */
#ifndef NERDX_SERVICES_AGENTS_BOOK_H
#define NERDX_SERVICES_AGENTS_BOOK_H

#include "services/agents/narrator/narrator.h"

enum { BOOK_PAGES_MAX = 8192, BOOK_MAX_BYTES = 16 << 20 };

typedef struct FactShelf FactShelf; /* holds the newest book */
typedef struct FactBook FactBook;

typedef struct FactPage {
    Fact fact;
    Texts aliases;
    const SoughtName *names; /* what the fact may be called: its name, its Korean one, its aliases */
    size_t name_count;
} FactPage;

/* Makes the names of a page whose fact and aliases are there. */
void fact_page_seek(Arena *arena, FactPage *page);

FactShelf *fact_shelf_create(void);
void fact_shelf_destroy(FactShelf *shelf); /* no book may be out; accepts NULL */

/* The book of that version of the world, to be given back. */
FactBook *fact_shelf_take(FactShelf *shelf, int64_t version);
void fact_shelf_give_back(FactShelf *shelf, FactBook *book);
int64_t fact_book_version(const FactBook *book);

/* A page lives as long as its book. NULL: it isn't there. */
const FactPage *fact_book_find(FactBook *book, Str key);

/* Writes a copy into the book. */
void fact_book_keep(FactBook *book, Str key, const FactPage *page);

#endif
