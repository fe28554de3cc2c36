#include "services/auth/oidc/oidc.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "services/auth/oidc/address.h"
#include "services/auth/oidc/id_token.h"
#include "services/auth/oidc/remote.h"
#include "services/auth/oidc/state.h"

enum { FILE_BYTES_MAX = 1 << 20 };

struct Oidc {
    Arena arena; /* of the providers' texts */
    Providers providers;
    Remote *remotes[PROVIDERS_MAX]; /* one a provider, in their order */
    Str site;
    Kv *kv;
    const Clock *clock;
};

/* ---- made and gone */

static Err read_all(const OidcConfig *config, Oidc *oidc)
{
    Str operators = STR("");

    TRY(oidc_check_address("site", str_from(config->site)));
    if (config->operators != NULL)
        TRY(file_read(&oidc->arena, config->operators, FILE_BYTES_MAX, &operators));
    Err e = providers_read(&oidc->arena, config->known, operators, getenv, &oidc->providers);
    if (failed(&e))
        return err(e.code, "%s: %s", config->operators != NULL ? config->operators : "providers.yaml",
                   e.message);
    for (size_t i = 0; i < oidc->providers.count; i++)
        oidc->remotes[i] = remote_create(&oidc->providers.items[i], oidc->clock);
    return OK;
}

Err oidc_create(const OidcConfig *config, Oidc **out)
{
    Oidc *oidc = memory_new(Oidc);

    arena_init(&oidc->arena);
    oidc->kv = config->kv;
    oidc->clock = config->clock;
    Str site = str_from(config->site);
    oidc->site = str_copy(&oidc->arena, str_ends(site, STR("/")) ? str_slice(site, 0, site.len - 1) : site);
    Err e = read_all(config, oidc);
    *out = failed(&e) ? NULL : oidc;
    if (failed(&e))
        oidc_destroy(oidc);
    return e;
}

void oidc_destroy(Oidc *oidc)
{
    if (oidc == NULL)
        return;
    for (size_t i = 0; i < oidc->providers.count; i++)
        remote_destroy(oidc->remotes[i]);
    arena_finish(&oidc->arena);
    memory_free(oidc);
}

const Providers *oidc_providers(const Oidc *oidc)
{
    return &oidc->providers;
}

/* NULL when there is none. */
static Remote *find(const Oidc *oidc, Str name)
{
    const Provider *provider = providers_find(&oidc->providers, name);

    return provider != NULL ? oidc->remotes[provider - oidc->providers.items] : NULL;
}

static Err not_offered(Str name)
{
    return err(NOT_FOUND, "provider: nobody signs in with %.*s here; GET …/providers lists them",
               STR_ARG(name));
}

/* ---- there */

static Asking asking_of(const Oidc *oidc, Arena *arena, const Endpoints *endpoints, Str state,
                        const Flow *flow)
{
    return (Asking){
        .provider = providers_find(&oidc->providers, flow->provider),
        .endpoints = endpoints,
        .callback = str_format(arena, "%.*s/api/v1/auth/oidc/%.*s/callback", STR_ARG(oidc->site),
                               STR_ARG(flow->provider)),
        .state = state,
        .nonce = flow->nonce,
        .verifier = flow->verifier,
    };
}

Err oidc_start(Oidc *oidc, const Call *call, const OidcStart *start, OidcSent *out)
{
    Arena *arena = call->arena;
    Str state = oidc_secret(arena);
    Endpoints endpoints;
    Remote *remote = find(oidc, start->provider);

    if (remote == NULL)
        return not_offered(start->provider);
    Flow flow = {
        .provider = start->provider,
        .nonce = oidc_secret(arena),
        .verifier = oidc_secret(arena),
        .return_to = start->return_to.data != NULL ? start->return_to : STR("/"),
        .user_id = start->user_id,
    };
    if (!oidc_is_local_path(flow.return_to))
        return err_at(err(INVALID, "return_to: must be a path here, such as /talk"), "/return_to");
    TRY(remote_endpoints(remote, call, &endpoints));
    out->browser = oidc_secret(arena);
    flow.browser = oidc_digest(arena, out->browser);
    TRY(flow_put(oidc->kv, arena, state, &flow));
    Asking asking = asking_of(oidc, arena, &endpoints, state, &flow);
    out->location = oidc_authorization_address(arena, &asking);
    return OK;
}

