/* A notice as a letter: what fills it is text, in the page as in the plain part. */
#include "check.h"

#include "services/notify/letter.h"

#define WORDS                                                                                     \
    "ko: {open: 열기, footer: 끝, refuse: 그만, withdraw: 철회, several: '{count}', "             \
    "advertiser: '{name}, {address}, {phone}, {email}'}\n"                                        \
    "en: {open: Open, footer: The end, refuse: No more, withdraw: Withdraw, several: '{count}', " \
    "advertiser: '{name} at {address}, {phone}, {email}'}\n"

static const Asset FILES[] = {
    {.path = "letter.html", .bytes = {"<h1>{title}</h1>{text}{open}<i>{footer}</i>", 43}},
    {.path = "letter.yaml", .bytes = {WORDS, sizeof WORDS - 1}},
};

static Mail write_with(Arena *arena, const Wording *wording, const LetterEnd *end)
{
    const AssetTable files = {FILES, COUNT(FILES)};
    Letter *letter;
    Mail mail = {0};

    check_ok(letter_create(files, &letter));
    letter_write(letter, arena, wording, LANGUAGE_EN, end, &mail);
    letter_destroy(letter);
    return mail;
}

static Mail write_one(Arena *arena, const Wording *wording)
{
    return write_with(arena, wording, &(LetterEnd){.advertiser = NULL});
}

static void the_page_and_the_plain_part_say_the_same(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Mail mail = write_one(
        &arena, &(Wording){.title = STR("T"), .text = STR("one\ntwo\n\nthree"), .link = STR("https://x/")});

    (void)state;
    check_text(mail.text, "one\ntwo\n\nthree\n\nhttps://x/\n\n-- \nThe end\n");
    assert_int_equal(str_find(mail.html, STR("<h1>T</h1><p>one<br>\ntwo</p>\n<p>three</p><p><a"), 0), 0);
    assert_int_not_equal(str_find(mail.html, STR("href=\"https://x/\">Open</a></p><i><p>The end</p></i>"), 0),
                         SIZE_MAX);
}

static void no_value_becomes_markup(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Mail mail = write_one(&arena, &(Wording){.title = STR("</h1><script>"),
                                             .text = STR("a & <b> \"c\" 'd'"),
                                             .link = STR("https://x/?a=1&b='")});

    (void)state;
    assert_int_equal(str_find(mail.html, STR("<script>"), 0), SIZE_MAX);
    assert_int_not_equal(str_find(mail.html, STR("<p>a &amp; &lt;b&gt; &quot;c&quot; &#39;d&#39;</p>"), 0),
                         SIZE_MAX);
    assert_int_not_equal(str_find(mail.html, STR("href=\"https://x/?a=1&amp;b=&#39;\""), 0), SIZE_MAX);
}

static void advertising_says_who_sends_it_and_how_to_refuse_in_both_languages(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const Advertiser who = {STR("<NERDX>"), STR("Seoul"), STR("02-0"), STR("a@b")};
    Mail mail = write_with(&arena, &(Wording){.title = STR("T"), .text = STR("one")},
                           &(LetterEnd){.unsubscribe = STR("https://x/u"), .advertiser = &who});

    (void)state;
    check_text(mail.text, "one\n\n-- \nThe end\n<NERDX> at Seoul, 02-0, a@b\nNo more: https://x/u\n"
                          "<NERDX>, Seoul, 02-0, a@b\n그만: https://x/u\n");
    assert_int_not_equal(str_find(mail.html, STR("<p>&lt;NERDX&gt;, Seoul, 02-0, a@b</p>"), 0), SIZE_MAX);
    assert_int_not_equal(str_find(mail.html, STR("href=\"https://x/u\">No more</a>"), 0), SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_and_the_plain_part_say_the_same),
        cmocka_unit_test(no_value_becomes_markup),
        cmocka_unit_test(advertising_says_who_sends_it_and_how_to_refuse_in_both_languages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
