#include "services/agents/needles.h"

#include <pthread.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "services/agents/required.h"

/* Many patterns are asked about the same few texts, one after the other. So the needles of all of them are in one index, and a text
 * is walked through once for all: each place of it is looked up by the hash of its first bytes, three, six and nine of them, as there
are needles of one syllable of Hangul and many that begin with the same. */
enum { BUCKETS = 32768, NUMBERS = 4096, NO_NUMBER = NUMBERS, NONE = UINT32_MAX, NEEDLE_MAX = 64 };
enum { STEP = NEEDLE_MIN, STEPS = 3 };

typedef struct Entry {
    Str text;       /* in its owner */
    uint32_t owner; /* whose needle it is: a number */
    uint32_t next;  /* with the same hash, or NONE; of one that is free: the next free one */
} Entry;

typedef struct Index {
    pthread_rwlock_t lock;
    bool is_made;
    Entry *entries;
    uint32_t count;
    uint32_t capacity;
    uint32_t free;
    uint32_t first[BUCKETS];
    uint64_t taken[NUMBERS / 64];
    uint64_t age; /* grows with each pattern */
} Index;

/* Locked to be changed by needles_create and needles_destroy, else to be read. */
static Index all = {.lock = PTHREAD_RWLOCK_INITIALIZER};

/* In one piece of memory: there are a thousand patterns, most with a few needles. */
struct Needles {
    uint32_t number; /* NO_NUMBER: there were too many patterns, and any text may have its needles */
    uint64_t since;  /* in the index: its age then */
    size_t count;
    uint32_t entries[]; /* of the needles, whose bytes lie behind */
};

static unsigned char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : (unsigned char)c;
}

/* The hash of one step more (FNV-1a's way, three bytes at a time). */
static uint32_t hash_on(uint32_t hash, const char *bytes)
{
    uint32_t three =
        (uint32_t)lower(bytes[0]) | (uint32_t)lower(bytes[1]) << 8 | (uint32_t)lower(bytes[2]) << 16;

    return (hash ^ three) * 0x9E3779B1U;
}

static uint32_t bucket_of(uint32_t hash)
{
    return hash >> 16 & (BUCKETS - 1);
}

/* --- the index --- */

/* Of a needle: by as many steps as it has. */
static uint32_t *bucket_at(Str needle)
{
    uint32_t hash = 0;

    for (size_t step = 0; step < STEPS && (step + 1) * STEP <= needle.len; step++)
        hash = hash_on(hash, needle.data + step * STEP);
    return &all.first[bucket_of(hash)];
}

static void make_index(void)
{
    memset(all.first, 0xFF, sizeof all.first);
    all.free = NONE;
    all.is_made = true;
}

static uint32_t take_number(void)
{
    for (uint32_t number = 0; number < NUMBERS; number++)
        if ((all.taken[number / 64] >> number % 64 & 1) == 0) {
            all.taken[number / 64] |= UINT64_C(1) << number % 64;
            return number;
        }
    return NO_NUMBER;
}

static uint32_t take_entry(void)
{
    uint32_t at = all.free;

    if (at != NONE) {
        all.free = all.entries[at].next;
        return at;
    }
    if (all.count == all.capacity) {
        all.capacity = all.capacity > 0 ? 2 * all.capacity : 1024;
        all.entries = memory_grow(all.entries, all.capacity, sizeof *all.entries);
    }
    return all.count++;
}

static void put(Needles *needles, Str text, size_t i)
{
    uint32_t *bucket = bucket_at(text), at = take_entry();

    all.entries[at] = (Entry){text, needles->number, *bucket};
    *bucket = needles->entries[i] = at;
}

static void put_all(Needles *needles, const Str *texts)
{
    (void)pthread_rwlock_wrlock(&all.lock);
    if (!all.is_made)
        make_index();
    needles->number = take_number();
    needles->since = ++all.age;
    for (size_t i = 0; i < needles->count && needles->number != NO_NUMBER; i++)
        put(needles, texts[i], i);
    (void)pthread_rwlock_unlock(&all.lock);
}

static void take_out(const Needles *needles, size_t i)
{
    uint32_t at = needles->entries[i], *link = bucket_at(all.entries[at].text);

    while (*link != at)
        link = &all.entries[*link].next;
    *link = all.entries[at].next;
    all.entries[at].next = all.free;
    all.free = at;
}

static void take_out_all(const Needles *needles)
{
    if (needles->number == NO_NUMBER)
        return;
    (void)pthread_rwlock_wrlock(&all.lock);
    for (size_t i = 0; i < needles->count; i++)
        take_out(needles, i);
    all.taken[needles->number / 64] &= ~(UINT64_C(1) << needles->number % 64);
    (void)pthread_rwlock_unlock(&all.lock);
}

/* --- the needles of a pattern --- */

typedef struct Draft {
    Str items[REQUIRED_MAX];
    size_t count;
} Draft;

/* False when nothing can be said of the alternative, or there is no room for it. What a text must have, its beginning must be in it,
 * too. */
static bool put_required(Draft *draft, Arena *arena, Str alternative)
{
    StrSet set = required_of(arena, alternative);

    if (set.count == 0 || draft->count + set.count > REQUIRED_MAX)
        return false;
    for (size_t i = 0; i < set.count; i++)
        draft->items[draft->count++] = str_slice(set.items[i], 0, NEEDLE_MAX);
    return true;
}

