#include "base/yaml.h"
#include "services/agents/narrator/voice_tables.h"

static const char *const INTENT_KEYS[INTENT_COUNT] = {
    [INTENT_THANKS] = "thanks",     [INTENT_FAREWELL] = "farewell", [INTENT_GREETING] = "greeting",
    [INTENT_IDENTITY] = "identity", [INTENT_ASSENT] = "assent",
};

/* Keys of moves.yaml's cues; pronoun and more stand with the intents. */
static const char *const CUE_KEYS[CUE_COUNT] = {
    [CUE_COMPARE] = "compare",   [CUE_WHICH] = "which",         [CUE_STORY] = "story",
    [CUE_SHORTER] = "shorter",   [CUE_LONGER] = "longer",       [CUE_ANOTHER] = "another",
    [CUE_OTHER] = "other",       [CUE_FIRST] = "first",         [CUE_SECOND] = "second",
    [CUE_THIRD] = "third",       [CUE_LAST] = "last",           [CUE_WHY] = "why",
    [CUE_LIST] = "list",         [CUE_RECOMMEND] = "recommend", [CUE_LIKING] = "liking",
    [CUE_REACTION] = "reaction", [CUE_REFUSAL] = "refusal",     [CUE_INSULT] = "insult",
    [CUE_OPINION] = "opinion",   [CUE_WELLBEING] = "wellbeing", [CUE_AGAIN] = "again",
    [CUE_LIKENESS] = "likeness", [CUE_MINE] = "mine",           [CUE_MOST] = "most",
    [CUE_SHELF] = "shelf",       [CUE_LEAST] = "least",         [CUE_PRONOUN] = "pronoun",
    [CUE_MORE] = "more",         [CUE_TRUTH] = "truth",         [CUE_SOBER] = "sober",
    [CUE_HOUSE] = "house",
};

static const char *const SHAPE_KEYS[SHAPE_COUNT] = {
    [SHAPE_LEANS] = "leans",       [SHAPE_OF_TOPIC] = "of_topic",
    [SHAPE_SENTENCE] = "sentence", [SHAPE_NOUN_PHRASE] = "noun_phrase",
    [SHAPE_NOISE] = "noise",
};

/* What a file of words must have for nobody to be left speechless. */
static const char *const NEEDED_PHRASES[] = {
    "opening",     "closing",         "greeting",       "thanks",
    "farewell",    "unnamed",         "lead_in",        "again",
    "sample",      "question",        "question_alone", "abstain",
    "suggest",     "handoff",         "unknown",        "sample_link",
    "reminder",    "question_choice", "question_taste", "listing",
    "it",          "compare",         "remarks",        "crafts",
    "recommend",   "no_flavour",      "second_choice",  "story_opening",
    "story_close", "fragment",        "portrait",       "links",
    "images",      "questions",       "unmet"};

/* A line of words with spaces between them, as a list. */
static Texts words_read(Arena *arena, const json_t *list)
{
    Str rest = json_str(json_array_get(list, 0)), word;
    Str *items = arena_array(arena, Str, rest.len / 2 + 1);
    size_t count = 0;

    while (str_split(&rest, ' ', &word))
        if (word.len > 0)
            items[count++] = word;
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
        {"maeju/moves.yaml", &voice->moves},
        {"maeju/asks.yaml", &voice->asks},
        {"maeju/wants.yaml", &voice->want_rows},
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
    Arena *arena = &voice->arena;

    for (size_t i = 0; i < sizeof NEEDED_PHRASES / sizeof *NEEDED_PHRASES; i++) {
        const json_t *phrases = json_object_get(words, NEEDED_PHRASES[i]);
        if (!json_is_string(phrases) && json_array_size(phrases) == 0 && json_object_size(phrases) == 0)
            return err(
                INVALID,
                "content/agents/maeju/words.%s.yaml: %s must be a list of phrases, or a map of such lists",
                tongue_code(tongue), NEEDED_PHRASES[i]);
    }
    voice->abbreviations[tongue] = texts_in(arena, json_object_get(words, "abbreviations"));
    voice->stop[tongue] = words_read(arena, json_object_get(words, "stop"));
    voice->common[tongue] = words_read(arena, json_object_get(words, "common"));
    voice->marks[tongue] = texts_in(arena, json_object_get(words, "marks"));
    return OK;
}

static Err read_ask(Voice *voice, const char *key, const json_t *row)
{
    Ask *ask = &voice->ask[voice->ask_count];

    if (voice->ask_count == ASKS_MAX)
        return err(INVALID, "asks.yaml: more than %d kinds", ASKS_MAX);
    voice->ask_count++;
    ask->key = str_from(key);
    ask->properties = texts_in(&voice->arena, json_object_get(row, "properties"));
    ask->relationships = texts_in(&voice->arena, json_object_get(row, "relationships"));
    ask->through = texts_in(&voice->arena, json_object_get(row, "through"));
    ask->compares = json_is_true(json_object_get(row, "compares"));
    ask->flavour = json_is_true(json_object_get(row, "flavour"));
    TRY(listener_create(row, key, &ask->listener));
    if (json_object_get(row, "told") == NULL)
        return OK;
    return listener_create(json_object_get(row, "told"), key, &ask->told);
}

