/* What the talk in the terminal itself says, in both languages. What Maeju says isn't here. */
#ifndef NERDX_APP_CHAT_WORDS_H
#define NERDX_APP_CHAT_WORDS_H

#include "api/agents.h"

typedef struct ChatWords {
    const char *welcome;
    const char *label; /* above an answer: who speaks, and that it is an AI */
    const char *you;
    const char *cited;
    const char *sample;
    const char *to_joon;
    const char *stopped;
    const char *still_answering;
    const char *goes_on; /* and its title */
    const char *begins;
    const char *no_talks;
    const char *here;
    const char *turns; /* and how many */
    const char *forgotten_words;
    const char *answers_in[LANGUAGE_COUNT];
    const char *answers_in_either;
    const char *rests_on_nothing;
    const char *no_source;
    const char *nothing_remembered;
    const char *corrected;
    const char *forgotten;
    const char *fallback[FALLBACK_COUNT];
} ChatWords;

const ChatWords *chat_words(Language language);

#endif
