#include "services/agents/memory/rules.h"

#include "base/memory.h"
#include "base/yaml.h"
#include "services/agents/patterns.h"

static const char PATH[] = "maeju/memory.yaml";
static const char *const OF_NAMES[OF_COUNT] = {
    [OF_TEXT] = "text", [OF_PLACE] = "place", [OF_TASTE] = "taste", [OF_OCCASION] = "occasion"};
static const char *const NEEDED_PHRASES[] = {"and", "nothing", "unknown", "lead", "quote",
                                             "all", "forget",  "lead_on", "said", "asked"};

Str memory_rules_text(const json_t *by_tongue, Tongue tongue)
{
    return json_str(json_object_get(by_tongue, tongue_code(tongue)));
}

/* ---- tables */

static Err read_kind(const char *name, const json_t *row, MemoryKind *out)
{
    const json_t *world = json_object_get(row, "world");
    Str of = json_str(json_object_get(row, "of"));

    out->id = out->group = str_from(name);
    out->of = OF_COUNT;
    for (MemoryOf i = 0; i < OF_COUNT; i++)
        if (str_equal(of, str_from(OF_NAMES[i])))
            out->of = i;
    if (out->of == OF_COUNT)
        return err(INVALID, "%s: kinds.%s.of must be text, place, taste or occasion", PATH, name);
    if (json_is_string(json_object_get(row, "group")))
        out->group = json_str(json_object_get(row, "group"));
    out->once = json_is_true(json_object_get(row, "once"));
    out->score = json_number_value(json_object_get(row, "score"));
    out->relationship = json_str(json_object_get(world, "relationship"));
    out->thing = json_str(json_object_get(world, "thing"));
    out->how = json_str(json_object_get(world, "how"));
    out->property = json_str(json_object_get(world, "property"));
    out->tells = json_object_get(row, "tells");
    out->tells_of = json_object_get(row, "tells_of");
    out->notes = json_object_get(row, "notes");
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        if (memory_rules_text(out->tells, t).len == 0 || memory_rules_text(out->notes, t).len == 0)
            return err(INVALID, "%s: kinds.%s needs tells and notes in %s", PATH, name, tongue_code(t));
    return listener_create(json_object_get(row, "asked"), name, &out->asked);
}

static Err read_kinds(MemoryRules *rules)
{
    const json_t *kinds = json_object_get(rules->content, "kinds");
    const char *name;
    json_t *row;

    rules->kinds = arena_array(&rules->arena, MemoryKind, json_object_size(kinds) + 1);
    rules->topics.items = arena_array(&rules->arena, MemoryWord, json_object_size(kinds) + 1);
    json_object_foreach((json_t *)kinds, name, row)
    {
        MemoryKind *kind = &rules->kinds[rules->kind_count++];

        TRY(read_kind(name, row, kind));
        rules->topics.items[rules->topics.count++] = (MemoryWord){.id = kind->id,
                                                                  .weak = kind->of == OF_TASTE,
                                                                  .number = rules->word_count++,
                                                                  .listener = kind->asked};
    }
    return OK;
}

static Err read_rules(MemoryRules *rules)
{
    size_t i;
    json_t *row;

    rules->rows = json_deep_copy(json_object_get(rules->content, "rules"));
    rules->rules = arena_array(&rules->arena, MemoryRule, json_array_size(rules->rows) + 1);
    json_array_foreach(rules->rows, i, row)
    {
        MemoryRule *rule = &rules->rules[i];
        Str kind = json_str(json_object_get(row, "kind"));

        rule->kind = memory_rules_kind(rules, kind);
        rule->reads_sensitive = json_is_true(json_object_get(row, "reads_sensitive"));
        if (rule->kind == NULL)
            return err(INVALID, "%s: rules: there is no kind \"%.*s\"", PATH, STR_ARG(kind));
        patterns_fill(&rules->arena, row, json_object_get(rules->content, "parts"));
        rules->rule_count++;
        TRY(listener_create(row, PATH, &rule->listener));
    }
    return OK;
}

static Err read_words(MemoryRules *rules, const char *key, MemoryWords *out)
{
    const json_t *list = json_object_get(rules->content, key);
    size_t i;
    json_t *row;

    out->items = arena_array(&rules->arena, MemoryWord, json_array_size(list) + 1);
    json_array_foreach((json_t *)list, i, row)
    {
        MemoryWord *word = &out->items[i];

        *word = (MemoryWord){
            .id = json_str(json_object_get(row, "id")),
            .opposite = json_str(json_object_get(row, "opposite")),
            .name = json_object_get(row, "name"),
            .weak = json_is_true(json_object_get(row, "weak")),
            .number = rules->word_count++,
        };
        out->count++;
        TRY(listener_create(row, key, &word->listener));
    }
    return out->count > 0 ? OK : err(INVALID, "%s: %s must be a list", PATH, key);
}

