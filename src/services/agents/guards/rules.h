/* The rules as read from content; for the files of this folder only. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_RULES_H
#define NERDX_SERVICES_AGENTS_GUARDS_RULES_H

#include "services/agents/guards/guards.h"
#include "services/agents/phrases.h"

enum { GUARD_RULES_MAX = 32 };

struct GuardRule {
    Str id;
    ChatReplyOutcome outcome;
    Listener *listener;
    const json_t *answers; /* {en: [..], ko: [..]} */
    Texts sources;
};

struct Guards {
    Arena arena; /* the lists */
    json_t *rules_file;
    json_t *intents_file;
    GuardRule rules[GUARD_RULES_MAX]; /* in the order of trying */
    size_t rule_count;
    Listener *purchase;
    Listener *forbidden;
};

#endif
