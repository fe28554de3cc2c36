#include "services/agents/narrator/passages.h"

#include "base/utf8.h"
#include "services/agents/narrator/parts.h"

static void read_terms(const Telling *telling, Str text, Terms *out)
{
    terms_of(text_fold(telling->arena, text), voice_stop_words(telling->voice, telling->tongue), out);
}

size_t passages_shared(const Terms *question, const Passage *passage)
{
    return terms_shared_with(question, passage->hashes, passage->hash_count);
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

static Passage passage_of(const Telling *telling, const Note *note)
{
    return (Passage){
        .text = note->text,
        .paragraph = note->paragraph,
        .leans = note->leans,
        .said = was_told(telling, note->text),
        .forbidden = note->forbidden,
        .tells = note->tells & telling->asks,
        .hashes = note->hashes,
        .hash_count = note->hash_count,
    };
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

static Notes notes_of(const Telling *telling, const Fact *fact)
{
    if (fact->notes != NULL && fact->notes->of.data == fact->text.data &&
        fact->notes->of.len == fact->text.len)
        return *fact->notes;
    return notes_read(telling->voice, telling->arena, telling->tongue, fact->text);
}

void passages_read(const Telling *telling, const Fact *fact, Passages *out)
{
    Notes notes = notes_of(telling, fact);

    out->count = notes.count;
    for (size_t i = 0; i < notes.count; i++)
        out->items[i] = passage_of(telling, &notes.items[i]);
    if (out->count > 0)
        return;
    Str summary = passages_summary(telling, fact);
    const Note note = note_of(telling->voice, telling->arena, telling->tongue, summary);
    if (summary.len > 0)
        out->items[out->count++] = passage_of(telling, &note);
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
