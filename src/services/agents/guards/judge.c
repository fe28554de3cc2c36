#include <math.h>

#include "services/agents/guards/heard.h"

/* Everything that is looked at: the message, what was said before it, and the two as one. */
typedef struct Hearing {
    const Guards *guards;
    Heard now;
    Heard before[GUARDS_EARLIER_MAX];
    size_t before_count;
    RuleSet both;
} Hearing;

static RuleSet bit_of(const Guards *guards, const GuardRule *rule)
{
    return (RuleSet)1 << (rule - guards->input.items);
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

static Fit fit_of(const Heard *heard, RuleSet rule)
{
    if ((heard->written & rule) != 0)
        return FITS_AS_WRITTEN;
    return (heard->hidden & rule) != 0 ? FITS_SURELY : FITS_NOT;
}

/* An earlier message may say less than one that stands alone: "I came by car." */
static bool led_up_to(const Hearing *hearing, const GuardRule *rule, size_t k)
{
    const Heard *before = &hearing->before[k];
    const RuleSet bit = bit_of(hearing->guards, rule);
    Fit fit = fit_of(before, bit);

    if (fit == FITS_SURELY || said_by(hearing->guards, &before->weighing) == rule ||
        (fit == FITS_AS_WRITTEN && before->weighing.odds[rule->outcome] + hearing->guards->signs.rule > 0))
        return true;
    return (before->before & bit) != 0;
}

/* Whether what was said before touched the rule, and the message goes on with it. */
static bool goes_on(const Hearing *hearing, const GuardRule *rule)
{
    for (size_t i = 0; i < hearing->guards->follow_up_count; i++) {
        if ((rule->goes_on & hearing->now.goes_on & 1U << i) == 0)
            continue;
        for (size_t k = 0; k < hearing->before_count && k < hearing->guards->follow_ups[i].turns; k++)
            if (led_up_to(hearing, rule, k))
                return true;
    }
    return false;
}

static Fit fit(const Hearing *hearing, const GuardRule *rule)
{
    const RuleSet bit = bit_of(hearing->guards, rule);
    Fit here = fit_of(&hearing->now, bit);

    if (here != FITS_NOT)
        return here;
    return goes_on(hearing, rule) || (hearing->both & bit) != 0 ? FITS_SURELY : FITS_NOT;
}

static void hear(const Guards *guards, Str message, Texts earlier, Hearing *out)
{
    out->guards = guards;
    guards_hear(guards, message, &out->now);
    for (size_t i = 0; i < earlier.count && i < GUARDS_EARLIER_MAX; i++)
        guards_hear(guards, earlier.items[i], &out->before[out->before_count++]);
    if (earlier.count > 0)
        out->both = guards_hear_both(guards, earlier.items[0], message);
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
           hearing->now.weighing.odds[written->outcome] + hearing->guards->signs.rule > 0;
}

/* Where several fit, the gravest. */
static const GuardRule *settle(const Hearing *hearing)
{
    const Found found = find_rules(hearing);
    const GuardRule *rule = said_by(hearing->guards, &hearing->now.weighing);

    if (found.written != NULL && outweighs(hearing, found.written) && !is_graver(rule, found.written))
        rule = found.written;
    return found.sure != NULL && !is_graver(rule, found.sure) ? found.sure : rule;
}

void guards_judge(const Guards *guards, Arena *arena, Str message, Texts earlier, Verdict *out)
{
    Hearing hearing = {0};

    (void)arena;
    hear(guards, message, earlier, &hearing);
    const GuardRule *rule = settle(&hearing);
    *out = (Verdict){CHAT_REPLY_OUTCOME_ANSWER, NULL};
    if (rule != NULL)
        *out = (Verdict){rule->outcome, rule->outcome == CHAT_REPLY_OUTCOME_HANDOFF ? NULL : rule};
    else if (is_elsewhere(guards, &hearing.now.weighing))
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