/* The draft's texts are those of the needles then. */
static Needles *keep(Draft *draft)
{
    size_t bytes = 0;

    for (size_t i = 0; i < draft->count; i++)
        bytes += draft->items[i].len;
    Needles *needles = memory_zalloc(sizeof *needles + draft->count * sizeof *needles->entries + bytes);
    char *text = (char *)&needles->entries[draft->count];
    needles->count = draft->count;
    for (size_t i = 0; i < draft->count; i++) {
        Str *item = &draft->items[i];
        item->data = memcpy(text, item->data, item->len);
        text += item->len;
    }
    return needles;
}

Needles *needles_create(Str pattern, Arena *arena, Str *open)
{
    Draft *draft = arena_new(arena, Draft);
    Buf rest = {.arena = arena};
    Str alternative;

    while (required_next_alternative(&pattern, &alternative)) {
        if (put_required(draft, arena, alternative))
            continue;
        buf_put(&rest, rest.len > 0 ? STR("|") : STR(""));
        buf_put(&rest, alternative);
    }
    Needles *needles = keep(draft);
    put_all(needles, draft->items);
    *open = rest.len > 0 ? buf_str(&rest) : STR("");
    return needles;
}

void needles_destroy(Needles *needles)
{
    if (needles == NULL)
        return;
    take_out_all(needles);
    memory_free(needles);
}

/* --- a text --- */

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

/* A piece of a text, and which patterns have a needle that begins in it. A thread keeps the pieces it took last; what one was made of
 * is compared byte by byte. */
enum { PIECE_MAX = 256, PIECES = 16, AHEAD = NEEDLE_MAX - 1 };

typedef struct Piece {
    size_t len;     /* with what lies ahead of the last place */
    uint64_t taken; /* of the index: its age then; older than any pattern where there is nothing yet */
    bool is_beyond;
    char text[PIECE_MAX + AHEAD];
    uint64_t has[NUMBERS / 64];
} Piece;

/* Made with the first look, as most threads take none. */
static _Thread_local Piece *last_pieces;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_end;

static void make_key(void)
{
    (void)pthread_key_create(&thread_end, memory_free);
}

static Piece *pieces_of_thread(void)
{
    if (last_pieces == NULL) {
        (void)pthread_once(&once, make_key);
        last_pieces = memory_zalloc(PIECES * sizeof *last_pieces);
        (void)pthread_setspecific(thread_end, last_pieces);
    }
    return last_pieces;
}

static void note_needles_in(Piece *piece, uint32_t bucket, Str text, size_t at)
{
    for (uint32_t i = all.first[bucket]; i != NONE; i = all.entries[i].next) {
        const Entry *entry = &all.entries[i];
        uint64_t *word = &piece->has[entry->owner / 64], bit = UINT64_C(1) << entry->owner % 64;
        if ((*word & bit) == 0 && stands_at(entry->text, text, at))
            *word |= bit;
    }
}

static void note_needles_at(Piece *piece, Str text, size_t at)
{
    uint32_t hash = 0;

    for (size_t step = 0; step < STEPS && at + (step + 1) * STEP <= text.len; step++) {
        hash = hash_on(hash, text.data + at + step * STEP);
        note_needles_in(piece, bucket_of(hash), text, at);
    }
}

static void walk_through(Piece *piece, Str text)
{
    unsigned char a = at_or_zero(text, 0), b = at_or_zero(text, 1), c;

    for (size_t at = 0; at < text.len && at < PIECE_MAX; at++, a = b, b = c) {
        c = at_or_zero(text, at + 2);
        piece->is_beyond |= is_beyond(a, b, c);
        note_needles_at(piece, text, at);
    }
}

static void take_piece(Piece *piece, Str text)
{
    memcpy(piece->text, text.data, text.len);
    piece->len = text.len;
    piece->is_beyond = false;
    memset(piece->has, 0, sizeof piece->has);
    (void)pthread_rwlock_rdlock(&all.lock);
    piece->taken = all.age;
    walk_through(piece, text);
    (void)pthread_rwlock_unlock(&all.lock);
}

static size_t place_of(Str wanted)
{
    size_t middle = (unsigned char)wanted.data[wanted.len / 2];
    size_t late = (unsigned char)wanted.data[wanted.len - wanted.len / 4 - 1];

    return (wanted.len + 7 * middle + 3 * late) % PIECES;
}

static const Piece *piece_at(const Needles *needles, Str text, size_t from)
{
    Str wanted = str_slice(text, from, from + PIECE_MAX + AHEAD);
    Piece *piece = &pieces_of_thread()[place_of(wanted)];

    if (piece->taken < needles->since || piece->len != wanted.len ||
        memcmp(piece->text, wanted.data, wanted.len) != 0)
        take_piece(piece, wanted);
    return piece;
}

bool needles_may_be_in(const Needles *needles, Str text)
{
    if (needles->number == NO_NUMBER)
        return true;
    for (size_t from = 0; from < text.len; from += PIECE_MAX) {
        const Piece *piece = piece_at(needles, text, from);
        if (piece->is_beyond || (piece->has[needles->number / 64] >> needles->number % 64 & 1) != 0)
            return true;
    }
    return false;
}

size_t needles_count(const Needles *needles)
{
    return needles->count;
}
