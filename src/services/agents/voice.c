#include "services/agents/voice.h"

#include <string.h>

#include "base/memory.h"
#include "base/yaml.h"

enum { GUARDS_MAX = 32 };

struct Voice {
    Arena arena; /* the lists */
    json_t *persona;
    json_t *intents;
    json_t *guards;
    json_t *asks;
    json_t *words[TONGUE_COUNT];

    Str character;
    Texts suggests;
    Texts abbreviations[TONGUE_COUNT];
    Texts stop[TONGUE_COUNT];
    Listener *listeners[INTENT_COUNT];
    Listener *pronoun;
    Listener *more;
    Listener *forbidden;
    Guard guard[GUARDS_MAX];
    size_t guard_count;
    Ask ask[ASKS_MAX];
    size_t ask_count;
};

static const char *const INTENT_KEYS[INTENT_COUNT] = {
    [INTENT_PURCHASE] = "purchase", [INTENT_THANKS] = "thanks",     [INTENT_FAREWELL] = "farewell",
    [INTENT_GREETING] = "greeting", [INTENT_IDENTITY] = "identity", [INTENT_ASSENT] = "assent",
};

/* What a file of words must have for nobody to be left speechless. */
static const char *const NEEDED_PHRASES[] = {
    "opening", "closing",  "greeting",       "thanks",  "farewell", "unnamed", "lead_in", "again",
    "sample",  "question", "question_alone", "abstain", "suggest",  "handoff", "unknown", "sample_link"};

static Str json_str(const json_t *value)
{
    return (Str){json_string_value(value), json_string_length(value)};
}

