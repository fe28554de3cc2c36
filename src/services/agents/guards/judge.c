#include <math.h>

#include "services/agents/guards/heard.h"

/* Everything that is looked at: the message, what was said before it, and the two as one. */
typedef struct Hearing {
    const Guards *guards;
    Heard now;
    Heard before[GUARDS_EARLIER_MAX];
    size_t before_count;
    RuleSet both;
    Weighing weighing; /* of the message, with what was said before where it counts */
} Hearing;

static RuleSet bit_of(const Guards *guards, const GuardRule *rule)
{
    return (RuleSet)1 << (rule - guards->input.items);
}

static const GuardRule *first_rule(const Guards *guards, ChatReplyOutcome outcome)
{
    for (size_t i = 0; i < guards->input.count; i++)
        if (guards->input.items[i].outcome == outcome && guards->input.items[i].about != 0)
            return &guards->input.items[i];
    return NULL;
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

/* How sure it is that a rule fits: what stands in the message itself, or keeps up what was said before, is weighed with its other
 * signs. */
typedef enum Fit { FITS_NOT, FITS_AS_WRITTEN, FITS_SURELY } Fit;

static Fit fit_of(const Heard *heard, RuleSet rule)
{
    if ((heard->written & rule) != 0)
        return FITS_AS_WRITTEN;
    return (heard->hidden & rule) != 0 ? FITS_SURELY : FITS_NOT;
}

/* An earlier message may say less than one that stands alone: "I came by car." That signs alone say it is no more than a sign. */
static Fit led_up_to(const Hearing *hearing, const GuardRule *rule, size_t k)
{
    const Heard *before = &hearing->before[k];
    const RuleSet bit = bit_of(hearing->guards, rule);
    Fit fit = fit_of(before, bit);

    if (fit == FITS_SURELY || (before->before & bit) != 0 ||
        (fit == FITS_AS_WRITTEN && before->weighing.odds[rule->outcome] + hearing->guards->signs.rule > 0))
        return FITS_SURELY;
    return said_by(hearing->guards, &before->weighing) == rule ? FITS_AS_WRITTEN : FITS_NOT;
}

/* Whether what was said before touched the rule, and the message goes on with it: surely in words of its own, else as surely as it
 * touched it. */
static Fit goes_on(const Hearing *hearing, const GuardRule *rule)
{
    Fit how = FITS_NOT;

    for (size_t i = 0; i < hearing->guards->follow_up_count; i++) {
        const FollowUp *follow_up = &hearing->guards->follow_ups[i];
        if ((rule->goes_on & hearing->now.goes_on & 1U << i) == 0)
            continue;
        for (size_t k = 0; k < hearing->before_count && k < follow_up->turns; k++) {
            Fit led = led_up_to(hearing, rule, k);
            if (led != FITS_NOT && !follow_up->always)
                led = FITS_SURELY;
            how = led > how ? led : how;
        }
    }
    return how;
}

static Fit fit(const Hearing *hearing, const GuardRule *rule)
{
    const RuleSet bit = bit_of(hearing->guards, rule);
    Fit here = fit_of(&hearing->now, bit);

    if (here != FITS_NOT)
        return here;
    return (hearing->both & bit) != 0 ? FITS_SURELY : goes_on(hearing, rule);
}

/* Whether it is only what was said before that speaks for the outcome: it has been answered then, and counts again only where the
 * message itself has some of it, or where it lasts. */
static bool is_past(const Hearing *hearing, ChatReplyOutcome outcome)
{
    const Signs *signs = &hearing->guards->signs;
    const Weighing *alone = &hearing->now.weighing;

    return (signs->lasting >> outcome & 1U) == 0 && likeliest(alone) != outcome &&
           alone->odds[outcome] <= signs->again;
}

/* The message with what was said before, as if it was one, or by itself. */
static void weigh(Str message, Texts earlier, Hearing *out)
{
    out->weighing = out->now.weighing;
    if (out->before_count == 0)
        return;
    guards_weigh_all(out->guards, message, (Texts){earlier.items, out->before_count}, &out->weighing);
    if (is_past(out, likeliest(&out->weighing)))
        out->weighing = out->now.weighing;
}

static void hear(const Guards *guards, Str message, Texts earlier, Hearing *out)
{
    out->guards = guards;
    guards_hear(guards, message, &out->now);
    for (size_t i = 0; i < earlier.count && i < GUARDS_EARLIER_MAX; i++)
        guards_hear(guards, earlier.items[i], &out->before[out->before_count++]);
    if (earlier.count > 0)
        out->both = guards_hear_both(guards, earlier.items[0], message);
    weigh(message, earlier, out);
}

/* For each outcome the first rule that fits as written, and the first of all that fits surely; NULL: there is none. */
typedef struct Found {
    const GuardRule *written[CHAT_REPLY_OUTCOME_COUNT];
    const GuardRule *sure;
} Found;

static Found find_rules(const Hearing *hearing)
{
    const GuardRules *rules = &hearing->guards->input;
    Found found = {0};

    for (size_t i = 0; i < rules->count && found.sure == NULL; i++) {
        const GuardRule *rule = &rules->items[i];
        Fit how = fit(hearing, rule);
        if (how == FITS_SURELY)
            found.sure = rule;
        else if (how == FITS_AS_WRITTEN && found.written[rule->outcome] == NULL)
            found.written[rule->outcome] = rule;
    }
    return found;
}

/* Rules stand in the order of how grave they are. */
static bool is_graver(const GuardRule *rule, const GuardRule *than)
{
    return rule != NULL && rule < than;
}

/* What no word says what it is about needs more signs, and gets the words of its outcome's gravest rule. */
static const GuardRule *answer_to(const Guards *guards, const Weighing *weighing, ChatReplyOutcome outcome)
{
    const GuardRule *about = rule_about(guards, weighing, outcome);

    if (about != NULL || weighing->odds[outcome] <= guards->signs.unnamed)
        return about;
    return first_rule(guards, outcome);
}

/* The gravest rule that fits as written and is the likeliest, or enough speaks for it beside what is likelier; NULL: none. */
static const GuardRule *gravest_written(const Guards *guards, const Found *found, const Weighing *weighing)
{
    const double enough = fmin(weighing->odds[likeliest(weighing)], guards->signs.graver);
    const GuardRule *gravest = NULL;

    for (size_t i = 0; i < CHAT_REPLY_OUTCOME_COUNT; i++) {
        const GuardRule *rule = found->written[i];
        if (rule != NULL && weighing->odds[i] >= enough && (gravest == NULL || rule < gravest))
            gravest = rule;
    }
    return gravest;
}

/* Rules that fit as written are heavy signs among others. Of what they, the likeliest outcome and the rules that fit surely say, the
 * gravest counts. */
static const GuardRule *settle(const Hearing *hearing)
{
    const Guards *guards = hearing->guards;
    const Found found = find_rules(hearing);
    Weighing weighing = hearing->weighing;

    for (size_t i = 0; i < CHAT_REPLY_OUTCOME_COUNT; i++)
        weighing.odds[i] += found.written[i] != NULL ? guards->signs.rule : 0;
    const GuardRule *rule = gravest_written(guards, &found, &weighing);
    ChatReplyOutcome outcome = likeliest(&weighing);
    const GuardRule *said = found.written[outcome] == NULL ? answer_to(guards, &weighing, outcome) : NULL;
    rule = rule == NULL || is_graver(said, rule) ? said : rule;
    return found.sure != NULL && !is_graver(rule, found.sure) ? found.sure : rule;
}

void guards_judge(const Guards *guards, Arena *arena, Str message, Texts earlier, Verdict *out)
{
    Hearing hearing = {0};

    (void)arena;
    hear(guards, message, earlier, &hearing);
    const GuardRule *rule = settle(&hearing);
    if (rule != NULL)
        *out = (Verdict){rule->outcome, rule->outcome == CHAT_REPLY_OUTCOME_HANDOFF ? NULL : rule, false};
    else if (likeliest(&hearing.weighing) == CHAT_REPLY_OUTCOME_ABSTAIN)
        *out = (Verdict){CHAT_REPLY_OUTCOME_ABSTAIN, NULL, false};
    else
        *out = (Verdict){CHAT_REPLY_OUTCOME_ANSWER, NULL,
                         hearing.weighing.odds[CHAT_REPLY_OUTCOME_ABSTAIN] > guards->signs.doubtful};
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

/* Rules lie in the order of what protects most. */
void guards_judge_minor(const Guards *guards, Verdict *verdict)
{
    const GuardRule *rule = first_rule(guards, CHAT_REPLY_OUTCOME_MINOR);

    if (rule != NULL && (verdict->rule == NULL || rule < verdict->rule))
        *verdict = (Verdict){CHAT_REPLY_OUTCOME_MINOR, rule};
}
