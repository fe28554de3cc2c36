/* Identity providers: who they are (content/auth/providers.yaml), and what the operator has agreed with them (a file of the same
 * shape that adds client_id and where the secret is, or providers of its own).
 *
 *     providers_read(arena, known, operators, read_environment, &providers);
 */
#ifndef NERDX_SERVICES_AUTH_OIDC_PROVIDER_H
#define NERDX_SERVICES_AUTH_OIDC_PROVIDER_H

#include "base/err.h"
#include "base/str.h"

enum { PROVIDERS_MAX = 32, PROVIDER_NAME_MAX = 32, PROVIDER_TEXT_MAX = 2048 };

/* Texts that aren't there are absent. */
typedef struct Provider {
    Str name;  /* in addresses: a-z, 0-9 and '-' */
    Str title; /* for people */
    Str issuer;
    Str authorization_endpoint; /* these: where there is no discovery document */
    Str token_endpoint;
    Str userinfo_endpoint;
    Str scope;
    Str subject; /* where its answer says who it is; "response.id" leads into an object */
    Str email;
    Str email_verified;
    Str client_id;
    Str client_secret; /* absent: a public client, or client_key signs one each time */
    Str client_key;    /* Apple's: an EC private key (PKCS#8, PEM) */
    Str key_id;        /* its name there */
    Str team_id;       /* and whose it is */
} Provider;

typedef struct Providers {
    const Provider *items; /* those that have a client_id */
    size_t count;
} Providers;

/* Whether it has ID tokens and a discovery document; else it is plain OAuth 2.0. */
static inline bool provider_is_oidc(const Provider *provider)
{
    return provider->token_endpoint.data == NULL;
}

/* known, operators: YAML. A member of the operator's file replaces what is known. Secrets are where client_secret_file,
 * client_secret_env or client_key_file say; they never stand in the file itself. environment: like getenv.
 * Errors: INVALID names the provider and the member, and what would be right; those of the secrets' files. */
Err providers_read(Arena *arena, Str known, Str operators, char *(*environment)(const char *name),
                   Providers *out);

/* NULL when there is none of this name. */
const Provider *providers_find(const Providers *providers, Str name);

#endif
