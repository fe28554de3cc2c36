#include "services/agents/narrator/voice_tables.h"

Intent voice_intent(const Voice *voice, Str folded)
{
    for (Intent intent = INTENT_THANKS; intent < INTENT_ELSEWHERE; intent++)
        if (listener_hears(voice->listeners[intent], folded))
            return intent;
    return INTENT_QUESTION;
}

uint32_t voice_cues(const Voice *voice, Str folded)
{
    uint32_t cues = 0;

    for (size_t i = 0; i < CUE_COUNT; i++)
        if (listener_hears(voice->cue[i], folded))
            cues |= CUE_BIT(i);
    return cues;
}

uint32_t voice_asks(const Voice *voice, Str folded)
{
    uint32_t asks = 0;

    for (size_t i = 0; i < voice->ask_count; i++)
        if (listener_hears(voice->ask[i].listener, folded))
            asks |= UINT32_C(1) << i;
    return asks;
}

uint32_t voice_tells(const Voice *voice, Tongue tongue, uint32_t asks, Str folded)
{
    uint32_t told = 0;

    for (size_t i = 0; i < voice->ask_count; i++)
        if ((asks >> i & 1) != 0 && voice->ask[i].told != NULL &&
            listener_hears_in(voice->ask[i].told, tongue, folded))
            told |= UINT32_C(1) << i;
    return told;
}

uint32_t voice_tastes(const Voice *voice, Str folded)
{
    uint32_t tastes = 0;

    for (size_t i = 0; i < voice->taste_count; i++)
        if (listener_hears(voice->taste[i].listener, folded))
            tastes |= UINT32_C(1) << i;
    return tastes;
}

bool voice_leans(const Voice *voice, Tongue tongue, Str folded)
{
    return listener_hears_in(voice->shape[SHAPE_LEANS], tongue, folded);
}

bool voice_is_of_topic(const Voice *voice, Tongue tongue, Str folded)
{
    return listener_hears_in(voice->shape[SHAPE_OF_TOPIC], tongue, folded);
}

bool voice_is_sentence(const Voice *voice, Tongue tongue, Str folded)
{
    return listener_hears_in(voice->shape[SHAPE_SENTENCE], tongue, folded);
}

bool voice_is_noun_phrase(const Voice *voice, Tongue tongue, Str folded)
{
    return listener_hears_in(voice->shape[SHAPE_NOUN_PHRASE], tongue, folded);
}

Str voice_without_asks(const Voice *voice, Arena *arena, uint32_t asks, Str folded)
{
    for (size_t i = 0; i < voice->ask_count; i++)
        if ((asks >> i & 1) != 0)
            folded = listener_hide(voice->ask[i].listener, arena, folded);
    return folded;
}

bool voice_is_noise(const Voice *voice, Str folded)
{
    return listener_hears(voice->shape[SHAPE_NOISE], folded);
}

Str voice_gist(const Voice *voice, Arena *arena, Str folded)
{
    Buf out;
    Str rest = folded, word;

    buf_init(&out, arena, folded.len + 1);
    while (rest.len > 0 && str_split(&rest, ' ', &word)) {
        if (voice_is_noise(voice, word))
            continue;
        buf_put(&out, out.len == 0 ? STR("") : STR(" "));
        buf_put(&out, word);
    }
    return buf_str(&out);
}

const Craft *voice_craft(const Voice *voice, Str folded)
{
    for (size_t i = 0; i < voice->craft_count; i++)
        if (listener_hears(voice->craft[i].listener, folded))
            return &voice->craft[i];
    return NULL;
}

const StoryVoice *voice_story(const Voice *voice, Str folded, size_t turn)
{
    for (size_t i = 0; i < voice->story_count; i++)
        if (listener_hears(voice->story[i].listener, folded))
            return &voice->story[i];
    return voice->story_count == 0 ? NULL : &voice->story[turn % voice->story_count];
}

size_t voice_ask_count(const Voice *voice)
{
    return voice->ask_count;
}

Str voice_ask_key(const Voice *voice, size_t i)
{
    return voice->ask[i].key;
}

uint32_t voice_compares(const Voice *voice)
{
    uint32_t asks = 0;

    for (size_t i = 0; i < voice->ask_count; i++)
        asks |= voice->ask[i].compares ? UINT32_C(1) << i : 0;
    return asks;
}

uint32_t voice_flavour(const Voice *voice)
{
    uint32_t asks = 0;

    for (size_t i = 0; i < voice->ask_count; i++)
        asks |= voice->ask[i].flavour ? UINT32_C(1) << i : 0;
    return asks;
}

bool voice_asks_property(const Voice *voice, uint32_t asks, Str property)
{
    for (size_t i = 0; i < voice->ask_count; i++)
        if ((asks >> i & 1) != 0 && texts_have(voice->ask[i].properties, property))
            return true;
    return false;
}

size_t voice_asks_rank(const Voice *voice, uint32_t asks, Str directed)
{
    size_t before = 0;

    for (size_t i = 0; i < voice->ask_count; i++) {
        const Texts relationships = voice->ask[i].relationships;
        for (size_t k = 0; (asks >> i & 1) != 0 && k < relationships.count; k++, before++)
            if (str_equal(relationships.items[k], directed))
                return before;
    }
    return SIZE_MAX;
}

bool voice_asks_relationship(const Voice *voice, uint32_t asks, Str directed)
{
    return voice_asks_rank(voice, asks, directed) != SIZE_MAX;
}

bool voice_asks_through(const Voice *voice, uint32_t asks, Str directed)
{
    for (size_t i = 0; i < voice->ask_count; i++)
        if ((asks >> i & 1) != 0 && texts_have(voice->ask[i].through, directed))
            return true;
    return false;
}

const Taste *voice_taste(const Voice *voice, size_t i)
{
    return i < voice->taste_count ? &voice->taste[i] : NULL;
}

Str voice_craft_key(const Craft *craft)
{
    return craft->key;
}

Str voice_story_key(const StoryVoice *story)
{
    return story->key;
}

const StoryVoice *voice_story_at(const Voice *voice, size_t i)
{
    return i < voice->story_count ? &voice->story[i] : NULL;
}

bool voice_forbids(const Voice *voice, Arena *arena, Str sentence)
{
    return guards_forbid(voice->guards, arena, sentence, NULL);
}
