#include "base/fingerprint.h"

#include <endian.h>
#include <string.h>

#include "base/random.h"

enum { WORD = 8, ROUNDS = 2, LAST_ROUNDS = 4, WIDE = 0xEE, WIDE_AGAIN = 0xDD };

/* The state, by the names of the paper. */
typedef struct Sip {
    uint64_t v0, v1, v2, v3;
} Sip;

static uint64_t rotate(uint64_t word, unsigned by)
{
    return word << by | word >> (64 - by);
}

static void turn(Sip *s, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        s->v0 += s->v1;
        s->v2 += s->v3;
        s->v1 = rotate(s->v1, 13) ^ s->v0;
        s->v3 = rotate(s->v3, 16) ^ s->v2;
        s->v0 = rotate(s->v0, 32);
        s->v2 += s->v1;
        s->v0 += s->v3;
        s->v1 = rotate(s->v1, 17) ^ s->v2;
        s->v3 = rotate(s->v3, 21) ^ s->v0;
        s->v2 = rotate(s->v2, 32);
    }
}

static void take(Sip *s, uint64_t word)
{
    s->v3 ^= word;
    turn(s, ROUNDS);
    s->v0 ^= word;
}

/* Up to eight bytes, the first one lowest. */
static uint64_t word_at(Str text, size_t at)
{
    uint64_t word = 0;
    size_t len = text.len - at < WORD ? text.len - at : WORD;

    if (len > 0)
        memcpy(&word, text.data + at, len);
    return le64toh(word);
}

static uint64_t give(Sip *s)
{
    turn(s, LAST_ROUNDS);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

FingerprintKey fingerprint_key_new(void)
{
    return (FingerprintKey){random_u64(), random_u64()};
}

/* All of the text. */
static Sip take_all(const FingerprintKey *key, Str text)
{
    Sip s = {key->low ^ 0x736F6D6570736575, key->high ^ 0x646F72616E646F6D ^ WIDE,
             key->low ^ 0x6C7967656E657261, key->high ^ 0x7465646279746573};
    size_t at = 0;

    for (; at + WORD <= text.len; at += WORD)
        take(&s, word_at(text, at));
    take(&s, word_at(text, at) | (uint64_t)text.len << 56);
    s.v2 ^= WIDE;
    return s;
}

Fingerprint fingerprint_of(const FingerprintKey *key, Str text)
{
    Sip s = take_all(key, text);
    Fingerprint print = {.low = give(&s)};

    s.v1 ^= WIDE_AGAIN;
    print.high = give(&s);
    return print;
}

uint64_t fingerprint_word(const FingerprintKey *key, Str text)
{
    Sip s = take_all(key, text);

    return give(&s);
}

bool fingerprint_equal(Fingerprint a, Fingerprint b)
{
    return a.low == b.low && a.high == b.high;
}
