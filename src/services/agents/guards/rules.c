#include "services/agents/guards/rules.h"

#include "base/memory.h"
#include "base/yaml.h"

static Str text_in(const json_t *value)
{
    return (Str){json_string_value(value), json_string_length(value)};
}

static Texts texts_in(Arena *arena, const json_t *list)
{
    size_t count = json_array_size(list);
    Str *items = arena_array(arena, Str, count + 1);

    for (size_t i = 0; i < count; i++)
        items[i] = text_in(json_array_get(list, i));
    return (Texts){items, count};
}

static Err read_file(AssetTable content, const char *path, json_t **out)
{
    const Asset *asset = asset_find(content, str_from(path));
    Err e;

    if (asset == NULL)
        return err(INVALID, "content/agents/%s is missing", path);
    e = yaml_read(asset->bytes, out);
    if (failed(&e))
        return err(INVALID, "content/agents/%s: %.120s", path, e.message);
    return json_is_object(*out) ? OK : err(INVALID, "content/agents/%s: must be a map of keys", path);
}

static Err outcome_from(Str text, ChatReplyOutcome *out)
{
    for (size_t i = 0; i < CHAT_REPLY_OUTCOME_COUNT; i++)
        if (str_equal(text, CHAT_REPLY_OUTCOME_TEXT[i])) {
            *out = (ChatReplyOutcome)i;
            return OK;
        }
    return err(INVALID, "guards.yaml: \"%.*s\" is no outcome of the contract", STR_ARG(text));
}

static Err read_rule(Guards *guards, const json_t *row)
{
    GuardRule *rule = &guards->rules[guards->rule_count];
    const json_t *answers = json_object_get(row, "answers");

    if (guards->rule_count == GUARD_RULES_MAX)
        return err(INVALID, "guards.yaml: more than %d rules", GUARD_RULES_MAX);
    rule->id = text_in(json_object_get(row, "id"));
    rule->answers = answers;
    rule->sources = texts_in(&guards->arena, json_object_get(row, "sources"));
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        if (json_array_size(json_object_get(answers, tongue_code(t))) == 0)
            return err(INVALID, "guards.yaml: %.*s has no answer in %s", STR_ARG(rule->id), tongue_code(t));
    TRY(outcome_from(text_in(json_object_get(row, "outcome")), &rule->outcome));
    TRY(listener_create(row, "guards.yaml", &rule->listener));
    guards->rule_count++;
    return OK;
}

static Err read_all(Guards *guards, AssetTable content)
{
    size_t i;
    json_t *row;

    TRY(read_file(content, "maeju/guards.yaml", &guards->rules_file));
    TRY(read_file(content, "maeju/intents.yaml", &guards->intents_file));
    json_array_foreach(json_object_get(guards->rules_file, "input"), i, row) TRY(read_rule(guards, row));
    TRY(listener_create(json_object_get(guards->intents_file, "purchase"), "intents.yaml: purchase",
                        &guards->purchase));
    return listener_create(json_object_get(guards->rules_file, "output"), "guards.yaml: output",
                           &guards->forbidden);
}

Err guards_create(AssetTable content, Guards **out)
{
    Guards *guards = memory_new(Guards);
    Err e;

    arena_init(&guards->arena);
    e = read_all(guards, content);
    *out = failed(&e) ? NULL : guards;
    if (failed(&e))
        guards_destroy(guards);
    return e;
}

void guards_destroy(Guards *guards)
{
    if (guards == NULL)
        return;
    for (size_t i = 0; i < GUARD_RULES_MAX; i++)
        listener_destroy(guards->rules[i].listener);
    listener_destroy(guards->purchase);
    listener_destroy(guards->forbidden);
    json_decref(guards->rules_file);
    json_decref(guards->intents_file);
    arena_finish(&guards->arena);
    memory_free(guards);
}
