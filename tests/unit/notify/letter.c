/* A notice as a letter: what fills it is text, in the page as in the plain part. */
#include "check.h"

#include "services/notify/letter.h"

static const Asset FILES[] = {
    {.path = "letter.html", .bytes = {"<h1>{title}</h1>{text}{open}<i>{footer}</i>", 43}},
    {.path = "letter.yaml",
     .bytes = {"ko: {open: 열기, footer: 끝}\nen: {open: Open, footer: The end}\n", 66}},
};

static Mail write_one(Arena *arena, const Wording *wording)
{
    const AssetTable files = {FILES, COUNT(FILES)};
    Letter *letter;
    Mail mail = {0};

    check_ok(letter_create(files, &letter));
    letter_write(letter, arena, wording, LANGUAGE_EN, &mail);
    letter_destroy(letter);
    return mail;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_and_the_plain_part_say_the_same),
        cmocka_unit_test(no_value_becomes_markup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
