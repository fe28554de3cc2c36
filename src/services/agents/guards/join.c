#include "services/agents/guards/join.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

enum {
    MARKS_ENOUGH = 2,   /* so many marks between letters are a habit */
    RUN_ENOUGH = 4,     /* single letters, one after another, that make a word */
    WORD_TOO_LONG = 15, /* Latin letters: "ignoreallprevious" */
    HANGUL_FIRST = 0xAC00,
    HANGUL_LAST = 0xD7A3,
};

static bool is_mark(uint32_t c)
{
    return c < 0x80 ? c != 0 && strchr(" .,-_*/|~+'\":;=^", (int)c) != NULL : c == 0xB7 || c == 0x2022;
}

static bool is_hangul(uint32_t c)
{
    return c >= HANGUL_FIRST && c <= HANGUL_LAST;
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || is_hangul(c);
}

/* How many single marks stand right between two letters. */
static size_t marks_between(Str plain)
{
    size_t at = 0, marks = 0;
    uint32_t c, between = 0;
    bool behind_letter = false;

    while (utf8_next(plain, &at, &c)) {
        marks += is_letter(c) && between != 0;
        between = behind_letter && is_mark(c) && c != ' ' && c != '\'' ? c : 0;
        behind_letter = is_letter(c);
    }
    return marks;
}

Str separators_as_spaces(Arena *arena, Str plain)
{
    Buf out;
    size_t at = 0;
    uint32_t c;

    if (marks_between(plain) < MARKS_ENOUGH)
        return (Str){NULL, 0};
    buf_init(&out, arena, plain.len + 4);
    while (utf8_next(plain, &at, &c))
        out.len += utf8_encode(is_mark(c) ? ' ' : c, buf_reserve(&out, 4));
    return buf_str(&out);
}

/* A word of plain text, its marks left out before it. */
typedef struct Word {
    Str text;
    uint32_t first;
    size_t letters;
} Word;

static bool next_word(Str text, size_t *at, Word *out)
{
    size_t behind = *at;
    uint32_t c;

    while (utf8_next(text, &behind, &c) && is_mark(c))
        *at = behind;
    *out = (Word){str_slice(text, *at, *at), 0, 0};
    for (behind = *at; utf8_next(text, &behind, &c) && !is_mark(c); *at = behind) {
        out->first = out->letters++ == 0 ? c : out->first;
        out->text.len += behind - *at;
    }
    return out->letters > 0;
}

/* Words at *at that are one letter each, joined into `out`; how many. *at is behind them. */
static size_t take_run(Str text, size_t *at, bool (*fits)(uint32_t), Buf *out)
{
    size_t count = 0, behind = *at;
    Word word;

    while (next_word(text, &behind, &word) && word.letters == 1 && fits(word.first)) {
        buf_put(out, word.text);
        *at = behind;
        count++;
    }
    return count;
}

Str joined_syllables(Arena *arena, Str plain)
{
    Buf out, run;
    size_t at = 0, longest = 0;
    Word word;

    buf_init(&out, arena, plain.len + 4);
    for (;;) {
        buf_init(&run, arena, 32);
        size_t count = take_run(plain, &at, is_hangul, &run);
        longest = count > longest ? count : longest;
        buf_put(&out, buf_str(&run));
        if (!next_word(plain, &at, &word))
            break;
        buf_put(&out, STR(" "));
        buf_put(&out, word.text);
        buf_put(&out, STR(" "));
    }
    return longest >= RUN_ENOUGH ? buf_str(&out) : (Str){NULL, 0};
}

static bool is_latin(uint32_t c)
{
    return is_letter(c) && !is_hangul(c);
}

Str joined_letters(Arena *arena, Str plain)
{
    Buf out, run;
    size_t at = 0;
    Word word;

    buf_init(&out, arena, 64);
    for (;;) {
        buf_init(&run, arena, 32);
        if (take_run(plain, &at, is_latin, &run) >= RUN_ENOUGH) {
            buf_put(&out, buf_str(&run));
            buf_put_char(&out, ' ');
        }
        if (!next_word(plain, &at, &word))
            break;
        if (word.letters >= WORD_TOO_LONG && is_latin(word.first)) {
            buf_put(&out, word.text);
            buf_put_char(&out, ' ');
        }
    }
    return str_trim(buf_str(&out));
}
