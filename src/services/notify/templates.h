/* The words that people are told in: content/notify/templates.yaml, one template a subject, in every language. */
#ifndef NERDX_SERVICES_NOTIFY_TEMPLATES_H
#define NERDX_SERVICES_NOTIFY_TEMPLATES_H

#include "api/notify.h"
#include "base/asset.h"

typedef struct Templates Templates;

/* Every gap of every text is checked to be one that is filled, and every slot but link to be used, in each language.
 * site: what a link that is a path is put behind. Errors: INVALID names the template and what is wrong with it. */
Err templates_create(AssetTable content, const char *site, Templates **out);
void templates_destroy(Templates *templates); /* accepts NULL */

/* Errors: UNPROCESSABLE (no such template; a slot that isn't filled, or that it hasn't; a link that is none). */
Err templates_check(const Templates *templates, Str name, const StrMap *values);

/* Which category it is of; false: there is none of that name. */
bool templates_category(const Templates *templates, Str name, NoticeCategory *out);
int templates_digest_minutes(const Templates *templates,
                             Str name); /* 0: each is a letter of its own, at once */
bool templates_is_inbox_only(const Templates *templates, Str name);
bool templates_is_of_consent(const Templates *templates,
                             Str name); /* of one that holds: its letter ends with how to take it back */

/* What somebody reads. Advertising is marked at the beginning of its title. */
typedef struct Wording {
    NoticeCategory category;
    Str title;
    Str text;
    Str link; /* absent: there is none */
} Wording;

/* slots: what fills the gaps, a JSON object of texts. One that was told and has no template any more is its name alone. */
void templates_word(const Templates *templates, Arena *arena, Str name, Json slots, Language language,
                    Wording *out);

#endif
