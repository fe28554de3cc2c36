#include "services/world/sound.h"

#include "base/buf.h"

enum { SHORTEST = 4 }; /* letters of a sound; fewer are too often another word's */

/* Longer spellings first. */
static const struct {
    const char *written;
    char sound;
} SPELLINGS[] = {
    {"ch", 'j'}, {"sh", 's'}, {"ae", 'e'}, {"ai", 'e'}, {"eo", 'o'}, {"eu", 'o'},
    {"ee", 'i'}, {"oo", 'o'}, {"ou", 'o'}, {"ui", 'i'}, {"k", 'g'},  {"t", 'd'},
    {"p", 'b'},  {"l", 'r'},  {"u", 'o'},  {"z", 'j'},  {"v", 'b'},  {"f", 'b'},
};

/* How many letters at the start of the word are one sound. */
static size_t next_sound(Str word, char *sound)
{
    for (size_t i = 0; i < sizeof(SPELLINGS) / sizeof(SPELLINGS[0]); i++)
        if (str_starts(word, str_from(SPELLINGS[i].written))) {
            *sound = SPELLINGS[i].sound;
            return str_from(SPELLINGS[i].written).len;
        }
    *sound = word.data[0];
    return 1;
}

/* Doubled letters are one. */
Str sound_of(Arena *arena, Str plain)
{
    Buf out = {.arena = arena};

    for (size_t at = 0; at < plain.len;) {
        char sound;

        if (plain.data[at] < 'a' || plain.data[at] > 'z')
            return (Str){0};
        at += next_sound(str_slice(plain, at, plain.len), &sound);
        if (out.len == 0 || out.data[out.len - 1] != sound)
            buf_put_char(&out, sound);
    }
    return out.len >= SHORTEST ? buf_str(&out) : (Str){0};
}
