/* Letters as they go over the wire. That others read them is tests/service/test_mail.py's. */
#include "check.h"

#include "base/buf.h"
#include "mail/mailer.h"

static ManualClock NOON;

static MailerConfig config(void)
{
    manual_clock_init(&NOON, INT64_C(1764158400000000)); /* 2025-11-26, 12:00 */
    return (MailerConfig){.from = STR("NERDX <no-reply@nerdx.com>"), .clock = &NOON.clock};
}

static void check_has(Str letter, Str text)
{
    if (str_find(letter, text, 0) == SIZE_MAX)
        fail_msg("no %.*s in\n%.*s", STR_ARG(text), STR_ARG(letter));
}

static void a_letter_has_the_headers_that_readers_and_relays_want(void **state)
{
    AUTO_ARENA Arena arena = {0};
    MailerConfig of = config();
    Mail mail = {.to = STR("a@example.com"),
                 .subject = STR("안녕"),
                 .text = STR("hi"),
                 .id = STR("n1"),
                 .unsubscribe = STR("https://nerdx.com/u?t=1")};
    Str letter;

    (void)state;
    check_ok(mail_write(&arena, &of, &mail, &letter));
    check_has(letter, STR("To: a@example.com\r\nSubject: =?UTF-8?B?7JWI64WV?=\r\n"));
    check_has(letter, STR("Date: Wed, 26 Nov 2025 12:00:00 +0000\r\nMessage-ID: <n1@nerdx.com>\r\n"));
    check_has(letter, STR("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"));
    check_has(letter, STR("List-Unsubscribe: <https://nerdx.com/u?t=1>\r\nList-Unsubscribe-Post: "
                          "List-Unsubscribe=One-Click\r\n"));
    check_has(
        letter,
        STR("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n"));
}

static void no_line_is_longer_than_readers_take(void **state)
{
    AUTO_ARENA Arena arena = {0};
    MailerConfig of = config();
    Buf text = {.arena = &arena};
    Str letter, line;

    (void)state;
    for (int i = 0; i < 200; i++)
        buf_put(&text, STR("막걸리와 누룩, "));
    Str all = buf_str(&text);
    Mail mail = {.to = STR("a@example.com"), .subject = str_slice(all, 0, 600), .text = all, .html = all};
    check_ok(mail_write(&arena, &of, &mail, &letter));
    while (str_split(&letter, '\n', &line))
        assert_true(line.len <= 78);
}

static void nothing_in_a_letter_becomes_a_header(void **state)
{
    const Str addresses[] = {STR("a@example.com\r\nBcc: b@example.com"),
                             STR("a@b@c"),
                             STR("a b@c"),
                             STR("@c"),
                             STR("a@"),
                             STR("\"a\"@c"),
                             STR("a@c>,<b@c"),
                             STR("한@c")};
    AUTO_ARENA Arena arena = {0};
    MailerConfig of = config();
    Mail mail = {.subject = STR("s"), .text = STR("t")};
    Str letter;

    (void)state;
    for (size_t i = 0; i < COUNT(addresses); i++) {
        mail.to = addresses[i];
        check_err(mail_write(&arena, &of, &mail, &letter), INVALID, "address");
    }
    mail = (Mail){.to = STR("a@example.com"), .subject = STR("s\r\nBcc: b@example.com"), .text = STR("t")};
    check_err(mail_write(&arena, &of, &mail, &letter), INVALID, "header");
    mail =
        (Mail){.to = STR("a@example.com"), .subject = STR("s"), .text = STR("t"), .id = STR("x>\r\nBcc: b")};
    check_err(mail_write(&arena, &of, &mail, &letter), INVALID, "header");
    mail.id = (Str){0};
    mail.unsubscribe = STR("https://x>\r\nBcc: b");
    check_err(mail_write(&arena, &of, &mail, &letter), INVALID, "header");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_has_the_headers_that_readers_and_relays_want),
        cmocka_unit_test(no_line_is_longer_than_readers_take),
        cmocka_unit_test(nothing_in_a_letter_becomes_a_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