static Err read_listeners(MemoryRules *rules)
{
    const json_t *asks = json_object_get(rules->content, "asks");

    TRY(listener_create(json_object_get(rules->content, "sensitive"), "sensitive", &rules->sensitive));
    TRY(listener_create(json_object_get(rules->content, "identifiers"), "identifiers", &rules->identifiers));
    TRY(listener_create(json_object_get(rules->content, "noise"), "noise", &rules->noise));
    TRY(listener_create(json_object_get(rules->content, "question"), "question", &rules->question));
    TRY(listener_create(json_object_get(rules->content, "correction"), "correction", &rules->correction));
    TRY(listener_create(json_object_get(asks, "all"), "asks.all", &rules->asks_all));
    TRY(listener_create(json_object_get(asks, "maybe"), "asks.maybe", &rules->asks_maybe));
    return listener_create(json_object_get(asks, "something"), "asks.something", &rules->asks_something);
}

static Err check_phrases(const MemoryRules *rules)
{
    const json_t *phrases = json_object_get(rules->content, "phrases");

    for (size_t i = 0; i < sizeof NEEDED_PHRASES / sizeof *NEEDED_PHRASES; i++)
        for (Tongue t = 0; t < TONGUE_COUNT; t++)
            if (json_array_size(
                    json_object_get(json_object_get(phrases, NEEDED_PHRASES[i]), tongue_code(t))) == 0)
                return err(INVALID, "%s: phrases.%s.%s must be a list", PATH, NEEDED_PHRASES[i],
                           tongue_code(t));
    return OK;
}

static Err read_vocabulary(MemoryRules *rules)
{
    TRY(read_words(rules, "people", &rules->people));
    TRY(read_words(rules, "traits", &rules->traits));
    TRY(read_words(rules, "occasions", &rules->occasions));
    TRY(read_words(rules, "alike", &rules->alike));
    return rules->word_count <= MEMORY_WORDS_MAX
               ? OK
               : err(INVALID, "%s: more than %d words and kinds", PATH, MEMORY_WORDS_MAX);
}

static Err read_all(MemoryRules *rules, AssetTable content)
{
    const Asset *asset = asset_find(content, str_from(PATH));

    if (asset == NULL)
        return err(INVALID, "content/agents/%s is missing", PATH);
    TRY(yaml_read(asset->bytes, &rules->content));
    TRY(check_phrases(rules));
    TRY(read_kinds(rules));
    TRY(read_vocabulary(rules));
    TRY(read_rules(rules));
    return read_listeners(rules);
}

Err memory_rules_create(AssetTable content, MemoryRules **out)
{
    MemoryRules *rules = memory_new(MemoryRules);
    Err e;

    arena_init(&rules->arena);
    e = read_all(rules, content);
    *out = failed(&e) ? NULL : rules;
    if (failed(&e))
        memory_rules_destroy(rules);
    return e;
}

static void destroy_words(MemoryWords words)
{
    for (size_t i = 0; i < words.count; i++)
        listener_destroy(words.items[i].listener);
}

void memory_rules_destroy(MemoryRules *rules)
{
    if (rules == NULL)
        return;
    for (size_t i = 0; i < rules->kind_count; i++)
        listener_destroy(rules->kinds[i].asked);
    for (size_t i = 0; i < rules->rule_count; i++)
        listener_destroy(rules->rules[i].listener);
    destroy_words(rules->people);
    destroy_words(rules->traits);
    destroy_words(rules->occasions);
    destroy_words(rules->alike);
    listener_destroy(rules->sensitive);
    listener_destroy(rules->identifiers);
    listener_destroy(rules->noise);
    listener_destroy(rules->question);
    listener_destroy(rules->correction);
    listener_destroy(rules->asks_all);
    listener_destroy(rules->asks_something);
    listener_destroy(rules->asks_maybe);
    json_decref(rules->content);
    json_decref(rules->rows);
    arena_finish(&rules->arena);
    memory_free(rules);
}

/* ---- reading them */

const MemoryKind *memory_rules_kind(const MemoryRules *rules, Str id)
{
    for (size_t i = 0; i < rules->kind_count; i++)
        if (str_equal(rules->kinds[i].id, id))
            return &rules->kinds[i];
    return NULL;
}

const MemoryWord *memory_words_heard(MemoryWords words, Str folded)
{
    for (size_t i = 0; i < words.count; i++)
        if (listener_hears(words.items[i].listener, folded))
            return &words.items[i];
    return NULL;
}

const MemoryWord *memory_words_find(MemoryWords words, Str id)
{
    for (size_t i = 0; i < words.count; i++)
        if (str_equal(words.items[i].id, id))
            return &words.items[i];
    return NULL;
}

Str memory_rules_phrase(const MemoryRules *rules, Tongue tongue, const char *key, size_t turn)
{
    const json_t *phrases = json_object_get(json_object_get(rules->content, "phrases"), key);
    const json_t *list = json_object_get(phrases, tongue_code(tongue));

    return json_str(json_array_get(list, turn % json_array_size(list)));
}
