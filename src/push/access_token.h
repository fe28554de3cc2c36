/* What a server of access tokens answered a service account (RFC 6749, sections 5.1 and 5.2). */
#ifndef NERDX_PUSH_ACCESS_TOKEN_H
#define NERDX_PUSH_ACCESS_TOKEN_H

#include "http/client.h"

/* Whatever that server says. */
enum {
    TOKEN_LONGEST_LIFE_S = 60 * 60,      /* Google's live as long */
    TOKEN_USUAL_LIFE_S = 10 * 60,        /* where it doesn't say, or says none */
    TOKEN_LONGEST_WAIT_S = 24 * 60 * 60, /* before it is asked again */
};

typedef struct AccessToken {
    Str text; /* the reply's arena's */
    int life_s;
} AccessToken;

/* Errors: UNAVAILABLE, with when to ask again where it says so; those of reading JSON. */
Err access_token_read(Arena *arena, const HttpReply *reply, AccessToken *out);

#endif
