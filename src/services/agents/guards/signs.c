#include "services/agents/guards/signs.h"

#include <stdlib.h>

#include "services/agents/guards/outcome.h"

/* Weights are written in hundredths. */
static const double PARTS = 100;

static Err read_lasting(const json_t *names, unsigned *out)
{
    ChatReplyOutcome outcome;
    size_t i;
    json_t *name;

    json_array_foreach((json_t *)names, i, name)
    {
        TRY(guard_outcome_from(json_str(name), "guards.yaml: signs: lasting", &outcome));
        *out |= 1U << outcome;
    }
    return OK;
}

Err signs_read(const json_t *meanings, Str weights, Str grams, const json_t *how, const Letters *letters,
               Arena *arena, Signs *out)
{
    out->rule = json_number_value(json_object_get(how, "rule"));
    out->graver = json_number_value(json_object_get(how, "graver"));
    out->sure = json_number_value(json_object_get(how, "sure"));
    out->letters = json_number_value(json_object_get(how, "letters"));
    out->together = json_number_value(json_object_get(how, "pairs"));
    out->doubtful = json_number_value(json_object_get(how, "doubtful"));
    out->unnamed = json_number_value(json_object_get(how, "unnamed"));
    out->again = json_number_value(json_object_get(how, "again"));
    TRY(read_lasting(json_object_get(how, "lasting"), &out->lasting));
    TRY(meanings_read(meanings, letters, arena, &out->meanings));
    TRY(weights_read(weights, &out->meanings, arena, &out->weights));
    return grams_read(grams, out->weights.outcome_count, &out->grams);
}

void signs_finish(Signs *signs)
{
    meanings_finish(&signs->meanings);
}

static void add_meanings(const Signs *signs, Weighing *to)
{
    for (size_t m = 0; m < signs->meanings.count; m++)
        for (size_t i = 0; (to->meanings >> m & 1U) != 0 && i < signs->weights.outcome_count; i++)
            to->odds[signs->weights.outcomes[i]] += (double)signs->weights.of_meanings[m][i] / PARTS;
}

static void add_pairs(const Signs *signs, Weighing *to)
{
    for (size_t p = 0; p < signs->weights.pair_count; p++) {
        const SignPair *pair = &signs->weights.pairs[p];
        for (size_t i = 0; (to->meanings & pair->both) == pair->both && i < signs->weights.outcome_count; i++)
            to->odds[signs->weights.outcomes[i]] += pair->weights[i] * signs->together / PARTS;
    }
}

/* What is said before shares a weight of its own. */
static void add_grams(const Signs *signs, Arena *arena, const Wording *said, size_t count, Weighing *to)
{
    double spoken[SIGN_OUTCOMES_MAX] = {0};

    grams_add(&signs->grams, arena, GRAMS_OF_MESSAGE, said, 1, signs->letters, spoken);
    if (count > 1)
        grams_add(&signs->grams, arena, GRAMS_OF_EARLIER, said + 1, count - 1, signs->letters, spoken);
    for (size_t i = 0; i < signs->weights.outcome_count; i++)
        to->odds[signs->weights.outcomes[i]] += spoken[i];
}

void signs_weigh(const Signs *signs, Arena *arena, Str plain, Texts before, Weighing *out)
{
    Wording *said = arena_array(arena, Wording, before.count + 1);

    *out = (Weighing){0};
    for (size_t i = 0; i < signs->weights.outcome_count; i++)
        out->odds[signs->weights.outcomes[i]] = signs->weights.bias[i] / PARTS - signs->sure;
    for (size_t i = 0; i <= before.count; i++) {
        wording_of(arena, i == 0 ? plain : before.items[i - 1], &said[i]);
        out->meanings |= meanings_in(&signs->meanings, &said[i]);
    }
    add_grams(signs, arena, said, before.count + 1, out);
    add_meanings(signs, out);
    add_pairs(signs, out);
}

double signs_weight_of(const Signs *signs, MeaningSet about, ChatReplyOutcome outcome)
{
    double weight = 0;

    for (size_t i = 0; i < signs->weights.outcome_count; i++)
        for (size_t m = 0; signs->weights.outcomes[i] == outcome && m < signs->meanings.count; m++)
            weight += (about >> m & 1U) != 0 ? (double)signs->weights.of_meanings[m][i] / PARTS : 0;
    return weight;
}
