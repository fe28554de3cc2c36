/* What can be found: every entity of the catalogue labels, in memory, as they were at one moment. A catalogue is a few
 * segments, and which of their entities are no more; a change makes a new catalogue that shares the segments which
 * didn't change. It is only read, and counted, so that whoever is still reading keeps it while a newer one takes its
 * place on the Shelf.
 * Entities are numbered through all segments; what is found depends only on what is alive, never on how it was added. */
#ifndef NERDX_SERVICES_WORLD_CATALOGUE_H
#define NERDX_SERVICES_WORLD_CATALOGUE_H

#include <pthread.h>

#include "services/world/segment.h"

typedef struct CatalogueView {
    Segment *segment;
    uint64_t *dead; /* dead.h; NULL while all are alive */
    size_t dead_count;
    uint32_t first; /* number of its first entity */
} CatalogueView;

typedef struct Catalogue {
    CatalogueView *views; /* oldest first */
    size_t view_count;
    NamesPart *names;
    size_t slots;        /* numbers that are given out */
    size_t count;        /* of entities that are alive */
    uint64_t label_bits; /* of all that are alive */
    int64_t number;      /* the shelf's: no two that were put on it have the same */
    _Atomic int holders;
} Catalogue;

/* Errors: those of the graph; INTERNAL when a node's properties aren't an object. The caller holds the result. */
Err catalogue_load(Graph *graph, const Schema *schema, Catalogue **out);
Catalogue *catalogue_hold(Catalogue *catalogue);
void catalogue_release(Catalogue **held); /* accepts NULL in it */
#define AUTO_CATALOGUE __attribute__((cleanup(catalogue_release)))

/* A catalogue of these views; takes over the caller's holds on their segments and their dead. */
Catalogue *catalogue_of(const CatalogueView *views, size_t count);

const CatalogueEntity *catalogue_entity(const Catalogue *catalogue, uint32_t number);
const CatalogueView *catalogue_view(const Catalogue *catalogue, uint32_t number); /* the one it is in */

#define CATALOGUE_NONE UINT32_MAX
uint32_t catalogue_number(const Catalogue *catalogue, Str id);             /* CATALOGUE_NONE when unknown */
const CatalogueEntity *catalogue_find(const Catalogue *catalogue, Str id); /* NULL when unknown */
NamesParts catalogue_names(const Catalogue *catalogue);                    /* for names_find */

/* Where the newest one is. Taking and putting wait for nobody longer than it takes to copy a pointer. */
typedef struct Shelf {
    pthread_mutex_t lock;
    Catalogue *newest;
    int64_t numbered; /* how many were put here */
} Shelf;

void shelf_init(Shelf *shelf);
void shelf_finish(Shelf *shelf);
Catalogue *shelf_take(Shelf *shelf);                  /* release it afterwards */
void shelf_put(Shelf *shelf, Catalogue *newer_owned); /* takes over the caller's hold */

#endif
