#include "stores/graph/neo4j/familiar.h"

#include "base/memory.h"

enum {
    WORD_BITS = 64,
    FILTER_BITS = 1 << 26, /* 8 MB: of ten million pairs one in twenty is asked for though it isn't there */
    PROBES = 4,
    HALF = 32,
    SHOWN_BITS = 2,
    SHOWN_MASK = (1 << SHOWN_BITS) - 1,
    WHOLE_BIT = 1 << SHOWN_BITS,
    ORIGIN_SHIFT = SHOWN_BITS + 1, /* above it the number of the origin that is known to speak of the node */
};

void familiar_init(Familiar *familiar)
{
    *familiar = (Familiar){0};
    arena_init(&familiar->texts);
}

void familiar_finish(Familiar *familiar)
{
    keymap_finish(&familiar->nodes);
    memory_free(familiar->pairs);
    arena_finish(&familiar->texts);
}

void familiar_forget(Familiar *familiar)
{
    familiar_finish(familiar);
    familiar_init(familiar);
}

bool familiar_is_empty(const Familiar *familiar)
{
    return familiar->nodes.count == 0 && familiar->pair_count == 0;
}

bool familiar_has_room(const Familiar *familiar, size_t nodes, size_t pairs)
{
    return familiar->nodes.count + nodes <= FAMILIAR_MAX_NODES &&
           familiar->pair_count + pairs <= FAMILIAR_MAX_PAIRS;
}

void familiar_set_origin(Familiar *familiar, Str name)
{
    if (familiar->origin_number > 0 && str_equal(familiar->origin, name))
        return;
    familiar->origin = str_copy(&familiar->texts, name);
    familiar->origin_number++;
}

/* ---- nodes */

bool familiar_find(const Familiar *familiar, Str key, FamiliarNode *out)
{
    uint32_t bits = keymap_get(&familiar->nodes, key);

    if (bits == KEYMAP_NONE)
        return false;
    *out = (FamiliarNode){bits & SHOWN_MASK, (bits & WHOLE_BIT) != 0,
                          bits >> ORIGIN_SHIFT == familiar->origin_number};
    return true;
}

void familiar_note(Familiar *familiar, Str key, FamiliarNode node)
{
    uint32_t said_by = node.said ? familiar->origin_number : 0;
    uint32_t bits = said_by << ORIGIN_SHIFT | (node.whole ? WHOLE_BIT : 0U) | (uint32_t)node.shown;

    if (keymap_get(&familiar->nodes, key) == KEYMAP_NONE)
        key = str_copy(&familiar->texts, key);
    *keymap_place(&familiar->nodes, key) = bits;
}

/* ---- pairs: two halves of one hash make as many as are wanted (Kirsch and Mitzenmacher 2006) */

static size_t probe(uint64_t hash, uint32_t i)
{
    return (uint32_t)(hash + i * ((hash >> HALF) | 1)) % FILTER_BITS;
}

bool familiar_may_join(const Familiar *familiar, Str ends)
{
    uint64_t hash = str_hash(ends);
    bool all = familiar->pairs != NULL;

    for (uint32_t i = 0; i < PROBES && all; i++) {
        size_t bit = probe(hash, i);

        all = familiar->pairs[bit / WORD_BITS] >> (bit % WORD_BITS) & 1;
    }
    return all;
}

void familiar_note_ends(Familiar *familiar, Str ends)
{
    uint64_t hash = str_hash(ends);

    if (familiar->pairs == NULL)
        familiar->pairs = memory_zalloc(FILTER_BITS / 8);
    for (uint32_t i = 0; i < PROBES; i++) {
        size_t bit = probe(hash, i);

        familiar->pairs[bit / WORD_BITS] |= UINT64_C(1) << (bit % WORD_BITS);
    }
    familiar->pair_count++;
}
