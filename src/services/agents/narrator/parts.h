/* What the ways of telling are made of; for the files of this folder only. */
#ifndef NERDX_SERVICES_AGENTS_NARRATOR_PARTS_H
#define NERDX_SERVICES_AGENTS_NARRATOR_PARTS_H

#include "services/agents/narrator/narrator.h"
#include "services/agents/narrator/sentences.h"

/* --- narration.c: the answer as it grows --- */
void narration_add(Narration *out, Str text, Str entity,
                   bool opens_paragraph); /* nothing when the text is empty */
void narration_choice(Narration *out, Str id);
bool narration_cites(const Narration *out, Str id);

/* Says sentences of a fact; returns whether there were any. */
bool narration_say(const Telling *telling, const Fact *fact, const Sentences *sentences, bool opens_paragraph,
                   Narration *out);

/* Notes that the fact is a sample, if it is one. */
void narration_mark_sample(const Telling *telling, const Fact *fact, Narration *out);

/* That what was told is a sample, once a session for each name. */
void narration_tell_samples(const Telling *telling, Narration *out);

/* That relationships which were told of something real are samples. */
void narration_tell_sample_links(const Telling *telling, const Fact *fact, const Sentences *said,
                                 Narration *out);

/* Whether this session, or this answer so far, has said the text. */
bool was_said(const Telling *telling, const Narration *out, Str text);

/* --- wording.c: phrases and names --- */
/* One of the phrases under words[group] (key absent) or words[group][key], filled: one that this session hasn't heard;
 * absent when all were heard, or there is none. out: the answer so far, or NULL. */
Str wording_new(const Telling *telling, const Narration *out, const char *group, Str key, const Slot *slots,
                size_t count);

/* The same, but heard again rather than absent. */
Str wording(const Telling *telling, const Narration *out, const char *group, Str key, const Slot *slots,
            size_t count);

/* A name as it stands inside a sentence: common words in small letters, titles of stories in quotes. */
Str name_spoken(const Telling *telling, Str label, Str name);

/* The text with a small first letter. */
Str name_lowered(const Telling *telling, Str text);

/* The same with the Korean word and its translation, when this session hasn't seen the word: 막걸리 (makgeolli). */
Str name_introduced(const Telling *telling, const Narration *out, Str label, Str name, Str korean);

/* The phrase of that key about the fact, as a line. */
void say_phrase(const Telling *telling, const char *group, Str key, const Fact *about, bool opens_paragraph,
                Narration *out);

/* --- the ways of telling: one function a move (narrator.c) --- */
void tell_facts(const Telling *telling, const Plan *plan, Narration *out);    /* telling.c */
void tell_story(const Telling *telling, const Plan *plan, Narration *out);    /* story.c */
void tell_apart(const Telling *telling, const Plan *plan, Narration *out);    /* compare.c */
void tell_list(const Telling *telling, const Plan *plan, Narration *out);     /* offers.c */
void tell_choice(const Telling *telling, const Plan *plan, Narration *out);   /* recommend.c */
void tell_in_short(const Telling *telling, const Plan *plan, Narration *out); /* story.c */
void tell_remark(const Telling *telling, const Plan *plan, Narration *out);   /* remarks.c */
void tell_image(const Telling *telling, const Plan *plan, Narration *out);    /* remarks.c */
void tell_nothing(const Telling *telling, const Plan *plan, Narration *out);  /* offers.c */

/* The open question at the end (offers.c): to a neighbour of these that nobody has talked about when there is one. */
void ask_on(const Telling *telling, const Plan *plan, bool opens_paragraph, Narration *out);

/* A second paragraph about facts[1] (telling.c): how it is joined to the first, then some of its text. */
void tell_beside(const Telling *telling, const Plan *plan, const Fact *beside, size_t sentences,
                 Narration *out);

#endif
