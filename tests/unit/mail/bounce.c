/* What comes back for a letter is told from what only looks so, by its status and the letter's own id. */
#include "check.h"

#include "mail/bounce.h"

#define ID "019ab5c2-7d3e-7abc-9def-0123456789ab"
#define HEAD(type) \
    "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=" type ";\n\tboundary=\"b\"\n\n"
#define LETTER "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID:\n <" ID "@nerdx.com>\n\n--b--\n"
#define REPORT(fields)                                                                                   \
    HEAD("delivery-status")                                                                              \
    "--b\n\nhuman words\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n" fields \
    "\n" LETTER

static Bounce read_one(Arena *arena, const char *message)
{
    return bounce_read(arena, str_from(message));
}

/* RFC 3464, section 5; RFC 3463, section 3. */
static void a_failure_is_hard_where_the_mailbox_is_not_there_and_soft_elsewhere(void **state)
{
    static const struct {
        const char *message;
        BounceKind kind;
        const char *status;
    } ROWS[] = {
        {REPORT("Final-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.1.1\n"), BOUNCE_HARD, "5.1.1"},
        {REPORT("Status: 5.0.0 (unknown)\nAction: Failed\n"), BOUNCE_HARD, "5.0.0"},
        {REPORT("Action: failed\nStatus: 5.2.1\n"), BOUNCE_HARD, "5.2.1"},
        {REPORT("Action: failed\nStatus: 5.1.10\n"), BOUNCE_HARD, "5.1.10"},
        {REPORT("Action: failed\nStatus: 5.1.7\n"), BOUNCE_SOFT,
         "5.1.7"}, /* of the sender's address, as 5.1.8 */
        {REPORT("Action: failed\nStatus: 5.1.8\n"), BOUNCE_SOFT, "5.1.8"},
        {REPORT("Action: failed\nStatus: 5.2.2\n"), BOUNCE_SOFT, "5.2.2"},
        {REPORT("Action: failed\nStatus: 5.7.1\n"), BOUNCE_SOFT, "5.7.1"},
        {REPORT("Action: failed\nStatus: 4.4.7\n"), BOUNCE_SOFT, "4.4.7"},
        {REPORT("Action: delayed\nStatus: 4.2.2\n"), BOUNCE_NONE, "4.2.2"},
        {REPORT("Action: delivered\nStatus: 2.0.0\n"), BOUNCE_NONE, "2.0.0"},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        Bounce bounce = read_one(&arena, ROWS[i].message);
        assert_int_equal(bounce.kind, ROWS[i].kind);
        check_text(bounce.status, ROWS[i].status);
        check_text(bounce.letter_id, ID);
    }
}

/* RFC 5965, appendix B. */
static void a_complaint_names_the_letter(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Bounce bounce =
        read_one(&arena, HEAD("feedback-report") "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
                                                 "Feedback-Type: abuse\r\nVersion: 1\r\n\r\n" LETTER);

    (void)state;
    assert_int_equal(bounce.kind, BOUNCE_COMPLAINT);
    check_text(bounce.letter_id, ID);
}

static void what_is_no_report_says_nothing(void **state)
{
    static const char *const MESSAGES[] = {
        "",
        "\n",
        "Subject: Out of office\n\nI am away.\nAction: failed\nStatus: 5.1.1\n",
        "Content-Type: multipart/report\n\n--b\n",
        (HEAD("delivery-status")),
        (HEAD("delivery-status") "--b"),
        ("Content-Type: multipart/mixed; boundary=b\n\n"
         "--b\nContent-Type: message/delivery-status\n\nAction: failed\n"),
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(MESSAGES); i++) {
        Bounce bounce = read_one(&arena, MESSAGES[i]);
        assert_int_equal(bounce.kind, BOUNCE_NONE);
        check_text(bounce.letter_id, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_is_hard_where_the_mailbox_is_not_there_and_soft_elsewhere),
        cmocka_unit_test(a_complaint_names_the_letter),
        cmocka_unit_test(what_is_no_report_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