static Err read_craft(Voice *voice, const char *key, const json_t *row)
{
    Craft *craft = &voice->craft[voice->craft_count];

    if (voice->craft_count == CRAFTS_MAX)
        return err(INVALID, "moves.yaml: more than %d crafts", CRAFTS_MAX);
    voice->craft_count++;
    craft->key = str_from(key);
    craft->entity = json_str(json_object_get(row, "entity"));
    return listener_create(row, key, &craft->listener);
}

static Err read_story_voice(Voice *voice, const char *key, const json_t *row)
{
    StoryVoice *story = &voice->story[voice->story_count];

    if (voice->story_count == STORY_VOICES_MAX)
        return err(INVALID, "moves.yaml: more than %d voices of stories", STORY_VOICES_MAX);
    voice->story_count++;
    story->key = str_from(key);
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        story->endings[t] = json_object_get(json_object_get(row, "endings"), tongue_code(t));
    return listener_create(row, key, &story->listener);
}

static Err read_taste(Voice *voice, const char *key, const json_t *row)
{
    Taste *taste = &voice->taste[voice->taste_count];
    const json_t *most = json_object_get(row, "abv_max");

    if (voice->taste_count == TASTES_MAX)
        return err(INVALID, "moves.yaml: more than %d tastes", TASTES_MAX);
    voice->taste_count++;
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        taste->word[t] = json_str(json_object_get(json_object_get(row, "word"), tongue_code(t)));
    taste->abv_min = json_number_value(json_object_get(row, "abv_min"));
    taste->abv_max = most == NULL ? 100 : json_number_value(most);
    return listener_create(row, key, &taste->listener);
}

static Err read_rows(Voice *voice, json_t *rows,
                     Err (*read)(Voice *voice, const char *key, const json_t *row))
{
    const char *key;
    json_t *row;

    json_object_foreach(rows, key, row) TRY(read(voice, key, row));
    return OK;
}

static Err read_cues(Voice *voice)
{
    const json_t *cues = json_object_get(voice->moves, "cues");

    for (Cue cue = 0; cue < CUE_COUNT; cue++) {
        const json_t *row = json_object_get(cues, CUE_KEYS[cue]);
        if (row == NULL)
            row = json_object_get(voice->intents, CUE_KEYS[cue]);
        if (row == NULL)
            return err(INVALID, "content/agents/maeju/moves.yaml: cues: %s is missing", CUE_KEYS[cue]);
        TRY(listener_create(row, CUE_KEYS[cue], &voice->cue[cue]));
    }
    return OK;
}

static Err read_shapes(Voice *voice)
{
    for (SentenceShape shape = 0; shape < SHAPE_COUNT; shape++) {
        const json_t *row = json_object_get(voice->moves, SHAPE_KEYS[shape]);
        if (row == NULL)
            return err(INVALID, "content/agents/maeju/moves.yaml: %s is missing", SHAPE_KEYS[shape]);
        TRY(listener_create(row, SHAPE_KEYS[shape], &voice->shape[shape]));
    }
    return OK;
}

static Err read_intents(Voice *voice)
{
    for (Intent intent = INTENT_THANKS; intent < INTENT_ELSEWHERE; intent++)
        TRY(listener_create(json_object_get(voice->intents, INTENT_KEYS[intent]), INTENT_KEYS[intent],
                            &voice->listeners[intent]));
    return OK;
}

static Err read_listeners(Voice *voice)
{
    TRY(read_intents(voice));
    TRY(read_cues(voice));
    TRY(read_shapes(voice));
    TRY(read_rows(voice, voice->asks, read_ask));
    TRY(read_rows(voice, json_object_get(voice->moves, "crafts"), read_craft));
    TRY(read_rows(voice, json_object_get(voice->moves, "stories"), read_story_voice));
    return read_rows(voice, json_object_get(voice->moves, "tastes"), read_taste);
}

Err voice_read(Voice *voice, AssetTable content, const Clock *clock)
{
    TRY(read_files(voice, content));
    TRY(guards_create_by(content, clock, &voice->guards));
    TRY(wants_create(&voice->arena, voice->want_rows, &voice->wants));
    voice->character = json_str(json_object_get(voice->persona, "character"));
    voice->suggests = texts_in(&voice->arena, json_object_get(voice->persona, "suggests"));
    voice->recommends_by = texts_in(&voice->arena, json_object_get(voice->persona, "recommends_by"));
    voice->house = json_str(json_object_get(voice->persona, "house"));
    voice->favourites = texts_in(&voice->arena, json_object_get(voice->persona, "favourites"));
    voice->keeps_from = texts_in(&voice->arena, json_object_get(voice->persona, "keeps_from"));
    if (voice->character.len == 0)
        return err(INVALID, "content/agents/maeju/persona.yaml: character must be the id of an entity");
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        TRY(read_words(voice, t));
    return read_listeners(voice);
}
