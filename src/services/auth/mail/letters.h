/* What is written to people: content/auth/letters.yaml, filled in and sent. */
#ifndef NERDX_SERVICES_AUTH_MAIL_LETTERS_H
#define NERDX_SERVICES_AUTH_MAIL_LETTERS_H

#include "api/common.h"
#include "base/asset.h"
#include "mail/mailer.h"

typedef enum LetterKind {
    LETTER_VERIFY,   /* {link} {token} {hours} */
    LETTER_KNOWN,    /* who signs up has an account already */
    LETTER_RESET,    /* {link} {token} {hours} */
    LETTER_STRANGER, /* a reset, but there is no account */
    LETTER_EMAIL,    /* {link} {token} {hours}: to the new address */
    LETTER_MOVED,    /* to the old one */
    LETTER_CHANGED,  /* the password has changed */
    LETTER_LOST_APP, /* {link} {cancel} {token} {hours}: to wait */
    LETTER_APP_REMOVED,
    LETTER_KINDS
} LetterKind;

typedef struct Letters Letters;

/* Who takes a letter on its way. Errors: those of a mailer. */
typedef struct LetterPost {
    Err (*send)(void *context, Arena *arena, const Mail *mail);
    void *context;
} LetterPost;

/* site: where the page is, without a slash at its end. Errors: INVALID names what is missing. */
Err letters_create(AssetTable content, const char *site, LetterPost post, Letters **out);
void letters_destroy(Letters *letters); /* accepts NULL */

/* token: absent where there is none. Errors: those of the post. */
Err letters_send(const Letters *letters, Arena *arena, LetterKind kind, Language language, Str to, Str token,
                 int hours);

#endif
