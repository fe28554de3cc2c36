#include "services/agents/narrator/voice_tables.h"

#include "base/memory.h"
#include "base/yaml.h"

static const char *const INTENT_KEYS[INTENT_COUNT] = {
    [INTENT_PURCHASE] = "purchase", [INTENT_THANKS] = "thanks",     [INTENT_FAREWELL] = "farewell",
    [INTENT_GREETING] = "greeting", [INTENT_IDENTITY] = "identity", [INTENT_ASSENT] = "assent",
};

/* What a file of words must have for nobody to be left speechless. */
static const char *const NEEDED_PHRASES[] = {
    "opening", "closing",  "greeting",       "thanks",  "farewell", "unnamed", "lead_in", "again",
    "sample",  "question", "question_alone", "abstain", "suggest",  "handoff", "unknown", "sample_link"};

static Texts texts_read(Arena *arena, const json_t *list)
{
    size_t count = json_array_size(list);
    Str *items = arena_array(arena, Str, count + 1);

    for (size_t i = 0; i < count; i++)
        items[i] = voice_text(json_array_get(list, i));
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
        {"maeju/persona.yaml", &voice->persona},
        {"maeju/intents.yaml", &voice->intents},
        {"maeju/asks.yaml", &voice->asks},
        {"maeju/words.ko.yaml", &voice->words[KOREAN]},
        {"maeju/words.en.yaml", &voice->words[ENGLISH]},
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        TRY(read_file(content, files[i].path, files[i].out));
    return OK;
}

static Err read_words(Voice *voice, Tongue tongue)
{
    const json_t *words = voice->words[tongue];
    json_t *line = json_array_get(json_object_get(words, "stop"), 0);
    Str rest = voice_text(line), word;
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
    for (Intent intent = INTENT_PURCHASE; intent < INTENT_COUNT; intent++)
        TRY(listener_create(json_object_get(voice->intents, INTENT_KEYS[intent]), INTENT_KEYS[intent],
                            &voice->listeners[intent]));
    TRY(listener_create(json_object_get(voice->intents, "pronoun"), "pronoun", &voice->pronoun));
    TRY(listener_create(json_object_get(voice->intents, "more"), "more", &voice->more));
    return read_asks(voice);
}

static Err read_all(Voice *voice, AssetTable content)
{
    TRY(read_files(voice, content));
    TRY(guards_create(content, &voice->guards));
    voice->character = voice_text(json_object_get(voice->persona, "character"));
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
    for (size_t i = 0; i < ASKS_MAX; i++)
        listener_destroy(voice->ask[i].listener);
    listener_destroy(voice->pronoun);
    listener_destroy(voice->more);
    guards_destroy(voice->guards);
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        json_decref(voice->words[t]);
    json_decref(voice->persona);
    json_decref(voice->intents);
    json_decref(voice->asks);
    arena_finish(&voice->arena);
    memory_free(voice);
}

const Guards *voice_guards(const Voice *voice)
{
    return voice->guards;
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
