/* Bytes as what a browser says of a passkey. The first byte says which part they are: client data, an attestation object, the authenticator
 * data in one (so that what lies behind its frame is reached), that of an assertion, or a signature. What is accepted as a registration has
 * an id and a key that can check signatures. No assertion is accepted: nobody here has signed it. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "services/auth/webauthn/webauthn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const WebauthnSite SITE = {{"localhost", 9}, {NULL, 0}};

/* SHA-256 of "localhost", flags and counter: what an authenticator of ours begins with. */
static const char HEAD[] =
    "\x49\x96\x0d\xe5\x88\x0e\x8c\x68\x74\x34\x17\x0f\x64\x76\x60\x5b\x8f\xe4\xae\xb9\xa2\x86\x32\xc7"
    "\x99\x5c\xf3\xba\x83\x1d\x97\x63\x45\x00\x00\x00\x01";

static void must(bool holds)
{
    if (!holds)
        abort();
}

static WebauthnClient client_of(const char *type)
{
    return (WebauthnClient){.type = str_from(type), .origin = STR("http://localhost")};
}

static void read_client(Arena *arena, Str bytes)
{
    WebauthnClient client;
    Err e = webauthn_read_client(bytes, arena, &client);

    must(!failed(&e) || e.code == UNAUTHORIZED);
    must(failed(&e) ||
         (client.type.data != NULL && client.challenge.data != NULL && client.origin.data != NULL));
}

static void check_credential(const WebauthnCredential *credential)
{
    const WebauthnAssertion nothing = {{HEAD, sizeof HEAD - 1}, STR("\x30\x00")};
    WebauthnClient client = client_of("webauthn.get");
    uint32_t counter;

    must(credential->id.len > 0 && credential->id.len <= WEBAUTHN_CREDENTIAL_ID_MAX);
    must(credential->public_key.len > 0);
    Err e = webauthn_verify(&SITE, &client, credential, &nothing, &counter);
    must(e.code == UNAUTHORIZED);
}

static void read_attestation(Arena *arena, Str bytes)
{
    WebauthnClient client = client_of("webauthn.create");
    WebauthnCredential credential;
    Err e = webauthn_register(arena, &SITE, &client, bytes, &credential);

    must(!failed(&e) || e.code == UNAUTHORIZED || e.code == UNPROCESSABLE);
    if (!failed(&e))
        check_credential(&credential);
}

/* {"fmt": "none", "attStmt": {}, "authData": HEAD and the bytes} */
static void read_behind_the_head(Arena *arena, Str bytes)
{
    size_t length = sizeof HEAD - 1 + bytes.len;
    Buf frame = {.arena = arena};

    buf_put(&frame, STR("\xa3\x63"
                        "fmt\x64none\x67"
                        "attStmt\xa0\x68"
                        "authData\x59"));
    buf_put_char(&frame, (char)(length >> 8));
    buf_put_char(&frame, (char)length);
    buf_put(&frame, (Str){HEAD, sizeof HEAD - 1});
    buf_put(&frame, bytes);
    read_attestation(arena, buf_str(&frame));
}

static void read_assertion(Str authenticator_data, Str signature)
{
    static const char POINT[] = /* the generator of P-256 */
        "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2"
        "\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96"
        "\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16"
        "\x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5";
    const WebauthnCredential known = {.algorithm = -7, .public_key = {POINT, sizeof POINT - 1}};
    const WebauthnAssertion assertion = {authenticator_data, signature};
    WebauthnClient client = client_of("webauthn.get");
    uint32_t counter;
    Err e = webauthn_verify(&SITE, &client, &known, &assertion, &counter);

    must(e.code == UNAUTHORIZED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { PARTS = 5, LONGEST = 16384 };
    AUTO_ARENA Arena arena = {0};

    if (size == 0 || size > LONGEST)
        return 0;
    Str bytes = {(const char *)data + 1, size - 1};
    switch (data[0] % PARTS) {
    case 0:
        read_client(&arena, bytes);
        break;
    case 1:
        read_attestation(&arena, bytes);
        break;
    case 2:
        read_behind_the_head(&arena, bytes);
        break;
    case 3:
        read_assertion(bytes, STR("\x30\x00"));
        break;
    default:
        read_assertion((Str){HEAD, sizeof HEAD - 1}, bytes);
    }
    return 0;
}