static Texts texts_read(Arena *arena, const json_t *list)
{
    size_t count = json_array_size(list);
    Str *items = arena_array(arena, Str, count + 1);

    for (size_t i = 0; i < count; i++)
        items[i] = json_str(json_array_get(list, i));
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

static Err read_files(Voice *voice, AssetTable content)
{
    const struct {
        const char *path;
        json_t **out;
    } files[] = {
        {"maeju/persona.yaml", &voice->persona},        {"maeju/intents.yaml", &voice->intents},
        {"maeju/guards.yaml", &voice->guards},          {"maeju/asks.yaml", &voice->asks},
        {"maeju/words.ko.yaml", &voice->words[KOREAN]}, {"maeju/words.en.yaml", &voice->words[ENGLISH]},
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        TRY(read_file(content, files[i].path, files[i].out));
    return OK;
}

static Err read_words(Voice *voice, Tongue tongue)
{
    const json_t *words = voice->words[tongue];
    json_t *line = json_array_get(json_object_get(words, "stop"), 0);
    Str rest = json_str(line), word;
    Str *stop = arena_array(&voice->arena, Str, rest.len / 2 + 1);

    for (size_t i = 0; i < sizeof NEEDED_PHRASES / sizeof *NEEDED_PHRASES; i++)
        if (json_array_size(json_object_get(words, NEEDED_PHRASES[i])) == 0)
            return err(INVALID, "content/agents/maeju/words.%s.yaml: %s must be a list of phrases",
                       tongue_code(tongue), NEEDED_PHRASES[i]);
    voice->abbreviations[tongue] = texts_read(&voice->arena, json_object_get(words, "abbreviations"));
    voice->stop[tongue].items = stop;
    while (str_split(&rest, ' ', &word))
        if (word.len > 0)
            stop[voice->stop[tongue].count++] = word;
    return OK;
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

static Err read_guard(Voice *voice, const json_t *row)
{
    Guard *guard = &voice->guard[voice->guard_count];
    const json_t *answers = json_object_get(row, "answers");

    if (voice->guard_count == GUARDS_MAX)
        return err(INVALID, "guards.yaml: more than %d guards", GUARDS_MAX);
    guard->id = json_str(json_object_get(row, "id"));
    guard->answers = answers;
    guard->sources = texts_read(&voice->arena, json_object_get(row, "sources"));
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        if (json_array_size(json_object_get(answers, tongue_code(t))) == 0)
            return err(INVALID, "guards.yaml: %.*s has no answer in %s", STR_ARG(guard->id), tongue_code(t));
    TRY(outcome_from(json_str(json_object_get(row, "outcome")), &guard->outcome));
    TRY(listener_create(row, "guards.yaml", &guard->listener));
    voice->guard_count++;
    return OK;
}

static Err read_asks(Voice *voice)
{
    const char *key;
    json_t *row;

    json_object_foreach(voice->asks, key, row)
    {
        Ask *ask = &voice->ask[voice->ask_count];
        if (voice->ask_count == ASKS_MAX)
            return err(INVALID, "asks.yaml: more than %d kinds", ASKS_MAX);
        ask->properties = texts_read(&voice->arena, json_object_get(row, "properties"));
        ask->relationships = texts_read(&voice->arena, json_object_get(row, "relationships"));
        TRY(listener_create(row, key, &ask->listener));
        voice->ask_count++;
    }
    return OK;
}

static Err read_listeners(Voice *voice)
{
    size_t i;
    json_t *row;

    for (Intent intent = INTENT_PURCHASE; intent < INTENT_COUNT; intent++)
        TRY(listener_create(json_object_get(voice->intents, INTENT_KEYS[intent]), INTENT_KEYS[intent],
                            &voice->listeners[intent]));
    TRY(listener_create(json_object_get(voice->intents, "pronoun"), "pronoun", &voice->pronoun));
    TRY(listener_create(json_object_get(voice->intents, "more"), "more", &voice->more));
    TRY(listener_create(json_object_get(voice->guards, "output"), "output", &voice->forbidden));
    json_array_foreach(json_object_get(voice->guards, "input"), i, row) TRY(read_guard(voice, row));
    return read_asks(voice);
}

static Err read_all(Voice *voice, AssetTable content)
{
    TRY(read_files(voice, content));
    voice->character = json_str(json_object_get(voice->persona, "character"));
    voice->suggests = texts_read(&voice->arena, json_object_get(voice->persona, "suggests"));
    if (voice->character.len == 0)
        return err(INVALID, "content/agents/maeju/persona.yaml: character must be the id of an entity");
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        TRY(read_words(voice, t));
    return read_listeners(voice);
}

Err voice_create(AssetTable content, Voice **out)
{
    Voice *voice = memory_new(Voice);
    Err e;

    arena_init(&voice->arena);
    e = read_all(voice, content);
    if (failed(&e)) {
        voice_destroy(voice);
        voice = NULL;
    }
    *out = voice;
    return e;
}

void voice_destroy(Voice *voice)
{
    if (voice == NULL)
        return;
    for (size_t i = 0; i < INTENT_COUNT; i++)
        listener_destroy(voice->listeners[i]);
    for (size_t i = 0; i < GUARDS_MAX; i++)
        listener_destroy(voice->guard[i].listener);
    for (size_t i = 0; i < ASKS_MAX; i++)
        listener_destroy(voice->ask[i].listener);
    listener_destroy(voice->pronoun);
    listener_destroy(voice->more);
    listener_destroy(voice->forbidden);
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        json_decref(voice->words[t]);
    json_decref(voice->persona);
    json_decref(voice->intents);
    json_decref(voice->guards);
    json_decref(voice->asks);
    arena_finish(&voice->arena);
    memory_free(voice);
}

Str voice_character(const Voice *voice)
{
    return voice->character;
}

Texts voice_suggests(const Voice *voice)
{
    return voice->suggests;
}

Texts voice_abbreviations(const Voice *voice, Tongue tongue)
{
    return voice->abbreviations[tongue];
}

Texts voice_stop_words(const Voice *voice, Tongue tongue)
{
    return voice->stop[tongue];
}

Intent voice_intent(const Voice *voice, Str folded)
{
    for (Intent intent = INTENT_PURCHASE; intent < INTENT_COUNT; intent++)
        if (listener_hears(voice->listeners[intent], folded))
            return intent;
    return INTENT_QUESTION;
}

bool voice_points_back(const Voice *voice, Str folded)
{
    return listener_hears(voice->pronoun, folded);
}

bool voice_wants_more(const Voice *voice, Str folded)
{
    return listener_hears(voice->more, folded);
}

const Guard *voice_guard(const Voice *voice, Str folded)
{
    for (size_t i = 0; i < voice->guard_count; i++)
        if (listener_hears(voice->guard[i].listener, folded))
            return &voice->guard[i];
    return NULL;
}

uint32_t voice_asks(const Voice *voice, Str folded)
{
    uint32_t asks = 0;

    for (size_t i = 0; i < voice->ask_count; i++)
        if (listener_hears(voice->ask[i].listener, folded))
            asks |= UINT32_C(1) << i;
    return asks;
}

bool voice_asks_property(const Voice *voice, uint32_t asks, Str property)
{
    for (size_t i = 0; i < voice->ask_count; i++)
        if ((asks >> i & 1) != 0 && texts_have(voice->ask[i].properties, property))
            return true;
    return false;
}

bool voice_asks_relationship(const Voice *voice, uint32_t asks, Str directed)
{
    for (size_t i = 0; i < voice->ask_count; i++)
        if ((asks >> i & 1) != 0 && texts_have(voice->ask[i].relationships, directed))
            return true;
    return false;
}

bool voice_asks_only_properties(const Voice *voice, uint32_t asks)
{
    for (size_t i = 0; i < voice->ask_count; i++)
        if ((asks >> i & 1) != 0 && voice->ask[i].relationships.count > 0)
            return false;
    return asks != 0;
}

bool voice_forbids(const Voice *voice, Arena *arena, Str sentence)
{
    return listener_hears(voice->forbidden, text_fold(arena, sentence));
}

static Str pick(const json_t *list, size_t turn)
{
    size_t count = json_array_size(list);

    return count == 0 ? (Str){NULL, 0} : json_str(json_array_get(list, turn % count));
}

Str voice_phrase(const Voice *voice, Tongue tongue, const char *key, size_t turn)
{
    return pick(json_object_get(voice->words[tongue], key), turn);
}

Str voice_guard_words(const Guard *guard, Tongue tongue, size_t turn)
{
    return pick(json_object_get(guard->answers, tongue_code(tongue)), turn);
}

Str voice_template(const Voice *voice, Tongue tongue, const char *group, Str key)
{
    const json_t *templates = json_object_get(voice->words[tongue], group);

    if (key.data == NULL)
        return json_str(templates);
    return json_str(json_object_getn(templates, key.data, key.len));
}

Str voice_list(const Voice *voice, Tongue tongue, Arena *arena, Texts items)
{
    const json_t *list = json_object_get(voice->words[tongue], "list");
    Buf out;

    buf_init(&out, arena, 64);
    for (size_t i = 0; i < items.count; i++) {
        size_t after = items.count - i - 1;
        const char *key = after == 0 ? NULL : after == 1 ? "last" : "between";
        const Slot slot = {"item", items.items[i]};
        buf_put(&out, key == NULL ? items.items[i]
                                  : template_fill(arena, json_str(json_object_get(list, key)), &slot, 1));
    }
    return buf_str(&out);
}
