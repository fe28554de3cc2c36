#include "services/agents/needles.h"

#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "services/agents/required.h"

enum { BUCKETS = 1024, NONE = UINT16_MAX };

/* Found by the hash of their first NEEDLE_MIN bytes. */
struct Needles {
    Arena arena;
    Str *items;
    uint16_t *next; /* with the same hash, or NONE */
    size_t count;
    uint16_t first[BUCKETS];
};

static unsigned char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : (unsigned char)c;
}

static uint32_t bucket_of(unsigned char a, unsigned char b, unsigned char c)
{
    return ((uint32_t)a * 0x9E3B + (uint32_t)b * 0x85D3 + (uint32_t)c * 0x58F1) >> 4 & (BUCKETS - 1);
}

static void put(Needles *needles, Str text)
{
    uint32_t bucket =
        bucket_of((unsigned char)text.data[0], (unsigned char)text.data[1], (unsigned char)text.data[2]);
    size_t at = needles->count++;

    needles->items[at] = str_copy(&needles->arena, text);
    needles->next[at] = needles->first[bucket];
    needles->first[bucket] = (uint16_t)at;
}

/* False when nothing can be said of the alternative, or there is no room for it. */
static bool put_required(Needles *needles, Arena *arena, Str alternative)
{
    StrSet set = required_of(arena, alternative);

    if (set.count == 0 || needles->count + set.count > REQUIRED_MAX)
        return false;
    for (size_t i = 0; i < set.count; i++)
        put(needles, set.items[i]);
    return true;
}

/* How many there are is known in the end; most patterns have a few. */
static void keep_as_many_as_there_are(Needles *needles)
{
    Str *items = arena_array(&needles->arena, Str, needles->count + 1);
    uint16_t *next = arena_array(&needles->arena, uint16_t, needles->count + 1);

    memcpy(items, needles->items, needles->count * sizeof *items);
    memcpy(next, needles->next, needles->count * sizeof *next);
    needles->items = items;
    needles->next = next;
}

Needles *needles_create(Str pattern, Arena *arena, Str *open)
{
    Needles *needles = memory_new(Needles);
    Buf rest = {.arena = arena};
    Str alternative;

    arena_init(&needles->arena);
    needles->items = arena_array(arena, Str, REQUIRED_MAX);
    needles->next = arena_array(arena, uint16_t, REQUIRED_MAX);
    memset(needles->first, 0xFF, sizeof needles->first);
    while (required_next_alternative(&pattern, &alternative)) {
        if (put_required(needles, arena, alternative))
            continue;
        buf_put(&rest, rest.len > 0 ? STR("|") : STR(""));
        buf_put(&rest, alternative);
    }
    keep_as_many_as_there_are(needles);
    *open = rest.len > 0 ? buf_str(&rest) : STR("");
    return needles;
}

void needles_destroy(Needles *needles)
{
    if (needles == NULL)
        return;
    arena_finish(&needles->arena);
    memory_free(needles);
}

static bool stands_at(Str needle, Str text, size_t at)
{
    if (needle.len > text.len - at)
        return false;
    for (size_t i = 0; i < needle.len; i++)
        if (lower(text.data[at + i]) != (unsigned char)needle.data[i])
            return false;
    return true;
}

/* What needles don't see: white space but single spaces; the Kelvin sign and the long s, which are k and s where case doesn't
 * count. */
static bool is_beyond(unsigned char a, unsigned char b, unsigned char c)
{
    return (a == ' ' && b == ' ') || (a >= '\t' && a <= '\r') || (a == 0xC5 && b == 0xBF) ||
           (a == 0xE2 && b == 0x84 && c == 0xAA);
}

static unsigned char at_or_zero(Str text, size_t at)
{
    return at < text.len ? lower(text.data[at]) : 0;
}

/* A piece of a text as the search takes it: the bucket of each place. Many listeners are asked about the same few texts, one after
 * the other, so a thread keeps the pieces it took last; what one was made of is compared byte by byte. */
enum { PIECE_MAX = 256, PIECES = 16, AHEAD = NEEDLE_MIN - 1 };

typedef struct Piece {
    size_t count; /* of places */
    size_t len;   /* with what lies ahead of the last place */
    char text[PIECE_MAX + AHEAD];
    uint16_t buckets[PIECE_MAX];
    bool is_beyond;
} Piece;

static _Thread_local Piece last_pieces[PIECES];

static void take_piece(Piece *piece, Str text)
{
    unsigned char a = at_or_zero(text, 0), b = at_or_zero(text, 1), c;

    memcpy(piece->text, text.data, text.len);
    piece->len = text.len;
    piece->count = text.len < PIECE_MAX ? text.len : PIECE_MAX;
    piece->is_beyond = false;
    for (size_t at = 0; at < piece->count; at++, a = b, b = c) {
        c = at_or_zero(text, at + 2);
        piece->buckets[at] = (uint16_t)bucket_of(a, b, c);
        piece->is_beyond |= is_beyond(a, b, c);
    }
}

static size_t place_of(Str wanted)
{
    size_t middle = (unsigned char)wanted.data[wanted.len / 2];
    size_t late = (unsigned char)wanted.data[wanted.len - wanted.len / 4 - 1];

    return (wanted.len + 7 * middle + 3 * late) % PIECES;
}

static const Piece *piece_at(Str text, size_t from)
{
    Str wanted = str_slice(text, from, from + PIECE_MAX + AHEAD);
    Piece *piece = &last_pieces[place_of(wanted)];

    if (piece->len != wanted.len || memcmp(piece->text, wanted.data, wanted.len) != 0)
        take_piece(piece, wanted);
    return piece;
}

static bool any_stands_at(const Needles *needles, uint16_t bucket, Str text, size_t at)
{
    for (uint16_t i = needles->first[bucket]; i != NONE; i = needles->next[i])
        if (stands_at(needles->items[i], text, at))
            return true;
    return false;
}

bool needles_may_be_in(const Needles *needles, Str text)
{
    for (size_t from = 0; from < text.len; from += PIECE_MAX) {
        const Piece *piece = piece_at(text, from);
        if (piece->is_beyond)
            return true;
        for (size_t at = 0; at < piece->count; at++)
            if (needles->first[piece->buckets[at]] != NONE &&
                any_stands_at(needles, piece->buckets[at], text, from + at))
                return true;
    }
    return false;
}

size_t needles_count(const Needles *needles)
{
    return needles->count;
}
