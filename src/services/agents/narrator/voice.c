#include "base/memory.h"
#include "services/agents/narrator/voice_tables.h"

Err voice_create(AssetTable content, const Clock *clock, Voice **out)
{
    Voice *voice = memory_new(Voice);
    Err e;

    arena_init(&voice->arena);
    e = voice_read(voice, content, clock);
    if (failed(&e)) {
        voice_destroy(voice);
        voice = NULL;
    }
    *out = voice;
    return e;
}

static void destroy_listeners(Voice *voice)
{
    for (size_t i = 0; i < INTENT_COUNT; i++)
        listener_destroy(voice->listeners[i]);
    for (size_t i = 0; i < CUE_COUNT; i++)
        listener_destroy(voice->cue[i]);
    for (size_t i = 0; i < SHAPE_COUNT; i++)
        listener_destroy(voice->shape[i]);
    for (size_t i = 0; i < ASKS_MAX; i++) {
        listener_destroy(voice->ask[i].listener);
        listener_destroy(voice->ask[i].told);
    }
    for (size_t i = 0; i < CRAFTS_MAX; i++)
        listener_destroy(voice->craft[i].listener);
    for (size_t i = 0; i < STORY_VOICES_MAX; i++)
        listener_destroy(voice->story[i].listener);
    for (size_t i = 0; i < TASTES_MAX; i++)
        listener_destroy(voice->taste[i].listener);
}

void voice_destroy(Voice *voice)
{
    if (voice == NULL)
        return;
    destroy_listeners(voice);
    guards_destroy(voice->guards);
    wants_destroy(voice->wants);
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        json_decref(voice->words[t]);
    json_decref(voice->persona);
    json_decref(voice->intents);
    json_decref(voice->moves);
    json_decref(voice->asks);
    json_decref(voice->want_rows);
    arena_finish(&voice->arena);
    memory_free(voice);
}

const Guards *voice_guards(const Voice *voice)
{
    return voice->guards;
}

const Wants *voice_wants(const Voice *voice)
{
    return voice->wants;
}

Str voice_character(const Voice *voice)
{
    return voice->character;
}

Str voice_introduction(const Voice *voice, Tongue tongue)
{
    return json_str(json_object_get(json_object_get(voice->persona, "introduction"), tongue_code(tongue)));
}

Texts voice_suggests(const Voice *voice)
{
    return voice->suggests;
}

Texts voice_favourites(const Voice *voice)
{
    return voice->favourites;
}

Str voice_house(const Voice *voice)
{
    return voice->house;
}

Texts voice_keeps_from(const Voice *voice)
{
    return voice->keeps_from;
}

Texts voice_recommends_by(const Voice *voice)
{
    return voice->recommends_by;
}

Texts voice_abbreviations(const Voice *voice, Tongue tongue)
{
    return voice->abbreviations[tongue];
}

Texts voice_stop_words(const Voice *voice, Tongue tongue)
{
    return voice->stop[tongue];
}

Texts voice_common_words(const Voice *voice, Tongue tongue)
{
    return voice->common[tongue];
}

Texts voice_marks(const Voice *voice, Tongue tongue)
{
    return voice->marks[tongue];
}