/* ---- and back */

/* The flow of this answer, which counts once, whatever comes of it. */
static Err take_flow(const Oidc *oidc, Arena *arena, const OidcAnswer *answer, Flow *flow)
{
    TRY(flow_take(oidc->kv, arena, answer->state, flow));
    Str browser = oidc_digest(arena, answer->browser.data != NULL ? answer->browser : STR(""));
    if (browser.len != flow->browser.len || sodium_memcmp(browser.data, flow->browser.data, browser.len) != 0)
        return err(FORBIDDEN, "This browser hasn't begun to sign in here: begin again, with cookies allowed");
    if (!str_equal(flow->provider, answer->provider))
        return err_detail(err(FORBIDDEN, "The answer came from another provider than was asked: begin again"),
                          "%.*s was asked, %.*s answers", STR_ARG(flow->provider), STR_ARG(answer->provider));
    return OK;
}

/* RFC 9207, section 2.4: against answers that were mixed up. */
static Err check_issuer(const Provider *provider, const Endpoints *endpoints, Str iss)
{
    if (iss.data != NULL ? str_equal(iss, provider->issuer) : !endpoints->says_iss)
        return OK;
    return err_detail(err(FORBIDDEN, "The answer came from another provider than was asked: begin again"),
                      iss.data == NULL ? "iss: missing, though the provider always says it"
                                       : "iss: another's");
}

/* error (RFC 6749, section 4.1.2.1) isn't ours to repeat: it may be anybody's words. */
static Err check_consent(const Provider *provider, const OidcAnswer *answer)
{
    if (str_equal(answer->error, STR("access_denied")))
        return err(FORBIDDEN, "You haven't let %.*s tell us who you are: begin again, or sign in another way",
                   STR_ARG(provider->title));
    if (answer->error.data != NULL)
        return err_detail(err(FORBIDDEN,
                              "%.*s didn't let you sign in here: begin again, or sign in another way",
                              STR_ARG(provider->title)),
                          "error: another than access_denied");
    return answer->code.data != NULL ? OK : err_at(err(INVALID, "code: none came; begin again"), "/code");
}

static Err read_person(Arena *arena, const Provider *provider, const json_t *claims, OidcPerson *out)
{
    out->issuer = provider->issuer;
    out->subject = claim_text(arena, claims, provider->subject);
    if (out->subject.len == 0 || out->subject.len > OIDC_SUBJECT_MAX)
        return err_detail(
            err(UNAUTHORIZED, "%.*s didn't say who you are: begin again", STR_ARG(provider->title)),
            "%.*s: no text of 1 to %d bytes", STR_ARG(provider->subject), OIDC_SUBJECT_MAX);
    if (claim_is_true(claims, provider->email_verified))
        out->email = claim_text(arena, claims, provider->email);
    return OK;
}

Err oidc_finish(Oidc *oidc, const Call *call, const OidcAnswer *answer, OidcPerson *out)
{
    Arena *arena = call->arena;
    Endpoints endpoints;
    const json_t *claims;
    Remote *remote = find(oidc, answer->provider);
    Flow flow;

    *out = (OidcPerson){0};
    if (remote == NULL)
        return not_offered(answer->provider);
    TRY(take_flow(oidc, arena, answer, &flow));
    TRY(remote_endpoints(remote, call, &endpoints));
    Asking asking = asking_of(oidc, arena, &endpoints, answer->state, &flow);
    TRY(check_issuer(asking.provider, &endpoints, answer->iss));
    TRY(check_consent(asking.provider, answer));
    TRY(remote_claims(remote, call, &asking, answer->code, &claims));
    out->return_to = flow.return_to;
    out->user_id = flow.user_id;
    return read_person(arena, asking.provider, claims, out);
}
