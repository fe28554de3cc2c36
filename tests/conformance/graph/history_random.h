/* Things that may be said, by chance, of eight nodes: two that are always there, four of which three origins speak, and
 * two users, of whom they speak too. */
#ifndef NERDX_TESTS_CONFORMANCE_GRAPH_HISTORY_RANDOM_H
#define NERDX_TESTS_CONFORMANCE_GRAPH_HISTORY_RANDOM_H

#include "conformance/graph/history_model.h"

enum { HISTORY_KEYS = 8, HISTORY_GROUND = 2, HISTORY_USERS = 2, HISTORY_ORIGINS = 3, HISTORY_EVENTS = 25 };

extern const char *const HISTORY_KEY[HISTORY_KEYS]; /* first the ground, last the users */
extern const char *const HISTORY_ORIGIN[HISTORY_ORIGINS];
extern const char *const HISTORY_EVENT[HISTORY_EVENTS];

typedef struct Chance {
    unsigned seed;
    int64_t now_us;
} Chance;

int chance_below(Chance *chance, size_t limit);
Said chance_node(Chance *chance, const char *origin);
Said chance_relationship(Chance *chance, const char *origin);
Said chance_event(Chance *chance);

#endif
