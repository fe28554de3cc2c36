#include <math.h>

#include "services/agents/guards/rules.h"

/* Everything that is looked at: the message, what was said before it, and the two as one; and what their signs say. */
typedef struct Hearing {
    const Guards *guards;
    Looks now;
    Looks before[GUARDS_EARLIER_MAX];
    size_t before_count;
    Looks joined;
    unsigned goes_on; /* bit i: the message is follow-up i */
    Weighing weighing;
    Weighing weighing_before[GUARDS_EARLIER_MAX];
} Hearing;

static bool look_touches(const GuardRule *rule, const Look *look)
{
    if (look->kind == LOOK_PLAIN)
        return listener_touched(rule->listener, look->text);
    if (rule->loose == NULL)
        return false;
    return listener_touched(look->kind == LOOK_JOINED ? rule->loose : rule->listener, look->text);
}

static bool touched_from(const GuardRule *rule, const Looks *looks, size_t first)
{
    for (size_t i = first; i < looks->count; i++)
        if (look_touches(rule, &looks->items[i]))
            return true;
    return false;
}

bool guard_rule_touched(const GuardRule *rule, const Looks *looks)
{
    return touched_from(rule, looks, 0);
}

/* As signs have been learned: with ages for years of birth. */
static void weigh(const Guards *guards, Arena *arena, const Looks *looks, Weighing *out)
{
    Str plain = looks->count == 0 ? STR("") : looks->items[0].text;
    Str ages = births_as_ages(&guards->reading.births, arena, plain);

    signs_weigh(&guards->signs, arena, ages.len > 0 ? ages : plain, out);
}

/* Of the rules for an outcome the one whose meanings speak most for it; NULL when the message has none of them. */
static const GuardRule *rule_about(const Guards *guards, const Weighing *weighing, ChatReplyOutcome outcome)
{
    const GuardRule *best = NULL;
    double most = -INFINITY;

    for (size_t i = 0; i < guards->input.count; i++) {
        const GuardRule *rule = &guards->input.items[i];
        MeaningSet about = rule->about & weighing->meanings;
        if (rule->outcome != outcome || about == 0)
            continue;
        double weight = signs_weight_of(&guards->signs, about, outcome);
        best = weight > most ? rule : best;
        most = weight > most ? weight : most;
    }
    return best;
}

static ChatReplyOutcome likeliest(const Weighing *weighing)
{
    ChatReplyOutcome best = CHAT_REPLY_OUTCOME_ANSWER; /* whose odds are 0 */

    for (size_t i = 0; i < CHAT_REPLY_OUTCOME_COUNT; i++)
        if (weighing->odds[i] > weighing->odds[best])
            best = (ChatReplyOutcome)i;
    return best;
}

/* The rule that answers the likeliest outcome; NULL: nothing special, or what the message has no word about. */
static const GuardRule *said_by(const Guards *guards, const Weighing *weighing)
{
    return rule_about(guards, weighing, likeliest(weighing));
}

static bool is_elsewhere(const Guards *guards, const Weighing *weighing)
{
    return likeliest(weighing) == CHAT_REPLY_OUTCOME_ABSTAIN && (weighing->meanings & guards->elsewhere) != 0;
}

/* How sure it is that a rule fits: what stands in the message itself is weighed with its other signs. */
typedef enum Fit { FITS_NOT, FITS_AS_WRITTEN, FITS_SURELY } Fit;

static Fit fit_of(const GuardRule *rule, const Looks *looks)
{
    if (looks->count > 0 && look_touches(rule, &looks->items[0]))
        return FITS_AS_WRITTEN;
    return touched_from(rule, looks, 1) ? FITS_SURELY : FITS_NOT;
}

/* An earlier message may say less than one that stands alone: "I came by car." */
static bool led_up_to(const Hearing *hearing, const GuardRule *rule, size_t k)
{
    const Looks *before = &hearing->before[k];
    const Weighing *weighing = &hearing->weighing_before[k];
    Fit fit = fit_of(rule, before);

    if (fit == FITS_SURELY || said_by(hearing->guards, weighing) == rule ||
        (fit == FITS_AS_WRITTEN && weighing->odds[rule->outcome] + hearing->guards->signs.rule > 0))
        return true;
    return rule->before != NULL && before->count > 0 && listener_touched(rule->before, before->items[0].text);
}

/* Whether what was said before touched the rule, and the message goes on with it. */
static bool goes_on(const Hearing *hearing, const GuardRule *rule)
{
    for (size_t i = 0; i < hearing->guards->follow_up_count; i++) {
        if ((rule->goes_on & hearing->goes_on & 1U << i) == 0)
            continue;
        for (size_t k = 0; k < hearing->before_count && k < hearing->guards->follow_ups[i].turns; k++)
            if (led_up_to(hearing, rule, k))
                return true;
    }
    return false;
}

