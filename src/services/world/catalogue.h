/* What can be found: every entity of the catalogue labels with its names, summaries, relationships and index, in
 * memory, as they were at one moment. Made from a graph, then only read; counted, so that whoever is still reading
 * keeps it while a newer one takes its place on the Shelf. */
#ifndef NERDX_SERVICES_WORLD_CATALOGUE_H
#define NERDX_SERVICES_WORLD_CATALOGUE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/keymap.h"
#include "services/world/index.h"
#include "services/world/names.h"
#include "services/world/schema.h"
#include "stores/graph/graph.h"

typedef enum Tongue { TONGUE_EN, TONGUE_KO, TONGUE_COUNT } Tongue;

typedef struct CatalogueEntity {
    Str id;
    StrSet labels; /* the first is the main one */
    Str name[TONGUE_COUNT];
    Str summary[TONGUE_COUNT];
    StrSet sources;
    bool sample;
} CatalogueEntity;

/* A relationship, seen from one of its ends. */
typedef struct CatalogueLink {
    uint32_t from;
    uint32_t to;
    double step;
} CatalogueLink;

typedef struct Catalogue {
    Arena text;
    CatalogueEntity *entities;
    size_t count;
    StrIdMap by_id;
    Index *index;
    Names *names;
    CatalogueLink *links; /* by from, in both directions */
    size_t link_count;
    size_t *first_link; /* of each entity, and one behind the last */
    _Atomic int holders;
} Catalogue;

/* Errors: those of the graph; INTERNAL when a node's properties aren't an object. The caller holds the result. */
Err catalogue_load(Graph *graph, const Schema *schema, Catalogue **out);
void catalogue_release(Catalogue **held); /* accepts NULL in it */
#define AUTO_CATALOGUE __attribute__((cleanup(catalogue_release)))

const CatalogueEntity *catalogue_find(const Catalogue *catalogue, Str id); /* NULL when unknown */

/* Where the newest one is. Taking and putting wait for nobody longer than it takes to copy a pointer. */
typedef struct Shelf {
    pthread_mutex_t lock;
    Catalogue *newest;
} Shelf;

void shelf_init(Shelf *shelf);
void shelf_finish(Shelf *shelf);
Catalogue *shelf_take(Shelf *shelf);                  /* release it afterwards */
void shelf_put(Shelf *shelf, Catalogue *newer_owned); /* takes over the caller's hold */

#endif
