#include "check.h"

#include "library.h"

typedef struct Case {
    const char *bytes;
    size_t len;
    int status; /* 200 = let through, 0 = the library refuses it */
} Case;

#define CASE(text, status) {text, sizeof(text) - 1, status}
#define GET "GET / HTTP/1.1\r\nHost: x\r\n"

static int verdict(const char *bytes, size_t len, Head *head)
{
    AUTO_ARENA Arena arena = {0};
    LibraryHead library;
    Refusal refusal = {0};
    char *copy = arena_alloc(&arena, len + 1);

    memcpy(copy, bytes, len);
    copy[len] = '\0';
    if (!library_parse(copy, len, &arena, &library, head))
        return 0;
    if (head_check(head, &refusal))
        return 200;
    return refusal.status ? refusal.status : err_kind(refusal.error.code)->status;
}

static void lines_must_end_in_crlf_and_stand_unfolded(void **state)
{
    static const Case CASES[] = {
        CASE(GET "\r\n", 200),
        CASE(GET "A: b\r\nC:d\r\nE:\r\nF: \t g \r\n\r\n", 200),
        CASE("GET / HTTP/1.1\nHost: x\r\n\r\n", 400),
        CASE("GET / HTTP/1.1\r\nHost: x\n\r\n", 400),
        CASE(GET "\n", 400),
        CASE(GET "A: b\nC: d\r\n\r\n", 400),
        CASE(GET "A: b\r\n c\r\n\r\n", 400),
        CASE(GET "A: b\r\n\tc\r\n\r\n", 400),
        CASE("GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400),
        CASE(GET "A : b\r\n\r\n", 400),
        CASE(GET "A: b\rc\r\n\r\n", 400),
        CASE("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        CASE("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 200), /* one target with a blank: target.h refuses it */
        CASE("GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 0),
    };
    Head head;

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(verdict(CASES[i].bytes, CASES[i].len, &head), CASES[i].status);
}

static void nothing_hides_behind_a_nul(void **state)
{
    static const Case CASES[] = {
        CASE(GET "A: b\0c\r\n\r\n", 400),
        CASE(GET "A: b\0\r\n\r\n", 400),
        CASE(GET "A: b\0\0Host: y\r\n\r\n", 400),
        CASE(GET "A: b\0\0\0\0\r\n\r\n", 400),
        CASE(GET "A: \0b\r\nC: d\r\n\r\n", 400),
        CASE(GET "A\0: b\r\n\r\n", 0),
        CASE(GET "\0A: b\r\n\r\n", 400),
        CASE("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        CASE("GET /\0a HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        CASE("G\0T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        CASE(GET "A: b\0\n\r\n", 200), /* NUL LF for CR LF: can't be told apart, ends the same line */
    };
    Head head;

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(verdict(CASES[i].bytes, CASES[i].len, &head), CASES[i].status);
}

static void the_length_of_a_body_is_never_in_doubt(void **state)
{
    static const Case CASES[] = {
        CASE(GET "Content-Length: 5\r\n\r\n", 200),
        CASE(GET "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", 400),
        CASE(GET "Content-Length: 5\r\ncontent-length: 6\r\n\r\n", 400),
        CASE(GET "Content-Length: +5\r\n\r\n", 400),
        CASE(GET "Content-Length: 5, 5\r\n\r\n", 400),
        CASE(GET "Content-Length: \r\n\r\n", 400),
        CASE(GET "Content-Length: 9223372036854775808\r\n\r\n", 400),
        CASE(GET "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        CASE(GET "Transfer-Encoding: chunked\r\n\r\n", 200),
        CASE(GET "Transfer-Encoding: Chunked\r\n\r\n", 200),
        CASE(GET "Transfer-Encoding: chunked, chunked\r\n\r\n", 400),
        CASE(GET "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n", 400),
        CASE(GET "Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
        CASE(GET "Transfer-Encoding: \x0b"
                 "chunked\r\n\r\n",
             400),
        CASE("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    };
    Head head;

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(verdict(CASES[i].bytes, CASES[i].len, &head), CASES[i].status);
    (void)verdict(CASES[0].bytes, CASES[0].len, &head);
    assert_int_equal(head.content_length, 5);
    assert_false(head.chunked);
    (void)verdict(CASES[8].bytes, CASES[8].len, &head);
    assert_int_equal(head.content_length, -1);
    assert_true(head.chunked);
}

static void one_host_is_named(void **state)
{
    static const Case CASES[] = {
        CASE("GET / HTTP/1.1\r\n\r\n", 400),
        CASE("GET / HTTP/1.0\r\n\r\n", 200),
        CASE("GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
        CASE(GET "host: x\r\n\r\n", 400),
        CASE("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200),
        CASE("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        CASE("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400),
        CASE("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
        CASE("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    };
    Head head;

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(verdict(CASES[i].bytes, CASES[i].len, &head), CASES[i].status);
}

static void what_is_too_large_is_refused_by_its_own_status(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Head head;

    (void)state;
    Buf many = {.arena = &arena};
    buf_put(&many, STR(GET));
    for (int i = 0; i < HEAD_MAX_HEADERS; i++)
        buf_put(&many, STR("A: b\r\n"));
    buf_put(&many, STR("\r\n"));
    assert_int_equal(verdict(many.data, many.len, &head), 431);

    char *filler = arena_alloc(&arena, HEAD_MAX_BYTES + 1);
    memset(filler, 'a', HEAD_MAX_BYTES + 1);
    Str large = str_format(&arena, GET "A: %.*s\r\n\r\n", HEAD_MAX_BYTES, filler);
    assert_int_equal(verdict(large.data, large.len, &head), 431);
    Str target = str_format(&arena, "GET /%.*s HTTP/1.1\r\nHost: x\r\n\r\n", HEAD_MAX_TARGET, filler);
    assert_int_equal(verdict(target.data, target.len, &head), 414);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_must_end_in_crlf_and_stand_unfolded),
        cmocka_unit_test(nothing_hides_behind_a_nul),
        cmocka_unit_test(the_length_of_a_body_is_never_in_doubt),
        cmocka_unit_test(one_host_is_named),
        cmocka_unit_test(what_is_too_large_is_refused_by_its_own_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
