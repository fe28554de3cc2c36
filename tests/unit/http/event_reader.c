/* Server-sent events as they come off the wire: the same whatever the pieces. */
#include "check.h"

#include "http/event_reader.h"

enum { MAX_BYTES = 64 };

typedef struct Seen {
    Arena arena;
    Buf text; /* "name|data;" for each event */
    size_t stop_after;
    size_t count;
} Seen;

static Err note(void *context, Str name, Str data)
{
    Seen *seen = context;

    buf_format(&seen->text, "%.*s|%.*s;", STR_ARG(name), STR_ARG(data));
    seen->count++;
    return seen->count == seen->stop_after ? err(CONFLICT, "enough") : OK;
}

/* Fed in pieces of that size. */
static Err read_in_pieces(Seen *seen, Str bytes, size_t size)
{
    EventReader reader;

    arena_init(&seen->arena);
    buf_init(&seen->text, &seen->arena, 64);
    event_reader_init(&reader, &seen->arena, MAX_BYTES);
    for (size_t at = 0; at < bytes.len; at += size)
        TRY(event_reader_feed(&reader, str_slice(bytes, at, at + size), note, seen));
    return event_reader_end(&reader, note, seen);
}

static void check_reads(Str bytes, const char *wanted)
{
    for (size_t size = 1; size <= bytes.len; size++) {
        Seen seen = {0};
        check_ok(read_in_pieces(&seen, bytes, size));
        assert_string_equal(buf_str(&seen.text).data, wanted);
        arena_finish(&seen.arena);
    }
}

static void events_are_read_whatever_the_pieces(void **state)
{
    (void)state;
    check_reads(STR("data: one\n\nevent: x\ndata: two\n\n"), "|one;x|two;");
}

static void lines_end_in_any_of_the_three_ways(void **state)
{
    (void)state;
    check_reads(STR("data: one\r\n\r\ndata: two\r\rdata: three\n\n"), "|one;|two;|three;");
}

static void comments_unknown_fields_and_events_without_data_are_passed_over(void **state)
{
    (void)state;
    check_reads(STR(": ping\n\nid: 7\nretry: 3\nevent: lonely\n\nnonsense\ndata:x\n\n"), "|x;");
}

static void only_one_blank_after_the_colon_belongs_to_the_form(void **state)
{
    (void)state;
    check_reads(STR("data:  two\n\ndata:none\n\ndata\n\n"), "| two;|none;|;");
}

static void lines_of_data_are_joined_by_line_feeds(void **state)
{
    (void)state;
    check_reads(STR("data: a\ndata:\ndata: b\n\n"), "|a\n\nb;");
}

static void a_byte_order_mark_at_the_start_is_no_text(void **state)
{
    (void)state;
    check_reads(STR("\xEF\xBB\xBF"
                    "data: a\n\n"),
                "|a;");
}

static void the_last_event_may_lack_its_empty_line(void **state)
{
    (void)state;
    check_reads(STR("data: a\n\ndata: b"), "|a;|b;");
    check_reads(STR("data: a\n\ndata: b\n"), "|a;|b;");
}

static void a_line_or_an_event_that_is_too_long_is_refused(void **state)
{
    static const char LINE[] =
        "data: 0123456789012345678901234567890123456789012345678901234567890123456789\n\n";
    static const char EVENT[] =
        "data: 0123456789012345678901234567890123456789\ndata: 0123456789012345678901234\n\n";
    (void)state;

    for (size_t size = 1; size <= sizeof LINE; size++) {
        Seen seen = {0};
        check_err(read_in_pieces(&seen, str_from(LINE), size), TOO_LARGE, "64 bytes");
        arena_finish(&seen.arena);
        seen = (Seen){0};
        check_err(read_in_pieces(&seen, str_from(EVENT), size), TOO_LARGE, "64 bytes");
        arena_finish(&seen.arena);
    }
}

static void the_taker_can_end_the_reading(void **state)
{
    Seen seen = {.stop_after = 1};

    (void)state;
    check_err(read_in_pieces(&seen, STR("data: a\n\ndata: b\n\n"), 100), CONFLICT, "enough");
    assert_int_equal(seen.count, 1);
    arena_finish(&seen.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_read_whatever_the_pieces),
        cmocka_unit_test(lines_end_in_any_of_the_three_ways),
        cmocka_unit_test(comments_unknown_fields_and_events_without_data_are_passed_over),
        cmocka_unit_test(only_one_blank_after_the_colon_belongs_to_the_form),
        cmocka_unit_test(lines_of_data_are_joined_by_line_feeds),
        cmocka_unit_test(a_byte_order_mark_at_the_start_is_no_text),
        cmocka_unit_test(the_last_event_may_lack_its_empty_line),
        cmocka_unit_test(a_line_or_an_event_that_is_too_long_is_refused),
        cmocka_unit_test(the_taker_can_end_the_reading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
