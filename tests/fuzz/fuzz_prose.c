/* Bytes as what a language model answers about a passage: whatever they are, each object is refused or a fact whose passage
 * stands in the text, and that reads back as it is kept. */
#include <stdlib.h>

#include "base/utf8.h"
#include "services/world/review/answer.h"
#include "services/world/review/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char SCHEMA[] = "labels:\n"
                             "  Dish: {properties: {name: {type: text, required: true}}}\n"
                             "  User: {catalogue: false}\n"
                             "relationships:\n"
                             "  PAIRS_WITH: {joins: [{from: [Dish], to: [Dish]}], once: true}\n"
                             "  LIKES: {joins: [{from: [User], to: [Dish]}], learned: true}\n";
static const char TEXT[] = "On rainy days people eat goldcake (금꽃떡),\na mung bean pancake.";

typedef struct Hearing {
    Arena *arena;
    const Schema *schema;
    size_t count;
} Hearing;

static void check_text(const Hearing *hearing, const Found *found)
{
    AUTO_JSON json_t *object = NULL;
    Fact again;
    Json first;
    Json second;
    Err e = proposal_text(hearing->arena, &found->fact, &first);

    if (!failed(&e))
        e = json_read(first, &object);
    if (!failed(&e))
        e = fact_from_json(hearing->arena, object, &again);
    if (!failed(&e))
        e = proposal_text(hearing->arena, &again, &second);
    if (failed(&e) || !str_equal(first, second))
        abort();
}

static Err take(void *context, Str text, json_t *object, const Err *why)
{
    Hearing *hearing = context;
    const Judge judge = {NULL, hearing->schema, STR("file:x.md"), str_from(TEXT)};
    const char *end = judge.text.data + judge.text.len;
    Found found;
    Err e;

    (void)text;
    if (++hearing->count > ANSWER_MAX_FACTS || (object == NULL) != (why != NULL))
        abort();
    if (object == NULL)
        return OK;
    e = judge_read(&judge, hearing->arena, object, &found);
    if (failed(&e))
        return OK;
    if (found.passage.data < judge.text.data || found.passage.data + found.passage.len > end)
        abort();
    check_text(hearing, &found);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Schema *schema;
    AUTO_ARENA Arena arena = {0};
    Hearing hearing = {.arena = &arena};
    const AnswerReader reader = {&hearing, take};
    Err e = schema == NULL ? schema_read(str_from(SCHEMA), &schema) : OK;

    hearing.schema = schema;
    if (!failed(&e))
        e = answer_read((Str){(const char *)data, size}, &reader);
    if (failed(&e))
        abort();
    return 0;
}
