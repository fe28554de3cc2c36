/* The rules as read from content; for the files of this folder only. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_RULES_H
#define NERDX_SERVICES_AGENTS_GUARDS_RULES_H

#include "services/agents/guards/guards.h"
#include "services/agents/guards/looks.h"
#include "services/agents/guards/signs.h"
#include "services/agents/guards/verdicts.h"
#include "services/agents/phrases.h"

enum { GUARD_RULES_MAX = 48, FOLLOW_UPS_MAX = 8 };

/* How a message can go on with what was said before: "and yakju?", "just a sip, then?" */
typedef struct FollowUp {
    Str id;
    Listener *listener; /* hears nothing: any message goes on */
    bool always;
    size_t turns; /* how far back what was said counts */
} FollowUp;

struct GuardRule {
    Str id;
    ChatReplyOutcome outcome;
    Listener *listener;
    Listener *loose;       /* for joined words; NULL: the rule doesn't look for what hides */
    Listener *before;      /* what is enough of an earlier message; NULL: it must touch the rule */
    bool split;            /* may be spread over two messages */
    MeaningSet about;      /* answers where signs say its outcome and a message has one of these meanings */
    unsigned goes_on;      /* bit i: follow-up i keeps it up */
    const json_t *answers; /* {en: [..], ko: [..]} */
    Texts sources;
};

typedef struct GuardRules {
    GuardRule items[GUARD_RULES_MAX]; /* in the order of trying */
    size_t count;
} GuardRules;

enum { GUARD_FILES_MAX = 16 };

struct Guards {
    Arena arena; /* the lists */
    json_t *files[GUARD_FILES_MAX];
    size_t file_count;
    Reading reading;
    Signs signs;
    MeaningSet elsewhere; /* what the world is not about */
    FollowUp follow_ups[FOLLOW_UPS_MAX];
    size_t follow_up_count;
    GuardRules input;
    GuardRules output;
    Verdicts *verdicts; /* of output, on sentences */
    Verdicts *orders;   /* whether texts for a language model give it orders */
    Listener *personal;
};

bool guard_rule_touched(const GuardRule *rule, const Looks *looks);

#endif
