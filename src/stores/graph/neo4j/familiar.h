/* What a process still knows of the graph from what it wrote itself, as long as nobody else has written: which nodes are
 * there, and which of them it has seen from their beginning, so that what joins them is known, too. So an import that
 * goes on batch by batch asks for nothing that it has put there itself. Bounded: what becomes too much is forgotten, and
 * asked for again.
 *
 * Whoever writes has the lock of all writers, which counts its holders (_turn in neo4j.cypher): what is known holds while
 * the next turn is this process's own. */
#ifndef NERDX_STORES_GRAPH_NEO4J_FAMILIAR_H
#define NERDX_STORES_GRAPH_NEO4J_FAMILIAR_H

#include "base/arena.h"
#include "base/keymap.h"

enum { FAMILIAR_MAX_NODES = 250000, FAMILIAR_MAX_PAIRS = 10000000 };

typedef struct FamiliarNode {
    int64_t shown; /* as in its row */
    bool whole;    /* all that joins it was noted by familiar_note_ends, since it was made */
    bool said;     /* the origin is known to say something of it, or of what leaves it */
} FamiliarNode;

typedef struct Familiar {
    Arena texts;
    StrIdMap nodes;
    uint64_t *pairs; /* a Bloom filter (Bloom 1970); NULL while it is empty */
    size_t pair_count;
    int64_t turn; /* after which all this held; 0 = never */
    Str origin;
    uint32_t origin_number; /* grows with each other origin */
} Familiar;

void familiar_init(Familiar *familiar);
void familiar_finish(Familiar *familiar);
void familiar_forget(Familiar *familiar);
bool familiar_is_empty(const Familiar *familiar);
bool familiar_has_room(const Familiar *familiar, size_t nodes, size_t pairs);

/* Of whom it is noted from now on that it says something. */
void familiar_set_origin(Familiar *familiar, Str name);

bool familiar_find(const Familiar *familiar, Str key, FamiliarNode *out);
void familiar_note(Familiar *familiar, Str key, FamiliarNode node);

/* A relationship's type and ends in one text (draft_ends_text), be it shown or not. False is certain, true isn't. */
bool familiar_may_join(const Familiar *familiar, Str ends);
void familiar_note_ends(Familiar *familiar, Str ends);

#endif
