#include "services/agents/guards/signs.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "services/agents/guards/outcome.h"

/* Weights are written in hundredths. */
static const double PARTS = 100;

/* How long parts of words are that are looked at: of Korean in syllables from any on, of others in letters from the first on. */
enum { SYLLABLES_MAX = 2, LETTERS_MIN = 4, LETTERS_MAX = 5 };

static Err read_columns(const json_t *weights, Signs *out)
{
    const json_t *outcomes = json_object_get(weights, "outcomes"), *bias = json_object_get(weights, "bias");
    size_t i;
    json_t *name;

    if (json_array_size(outcomes) > SIGN_OUTCOMES_MAX || json_array_size(bias) != json_array_size(outcomes))
        return err(INVALID, "weights.yaml: a bias for each outcome, at most %d", SIGN_OUTCOMES_MAX);
    json_array_foreach((json_t *)outcomes, i, name)
    {
        TRY(guard_outcome_from(json_str(name), "weights.yaml", &out->outcomes[i]));
        out->bias[i] = json_number_value(json_array_get(bias, i)) / PARTS;
    }
    out->outcome_count = i;
    return OK;
}

/* "12 -3 0 …": a number for each outcome. */
static Err read_weights(const Signs *signs, const char *key, const json_t *row, int16_t *out)
{
    Str rest = json_str(row), part;
    size_t count = 0;
    int64_t weight;

    while (count < signs->outcome_count && str_split(&rest, ' ', &part) && str_to_int(part, &weight) &&
           weight >= INT16_MIN && weight <= INT16_MAX)
        out[count++] = (int16_t)weight;
    return count == signs->outcome_count && rest.data == NULL
               ? OK
               : err(INVALID, "weights.yaml: %s: needs %zu small whole numbers", key, signs->outcome_count);
}

static Err read_meaning(Signs *signs, const char *key, const json_t *row)
{
    size_t at = meanings_index(&signs->meanings, str_from(key + 2));

    if (at == MEANINGS_MAX)
        return err(INVALID, "weights.yaml: meanings.yaml has no \"%s\"; run tools/signs/learn.py", key + 2);
    return read_weights(signs, key, row, signs->of_meanings[at]);
}

/* "meaning:", "word:" and "part:" are written by their first letter. */
static Err read_rows(const json_t *rows, Arena *arena, Signs *out)
{
    const char *key;
    json_t *row;
    uint32_t count = 0;

    out->weights = arena_zalloc_array(arena, json_object_size(rows) + 1, sizeof *out->weights);
    json_object_foreach((json_t *)rows, key, row)
    {
        if (str_starts(str_from(key), STR("m:"))) {
            TRY(read_meaning(out, key, row));
            continue;
        }
        TRY(read_weights(out, key, row, out->weights[count]));
        *keymap_place(&out->rows, str_from(key)) = count++;
    }
    return OK;
}

Err signs_read(const json_t *meanings, const json_t *weights, const json_t *how, const Letters *letters,
               Arena *arena, Signs *out)
{
    out->rule = json_number_value(json_object_get(how, "rule"));
    out->sure = json_number_value(json_object_get(how, "sure"));
    out->words = json_number_value(json_object_get(how, "words"));
    TRY(meanings_read(meanings, letters, arena, &out->meanings));
    TRY(read_columns(weights, out));
    return read_rows(json_object_get(weights, "weights"), arena, out);
}

void signs_finish(Signs *signs)
{
    meanings_finish(&signs->meanings);
    keymap_finish(&signs->rows);
}

/* The words and parts seen so far. */
typedef struct Tally {
    const Signs *signs;
    Buf key;
    size_t count; /* of all that was seen, known or not, with repetitions */
    uint32_t *known;
    size_t known_count;
    size_t known_max;
} Tally;

static bool is_seen(const Tally *tally, uint32_t row)
{
    for (size_t i = 0; i < tally->known_count; i++)
        if (tally->known[i] == row)
            return true;
    return false;
}

static void see(Tally *tally, char kind, Str mark, Str text)
{
    tally->count++;
    tally->key.len = 0;
    buf_put_char(&tally->key, kind);
    buf_put_char(&tally->key, ':');
    buf_put(&tally->key, mark);
    buf_put(&tally->key, text);
    uint32_t row = keymap_get(&tally->signs->rows, buf_str(&tally->key));
    if (row != KEYMAP_NONE && tally->known_count < tally->known_max && !is_seen(tally, row))
        tally->known[tally->known_count++] = row;
}

/* "^" marks the beginning of a word, and counts as a syllable. */
static void see_syllables(Tally *tally, Str word)
{
    for (size_t start = 0; start < word.len; start += utf8_length_at(word, start)) {
        size_t end = start;
        for (size_t n = 1; n <= SYLLABLES_MAX && end < word.len; n++) {
            end += utf8_length_at(word, end);
            see(tally, 'p', STR(""), str_slice(word, start, end));
            if (start == 0 && n < SYLLABLES_MAX)
                see(tally, 'p', STR("^"), str_slice(word, 0, end));
        }
    }
}

static void see_word(Tally *tally, Str word)
{
    see(tally, 'w', STR(""), word);
    if (!wording_is_latin(word.data[0]))
        see_syllables(tally, word);
    else
        for (size_t n = LETTERS_MIN; n <= LETTERS_MAX && word.len > LETTERS_MAX; n++)
            see(tally, 'p', STR(""), str_slice(word, 0, n));
}

static void add_meanings(const Signs *signs, Weighing *to)
{
    for (size_t m = 0; m < signs->meanings.count; m++)
        for (size_t i = 0; (to->meanings >> m & 1U) != 0 && i < signs->outcome_count; i++)
            to->odds[signs->outcomes[i]] += (double)signs->of_meanings[m][i] / PARTS;
}

/* All words together weigh the more the more there are, but not as much more. */
static void add_words(const Signs *signs, Arena *arena, const Wording *wording, Weighing *to)
{
    enum { KNOWN_MAX = 512 };
    Tally tally = {.signs = signs, .known = arena_array(arena, uint32_t, KNOWN_MAX), .known_max = KNOWN_MAX};
    size_t at = 0;
    Str word;

    buf_init(&tally.key, arena, 64);
    while ((word = wording_next(wording, &at)).data != NULL)
        see_word(&tally, word);
    double share = signs->words / sqrt((double)tally.count + 1) / PARTS;
    for (size_t k = 0; k < tally.known_count; k++)
        for (size_t i = 0; i < signs->outcome_count; i++)
            to->odds[signs->outcomes[i]] += signs->weights[tally.known[k]][i] * share;
}

void signs_weigh(const Signs *signs, Arena *arena, Str plain, Weighing *out)
{
    Wording wording;

    *out = (Weighing){0};
    for (size_t i = 0; i < signs->outcome_count; i++)
        out->odds[signs->outcomes[i]] = signs->bias[i] - signs->sure;
    wording_of(arena, plain, &wording);
    out->meanings = meanings_in(&signs->meanings, &wording);
    add_meanings(signs, out);
    add_words(signs, arena, &wording, out);
}

double signs_weight_of(const Signs *signs, MeaningSet about, ChatReplyOutcome outcome)
{
    double weight = 0;

    for (size_t i = 0; i < signs->outcome_count; i++)
        for (size_t m = 0; signs->outcomes[i] == outcome && m < signs->meanings.count; m++)
            weight += (about >> m & 1U) != 0 ? (double)signs->of_meanings[m][i] / PARTS : 0;
    return weight;
}
