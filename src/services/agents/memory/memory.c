#include "services/agents/memory/memory.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/thread.h"
#include "base/time.h"
#include "services/agents/memory/room.h"

Err memory_create(const MemoryConfig *config, Memory **out)
{
    Memory *memory = memory_new(Memory);
    Err e;

    memory->config = *config;
    memory->taken = taken_create();
    memory->sayings = recent_create(SAYINGS_KEPT, SAYING_BYTES);
    (void)pthread_mutex_init(&memory->delivering, NULL);
    e = memory_rules_create(config->content, &memory->rules);
    *out = failed(&e) ? NULL : memory;
    if (failed(&e))
        memory_destroy(memory);
    return e;
}

void memory_destroy(Memory *memory)
{
    if (memory == NULL)
        return;
    memory_rules_destroy(memory->rules);
    taken_destroy(memory->taken);
    recent_destroy(memory->sayings);
    (void)pthread_mutex_destroy(&memory->delivering);
    memory_free(memory);
}

/* ---- which of the facts a question is after */

/* What a fact must reach to be an answer: its kind was asked for, or it was named. */
enum { FITS_KIND = 2, FITS_NAME = 3, FITS_PERSON = 1 };

typedef struct Asked {
    const Memory *memory;
    Arena *arena;
    Str folded;
    const MemoryWord *person; /* somebody else than the visitor, or NULL */
} Asked;

static Asked asked_of(const Memory *memory, Arena *arena, Str question)
{
    const MemoryWords people = memory->rules->people;
    Str folded = text_fold(arena, question);

    return (Asked){memory, arena, folded,
                   memory_words_heard((MemoryWords){people.items + 1, people.count - 1}, folded)};
}

static bool names(const Asked *asked, const MemorySqlItem *item)
{
    const MemoryRules *rules = asked->memory->rules;
    const MemoryWord *word = memory_words_find(rules->traits, item->entity);

    if (word == NULL)
        word = memory_words_find(rules->occasions, item->entity);
    return (word != NULL && listener_hears(word->listener, asked->folded)) ||
           text_mentions(asked->arena, asked->folded, item->name_en) ||
           text_mentions(asked->arena, asked->folded, item->name_ko);
}

static int fit_of(const Asked *asked, const MemorySqlItem *item)
{
    const MemoryKind *kind = memory_rules_kind(asked->memory->rules, item->kind);
    bool theirs = asked->person != NULL && str_equal(item->who, asked->person->id);
    int fit = 0;

    if (item->until_us != 0 || (asked->person != NULL ? !theirs : !str_equal(item->who, SELF)))
        return 0;
    if (kind != NULL && listener_hears(kind->asked, asked->folded))
        fit += FITS_KIND;
    if (names(asked, item))
        fit += FITS_NAME;
    return fit > 0 && theirs ? fit + FITS_PERSON : fit;
}

/* The facts that hold, those that fit best first, then newest first. */
static Err read_facts(const Memory *memory, Arena *arena, const MemoryPlace *place, const Asked *asked,
                      Recollection *out, int *best_fit)
{
    Remembered *facts;
    MemorySqlItem *items;
    size_t count;
    int *fits, best = 0;

    TRY(memory_sql_list(memory->config.sql, NULL, arena, place->user_id, MEMORIES_MAX, &items, &count));
    facts = arena_array(arena, Remembered, count < FACTS_MAX ? count + 1 : FACTS_MAX);
    fits = arena_array(arena, int, count + 1);
    for (size_t i = 0; i < count && asked != NULL; i++) {
        fits[i] = fit_of(asked, &items[i]);
        best = fits[i] > best ? fits[i] : best;
    }
    *best_fit = best;
    for (int round = best > 0; round >= 0; round--)
        for (size_t i = 0; i < count && out->fact_count < FACTS_MAX; i++)
            if (items[i].until_us == 0 && (best > 0 && fits[i] == best) == round) {
                facts[out->fact_count++] = remembered_of(memory, arena, &items[i], place->tongue);
                out->fitting += (size_t)round;
            }
    out->facts = facts;
    return OK;
}

/* ---- recalling */

/* How a question that may or may not be after memory must fit for it to be. */
static const double MAYBE_SHARE = 0.45;

static bool has_turn(const Recollection *r, double share)
{
    return r->turn_count > 0 && !r->turns[0].asks && r->turns[0].share >= share;
}

static bool is_told_in(const Remembered *facts, size_t count, Str turn_id)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(facts[i].turn_id, turn_id))
            return true;
    return false;
}

/* Of facts that are only of the kind that was asked for none is meant, when a turn that told none of them fits well. */
static void weigh(Recollection *r, int best)
{
    if (best <= FITS_KIND && has_turn(r, MAYBE_SHARE) &&
        !is_told_in(r->facts, r->fitting, r->turns[0].turn_id))
        r->fitting = 0;
}

static Err look_back(const Memory *memory, Arena *arena, const MemoryPlace *place, const Asked *asked,
                     Str question, Recollection *out)
{
    AUTO_END_READS Sql *reading =
        NULL; /* each read alone would fetch the same pages anew, as others write meanwhile */
    RecalledTurn *turns;
    int best;

    TRY(sql_begin_reads(memory->config.sql, &reading));
    TRY(read_facts(memory, arena, place, asked, out, &best));
    if (asked == NULL)
        return OK;
    TRY(seek_turns(memory, arena, place->user_id, question, &turns, &out->turn_count));
    out->turns = turns;
    weigh(out, best);
    return OK;
}

