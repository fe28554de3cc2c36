/* Reads what comes back for a letter: reports of delivery (RFC 3464 in RFC 6522) and complaints (RFC 5965). Whose letter it was is told by its
 * Message-ID among the headers that come back with it, never by an address. */
#ifndef NERDX_MAIL_BOUNCE_H
#define NERDX_MAIL_BOUNCE_H

#include "base/str.h"

typedef enum BounceKind {
    BOUNCE_NONE,      /* no report, or one of success, or of a relay that still tries */
    BOUNCE_HARD,      /* the mailbox isn't there */
    BOUNCE_SOFT,      /* this letter didn't come; another may */
    BOUNCE_COMPLAINT, /* its reader called it spam */
} BounceKind;

typedef struct Bounce {
    BounceKind kind;
    Str status;    /* of RFC 3463: "5.1.1"; "" where there is none */
    Str letter_id; /* the left part of the letter's Message-ID; "" where it didn't come back */
} Bounce;

/* message: as a relay hands it on, with either kind of line end. Whatever it is. */
Bounce bounce_read(Arena *arena, Str message);

#endif
