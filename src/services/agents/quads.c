#include "services/agents/quads.h"

/* Groups of a text that are looked for: spread over it, as many sentences begin or end alike. */
enum { QUAD = 4, LOOKS = 6 };

static uint32_t bit_of(const char *bytes)
{
    uint32_t four;

    memcpy(&four, bytes, sizeof four);
    return four * 0x9E3779B1U >> 17; /* Knuth's multiplicative hash; QUADS_BITS is 2^15 */
}

void quads_add(Quads *quads, Str text)
{
    for (size_t at = 0; at + QUAD <= text.len; at += 2) {
        uint32_t bit = bit_of(text.data + at);
        quads->bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

static bool has(const Quads *quads, const char *bytes)
{
    uint32_t bit = bit_of(bytes);

    return (quads->bits[bit / 64] >> bit % 64 & 1) != 0;
}

/* Whether it may be in one of them so that its groups at these places, each moved by so much, begin at even ones. */
static bool may_stand(const Quads *quads, Str text, size_t moved)
{
    size_t places = (text.len - QUAD - moved) / 2;

    for (size_t i = 0; i < LOOKS; i++)
        if (!has(quads, text.data + moved + 2 * (places * i / (LOOKS - 1))))
            return false;
    return true;
}

bool quads_may_have(const Quads *quads, Str text)
{
    return text.len <= QUAD || may_stand(quads, text, 0) || may_stand(quads, text, 1);
}
