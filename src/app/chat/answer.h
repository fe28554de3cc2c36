/* An answer while it is made: the turn runs on a thread of its own, what it says is shown as it comes. Whoever stops it
 * ends the turn: what was said until then is recorded. */
#ifndef NERDX_APP_CHAT_ANSWER_H
#define NERDX_APP_CHAT_ANSWER_H

#include "app/chat/paper.h"
#include "services/agents/agents.h"

typedef struct Answer Answer;

typedef enum AnswerEnd { ANSWER_WHOLE, ANSWER_STOPPED } AnswerEnd;

/* The turn begins. in and what it points to are copied. */
Answer *answer_begin(Agents *agents, const AgentsChatInput *in);

/* Shows its sentences until it is whole, or Ctrl-C. Errors: those of agents_chat. */
Err answer_show(Answer *answer, Paper *paper, AnswerEnd *end);

bool answer_ended(Answer *answer);

/* Waits until it has ended, without showing it. False for Ctrl-C. */
bool answer_wait(Answer *answer);

const ChatReply *
answer_reply(const Answer *answer);  /* of one that was shown whole; lives as long as it does */
void answer_destroy(Answer *answer); /* waits until it has ended; accepts NULL */

#endif
