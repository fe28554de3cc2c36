/* What a token may be: outside of this it isn't made, and isn't read. */
#ifndef NERDX_SERVICES_AUTH_TOKENS_LIMITS_H
#define NERDX_SERVICES_AUTH_TOKENS_LIMITS_H

enum {
    TOKEN_BYTES_MAX = 4096,   /* of a whole token; longer ones are refused unread */
    TOKEN_ID_BYTES_MAX = 128, /* of a subject, a session and a token's id */
    TOKEN_PERMISSIONS_MAX = 64,
    TOKEN_PERMISSION_BYTES_MAX = 64,
    TOKEN_CACHE_ENTRIES = 4096,  /* of about 600 bytes each; 6 KiB at the very most */
    TOKEN_SECRET_BYTES_MIN = 32, /* RFC 7518, section 3.2: as long as the hash */
    TOKEN_SECRET_BYTES_MAX = 1024,
    TOKEN_LIFETIME_S = 24 * 60 * 60, /* as specified */
    TOKEN_CLOCKS_DIFFER_S = 30       /* what another node's clock may be ahead of ours, for `iat` and `nbf` */
};

#endif
