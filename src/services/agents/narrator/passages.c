#include "services/agents/narrator/passages.h"

#include "base/utf8.h"
#include "services/agents/narrator/parts.h"

static void read_terms(const Telling *telling, Str text, Terms *out)
{
    terms_of(text_fold(telling->arena, text), voice_stop_words(telling->voice, telling->tongue), out);
}

size_t passages_shared(const Telling *telling, const Terms *question, Str text)
{
    Terms terms;

    if (question->count == 0)
        return 0;
    read_terms(telling, text, &terms);
    return terms_shared(question, &terms);
}

void passages_question(const Telling *telling, const Fact *fact, Terms *out)
{
    Terms all, name;

    read_terms(telling, telling->question, &all);
    *out = all;
    if (!text_mentions(telling->arena, telling->question, fact->name))
        return;
    out->count = 0;
    read_terms(telling, fact->name, &name);
    for (size_t i = 0; i < all.count; i++) {
        const Terms one = {.hashes = {all.hashes[i]}, .count = 1};
        if (terms_shared(&one, &name) == 0)
            out->hashes[out->count++] = all.hashes[i];
    }
}

/* In its own words, or as one of the voices of stories ends it. */
static bool was_told(const Telling *telling, Str text)
{
    const StoryVoice *story;

    if (was_said(telling, NULL, text))
        return true;
    for (size_t i = 0; (story = voice_story_at(telling->voice, i)) != NULL; i++)
        if (story->endings[telling->tongue] != NULL &&
            was_said(telling, NULL,
                     voice_retell(telling->voice, telling->arena, story, telling->tongue, text)))
            return true;
    return false;
}

/* At the start of a paragraph "it" is what the text is about; further on it may be anything. */
static bool leans(const Telling *telling, Str folded, bool opens)
{
    if (opens && voice_is_of_topic(telling->voice, telling->tongue, folded))
        return false;
    return voice_leans(telling->voice, telling->tongue, folded);
}

static void add(const Telling *telling, Str text, size_t paragraph, Passages *out)
{
    Passage *one = &out->items[out->count];
    Str folded = text_fold(telling->arena, text);
    bool opens = out->count == 0 || out->items[out->count - 1].paragraph != paragraph;

    if (text.len == 0 || out->count == PASSAGES_MAX)
        return;
    *one = (Passage){
        .text = text,
        .paragraph = paragraph,
        .leans = out->count > 0 && leans(telling, folded, opens),
        .said = was_told(telling, text),
        .forbidden = voice_forbids(telling->voice, telling->arena, text),
        .tells = voice_tells(telling->voice, telling->tongue, telling->asks, folded),
    };
    out->count++;
}

Str passages_summary(const Telling *telling, const Fact *fact)
{
    return passages_portrait(telling, fact, name_spoken(telling, fact->label, fact->name));
}

Str passages_portrait(const Telling *telling, const Fact *fact, Str name)
{
    Texts abbreviations = voice_abbreviations(telling->voice, telling->tongue);
    Str rest = fact->summary, first = {NULL, 0};

    if (!text_next_sentence(&rest, abbreviations, &first))
        return first;
    Str folded = text_fold(telling->arena, first);
    if (voice_is_sentence(telling->voice, telling->tongue, folded))
        return first;
    if (str_ends(first, STR(".")))
        first.len--;
    bool noun = voice_is_noun_phrase(telling->voice, telling->tongue, folded);
    const Slot slots[] = {{"name", name}, {"value", noun ? name_lowered(telling, first) : first}};
    return wording(telling, NULL, noun ? "portrait" : "fragment", (Str){NULL, 0}, slots, 2);
}

static size_t paragraph_end(Str text)
{
    size_t end = str_find(text, STR("\n\n"), 0);

    return end == SIZE_MAX ? text.len : end;
}

void passages_read(const Telling *telling, const Fact *fact, Passages *out)
{
    Texts abbreviations = voice_abbreviations(telling->voice, telling->tongue);
    Str rest = str_trim(fact->text);

    out->count = 0;
    for (size_t paragraph = 0; rest.len > 0; paragraph++) {
        size_t end = paragraph_end(rest);
        Str part = str_slice(rest, 0, end), sentence;
        while (text_next_sentence(&part, abbreviations, &sentence))
            add(telling, sentence, paragraph, out);
        rest = str_trim(str_slice(rest, end, rest.len));
    }
    if (out->count == 0)
        add(telling, passages_summary(telling, fact), 0, out);
}

static bool is_new(const Passage *one)
{
    return !one->said && !one->forbidden;
}

/* Stands on its own, or goes on from what this session has heard. */
static bool is_grounded(const Passages *passages, size_t i)
{
    const Passage *one = &passages->items[i];

    return !one->leans || (i > 0 && one[-1].said && one[-1].paragraph == one->paragraph);
}

Run passages_run(const Passages *passages, size_t at, size_t most, size_t characters)
{
    size_t first = at, end = at + 1, length;

    while (first > 0 && !is_grounded(passages, first) && is_new(&passages->items[first]) && at - first < most)
        first--;
    if (!is_new(&passages->items[first]) || !is_grounded(passages, first) || at - first >= most)
        return (Run){at, 0};
    length = 0;
    for (size_t i = first; i <= at; i++)
        length += utf8_count(passages->items[i].text);
    for (; end < passages->count && end - first < most; end++) {
        const Passage *next = &passages->items[end];
        length += utf8_count(next->text);
        bool turns = next->paragraph != passages->items[end - 1].paragraph;
        if ((turns && end - first > 1) || !is_new(next) || length > characters)
            break;
    }
    return (Run){first, end - first};
}

size_t passages_next(const Passages *passages, size_t from)
{
    size_t i = from;

    while (i < passages->count && (!is_new(&passages->items[i]) || !is_grounded(passages, i)))
        i++;
    return i;
}
