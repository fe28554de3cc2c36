/* Within the room: the parts of what comes in. */
#ifndef NERDX_SERVICES_AUTH_WEBAUTHN_PARTS_H
#define NERDX_SERVICES_AUTH_WEBAUTHN_PARTS_H

#include "services/auth/webauthn/webauthn.h"

/* To the caller all that is wrong is one thing; why is for the log. */
Err webauthn_refused(const char *why);

/* The browser has done what was asked, on a page of ours. type: "webauthn.create" or "webauthn.get". */
Err webauthn_check_client(const WebauthnSite *site, const WebauthnClient *client, Str type);

/* Authenticator data (section 6.1). */
typedef struct WebauthnData {
    Str rp_id_hash;
    uint8_t flags;
    uint32_t counter;
    bool has_credential;
    Str credential_id;
} WebauthnData;

/* False unless it is well formed to its last byte. */
bool webauthn_read_data(Str bytes, WebauthnData *out);

/* It is for our domain, somebody was there (UP), and the device has asked who (UV). */
Err webauthn_check_data(const WebauthnSite *site, const WebauthnData *data);

/* The authenticator data in an attestation object (section 6.5.4); false unless that is one map, well formed to its last byte. */
bool webauthn_read_attestation(Str bytes, Str *authenticator_data);

#endif
