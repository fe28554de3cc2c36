#include "services/world/review/harvest.h"

#include <string.h>

#include "base/utf8.h"
#include "services/world/review/change.h"

/* The reading of one answer: the objects that its facts are read from live as long. */
typedef struct Gathering {
    Harvest *harvest;
    json_t *objects;
} Gathering;

static Err refuse(Harvest *harvest, const char *place, const Err *why, Str text)
{
    harvest->refused++;
    return rejects_add(harvest->rejects, harvest->judge.source, page_line(harvest->file, place), why, text);
}

/* Finds what an object says, and takes it if it may be said at all. */
static Err take(void *context, Str text, json_t *object, const Err *why)
{
    Gathering *gathering = context;
    Harvest *harvest = gathering->harvest;
    Found *found = &harvest->found[harvest->found_count];
    Str said = object != NULL ? json_text(harvest->arena, object) : text;
    Err e = object != NULL ? judge_read(&harvest->judge, harvest->arena, object, found) : *why;

    if (failed(&e))
        return refuse(harvest, harvest->judge.text.data, &e, said);
    (void)json_array_append(gathering->objects, object);
    harvest->found_count++;
    return OK;
}

/* Of what was rejected, and of what says nothing new. */
static Err is_known(Harvest *harvest, const Found *found, Json text, bool *out)
{
    Changes changes;

    TRY(proposals_is_rejected(harvest->proposals, harvest->judge.source, text, out));
    if (*out)
        return OK;
    TRY(changes_of(harvest->graph, harvest->arena, &found->fact, &changes));
    *out = changes_nothing(&changes);
    return OK;
}

/* An entity that was rejected isn't shown to the checker: nothing may be joined to it. */
static Err is_rejected_entity(Harvest *harvest, const Found *found, bool *out)
{
    Json text;

    *out = false;
    if (!found->fact.is_node)
        return OK;
    TRY(proposal_text(harvest->arena, &found->fact, &text));
    return proposals_is_rejected(harvest->proposals, harvest->judge.source, text, out);
}

/* An end that nobody is called in the world may be the name of an entity that is proposed. */
static bool resolve_newcomer(const Harvest *harvest, Found *found, const Err *e)
{
    GraphRelationship *r = &found->fact.relationship;
    Str *end = strcmp(e->pointer, "/from") == 0 ? &r->from : strcmp(e->pointer, "/to") == 0 ? &r->to : NULL;
    Str id = {0};

    if (!found->fact.is_node && e->code == NOT_FOUND && end != NULL)
        id = newcomers_find(harvest->newcomers, *end);
    if (id.data == NULL || str_equal(id, *end))
        return false;
    *end = id;
    return true;
}

static Err check(Harvest *harvest, Found *found, Json *text)
{
    Err e = judge_check(&harvest->judge, harvest->arena, found, text);

    while (resolve_newcomer(harvest, found, &e)) /* one end, and then the other */
        e = judge_check(&harvest->judge, harvest->arena, found, text);
    return e;
}

static void add_draft(Harvest *harvest, const Found *found, Json text)
{
    Str before = {harvest->judge.text.data, (size_t)(found->passage.data - harvest->judge.text.data)};

    harvest->drafts[harvest->draft_count++] = (Draft){
        .line = page_line(harvest->file, found->passage.data),
        .place = (int64_t)utf8_count(before),
        .passage = found->passage,
        .fact = text,
        .is_node = found->fact.is_node,
    };
}

static Err judge_one(Harvest *harvest, Found *found)
{
    Buf said = {.arena = harvest->arena};
    bool known;
    Json text;
    Err e;

    TRY(is_rejected_entity(harvest, found, &known));
    if (!known) {
        fact_to_json(&said, &found->fact);
        e = check(harvest, found, &text);
        if (e.code == INVALID || e.code == NOT_FOUND)
            return refuse(harvest, found->passage.data, &e, buf_str(&said));
        TRY(e);
        TRY(is_known(harvest, found, text, &known));
    }
    harvest->known += known;
    if (known)
        return OK;
    if (found->fact.is_node)
        newcomers_add(harvest->newcomers, &found->fact);
    add_draft(harvest, found, text);
    return OK;
}

Err harvest_read(Harvest *harvest, Str answer)
{
    AUTO_JSON json_t *objects = json_array();
    Gathering gathering = {harvest, objects};
    const AnswerReader reader = {&gathering, take};

    TRY(answer_read(answer, &reader));
    for (int nodes = 1; nodes >= 0; nodes--)
        for (size_t i = 0; i < harvest->found_count; i++)
            if (harvest->found[i].fact.is_node == nodes)
                TRY(judge_one(harvest, &harvest->found[i]));
    return OK;
}
