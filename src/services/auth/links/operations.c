/* The operations of api/auth.yaml that lead to a provider and back. */
#include "http/cookies.h"
#include "services/auth/accounts/merge.h"
#include "services/auth/links/decide.h"
#include "services/auth/sign_ins/answer.h"
#include "services/auth/totp/second_step.h"

#define COOKIE_FLOW "__Host-nerdx-oidc"

Err auth_list_providers(Call *call, ProviderList *out)
{
    const Auth *auth = call->service;
    const Providers *providers = oidc_providers(auth->oidc);
    ProviderItem *items = arena_array(call->arena, ProviderItem, providers->count);

    for (size_t i = 0; i < providers->count; i++)
        items[i] = (ProviderItem){providers->items[i].name, providers->items[i].title};
    out->items.items = items;
    out->items.count = providers->count;
    return OK;
}

/* ---- there */

/* Comes along when the provider's page leads back here, which is another site: Lax, and nothing rests on it but that this browser
 * has begun. */
static void put_mark(Call *call, Str browser, int64_t life_s)
{
    Cookie cookie = {COOKIE_FLOW, browser, life_s, .for_links = true};

    call->put_header(call, "Set-Cookie", cookie_write(call->arena, &cookie));
    call->put_header(call, "Referrer-Policy", "no-referrer");
}

static Err begin(Call *call, Str provider, Str return_to, Str *location)
{
    const Auth *auth = call->service;
    OidcStart start = {provider, return_to, {0}};
    OidcSent sent;

    if (call->put_header == NULL)
        return err(UNPROCESSABLE, "Only a browser can be sent to a provider.");
    if (call->identity.session.data != NULL)
        start.user_id = call->identity.subject;
    TRY(oidc_start(auth->oidc, call, &start, &sent));
    put_mark(call, sent.browser, OIDC_STATE_S);
    call->put_header(call, "Cache-Control", "no-store");
    *location = sent.location;
    return OK;
}

Err auth_go_to_provider(Call *call, const AuthGoToProviderInput *in)
{
    Str location = {0};

    TRY(begin(call, in->provider, in->return_to, &location));
    call->put_header(call, "Location", str_c(call->arena, location));
    return OK;
}

Err auth_ask_provider(Call *call, const AuthAskProviderInput *in, ProviderAsked *out)
{
    return begin(call, in->provider, in->return_to, &out->location);
}

/* ---- and back */

/* The sign-ins of before, a guest's, end: nobody who had one of them goes on as a member (ASVS 5, 7.2.4). */
static Err end_guest(const Auth *auth, Call *call, const OidcPerson *person, Str merged,
                     const SignInGrant *grant)
{
    const GuestMerged *told;
    int64_t ended;

    if (merged.data != NULL)
        return merge_guest_of(auth, call, merged, grant->user_id, &told);
    if (person->user_id.data != NULL && str_equal(person->user_id, grant->user_id))
        return sign_in_end_all(auth, call->arena, grant->user_id, STR("signed in anew"), &ended);
    return OK;
}

/* The page asks for the code; a guest is brought along when it was right. */
static Err ask_for_code(const Auth *auth, Call *call, Str user_id, Str *location)
{
    SecondStep second_step;

    TRY(second_step_ask(auth, call->arena, user_id, &second_step));
    call->put_header(call, "Cache-Control", "no-store");
    *location = str_format(call->arena, "/#code=%.*s", STR_ARG(second_step.challenge));
    return OK;
}

static Err sign_in(const Auth *auth, Call *call, const OidcPerson *person, Str *location)
{
    SignInGrant grant = {0};
    bool is_needed;
    SignedIn signed_in;
    Str merged;

    *location = person->return_to;
    TRY(link_decide(auth, call->arena, person, &grant, &merged));
    TRY(second_step_is_needed(auth, call->arena, grant.user_id, &is_needed));
    if (is_needed)
        return ask_for_code(auth, call, grant.user_id, location);
    TRY(end_guest(auth, call, person, merged, &grant));
    TRY(sign_in_begin(auth, call, false, &grant));
    return answer_grant(auth, call, &grant, true, &signed_in);
}

Err auth_come_from_provider(Call *call, const AuthComeFromProviderInput *in)
{
    const Auth *auth = call->service;
    OidcPerson person;
    Str location;

    if (call->put_header == NULL)
        return err(UNPROCESSABLE, "Only a browser can come back from a provider.");
    OidcAnswer answer = {
        .provider = in->provider,
        .state = in->state,
        .code = in->code,
        .iss = in->iss,
        .error = in->error,
        .browser = cookie_get(call->header(call, STR("cookie")), STR(COOKIE_FLOW)),
    };
    TRY(oidc_finish(auth->oidc, call, &answer, &person));
    TRY(sign_in(auth, call, &person, &location));
    put_mark(call, STR(""), 0);
    call->put_header(call, "Location", str_c(call->arena, location));
    return OK;
}
