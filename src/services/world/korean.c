#include "services/world/korean.h"

#include <uchar.h>

enum { MAX_PARTICLE = 5, ROUNDS = 3, NIEUN = 4, RIEUL = 8 };

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

/* What a root is followed by when nothing of it is contracted; longer ones stand before the shorter ones they end in. */
static const char32_t *const ENDINGS[] = {
    U"었습니다", U"았습니다", U"습니다", U"었어요", U"았어요", U"었다가", U"았다가", U"었던", U"았던",
    U"었다",     U"았다",     U"어서",   U"아서",   U"어요",   U"아요",   U"는데",   U"는지", U"나요",
    U"지만",     U"으면",     U"으며",   U"니다",   U"까요",   U"는",     U"던",     U"고",   U"며",
    U"면",       U"지",       U"게",     U"어",     U"아",     U"다",     U"요",     U"죠",   U"기",
};

/* Vowels in which a root's own and the ending's have become one, and the root's: 마셔 = 마시 + 어. Numbers as in Unicode. */
static const struct {
    uint32_t contracted;
    uint32_t own;
} CONTRACTIONS[] = {{6, 20} /* ㅕ, ㅣ */, {14, 13} /* ㅝ, ㅜ */, {9, 8} /* ㅘ, ㅗ */, {10, 11} /* ㅙ, ㅚ */};

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

bool korean_is_adnominal(const Folded *last)
{
    uint32_t final = is_syllable(last->code) ? hangul_final(last->code) : 0;

    return final == NIEUN || final == RIEUL;
}

bool korean_is_bound_noun(const Folded *syllables, size_t count)
{
    static const char32_t nouns[] = U"때것거게걸수줄적";

    for (size_t i = 0; nouns[i] != 0; i++)
        if (syllables[0].code == nouns[i])
            return count == 1 || korean_is_particle(syllables + 1, count - 1);
    return false;
}

/* The last syllable of a root, without what an ending has left in it. */
static uint32_t uncontracted(uint32_t syllable)
{
    enum { SSANG_SIOT = 20, MIEUM = 16, BIEUP = 17 };
    uint32_t final = hangul_final(syllable);
    uint32_t open = syllable - final;
    uint32_t vowel = (open - HANGUL_FIRST) / HANGUL_FINALS % HANGUL_VOWELS;

    if (final != 0 && final != NIEUN && final != RIEUL && final != MIEUM && final != BIEUP &&
        final != SSANG_SIOT)
        return syllable;
    if (open == U'해')
        return U'하';
    for (size_t i = 0; i < sizeof(CONTRACTIONS) / sizeof(CONTRACTIONS[0]); i++)
        if (CONTRACTIONS[i].contracted == vowel)
            return open - (vowel - CONTRACTIONS[i].own) * HANGUL_FINALS;
    return open;
}

static size_t without_ending(const Folded *syllables, size_t count)
{
    for (size_t i = 0; i < sizeof(ENDINGS) / sizeof(ENDINGS[0]); i++) {
        size_t len = length(ENDINGS[i]);

        if (count > len && same(syllables + count - len, ENDINGS[i], len))
            return count - len;
    }
    return count;
}

size_t korean_verb_root(const Folded *syllables, size_t count, size_t stem, Folded *out)
{
    size_t root = without_ending(syllables, count);
    uint32_t last = syllables[root - 1].code;
    bool is_bare = root == count;

    if (count < 2 || !is_syllable(last) || (is_bare && (stem < count || uncontracted(last) == last)))
        return 0;
    for (size_t i = 0; i < root; i++)
        out[i] = syllables[i];
    out[root - 1].code = uncontracted(last);
    return root;
}