static Fit fit(const Hearing *hearing, const GuardRule *rule)
{
    Fit here = fit_of(rule, &hearing->now);

    if (here != FITS_NOT)
        return here;
    return goes_on(hearing, rule) || (rule->split && guard_rule_touched(rule, &hearing->joined)) ? FITS_SURELY
                                                                                                 : FITS_NOT;
}

static void listen_for_follow_ups(Hearing *hearing)
{
    const Guards *guards = hearing->guards;
    Str message = hearing->now.count == 0 ? STR("") : hearing->now.items[0].text;

    for (size_t i = 0; hearing->before_count > 0 && i < guards->follow_up_count; i++)
        if (guards->follow_ups[i].always || listener_hears(guards->follow_ups[i].listener, message))
            hearing->goes_on |= 1U << i;
}

static void hear(const Guards *guards, Arena *arena, Str message, Texts earlier, Hearing *out)
{
    out->guards = guards;
    looks_of(&guards->reading, arena, message, &out->now);
    weigh(guards, arena, &out->now, &out->weighing);
    for (size_t i = 0; i < earlier.count && i < GUARDS_EARLIER_MAX; i++) {
        looks_of(&guards->reading, arena, earlier.items[i], &out->before[i]);
        weigh(guards, arena, &out->before[i], &out->weighing_before[i]);
        out->before_count++;
    }
    if (earlier.count > 0)
        looks_of(&guards->reading, arena,
                 str_format(arena, "%.*s %.*s", STR_ARG(earlier.items[0]), STR_ARG(message)), &out->joined);
    listen_for_follow_ups(out);
}

/* The first rule that fits as written, and the first that fits surely; NULL: there is none. */
typedef struct Found {
    const GuardRule *written;
    const GuardRule *sure;
} Found;

static Found find_rules(const Hearing *hearing)
{
    const GuardRules *rules = &hearing->guards->input;
    Found found = {NULL, NULL};

    for (size_t i = 0; i < rules->count && found.sure == NULL; i++) {
        Fit how = fit(hearing, &rules->items[i]);
        if (how == FITS_SURELY)
            found.sure = &rules->items[i];
        else if (how == FITS_AS_WRITTEN && found.written == NULL)
            found.written = &rules->items[i];
    }
    return found;
}

/* Rules stand in the order of how grave they are. */
static bool is_graver(const GuardRule *rule, const GuardRule *than)
{
    return rule != NULL && rule < than;
}

/* A rule that fits as written is a heavy sign among others, and gives way when they speak for nothing special. */
static bool outweighs(const Hearing *hearing, const GuardRule *written)
{
    return written->outcome == CHAT_REPLY_OUTCOME_ANSWER ||
           hearing->weighing.odds[written->outcome] + hearing->guards->signs.rule > 0;
}

/* Where several fit, the gravest. */
static const GuardRule *settle(const Hearing *hearing)
{
    const Found found = find_rules(hearing);
    const GuardRule *rule = said_by(hearing->guards, &hearing->weighing);

    if (found.written != NULL && outweighs(hearing, found.written) && !is_graver(rule, found.written))
        rule = found.written;
    return found.sure != NULL && !is_graver(rule, found.sure) ? found.sure : rule;
}

void guards_judge(const Guards *guards, Arena *arena, Str message, Texts earlier, Verdict *out)
{
    AUTO_ARENA Arena scratch = {0}; /* the many ways to read a message are forgotten with the verdict */
    Hearing hearing = {0};

    (void)arena;
    hear(guards, &scratch, message, earlier, &hearing);
    const GuardRule *rule = settle(&hearing);
    *out = (Verdict){CHAT_REPLY_OUTCOME_ANSWER, NULL};
    if (rule != NULL)
        *out = (Verdict){rule->outcome, rule->outcome == CHAT_REPLY_OUTCOME_HANDOFF ? NULL : rule};
    else if (is_elsewhere(guards, &hearing.weighing))
        out->outcome = CHAT_REPLY_OUTCOME_ABSTAIN;
}

Str guards_rule_id(const GuardRule *rule)
{
    return rule->id;
}

Texts guards_rule_sources(const GuardRule *rule)
{
    return rule->sources;
}

Str guards_words(const GuardRule *rule, Tongue tongue, size_t turn)
{
    const json_t *list = json_object_get(rule->answers, tongue_code(tongue));
    const json_t *words = json_array_get(list, turn % json_array_size(list));

    return json_str(words);
}
