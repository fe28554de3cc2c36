/* Ways out of letters (RFC 8058): the link names a person and a category, and is signed, so that nobody is taken off by another. It has no
 * end: refusing must always be possible. Who has the store's secret can only take people off. */
#ifndef NERDX_SERVICES_NOTIFY_LINKS_H
#define NERDX_SERVICES_NOTIFY_LINKS_H

#include "services/notify/core.h"

/* Reads the secret of the store, or makes it. Errors: those of the store. */
Err links_open(Notify *notify);

/* "https://nerdx.com/api/v1/notify/unsubscribe/…" */
Str links_unsubscribe(const Notify *notify, Arena *arena, Str user_id, NoticeCategory category);

/* What an address is known by here: not the address, and nothing to those without the secret. */
Str links_address(const Notify *notify, Arena *arena, Str address);

/* Whom and what a token names. Errors: NOT_FOUND for one that we didn't sign. */
Err links_read(const Notify *notify, Arena *arena, Str token, Str *user_id, NoticeCategory *category);

#endif
