/* A talk in the terminal: who talks, in which session and language, and what was answered last. talk.c goes from line to line;
 * commands.c does what the lines that begin with "/" say. */
#ifndef NERDX_APP_CHAT_TALK_H
#define NERDX_APP_CHAT_TALK_H

#include "app/app.h"
#include "app/chat/answer.h"
#include "app/chat/line.h"
#include "app/chat/words.h"

typedef struct Talk {
    App app;
    Arena own; /* session ids */
    Str user;
    Str session;
    bool has_language; /* of answers; else that of each message */
    Language language;
    Language language_of_last; /* answer; English at first */
    Answer *last;              /* NULL before Maeju answered; one that was stopped may be going on */
    bool last_is_whole;
    bool trace;
    bool at_terminal; /* somebody types; otherwise lines are piped in and no prompt is shown */
    bool leaves;
    LineReader *lines;
    Paper paper;
} Talk;

/* What is printed is in the language of answers, else in that of the last one. */
Language talk_language(const Talk *talk);
const ChatWords *talk_words(const Talk *talk);

/* The call of an operation of the agents, on this thread. */
Call talk_call(const Talk *talk, Arena *arena);

/* --- sessions.c: the talks of before --- */

/* Goes on with the latest talk of the user, if there is one. Errors: those of the agents. */
Err talk_resume_latest(Talk *talk);

/* Goes on with that session, or begins it when there is none of that name. Errors: those of the agents. */
Err talk_go_on(Talk *talk, Str session_id);

/* The same with one of the list, and says so. */
Err talk_go_on_with(Talk *talk, const SessionItem *item);

void talk_begin_anew(Talk *talk);

Err talk_print_sessions(Talk *talk); /* numbered, the latest first */
/* The one of that number. Errors: INVALID when there is none. */
Err talk_find_session(Talk *talk, Arena *arena, int64_t number, SessionItem *out);
/* The latest turns of the talk, so many at the most; 0 = all. */
Err talk_print_history(Talk *talk, size_t most);

/* --- commands.c --- */

/* Whether the line is meant as a command: "/memory", "/forget 2". */
bool talk_is_command(Str line);

/* Does what the line says and prints the outcome. Errors: INVALID for what is no command (names the way to those there are), and
 * those of the agents. */
Err talk_command(Talk *talk, Str line);

#endif
