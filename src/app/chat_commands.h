/* What can be typed in `nerdx chat` besides messages: lines that begin with "/". A command is a row of a table. */
#ifndef NERDX_APP_CHAT_COMMANDS_H
#define NERDX_APP_CHAT_COMMANDS_H

#include "services/agents/agents.h"

typedef struct ChatTalk {
    Agents *agents;
    Str user;
    Language language;     /* of what is printed */
    const ChatReply *last; /* what Maeju answered last; zeroed before she said anything */
} ChatTalk;

/* Whether the line is meant as a command: "/memory", "/forget 2". */
bool chat_is_command(Str line);

/* Does what the line says and prints the outcome. Errors: INVALID for what is no command (lists those that are), and those
 * of the agents. */
Err chat_command_run(const ChatTalk *talk, Str line);

#endif
