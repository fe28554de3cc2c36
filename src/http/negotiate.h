/* What a client says it takes (RFC 9110, section 12): lists with weights. */
#ifndef NERDX_HTTP_NEGOTIATE_H
#define NERDX_HTTP_NEGOTIATE_H

#include "base/str.h"

/* Thousandths: 1000 when a type or coding is wanted most, 0 when it is not wanted at all. An absent list
 * wants everything; the most specific entry decides; an entry that can't be read is passed over. */
int accept_weight(Str accept, Str media_type);
int accept_encoding_weight(Str accept_encoding, Str coding);

static inline bool accepts_media(Str accept, Str media_type)
{
    return accept_weight(accept, media_type) > 0;
}

/* "application/json; charset=utf-8" is application/json; another charset is not. */
bool media_type_is(Str content_type, Str media_type);

/* If-None-Match (RFC 9110, section 13.1.2), compared weakly. etag: without quotes. */
bool etag_matches(Str if_none_match, Str etag);

#endif
