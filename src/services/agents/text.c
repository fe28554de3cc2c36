#include "services/agents/text.h"

#include <ctype.h>

#include "base/buf.h"
#include "base/utf8.h"

enum { SYLLABLE_FIRST = 0xAC00, SYLLABLE_LAST = 0xD7A3, FULL_WIDTH_FIRST = 0xFF01, FULL_WIDTH_LAST = 0xFF5E };

const char *tongue_code(Tongue tongue)
{
    return tongue == KOREAN ? "ko" : "en";
}

static bool is_hangul(uint32_t c)
{
    return (c >= SYLLABLE_FIRST && c <= SYLLABLE_LAST) || (c >= 0x1100 && c <= 0x11FF) ||
           (c >= 0x3130 && c <= 0x318F);
}

static bool is_latin_word(uint32_t c)
{
    return c < 0x80 && isalnum((int)c);
}

Tongue tongue_of(Str text, Tongue fallback)
{
    size_t hangul = 0, latin = 0, at = 0;
    uint32_t c;

    while (utf8_next(text, &at, &c)) {
        hangul += is_hangul(c);
        latin += c < 0x80 && isalpha((int)c);
    }
    if (hangul + latin == 0)
        return fallback;
    return hangul * 100 >= (hangul + latin) * TONGUE_HANGUL_PERCENT ? KOREAN : ENGLISH;
}

Texts texts_in(Arena *arena, const json_t *list)
{
    size_t count = json_array_size(list);
    Str *items = arena_array(arena, Str, count + 1);

    for (size_t i = 0; i < count; i++)
        items[i] = json_str(json_array_get(list, i));
    return (Texts){items, count};
}

bool texts_have(Texts texts, Str text)
{
    for (size_t i = 0; i < texts.count; i++)
        if (str_equal_nocase(texts.items[i], text))
            return true;
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Length of a closing quote or bracket at the start of the text, 0 when there is none. */
static size_t closer_length(Str rest)
{
    static const char *const CLOSERS[] = {"\"", "'", ")", "]", "”", "’", "」", "』", "》", "〉"};

    for (size_t i = 0; i < sizeof CLOSERS / sizeof *CLOSERS; i++)
        if (str_starts(rest, str_from(CLOSERS[i])))
            return str_from(CLOSERS[i]).len;
    return 0;
}

/* The word right before text[end]. */
static Str word_before(Str text, size_t end)
{
    size_t start = end;

    while (start > 0 && !is_space(text.data[start - 1]) && text.data[start - 1] != '(')
        start--;
    return str_slice(text, start, end);
}

/* Where the sentence that has its end mark at `at` is over, or 0 when the mark ends none. */
static size_t sentence_end(Str text, size_t at, Texts abbreviations)
{
    char mark = text.data[at];
    size_t end = at + 1, closer;

    if (mark == '\n')
        return end;
    if (mark != '.' && mark != '!' && mark != '?')
        return 0;
    if (mark == '.' && texts_have(abbreviations, word_before(text, at)))
        return 0;
    while ((closer = closer_length(str_slice(text, end, text.len))) > 0)
        end += closer;
    return end == text.len || is_space(text.data[end]) ? end : 0;
}

bool text_next_sentence(Str *rest, Texts abbreviations, Str *sentence)
{
    *rest = str_trim(*rest);
    if (rest->len == 0)
        return false;
    for (size_t at = 0; at < rest->len; at++) {
        size_t end = sentence_end(*rest, at, abbreviations);
        if (end > 0) {
            *sentence = str_trim(str_slice(*rest, 0, end));
            *rest = str_slice(*rest, end, rest->len);
            return true;
        }
    }
    *sentence = *rest;
    *rest = (Str){NULL, 0};
    return true;
}

/* Zero-width characters, soft hyphens, marks of direction: they hide words from a reader of patterns. */
static bool is_invisible(uint32_t c)
{
    return c == 0xAD || c == 0xFEFF || c == 0x2060 || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E);
}

static uint32_t fold_character(uint32_t c)
{
    if (c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST)
        c = c - FULL_WIDTH_FIRST + '!';
    if (c == 0x3000 || c == 0xA0 || (c < 0x80 && isspace((int)c)))
        return ' ';
    if (c == 0x2019 || c == 0x2018)
        return '\'';
    return c < 0x80 ? (uint32_t)tolower((int)c) : c;
}

static Str fold(Arena *arena, Str text, bool keep_spaces)
{
    Buf out;
    size_t at = 0;
    uint32_t c;

    buf_init(&out, arena, text.len + 4);
    while (utf8_next(text, &at, &c)) {
        bool after_space = out.len == 0 || out.data[out.len - 1] == ' ';
        c = fold_character(c);
        if (is_invisible(c) || (c == ' ' && (after_space || !keep_spaces)))
            continue;
        out.len += utf8_encode(c, buf_reserve(&out, 4));
    }
    return str_trim(buf_str(&out));
}

Str text_fold(Arena *arena, Str text)
{
    return fold(arena, text, true);
}

Str text_as_written(Str text, Str folded_part)
{
    for (size_t at = 0; at + folded_part.len <= text.len; at++) {
        Str here = str_slice(text, at, at + folded_part.len);
        if (str_equal_nocase(here, folded_part))
            return here;
    }
    return folded_part;
}

