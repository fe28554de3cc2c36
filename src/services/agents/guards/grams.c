#include "services/agents/guards/grams.h"

#include <assert.h>
#include <math.h>

#include "base/buf.h"
#include "base/utf8.h"

#define MAGIC "NXGRAMS1"

enum { NUMBER_BYTES = 4, BUCKETS_AT = 8, OUTCOMES_AT = 12, PARTS_AT = 16, HEAD_BYTES = 20, WORD_BITS = 64 };

/* Hashes begin with what is hashed. */
static const struct {
    Str letters;
    Str words;
} MARKS[] = {[GRAMS_OF_MESSAGE] = {{"n", 1}, {"w", 1}}, [GRAMS_OF_EARLIER] = {{"N", 1}, {"W", 1}}};

static uint32_t number_at(Str table, size_t at)
{
    uint32_t number = 0;

    for (size_t i = NUMBER_BYTES; i > 0; i--)
        number = number << 8 | (unsigned char)table.data[at + i - 1];
    return number;
}

Err grams_read(Str table, size_t outcome_count, Grams *out)
{
    if (table.len < HEAD_BYTES || !str_starts(table, STR(MAGIC)))
        return err(INVALID, "grams.bin: does not begin with " MAGIC "; run tools/signs/learn.py");
    const uint32_t buckets = number_at(table, BUCKETS_AT), outcomes = number_at(table, OUTCOMES_AT);
    const uint32_t parts = number_at(table, PARTS_AT);
    if (outcomes != outcome_count || outcomes == 0 || outcomes > GRAM_OUTCOMES_MAX)
        return err(INVALID, "grams.bin: is for %u outcomes, weights.tsv for %zu; run tools/signs/learn.py",
                   outcomes, outcome_count);
    if (buckets == 0 || buckets > GRAM_BUCKETS_MAX || (buckets & (buckets - 1)) != 0 || parts == 0)
        return err(INVALID,
                   "grams.bin: %u buckets, %u parts: must be a power of two up to %d, and more than 0",
                   buckets, parts, GRAM_BUCKETS_MAX);
    if (table.len - HEAD_BYTES != (size_t)buckets * outcomes)
        return err(INVALID, "grams.bin: has %zu bytes of weights, not %zu", table.len - HEAD_BYTES,
                   (size_t)buckets * outcomes);
    *out = (Grams){(const int8_t *)table.data + HEAD_BYTES, buckets, outcomes, 1.0 / parts};
    return OK;
}

/* The buckets that some texts touch, each once. */
typedef struct Touched {
    const Grams *grams;
    uint64_t *known; /* a bit for each bucket */
    uint32_t *buckets;
    size_t count;
    size_t capacity;
} Touched;

static void touch(Touched *touched, uint64_t hash)
{
    const uint32_t bucket = (uint32_t)(hash ^ hash >> 32) & (touched->grams->bucket_count - 1);
    uint64_t *word = &touched->known[bucket / WORD_BITS];
    const uint64_t bit = (uint64_t)1 << bucket % WORD_BITS;

    if ((*word & bit) != 0)
        return;
    *word |= bit;
    assert(touched->count < touched->capacity);
    touched->buckets[touched->count++] = bucket;
}

/* What begins at a character of the line. */
static void touch_letters_at(Touched *touched, uint64_t hash, Str line, size_t at)
{
    for (size_t n = 1; n <= GRAM_MAX && at < line.len; n++) {
        const size_t end = at + utf8_length_at(line, at);
        hash = str_hash_more(hash, str_slice(line, at, end));
        at = end;
        if (n >= GRAM_MIN)
            touch(touched, hash);
    }
}

static void touch_letters(Touched *touched, Str mark, Str line)
{
    const uint64_t hash = str_hash(mark);

    for (size_t at = 0; at < line.len; at += utf8_length_at(line, at))
        touch_letters_at(touched, hash, line, at);
}

/* Shorter words are letters in a row themselves, with the spaces around them. Two words are what they are with one space. */
static void touch_words(Touched *touched, Str mark, const Wording *text)
{
    Str word;
    size_t at = 0;
    uint64_t before = 0;

    for (size_t i = 0; (word = wording_next(text, &at)).data != NULL; i++) {
        const uint64_t hash = str_hash_more(str_hash(mark), word);
        if (utf8_count(word) > GRAM_MAX - 2)
            touch(touched, hash);
        if (i > 0)
            touch(touched, str_hash_more(str_hash_more(before, STR(" ")), word));
        before = hash;
    }
}

/* The words with a space before, between and behind them; nothing when there is none. */
static Str line_of(Arena *arena, const Wording *text)
{
    Buf line;
    Str word;
    size_t at = 0;

    buf_init(&line, arena, text->text.len + 2);
    while ((word = wording_next(text, &at)).data != NULL) {
        buf_put_char(&line, ' ');
        buf_put(&line, word);
    }
    if (line.len > 0)
        buf_put_char(&line, ' ');
    return buf_str(&line);
}

/* Room for all that so much text can touch: of each character GRAM_MAX - GRAM_MIN + 1 beginnings, of each word two. */
static Touched touched_init(const Grams *grams, Arena *arena, const Wording *texts, size_t count)
{
    size_t most = 0;

    for (size_t i = 0; i < count; i++)
        most += (2 * texts[i].text.len + 2) * (GRAM_MAX - GRAM_MIN + 3);
    most = most < grams->bucket_count ? most : grams->bucket_count;
    return (Touched){
        .grams = grams,
        .known = arena_zalloc_array(arena, grams->bucket_count / WORD_BITS + 1, sizeof(uint64_t)),
        .buckets = arena_array(arena, uint32_t, most + 1),
        .capacity = most + 1,
    };
}

void grams_add(const Grams *grams, Arena *arena, GramsOf of, const Wording *texts, size_t count, double share,
               double *odds)
{
    Touched touched = touched_init(grams, arena, texts, count);

    for (size_t i = 0; i < count; i++) {
        touch_letters(&touched, MARKS[of].letters, line_of(arena, &texts[i]));
        touch_words(&touched, MARKS[of].words, &texts[i]);
    }
    const double each = share * grams->unit / sqrt((double)touched.count + 1);
    for (size_t i = 0; i < touched.count; i++)
        for (size_t o = 0; o < grams->outcome_count; o++)
            odds[o] += each * grams->weights[touched.buckets[i] * grams->outcome_count + o];
}
