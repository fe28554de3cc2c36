#include "services/world/korean.h"

#include <uchar.h>

enum { MAX_PARTICLE = 5, ROUNDS = 3, RIEUL = 8 };

typedef enum Sound { ANY, AFTER_CONSONANT, AFTER_VOWEL, AFTER_VOWEL_OR_RIEUL } Sound;

/* shortest: the fewest syllables that must remain, because shorter words often end that way by themselves
 * (포도, 호랑이). Longer particles stand before the shorter ones they end in. */
typedef struct Particle {
    const char32_t *text;
    Sound sound;
    size_t shortest;
} Particle;

static const Particle PARTICLES[] = {
    {U"이라는", AFTER_CONSONANT, 1},
    {U"이라고", AFTER_CONSONANT, 1},
    {U"이란", AFTER_CONSONANT, 1},
    {U"이에요", AFTER_CONSONANT, 1},
    {U"입니다", ANY, 1},
    {U"입니까", ANY, 1},
    {U"인가요", ANY, 1},
    {U"이었던", AFTER_CONSONANT, 1},
    {U"이었다", AFTER_CONSONANT, 1},
    {U"이었", AFTER_CONSONANT, 2},
    {U"으로부터", AFTER_CONSONANT, 1},
    {U"로부터", AFTER_VOWEL_OR_RIEUL, 1},
    {U"에게서", ANY, 1},
    {U"한테서", ANY, 1},
    {U"이랑", AFTER_CONSONANT, 1},
    {U"이나", AFTER_CONSONANT, 1},
    {U"이며", AFTER_CONSONANT, 1},
    {U"이고", AFTER_CONSONANT, 2},
    {U"이다", AFTER_CONSONANT, 1},
    {U"으로", AFTER_CONSONANT, 1},
    {U"에서", ANY, 1},
    {U"에게", ANY, 1},
    {U"한테", ANY, 1},
    {U"부터", ANY, 1},
    {U"까지", ANY, 1},
    {U"처럼", ANY, 1},
    {U"보다", ANY, 2},
    {U"마다", ANY, 1},
    {U"조차", ANY, 1},
    {U"하고", ANY, 2},
    {U"라는", AFTER_VOWEL, 2},
    {U"라고", AFTER_VOWEL, 2},
    {U"예요", AFTER_VOWEL, 1},
    {U"이야", AFTER_CONSONANT, 2},
    {U"인가", ANY, 2},
    {U"이요", AFTER_CONSONANT, 2},
    {U"에요", ANY, 2},
    {U"들", ANY, 2},
    {U"은", AFTER_CONSONANT, 1},
    {U"는", AFTER_VOWEL, 1},
    {U"을", AFTER_CONSONANT, 1},
    {U"를", AFTER_VOWEL, 1},
    {U"이", AFTER_CONSONANT, 1},
    {U"가", AFTER_VOWEL, 2},
    {U"과", AFTER_CONSONANT, 1},
    {U"와", AFTER_VOWEL, 2},
    {U"로", AFTER_VOWEL_OR_RIEUL, 1},
    {U"의", ANY, 1},
    {U"에", ANY, 1},
    {U"도", ANY, 2},
    {U"만", ANY, 2},
    {U"란", AFTER_VOWEL, 2},
    {U"랑", AFTER_VOWEL, 2},
    {U"나", AFTER_VOWEL, 3},
    {U"야", AFTER_VOWEL, 3},
};

static size_t length(const char32_t *text)
{
    size_t n = 0;

    while (text[n] != 0)
        n++;
    return n;
}

static bool sound_allows(Sound sound, uint32_t syllable)
{
    uint32_t final;

    if (sound == ANY || !is_syllable(syllable))
        return true;
    final = hangul_final(syllable);
    switch (sound) {
    case AFTER_CONSONANT:
        return final != 0;
    case AFTER_VOWEL:
        return final == 0;
    default:
        return final == 0 || final == RIEUL;
    }
}

static bool same(const Folded *syllables, const char32_t *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (syllables[i].code != text[i])
            return false;
    return true;
}

/* Takes one particle off; the count stays when there is none. */
static size_t without_particle(const Folded *syllables, size_t count)
{
    for (size_t i = 0; i < sizeof(PARTICLES) / sizeof(PARTICLES[0]); i++) {
        const Particle *p = &PARTICLES[i];
        size_t len = length(p->text);

        if (count >= len + p->shortest && same(syllables + count - len, p->text, len) &&
            sound_allows(p->sound, syllables[count - len - 1].code))
            return count - len;
    }
    return count;
}

size_t korean_stem(const Folded *syllables, size_t count)
{
    for (int round = 0; round < ROUNDS; round++) {
        size_t shorter = without_particle(syllables, count);

        if (shorter == count)
            break;
        count = shorter;
    }
    return count;
}

bool korean_is_particle(const Folded *syllables, size_t count)
{
    for (size_t i = 0; i < sizeof(PARTICLES) / sizeof(PARTICLES[0]); i++)
        if (length(PARTICLES[i].text) == count && same(syllables, PARTICLES[i].text, count))
            return true;
    return false;
}

bool korean_is_predicate(const Folded *syllables, size_t count)
{
    static const char32_t endings[] = U"요까니죠줘네는던고며면게다나래렴려어아여서지온긴든근린친진된난운른";

    for (size_t i = 0; count >= 2 && endings[i] != 0; i++)
        if (syllables[count - 1].code == endings[i])
            return true;
    return false;
}
