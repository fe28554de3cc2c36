#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/chat/paper.h"

/* What a paper of some width makes of a text. */
typedef struct Sheet {
    char *text;
    size_t size;
    Paper paper;
} Sheet;

static Sheet sheet_open(size_t width)
{
    Sheet sheet = {0};

    sheet.paper = (Paper){.width = width};
    return sheet;
}

static const char *written(size_t width, size_t indent, const char *const *pieces)
{
    static char out[1024];
    Sheet sheet = sheet_open(width);

    sheet.paper.out = open_memstream(&sheet.text, &sheet.size);
    sheet.paper.indent = indent;
    for (size_t i = 0; pieces[i] != NULL; i++)
        paper_put(&sheet.paper, str_from(pieces[i]));
    paper_end(&sheet.paper);
    (void)fclose(sheet.paper.out);
    (void)snprintf(out, sizeof out, "%s", sheet.text);
    free(sheet.text);
    return out;
}

#define WRITTEN(width, indent, ...) written(width, indent, (const char *const[]){__VA_ARGS__, NULL})

static void korean_takes_two_columns_a_syllable(void **state)
{
    (void)state;
    assert_int_equal(paper_columns(STR("막걸리")), 6);
    assert_int_equal(paper_columns(STR("makgeolli")), 9);
    assert_int_equal(paper_columns(STR("e\xCC\x81")), 1);                /* with a combining accent */
    assert_int_equal(paper_columns(STR("\xE1\x84\x80\xE1\x85\xA1")), 2); /* conjoining jamo */
}

static void lines_are_broken_between_words(void **state)
{
    (void)state;
    assert_string_equal(WRITTEN(10, 0, "비 오는 날의 파전"), "비 오는\n날의 파전\n");
    assert_string_equal(WRITTEN(11, 0, "비 오는 날의 파전"), "비 오는\n날의 파전\n");
    assert_string_equal(WRITTEN(12, 0, "비 오는 날의 파전"), "비 오는 날의\n파전\n");
}

static void pieces_are_broken_as_if_they_came_at_once(void **state)
{
    (void)state;
    assert_string_equal(WRITTEN(12, 0, "비 오는", " 날의", " 파전"), "비 오는 날의\n파전\n");
    assert_string_equal(WRITTEN(12, 0, "One.", " Two.", "\n\nThree."), "One. Two.\n\nThree.\n");
}

static void a_word_wider_than_a_line_is_broken_where_the_line_ends(void **state)
{
    (void)state;
    assert_string_equal(WRITTEN(8, 0, "가나다라마바사"), "가나다라\n마바사\n");
    assert_string_equal(WRITTEN(7, 0, "가나다라"), "가나다\n라\n"); /* no syllable is cut in two */
}

static void lines_that_go_on_are_indented(void **state)
{
    (void)state;
    assert_string_equal(WRITTEN(12, 4, "  - one two three"), "  - one two\n    three\n");
}

static void what_commands_a_terminal_is_left_out(void **state)
{
    (void)state;
    assert_string_equal(WRITTEN(40, 0,
                                "a\033[31mb\007c\xC2\x9B"
                                "d\xE2\x80\xAE"
                                "e\r"),
                        "a[31mbcde\n");
    assert_string_equal(WRITTEN(0, 0, "as it is\033[0m  twice"), "as it is\033[0m  twice\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(korean_takes_two_columns_a_syllable),
        cmocka_unit_test(lines_are_broken_between_words),
        cmocka_unit_test(pieces_are_broken_as_if_they_came_at_once),
        cmocka_unit_test(a_word_wider_than_a_line_is_broken_where_the_line_ends),
        cmocka_unit_test(lines_that_go_on_are_indented),
        cmocka_unit_test(what_commands_a_terminal_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
