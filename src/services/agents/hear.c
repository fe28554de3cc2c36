#include "services/agents/planning.h"

/* An agent that sends purchases to nobody answers them itself. */
static bool is_known(const Turn *turn)
{
    ChatReplyOutcome outcome = turn->verdict.outcome;

    return agent_knows(turn->agent, outcome) &&
           (outcome != CHAT_REPLY_OUTCOME_HANDOFF ||
            agent_handoff_for(turn->agent, HANDOFF_REASON_PURCHASE_INTENT) != NULL);
}

/* Read once, for the guards, the memory and the generators. */
static Err read_history(Turn *turn)
{
    TRY(agents_sql_list_turns(turn->tools->sql, NULL, turn->call->arena, turn->in->user_id,
                              turn->in->session_id, HISTORY_MAX, &turn->history, &turn->history_count));
    turn->number = turn->history_count > 0 ? (size_t)turn->history[0].number : 0;
    return OK;
}

/* What the visitor said just before counts: "and yakju?" means what it means because of that. */
static void judge(Turn *turn)
{
    Str earlier[GUARDS_EARLIER_MAX];
    size_t count = 0;

    for (; count < turn->history_count && count < GUARDS_EARLIER_MAX; count++)
        earlier[count] = turn->history[count].message;
    guards_judge(voice_guards(turn->tools->voice), turn->call->arena, turn->in->message,
                 (Texts){earlier, count}, &turn->verdict);
    if (turn->is_minor)
        guards_judge_minor(voice_guards(turn->tools->voice), &turn->verdict);
    if (!is_known(turn))
        turn->verdict = (Verdict){.outcome = CHAT_REPLY_OUTCOME_ANSWER};
    turn->outcome = turn->verdict.outcome;
    if (turn->outcome == CHAT_REPLY_OUTCOME_ABSTAIN) /* which shows when nothing answers it */
        turn->outcome = CHAT_REPLY_OUTCOME_ANSWER;
}

static Intent intent_of(const Turn *turn)
{
    Intent intent;

    if (turn->verdict.outcome == CHAT_REPLY_OUTCOME_HANDOFF)
        return INTENT_PURCHASE;
    intent = turn->verdict.rule != NULL ? INTENT_QUESTION : voice_intent(turn->tools->voice, turn->folded);
    return intent == INTENT_QUESTION && turn->verdict.outcome == CHAT_REPLY_OUTCOME_ABSTAIN ? INTENT_ELSEWHERE
                                                                                            : intent;
}

/* "Is it expensive?", where nobody is to be cared for first. */
static bool is_for_seller(const Turn *turn)
{
    bool harmless = turn->verdict.outcome == CHAT_REPLY_OUTCOME_ANSWER ||
                    turn->verdict.outcome == CHAT_REPLY_OUTCOME_ABSTAIN;

    return harmless && turn->want != NULL && turn->want->does == WANT_SELLER &&
           agent_handoff_for(turn->agent, HANDOFF_REASON_PURCHASE_INTENT) != NULL;
}

Err turn_hear(Turn *turn, Way *way)
{
    (void)way;
    turn->folded = text_fold(turn->call->arena, turn->in->message);
    text_read(turn->call->arena, turn->folded, &turn->read);
    turn->tongue = tongue_of(turn->in->message, KOREAN);
    if (turn->in->has_language)
        turn->tongue = turn->in->language == LANGUAGE_KO ? KOREAN : ENGLISH;
    TRY(read_history(turn));
    judge(turn);
    turn->intent = intent_of(turn);
    turn->asks = voice_asks(turn->tools->voice, turn->folded);
    turn->cues = voice_cues(turn->tools->voice, turn->folded);
    turn->words = wants_words(voice_wants(turn->tools->voice), turn->folded);
    turn->tastes = voice_tastes(turn->tools->voice, turn->folded);
    turn->want = turn_want(turn);
    if (is_for_seller(turn))
        turn->intent = INTENT_PURCHASE;
    return OK;
}
