/* The rules as read from content; for the files of this folder only. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_RULES_H
#define NERDX_SERVICES_AGENTS_GUARDS_RULES_H

#include <assert.h>

#include "base/recent.h"
#include "services/agents/guards/guards.h"
#include "services/agents/guards/looks.h"
#include "services/agents/guards/signs.h"
#include "services/agents/phrases.h"

enum { GUARD_RULES_MAX = 48, FOLLOW_UPS_MAX = 8, TEXTS_KEPT = 8192, MESSAGES_KEPT = 2048 };

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

/* Bit i: rule i of the input. */
typedef uint64_t RuleSet;
static_assert(GUARD_RULES_MAX <= 64, "a bit for each rule");

/* What a message says by itself (heard.h). */
typedef struct Heard {
    Weighing weighing;
    RuleSet written;  /* rules that it touches as it stands */
    RuleSet hidden;   /* rules that another way to read it touches */
    RuleSet before;   /* rules of which it is enough when it came earlier */
    unsigned goes_on; /* bit i: it is follow-up i, if something was said before */
} Heard;

enum { GUARD_FILES_MAX = 16 };

struct Guards {
    Arena arena; /* the lists */
    json_t *files[GUARD_FILES_MAX];
    size_t file_count;
    Reading reading;
    Signs signs;
    FollowUp follow_ups[FOLLOW_UPS_MAX];
    size_t follow_up_count;
    GuardRules input;
    GuardRules output;
    /* Rules never change while they live, so that what they say of a text doesn't either. */
    Recent *heard;     /* of messages: Heard */
    Recent *forbidden; /* which rule of output forbids a sentence */
    Recent *orders;    /* which rule says that a text for a language model gives it orders */
    Listener *personal;
};

#endif
