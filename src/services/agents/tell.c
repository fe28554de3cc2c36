#include "services/agents/tell.h"

#include "api/events.h"

/* Why somebody wasn't answered may be about their health or age: others learn only that they weren't. */
static const TurnEndedOutcome OUTCOMES[CHAT_REPLY_OUTCOME_COUNT] = {
    [CHAT_REPLY_OUTCOME_ANSWER] = TURN_ENDED_OUTCOME_ANSWERED,
    [CHAT_REPLY_OUTCOME_HANDOFF] = TURN_ENDED_OUTCOME_HANDED_OVER,
    [CHAT_REPLY_OUTCOME_CARE] = TURN_ENDED_OUTCOME_DECLINED,
    [CHAT_REPLY_OUTCOME_MINOR] = TURN_ENDED_OUTCOME_DECLINED,
    [CHAT_REPLY_OUTCOME_MEDICAL] = TURN_ENDED_OUTCOME_DECLINED,
    [CHAT_REPLY_OUTCOME_EXCESS] = TURN_ENDED_OUTCOME_DECLINED,
    [CHAT_REPLY_OUTCOME_COMPETITOR] = TURN_ENDED_OUTCOME_DECLINED,
    [CHAT_REPLY_OUTCOME_INJECTION] = TURN_ENDED_OUTCOME_DECLINED,
    [CHAT_REPLY_OUTCOME_ABSTAIN] = TURN_ENDED_OUTCOME_ABSTAINED,
    [CHAT_REPLY_OUTCOME_WAITING] = TURN_ENDED_OUTCOME_WAITING,
};

Err tell_turn_ended(const Turn *turn, Tx *tx, Arena *scratch)
{
    bool is_korean = str_equal(str_from(tongue_code(turn->tongue)), STR("ko"));
    const TurnEnded data = {
        .turn_id = turn->id,
        .session_id = turn->in->session_id,
        .user_id = turn->in->user_id,
        .agent = str_from(turn->agent->name),
        .language = is_korean ? TURN_ENDED_LANGUAGE_KO : TURN_ENDED_LANGUAGE_EN,
        .outcome = OUTCOMES[turn->outcome],
        .handed_to = turn->reply->handoff != NULL ? turn->reply->handoff->to : (Str){NULL, 0},
    };
    EventNew event;

    TRY(turn_ended_event(scratch, data.session_id, &data, &event));
    return event_emit(turn->tools->queue, tx, scratch, &event);
}