static bool find_word(Str text, Str name, size_t *found)
{
    for (size_t at = str_find(text, name, 0); at != SIZE_MAX; at = str_find(text, name, at + 1)) {
        size_t end = at + name.len;
        bool cut_before = at > 0 && is_latin_word((unsigned char)text.data[at - 1]) &&
                          is_latin_word((unsigned char)name.data[0]);
        bool cut_after = end < text.len && is_latin_word((unsigned char)text.data[end]) &&
                         is_latin_word((unsigned char)name.data[name.len - 1]);
        *found = at;
        if (!cut_before && !cut_after)
            return true;
    }
    return false;
}

enum { MARK_BYTES = 3 };

static uint16_t mark_at(Str text, size_t at)
{
    if (text.len - at < MARK_BYTES)
        return TEXT_NO_MARK;
    uint32_t three = (unsigned char)text.data[at] | (uint32_t)(unsigned char)text.data[at + 1] << 8 |
                     (uint32_t)(unsigned char)text.data[at + 2] << 16;
    return (uint16_t)(three * 0x9E3779B1U >> 22); /* Knuth's multiplicative hash */
}

SoughtName text_seek(Arena *arena, Str name)
{
    Str wanted = text_fold(arena, name);

    if (utf8_count(wanted) < 2)
        return (SoughtName){.name = name};
    bool is_hangul = tongue_of(wanted, ENGLISH) == KOREAN;
    wanted = is_hangul ? fold(arena, name, false) : wanted;
    return (SoughtName){name, wanted, is_hangul, mark_at(wanted, 0)};
}

static void put_marks(Str text, uint64_t *marks)
{
    for (size_t at = 0; at + MARK_BYTES <= text.len; at++) {
        uint16_t mark = mark_at(text, at);
        marks[mark / 64] |= UINT64_C(1) << mark % 64;
    }
}

void text_read(Arena *arena, Str folded, ReadText *out)
{
    *out = (ReadText){.folded = folded, .joined = fold(arena, folded, false)};
    put_marks(out->folded, out->marks);
    put_marks(out->joined, out->marks);
}

static bool may_begin(const ReadText *text, const SoughtName *name)
{
    return name->mark == TEXT_NO_MARK || (text->marks[name->mark / 64] >> name->mark % 64 & 1) != 0;
}

static bool find_name(const ReadText *text, const SoughtName *name, size_t *at)
{
    return name->wanted.len > 0 && find_word(name->is_hangul ? text->joined : text->folded, name->wanted, at);
}

bool text_find_name(const ReadText *text, const SoughtName *name, size_t *at)
{
    return may_begin(text, name) && find_name(text, name, at);
}

bool text_has(const ReadText *text, Arena *arena, Str name)
{
    const ArenaMark mark = arena_mark(arena);
    const SoughtName sought = text_seek(arena, name);
    size_t at;
    bool found = text_find_name(text, &sought, &at);

    arena_rewind(arena, mark);
    return found;
}

bool text_mentions(Arena *arena, Str folded, Str name)
{
    ArenaMark mark = arena_mark(arena);
    SoughtName sought = text_seek(arena, name);
    const ReadText text = {.folded = folded,
                           .joined = sought.is_hangul ? fold(arena, folded, false) : STR("")};
    size_t at;
    bool found = find_name(&text, &sought, &at);

    arena_rewind(arena, mark);
    return found;
}

static void terms_add(Terms *terms, Str text)
{
    uint64_t hash = str_hash(text);

    for (size_t i = 0; i < terms->count; i++)
        if (terms->hashes[i] == hash)
            return;
    if (terms->count < TERMS_MAX)
        terms->hashes[terms->count++] = hash;
}

/* Enough of a stem to see that "brewed" and "brewing" are one word; not a linguist's. */
static Str stem(Str word)
{
    static const char *const ENDINGS[] = {"ing", "ed", "es", "s"};

    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        Str ending = str_from(ENDINGS[i]);
        if (word.len > ending.len + 2 && str_ends(word, ending))
            return str_slice(word, 0, word.len - ending.len);
    }
    return word;
}

/* A run of Hangul as pairs of syllables, so that particles and spacing matter little. */
static void add_hangul(Terms *terms, Str run)
{
    size_t syllables = utf8_count(run);

    if (syllables == 1)
        terms_add(terms, run);
    for (size_t at = 0; syllables >= 2; syllables--) {
        Str rest = str_slice(run, at, run.len);
        terms_add(terms, utf8_cut(rest, 2));
        at += utf8_cut(rest, 1).len;
    }
}

void terms_of(Str folded, Texts stop, Terms *out)
{
    size_t at = 0;
    uint32_t c;

    out->count = 0;
    while (at < folded.len) {
        size_t start = at, end = at;
        bool hangul = false;
        while (utf8_next(folded, &at, &c) && (is_hangul(c) || is_latin_word(c))) {
            if (end > start && is_hangul(c) != hangul)
                break;
            hangul = is_hangul(c);
            end = at;
        }
        if (end > start)
            at = end;
        Str run = str_slice(folded, start, end);
        if (run.len == 0 || texts_have(stop, run))
            continue;
        if (hangul)
            add_hangul(out, run);
        else
            terms_add(out, stem(run));
    }
}

size_t terms_shared_with(const Terms *a, const uint64_t *hashes, size_t count)
{
    size_t shared = 0;

    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < count; k++)
            shared += a->hashes[i] == hashes[k];
    return shared;
}

size_t terms_shared(const Terms *a, const Terms *b)
{
    return terms_shared_with(a, b->hashes, b->count);
}
