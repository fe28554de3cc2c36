/* Words for what a user likes things to be, from where they are known: the request, the user's node, and what the user
 * told (relationships with `words` in the schema). */
#ifndef NERDX_SERVICES_WORLD_PREFERENCES_H
#define NERDX_SERVICES_WORLD_PREFERENCES_H

#include "services/world/advice.h"
#include "services/world/room.h"

enum { PREFERENCES_MAX = 64 }; /* more are left out: the first ones and the latest told count */

typedef struct Preferences {
    World *world;
    Arena *arena;
    Preference items[PREFERENCES_MAX];
    size_t count;
} Preferences;

/* Each word is one, liked. */
void preferences_add(Preferences *preferences, const Str *words, size_t count);

/* Those of the user's node; somebody unknown has none. */
Err preferences_read_stored(Preferences *preferences, Str user);

/* Those among a user's neighbours, of which kinds[i] is the relationship of list[i]: what each is called, in every language,
 * with the relationship's score. */
Err preferences_read_told(Preferences *preferences, const GraphNeighbour *list,
                          const SchemaRelationship *const *kinds, size_t count);

#endif