Err memory_recall(Memory *memory, Call *call, const MemoryPlace *place, Str question, Recollection *out)
{
    const MemoryRules *rules = memory->rules;
    Arena *arena = call->arena;
    const Asked asked = asked_of(memory, arena, question);
    bool all = listener_hears(rules->asks_all, asked.folded);
    bool sure = !all && listener_hears(rules->asks_something, asked.folded);
    bool maybe = !all && !sure && listener_hears(rules->asks_maybe, asked.folded);

    *out = (Recollection){.ask = all ? ASKS_ALL : sure ? ASKS_SOMETHING : ASKS_NOTHING};
    TRY(look_back(memory, arena, place, sure || maybe ? &asked : NULL, question, out));
    if (maybe && (out->fitting > 0 || has_turn(out, MAYBE_SHARE)))
        out->ask = ASKS_SOMETHING;
    out->found_nothing =
        (all && out->fact_count == 0) || (sure && out->fitting == 0 && !has_turn(out, RECALL_SURE_SHARE));
    if (out->ask != ASKS_NOTHING)
        out->answer = recollection_answer(memory, arena, place->tongue, place->number, out);
    return OK;
}

/* ---- operations */

static MemoryItem item_of(const Memory *memory, Arena *arena, const MemorySqlItem *row, Tongue tongue)
{
    Remembered r = remembered_of(memory, arena, row, tongue);

    return (MemoryItem){
        .memory_id = r.id,
        .kind = r.kind,
        .who = r.who,
        .name = r.name,
        .text = r.text,
        .entity_id = r.entity.len > 0 ? r.entity : (Str){NULL, 0},
        .has_score = r.score < 0 || r.score > 0,
        .score = r.score,
        .since = time_format(arena, row->at_us),
        .until = row->until_us > 0 ? time_format(arena, row->until_us) : (Str){NULL, 0},
        .turn_id = row->turn_id,
        .session_id = row->session_id,
    };
}

Err memory_list(Memory *memory, Call *call, const AgentsListMemoriesInput *in, MemoryList *out)
{
    Tongue tongue = in->language == AGENTS_LIST_MEMORIES_INPUT_LANGUAGE_KO ? KOREAN : ENGLISH;
    MemorySqlItem *rows;
    size_t count;

    TRY(memory_sql_list(memory->config.sql, NULL, call->arena, in->user_id, MEMORIES_MAX, &rows, &count));
    out->user_id = in->user_id;
    out->items = (MemoryItemList){arena_array(call->arena, MemoryItem, count), count};
    for (size_t i = 0; i < count; i++)
        out->items.items[i] = item_of(memory, call->arena, &rows[i], tongue);
    return OK;
}

/* The turns that told what was asked for come first: they are sure, whatever their words. */
static Err told_turns(const Memory *memory, Arena *arena, Str user_id, const Recollection *r,
                      RecalledTurn *out, size_t *count)
{
    double most = r->turn_count > 0 ? r->turns[0].score : 0;

    *count = 0;
    for (size_t i = 0; i < r->fitting && *count < RECALLED_MAX; i++) {
        const Remembered *fact = &r->facts[i];
        MemorySqlGetTurn row;
        bool found;

        TRY(memory_sql_get_turn(memory->config.sql, NULL, arena, fact->turn_id, user_id, &row, &found));
        if (found && row.message.len > 0 && !memory_is_sensitive(memory, text_fold(arena, row.message)))
            out[(*count)++] =
                (RecalledTurn){fact->turn_id, row.session_id, row.at_us, row.message, most + 1, 1, false};
    }
    return OK;
}

static bool is_listed(const RecalledTurn *turns, size_t count, Str turn_id)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(turns[i].turn_id, turn_id))
            return true;
    return false;
}

static RecalledItem recalled_item(Arena *arena, const RecalledTurn *turn)
{
    return (RecalledItem){turn->turn_id, turn->session_id, time_format(arena, turn->at_us), turn->said,
                          turn->score};
}

Err memory_search(Memory *memory, Call *call, const AgentsRecallInput *in, RecalledList *out)
{
    Arena *arena = call->arena;
    const MemoryPlace place = {.user_id = in->user_id, .tongue = ENGLISH};
    const Asked asked = asked_of(memory, arena, in->question);
    RecalledTurn turns[2 * RECALLED_MAX];
    Recollection found = {0};
    size_t count, most = (size_t)in->limit;

    TRY(look_back(memory, arena, &place, &asked, in->question, &found));
    TRY(told_turns(memory, arena, in->user_id, &found, turns, &count));
    for (size_t i = 0; i < found.turn_count; i++)
        if (!is_listed(turns, count, found.turns[i].turn_id))
            turns[count++] = found.turns[i];
    count = count < most ? count : most;
    out->user_id = in->user_id;
    out->items = (RecalledItemList){arena_array(arena, RecalledItem, count), count};
    for (size_t i = 0; i < count; i++)
        out->items.items[i] = recalled_item(arena, &turns[i]);
    return OK;
}
