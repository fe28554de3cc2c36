/* Who a person that a provider vouches for is here. */
#ifndef NERDX_SERVICES_AUTH_LINKS_DECIDE_H
#define NERDX_SERVICES_AUTH_LINKS_DECIDE_H

#include "services/auth/core.h"
#include "services/auth/oidc/oidc.h"
#include "services/auth/sign_ins/sign_ins.h"

/* By issuer and subject, never by an address alone:
 *   linked already             the account it is linked to; a guest who asked is merged into it
 *   not, and a member asked    linked to that member
 *   not, and the address that the provider has verified is somebody's here: CONFLICT, sign in to that account first
 *   not, and a guest asked     the guest becomes a member and keeps their id, with their story
 *   not, and nobody asked      somebody new
 * Fills in user_id, role and proved_us. merged: the guest who was merged, absent for none. Errors: CONFLICT also when a member asked
 * and the link is another's. */
Err link_decide(const Auth *auth, Arena *arena, const OidcPerson *person, SignInGrant *grant, Str *merged);

#endif
