/* Keeping what was told, in the transaction of its turn. The world follows (deliver.c). */
#include "services/agents/memory/room.h"

typedef struct Keeping {
    const Memory *memory;
    Tx *tx;
    Arena *arena;
    const MemoryPlace *place;
    const MemorySqlItem *known; /* newest first */
    size_t known_count;
    size_t kept;
} Keeping;

static bool holds(const MemorySqlItem *item)
{
    return item->until_us == 0;
}

static bool is_same(const MemorySqlItem *item, const ToldFact *fact)
{
    return holds(item) && str_equal(item->kind, fact->kind) && str_equal(item->who, fact->who) &&
           str_equal(item->entity, fact->entity) && item->score == fact->score &&
           (fact->entity.len > 0 || str_equal(item->name_en, fact->names[ENGLISH]));
}

static Str group_of(const Memory *memory, Str kind_id)
{
    const MemoryKind *kind = memory_rules_kind(memory->rules, kind_id);

    return kind != NULL ? kind->group : kind_id;
}

/* A newer name, or another view of the same thing. */
static bool is_replaced(const Keeping *k, const MemorySqlItem *item, const ToldFact *fact)
{
    const MemoryKind *kind = memory_rules_kind(k->memory->rules, fact->kind);

    if (!holds(item) || !str_equal(item->who, fact->who) ||
        !str_equal(group_of(k->memory, item->kind), kind->group))
        return false;
    return kind->once || (fact->entity.len > 0 && str_equal(item->entity, fact->entity));
}

/* "No, actually dry": somebody who likes dry doesn't like sweet. */
static bool is_opposed(const Keeping *k, const MemorySqlItem *item, const ToldFact *fact)
{
    const MemoryWord *trait = memory_words_find(k->memory->rules->traits, fact->entity);

    return fact->corrects && trait != NULL && holds(item) && str_equal(item->entity, trait->opposite) &&
           str_equal(item->kind, fact->kind) && str_equal(item->who, fact->who);
}

/* A correction that names nothing it replaces means what was told last of its kind in this session. */
static const MemorySqlItem *last_told(const Keeping *k, const ToldFact *fact)
{
    for (size_t i = 0; i < k->known_count && fact->corrects; i++)
        if (holds(&k->known[i]) && str_equal(k->known[i].kind, fact->kind) &&
            str_equal(k->known[i].who, fact->who) && str_equal(k->known[i].session_id, k->place->session_id))
            return &k->known[i];
    return NULL;
}

static Err close_replaced(const Keeping *k, const ToldFact *fact, Str id)
{
    const MemorySqlItem *last = last_told(k, fact);
    size_t closed = 0;

    for (size_t i = 0; i < k->known_count; i++)
        if (is_replaced(k, &k->known[i], fact) || is_opposed(k, &k->known[i], fact)) {
            TRY(memory_sql_close(k->tx, k->known[i].memory_id, k->place->at_us, id, NULL));
            closed++;
        }
    if (closed == 0 && last != NULL)
        TRY(memory_sql_close(k->tx, last->memory_id, k->place->at_us, id, NULL));
    return OK;
}

static Err keep_one(Keeping *k, const ToldFact *fact)
{
    const MemoryPlace *place = k->place;
    Str id;

    for (size_t i = 0; i < k->known_count; i++)
        if (is_same(&k->known[i], fact))
            return OK;
    id = str_format(k->arena, "%.*s.%zu", STR_ARG(place->turn_id), ++k->kept);
    TRY(close_replaced(k, fact, id));
    return memory_sql_add(k->tx, id, place->user_id, place->session_id, place->turn_id, place->at_us,
                          fact->kind, fact->who, fact->entity, fact->label, fact->names[ENGLISH],
                          fact->names[KOREAN], fact->score, NULL);
}

/* What doesn't hold any more goes before what does, and the oldest first. */
static Err make_room(const Keeping *k, size_t more)
{
    size_t over = k->known_count + more > MEMORIES_MAX ? k->known_count + more - MEMORIES_MAX : 0;

    for (int closed = 1; closed >= 0; closed--)
        for (size_t i = k->known_count; i-- > 0 && over > 0;)
            if (holds(&k->known[i]) == !closed) {
                TRY(memory_let_go(k->memory, k->tx, k->arena, &k->known[i], 1));
                over--;
            }
    return OK;
}

Err memory_keep(Memory *memory, Tx *tx, Arena *arena, const MemoryPlace *place, const Told *told)
{
    Keeping keeping = {.memory = memory, .tx = tx, .arena = arena, .place = place};
    MemorySqlItem *known;

    if (told->count == 0)
        return OK;
    TRY(memory_sql_list(memory->config.sql, tx, arena, place->user_id, MEMORIES_MAX, &known,
                        &keeping.known_count));
    keeping.known = known;
    TRY(make_room(&keeping, told->count));
    for (size_t i = 0; i < told->count; i++)
        TRY(keep_one(&keeping, &told->items[i]));
    return OK;
}

/* ---- becoming another's */

/* As if the later one had been told when the other was known. */
static bool is_outdated(const Memory *memory, const MemorySqlItem *item, const MemorySqlItem *later)
{
    const MemoryKind *kind = memory_rules_kind(memory->rules, later->kind);

    if (kind == NULL || !holds(item) || !holds(later) || !str_equal(item->who, later->who) ||
        !str_equal(group_of(memory, item->kind), kind->group))
        return false;
    return kind->once || (later->entity.len > 0 && str_equal(item->entity, later->entity));
}

static Err close_outdated(const Keeping *k, MemorySqlItem *items, size_t later)
{
    for (size_t i = later + 1; i < k->known_count; i++)
        if (is_outdated(k->memory, &items[i], &items[later])) {
            TRY(memory_sql_close(k->tx, items[i].memory_id, items[later].at_us, items[later].memory_id,
                                 NULL));
            items[i].until_us = items[later].at_us;
        }
    return OK;
}

Err memory_move(const Memory *memory, Tx *tx, Arena *arena, Str from, Str to, int64_t *moved)
{
    Keeping keeping = {.memory = memory, .tx = tx, .arena = arena};
    MemorySqlItem *items;

    TRY(memory_sql_move(tx, from, to, moved));
    if (*moved == 0)
        return OK;
    TRY(memory_sql_list(memory->config.sql, tx, arena, to, 2L * MEMORIES_MAX, &items, &keeping.known_count));
    for (size_t i = 0; i < keeping.known_count; i++)
        TRY(close_outdated(&keeping, items, i));
    keeping.known = items;
    return make_room(&keeping, 0);
}

Err memory_rename_session(Tx *tx, Str user_id, Str session_id, Str new_id)
{
    return memory_sql_rename_session(tx, user_id, session_id, new_id, NULL);
}
