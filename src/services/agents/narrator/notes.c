#include "services/agents/narrator/notes.h"

#include <string.h>

typedef struct Reader {
    const Voice *voice;
    Arena *arena;
    Tongue tongue;
} Reader;

static const uint64_t *copy_hashes(Arena *arena, const uint64_t *hashes, size_t count)
{
    uint64_t *copy = arena_array(arena, uint64_t, count + 1);

    if (count > 0)
        memcpy(copy, hashes, count * sizeof *copy);
    return copy;
}

/* At the start of a paragraph "it" is what the text is about; further on it may be anything. */
static bool leans(const Reader *reader, Str folded, bool opens)
{
    if (opens && voice_is_of_topic(reader->voice, reader->tongue, folded))
        return false;
    return voice_leans(reader->voice, reader->tongue, folded);
}

/* before: the one before it in its text, or NULL. */
static Note read_one(const Reader *reader, Str text, size_t paragraph, const Note *before)
{
    Str folded = text_fold(reader->arena, text);
    Terms terms;

    terms_of(folded, voice_stop_words(reader->voice, reader->tongue), &terms);
    return (Note){
        .text = text,
        .paragraph = paragraph,
        .leans = before != NULL && leans(reader, folded, before->paragraph != paragraph),
        .forbidden = voice_forbids(reader->voice, reader->arena, text),
        .tells = voice_tells(reader->voice, reader->tongue, UINT32_MAX, folded),
        .hashes = copy_hashes(reader->arena, terms.hashes, terms.count),
        .hash_count = terms.count,
    };
}

static size_t paragraph_end(Str text)
{
    size_t end = str_find(text, STR("\n\n"), 0);

    return end == SIZE_MAX ? text.len : end;
}

Notes notes_read(const Voice *voice, Arena *arena, Tongue tongue, Str text)
{
    const Reader reader = {voice, arena, tongue};
    Texts abbreviations = voice_abbreviations(voice, tongue);
    Note *items = arena_array(arena, Note, NOTES_MAX);
    Str rest = str_trim(text);
    size_t count = 0;

    for (size_t paragraph = 0; rest.len > 0; paragraph++) {
        size_t end = paragraph_end(rest);
        Str part = str_slice(rest, 0, end), sentence;
        while (count < NOTES_MAX && text_next_sentence(&part, abbreviations, &sentence))
            if (sentence.len > 0) {
                items[count] = read_one(&reader, sentence, paragraph, count > 0 ? &items[count - 1] : NULL);
                count++;
            }
        rest = str_trim(str_slice(rest, end, rest.len));
    }
    return (Notes){text, items, count};
}

Note note_of(const Voice *voice, Arena *arena, Tongue tongue, Str sentence)
{
    const Reader reader = {voice, arena, tongue};

    return read_one(&reader, sentence, 0, NULL);
}

Notes notes_copy(Arena *arena, const Notes *from, Str text)
{
    Note *items = arena_array(arena, Note, from->count + 1);

    for (size_t i = 0; i < from->count; i++) {
        items[i] = from->items[i];
        items[i].text.data = text.data + (from->items[i].text.data - from->of.data);
        items[i].hashes = copy_hashes(arena, from->items[i].hashes, from->items[i].hash_count);
    }
    return (Notes){text, items, from->count};
}
