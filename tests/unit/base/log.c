#include "check.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/thread.h"

/* The log goes into a pipe that a thread empties; log_end gives what came. */
typedef struct Capture {
    int pipe[2];
    Arena arena;
    Buf text;
    pthread_t reader;
} Capture;

static void *read_all(void *context)
{
    Capture *capture = context;

    for (;;) {
        ssize_t got = read(capture->pipe[0], buf_reserve(&capture->text, 4096), 4096);
        if (got <= 0)
            return NULL;
        capture->text.len += (size_t)got;
    }
}

static void log_begin(Capture *capture)
{
    *capture = (Capture){0};
    capture->text.arena = &capture->arena;
    assert_int_equal(pipe(capture->pipe), 0);
    log_set_output(capture->pipe[1]);
    capture->reader = thread_start("reader", read_all, capture);
}

static Str log_end(Capture *capture)
{
    log_set_output(STDERR_FILENO);
    (void)close(capture->pipe[1]);
    thread_join(capture->reader);
    (void)close(capture->pipe[0]);
    return buf_str(&capture->text);
}

static void a_line_is_json_with_its_fields_in_order(void **state)
{
    Capture capture;
    AUTO_JSON json_t *line = NULL;
    AUTO_ARENA Arena arena = {0};
    Err e = err_detail(err(NOT_FOUND, "no such bottle"), "row 7");
    Trace trace;

    (void)state;
    assert_true(trace_parse(STR("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), &trace));
    log_begin(&capture);
    log_warn("a thing", log_text("text", STR("술")), log_chars("none", NULL), log_int("n", -5),
             log_real("r", 0.5), log_bool("b", true), log_err(&e), log_trace(&trace));
    Str text = log_end(&capture);
    assert_true(str_ends(text, STR("}\n")));
    check_ok(json_read(text, &line));
    assert_non_null(json_object_get(line, "time"));
    assert_int_equal(json_object_del(line, "time"), 0);
    check_text(json_text(&arena, line),
               "{\"level\":\"warn\",\"message\":\"a "
               "thing\",\"text\":\"술\",\"none\":null,\"n\":-5,\"r\":0.5,\"b\":true,"
               "\"error\":{\"code\":\"not-found\",\"message\":\"no such bottle\",\"detail\":\"row 7\"},"
               "\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"span_id\":\"00f067aa0ba902b7\"}");
    arena_finish(&capture.arena);
}

static void no_value_can_break_out_of_its_line(void **state)
{
    Capture capture;
    AUTO_JSON json_t *line = NULL;
    static char huge[100000];

    (void)state;
    memset(huge, '\n', sizeof huge);
    log_begin(&capture);
    log_error("evil\n{\"level\":\"info\"}", log_text("bytes", STR("\x1b[31m\r\n\xff\"\\")),
              log_text("huge", (Str){huge, sizeof huge}), log_real("nan", __builtin_nan("")));
    Str text = log_end(&capture);
    assert_int_equal(str_find(text, STR("\n"), 0), text.len - 1);
    for (size_t i = 0; i + 1 < text.len; i++)
        assert_true((unsigned char)text.data[i] >= 0x20);
    assert_true(text.len < LOG_LINE_MAX);
    check_ok(json_read(text, &line));
    assert_string_equal(json_string_value(json_object_get(line, "bytes")), "\x1b[31m\r\n\ufffd\"\\");
    arena_finish(&capture.arena);
}

static int asked;

static int64_t ask(void)
{
    return ++asked;
}

static void a_level_that_is_off_costs_nothing_and_writes_nothing(void **state)
{
    Capture capture;

    (void)state;
    log_begin(&capture);
    log_debug("unheard", log_int("n", ask()));
    log_set_level(LEVEL_OFF);
    log_error("unheard", log_int("n", ask()));
    log_set_level(LEVEL_INFO);
    assert_int_equal(log_end(&capture).len, 0);
    assert_int_equal(asked, 0);
    arena_finish(&capture.arena);
}

static void levels_have_names_that_lead_back(void **state)
{
    LogLevel level;

    (void)state;
    for (LogLevel each = LEVEL_DEBUG; each <= LEVEL_OFF; each++) {
        assert_true(log_level_from(str_from(log_level_name(each)), &level));
        assert_int_equal(level, each);
    }
    assert_false(log_level_from(STR("loud"), &level));
}

enum { THREADS = 4, LINES = 20000 };

static void *write_lines(void *context)
{
    AUTO_ARENA Arena arena = {0};

    for (int i = 0; i < LINES; i++) {
        arena_reset(&arena);
        log_buffered(str_format(&arena, "%d %d %.*s\n", (int)(intptr_t)context, i, i % 100,
                                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                                "xxxxxxxxxxxxxxxxxxxxxxxx"));
        if (i % 5000 == 0)
            log_info("between");
    }
    return NULL;
}

/* Lines of each thread come whole, all of them and in order, whatever else is written between. */
static void buffered_lines_are_neither_torn_nor_lost_nor_reordered(void **state)
{
    Capture capture;
    pthread_t threads[THREADS];
    int next[THREADS] = {0};
    Str line;

    (void)state;
    log_begin(&capture);
    log_start();
    for (size_t i = 0; i < THREADS; i++)
        threads[i] = thread_start("lines", write_lines, (void *)i);
    for (size_t i = 0; i < THREADS; i++)
        thread_join(threads[i]);
    log_stop();
    Str rest = log_end(&capture);
    while (str_split(&rest, '\n', &line) && rest.data) {
        int64_t thread = 0;
        int64_t number = 0;
        Str first;
        Str second;
        if (str_starts(line, STR("{\"time\"")))
            continue;
        assert_true(str_split(&line, ' ', &first) && str_split(&line, ' ', &second));
        assert_true(str_to_int(first, &thread) && str_to_int(second, &number));
        assert_int_equal(number, next[thread]++);
        assert_int_equal(line.len, number % 100);
    }
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(next[i], LINES);
    arena_finish(&capture.arena);
}

static void a_buffered_line_comes_out_by_itself_in_time(void **state)
{
    int ends[2];
    char text[16];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    log_set_output(ends[1]);
    log_start();
    log_buffered(STR("{}\n"));
    assert_int_equal(read(ends[0], text, sizeof text), 3); /* waits for it */
    log_stop();
    log_set_output(STDERR_FILENO);
    file_close(&ends[0]);
    file_close(&ends[1]);
}

static void without_start_lines_are_written_at_once(void **state)
{
    Capture capture;

    (void)state;
    log_begin(&capture);
    log_buffered(STR("{}\n"));
    log_flush();
    log_stop();
    check_text(log_end(&capture), "{}\n");
    arena_finish(&capture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_json_with_its_fields_in_order),
        cmocka_unit_test(no_value_can_break_out_of_its_line),
        cmocka_unit_test(a_level_that_is_off_costs_nothing_and_writes_nothing),
        cmocka_unit_test(levels_have_names_that_lead_back),
        cmocka_unit_test(buffered_lines_are_neither_torn_nor_lost_nor_reordered),
        cmocka_unit_test(a_buffered_line_comes_out_by_itself_in_time),
        cmocka_unit_test(without_start_lines_are_written_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
