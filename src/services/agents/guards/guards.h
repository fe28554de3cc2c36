/* What a message is, before anything happens because of it, and what must not go out. Pure: no I/O, and after
 * guards_create safe from any thread.
 *
 *     TRY(guards_create(content, &guards));
 *     guards_judge(guards, arena, message, earlier, &verdict);
 *     if (verdict.rule != NULL) say(guards_words(verdict.rule, tongue, turn)); */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_GUARDS_H
#define NERDX_SERVICES_AGENTS_GUARDS_GUARDS_H

#include "api/agents.h"
#include "base/asset.h"
#include "base/clock.h"
#include "services/agents/text.h"

typedef struct Guards Guards;
typedef struct GuardRule GuardRule;

typedef struct Verdict {
    ChatReplyOutcome outcome; /* ANSWER: nothing special; HANDOFF: the visitor wants to buy */
    const GuardRule *rule;    /* whose words are the answer; NULL for HANDOFF, and for nothing special */
    bool doubtful;            /* nothing special, and maybe of what no world of drinks is about */
} Verdict;

/* content: guards.yaml and the files of guards/ below "maeju/". clock: in which year somebody was born too late, at each
 * verdict; guards_create takes the system's. Both must outlive *out. Errors: INVALID naming the file and what is wrong in it. */
Err guards_create(AssetTable content, Guards **out);
Err guards_create_by(AssetTable content, const Clock *clock, Guards **out);
void guards_destroy(Guards *guards); /* accepts NULL */

/* earlier: what the same visitor said before in this session, newest first; more than GUARDS_EARLIER_MAX are not read.
 * ABSTAIN: of what no world of drinks is about (the weather, tickets); whether the world knows the rest is found out later. */
enum { GUARDS_EARLIER_MAX = 2 };
void guards_judge(const Guards *guards, Arena *arena, Str message, Texts earlier, Verdict *out);

/* The same, when it is known from elsewhere that the visitor is a minor: the verdict is that, unless it is a graver one. */
void guards_judge_minor(const Guards *guards, Verdict *verdict);

/* A rule's fixed answer (a different one for each turn), its name, and where its words can be checked. */
Str guards_words(const GuardRule *rule, Tongue tongue, size_t turn);
Str guards_rule_id(const GuardRule *rule);
Texts guards_rule_sources(const GuardRule *rule);

/* Whether a sentence must not go out; *why (or NULL) is then the name of the rule. */
bool guards_forbid(const Guards *guards, Arena *arena, Str sentence, Str *why);

/* Lore, names and results of tools before a language model reads them: sentences that would command it are replaced. */
Str guards_defuse(const Guards *guards, Arena *arena, Str text);

/* The text without numbers that are somebody's (resident registration, card, telephone) and addresses of mail: for what is
 * stored, logged or given to others. The text itself when it has none. */
Str guards_redact(const Guards *guards, Arena *arena, Str text);

#endif
