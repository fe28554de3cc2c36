/* Signatures of webhooks against the vector that the Standard Webhooks' own libraries are tested with. */
#include "check.h"

#include "services/webhooks/sign.h"

/* "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" */
static const unsigned char SECRET[] = {0x31, 0xf2, 0x90, 0xf6, 0xbf, 0x06, 0x29, 0x8a,
                                       0xab, 0x4f, 0x08, 0xd4, 0x3c, 0x3f, 0x08, 0x2c,
                                       0xf6, 0x48, 0xa3, 0x62, 0xda, 0x2d, 0xa4, 0xb0};

static void a_signature_is_that_of_the_standards_libraries(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const Str secret = {(const char *)SECRET, sizeof SECRET};
    const WebhookMessage message = {STR("msg_p5jXN8AQM9LWM0D4loKWxJek"), 1614265330,
                                    STR("{\"test\": 2432232314}")};

    (void)state;
    arena_init(&arena);
    check_text(webhook_signature(&arena, secret, &message),
               "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    check_text(webhook_secret_text(&arena, secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_signature_is_that_of_the_standards_libraries)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
