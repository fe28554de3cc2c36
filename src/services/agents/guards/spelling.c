#include "services/agents/guards/spelling.h"

#include <ctype.h>

#include "base/buf.h"
#include "base/near.h"
#include "base/utf8.h"

enum { SHORTEST = 5, LONG = 9 };

static bool is_latin(char c)
{
    return isalpha((unsigned char)c) != 0;
}

/* The word that was meant; the word itself when it is right, or near none. */
static Str meant(const Spelling *spelling, Str word)
{
    if (word.len < SHORTEST || texts_have(spelling->words, word) || texts_have(spelling->right, word))
        return word;
    for (size_t i = 0; i < spelling->words.count; i++) {
        Str right = spelling->words.items[i];
        size_t slips = right.len >= LONG ? 2 : 1;
        if (right.len >= SHORTEST && right.data[0] == word.data[0] && near_distance(word, right) <= slips)
            return right;
    }
    return word;
}

Str spelling_correct(const Spelling *spelling, Arena *arena, Str plain)
{
    Buf out;
    bool corrected = false;

    buf_init(&out, arena, plain.len + 16);
    for (size_t at = 0; at < plain.len;) {
        size_t end = at;
        while (end < plain.len && is_latin(plain.data[end]))
            end++;
        Str word = str_slice(plain, at, end), right = meant(spelling, word);
        corrected = corrected || right.data != word.data;
        buf_put(&out, right);
        if (end < plain.len)
            buf_put_char(&out, plain.data[end++]);
        at = end;
    }
    return corrected ? buf_str(&out) : (Str){NULL, 0};
}

/* A word that has letters, and else nothing but what stands for letters. */
static bool is_disguised(const Letters *digits, Str word)
{
    size_t letters = 0, stand_ins = 0;

    for (size_t i = 0; i < word.len; i++) {
        char c = word.data[i];
        bool stands_in = letters_meant(digits, (unsigned char)c) != (unsigned char)c;
        letters += is_latin(c);
        stand_ins += stands_in;
        if (!is_latin(c) && !stands_in)
            return false;
    }
    return letters >= 2 && stand_ins > 0;
}

/* Signs at the end of a word are signs: "buy it!" */
static size_t word_end(Str text, size_t at)
{
    size_t end = at;

    while (end < text.len && text.data[end] != ' ')
        end++;
    while (end > at && ispunct((unsigned char)text.data[end - 1]))
        end--;
    return end;
}

static void put_word(const Letters *digits, Str word, Buf *out)
{
    for (size_t i = 0; i < word.len; i++)
        buf_put_char(out, (char)letters_meant(digits, (unsigned char)word.data[i]));
}

Str digits_as_letters(const Letters *digits, Arena *arena, Str plain)
{
    Buf out;
    bool disguised = false;

    buf_init(&out, arena, plain.len + 4);
    for (size_t at = 0; at < plain.len;) {
        Str word = str_slice(plain, at, word_end(plain, at));
        bool is = is_disguised(digits, word);
        disguised = disguised || is;
        if (is)
            put_word(digits, word, &out);
        else
            buf_put(&out, word);
        at += word.len;
        while (at < plain.len && (plain.data[at] == ' ' || ispunct((unsigned char)plain.data[at])))
            buf_put_char(&out, plain.data[at++]);
    }
    return disguised ? buf_str(&out) : (Str){NULL, 0};
}
