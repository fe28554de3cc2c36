/* A notice as a letter: plain, and the same as a page (content/notify/letter.yaml, letter.html). */
#ifndef NERDX_SERVICES_NOTIFY_LETTER_H
#define NERDX_SERVICES_NOTIFY_LETTER_H

#include "mail/mailer.h"
#include "services/notify/notify.h"
#include "services/notify/templates.h"

typedef struct Letter Letter;

/* Errors: INVALID names what is missing. */
Err letter_create(AssetTable content, Letter **out);
void letter_destroy(Letter *letter); /* accepts NULL */

/* What stands below. Absent: nothing of it. */
typedef struct LetterEnd {
    Str unsubscribe;    /* where one gets no more of these */
    bool is_of_consent; /* what is to be got no more of is advertising, by taking the consent back */
    const Advertiser *advertiser; /* who advertises: said with how to refuse, in Korean and English */
} LetterEnd;

/* Of a letter that is about so many more than the one of that title. */
Str letter_title_of_several(const Letter *letter, Arena *arena, Language language, Str title, size_t more);

/* Fills in mail's text and html. What stands in the page is escaped: no value becomes markup. */
void letter_write(const Letter *letter, Arena *arena, const Wording *wording, Language language,
                  const LetterEnd *end, Mail *mail);

#endif
