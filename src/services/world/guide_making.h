/* A guide while it is put together: guide.c goes through it, guide_items.c finds what there is, guide_shares.c what that
 * has in common. Only for these files. */
#ifndef NERDX_SERVICES_WORLD_GUIDE_MAKING_H
#define NERDX_SERVICES_WORLD_GUIDE_MAKING_H

#include "services/world/guide.h"

typedef struct Making {
    Guide *guide;
    Graph *graph;
    const Schema *schema;
    const Catalogue *catalogue;
    const SchemaLabel *label;
    const SchemaRelationship *kind;
    size_t capacity;
    size_t feature_capacity;
    uint64_t *pairs; /* an item's number above, a feature's below */
    size_t pair_count;
    size_t pair_capacity;
} Making;

/* Everything with a label that is recommended. Errors: those of the graph; INTERNAL when properties are no object. */
Err guide_load_items(Making *making);
GuideItem *guide_new_item(Making *making, Str id);
void guide_number_items(Guide *guide);

/* Their features. Errors: those of the graph. */
Err guide_load_features(Making *making);

/* The items' lists turned round: pair_count is how many entries they have together. */
void guide_list_items(Guide *guide, size_t pair_count);

/* How loud it is that something is shared; when it is known who likes what. */
void guide_weigh_shares(Guide *guide);

#endif
