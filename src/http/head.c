#include "http/head.h"

#include <assert.h>
#include <string.h>

typedef struct KnownName {
    Str name;
    bool once; /* a second one makes the request ambiguous */
} KnownName;

#define NAME(text) {.data = "" text, .len = sizeof(text) - 1}

static const KnownName KNOWN[KNOWN_HEADER_COUNT] = {
    [HEADER_ACCEPT] = {NAME("accept"), false},
    [HEADER_ACCEPT_ENCODING] = {NAME("accept-encoding"), false},
    [HEADER_CONTENT_ENCODING] = {NAME("content-encoding"), true},
    [HEADER_CONTENT_LENGTH] = {NAME("content-length"), true},
    [HEADER_CONTENT_TYPE] = {NAME("content-type"), true},
    [HEADER_EXPECT] = {NAME("expect"), true},
    [HEADER_HOST] = {NAME("host"), true},
    [HEADER_IF_NONE_MATCH] = {NAME("if-none-match"), false},
    [HEADER_LAST_EVENT_ID] = {NAME("last-event-id"), true},
    [HEADER_TRACEPARENT] = {NAME("traceparent"), false},
    [HEADER_TRANSFER_ENCODING] = {NAME("transfer-encoding"), true},
};

/* RFC 9110, section 5.6.2: the characters of a token. */
static const bool TOKEN[256] = {
    ['0' ... '9'] = true, ['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['!'] = true,  ['#'] = true,
    ['$'] = true,         ['%'] = true,         ['&'] = true,         ['\''] = true, ['*'] = true,
    ['+'] = true,         ['-'] = true,         ['.'] = true,         ['^'] = true,  ['_'] = true,
    ['`'] = true,         ['|'] = true,         ['~'] = true,
};

/* RFC 3986, section 3.2: what a host and port may be made of. */
static const bool HOST[256] = {
    ['0' ... '9'] = true, ['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['-'] = true, ['.'] = true,
    ['_'] = true,         ['~'] = true,         ['%'] = true,         ['!'] = true, ['$'] = true,
    ['&'] = true,         ['\''] = true,        ['('] = true,         [')'] = true, ['*'] = true,
    ['+'] = true,         [','] = true,         [';'] = true,         ['='] = true, [':'] = true,
    ['['] = true,         [']'] = true,
};

/* RFC 9110, section 5.5: visible characters, blanks and tabs, and bytes above ASCII. */
static const bool VALUE[256] = {['\t'] = true, [' ' ... '~'] = true, [0x80 ... 0xFF] = true};

static bool made_of(Str text, const bool allowed[256])
{
    assert(text.data || text.len == 0);
    for (size_t i = 0; i < text.len; i++)
        if (!allowed[(unsigned char)text.data[i]])
            return false;
    return true;
}

static bool refuse(Refusal *refusal, int status, Err error)
{
    *refusal = (Refusal){status, error};
    return false;
}

KnownHeader head_known(Str name)
{
    for (size_t i = 0; i < KNOWN_HEADER_COUNT; i++)
        if (KNOWN[i].name.len == name.len && str_equal_nocase(KNOWN[i].name, name))
            return (KnownHeader)i;
    return HEADER_OTHER;
}

/* True when a line of the head ends at `at` as a CRLF did; moves behind it. */
static bool take_line_end(Str bytes, size_t *at)
{
    if (bytes.len - *at < 2 || bytes.data[*at] != '\0' || bytes.data[*at + 1] != '\0')
        return false;
    *at += 2;
    return true;
}

/* True when text stands at `at` in the head; moves behind it. */
static bool take_text(Str bytes, size_t *at, Str text)
{
    if (text.data != bytes.data + *at || text.len > bytes.len - *at)
        return false;
    *at += text.len;
    return true;
}

static bool take_nul(Str bytes, size_t *at)
{
    if (*at == bytes.len || bytes.data[*at] != '\0')
        return false;
    *at += 1;
    return true;
}

static void skip_blanks(Str bytes, size_t *at)
{
    while (*at < bytes.len && (bytes.data[*at] == ' ' || bytes.data[*at] == '\t'))
        *at += 1;
}

/* The request line: each part right behind the single blank that ended the one before. */
static bool request_line_is_whole(const Head *head, size_t *at)
{
    Str bytes = head->bytes;

    return take_text(bytes, at, head->method) && take_nul(bytes, at) &&
           take_text(bytes, at, (Str){head->target_place, head->target.len}) && take_nul(bytes, at) &&
           take_text(bytes, at, head->version) && take_line_end(bytes, at);
}

static bool lines_are_whole(const Head *head)
{
    Str bytes = head->bytes;
    size_t at = 0;

    if (!request_line_is_whole(head, &at))
        return false;
    for (size_t i = 0; i < head->header_count; i++) {
        if (!take_text(bytes, &at, head->headers[i].name) || !take_nul(bytes, &at))
            return false;
        skip_blanks(bytes, &at);
        if (!take_text(bytes, &at, head->headers[i].value) || !take_line_end(bytes, &at))
            return false;
    }
    return take_line_end(bytes, &at) && at == bytes.len;
}

static bool check_sizes(const Head *head, Refusal *refusal)
{
    if (head->target.len > HEAD_MAX_TARGET)
        return refuse(refusal, 414, err(TOO_LARGE, "The target is longer than %d bytes.", HEAD_MAX_TARGET));
    if (head->bytes.len > HEAD_MAX_BYTES)
        return refuse(refusal, 431, err(TOO_LARGE, "The head is longer than %d bytes.", HEAD_MAX_BYTES));
    if (head->header_count > HEAD_MAX_HEADERS)
        return refuse(refusal, 431, err(TOO_LARGE, "More than %d header lines.", HEAD_MAX_HEADERS));
    return true;
}

static bool check_header(Head *head, const Header *header, Refusal *refusal)
{
    if (header->name.len == 0 || !made_of(header->name, TOKEN))
        return refuse(refusal, 0,
                      err(INVALID, "A header's name holds a character that isn't allowed there."));
    if (!made_of(header->value, VALUE))
        return refuse(refusal, 0,
                      err(INVALID, "%.*s: the value holds a control character.", STR_ARG(header->name)));

    KnownHeader known = head_known(header->name);
    if (known == HEADER_OTHER)
        return true;
    if (head->known[known].data && KNOWN[known].once)
        return refuse(refusal, 0, err(INVALID, "%.*s came more than once.", STR_ARG(header->name)));
    if (!head->known[known].data)
        head->known[known] = str_trim(header->value);
    return true;
}

static bool check_host(const Head *head, Refusal *refusal)
{
    Str host = head->known[HEADER_HOST];

    if (!host.data && str_equal(head->version, STR("HTTP/1.0")))
        return true;
    if (host.len == 0)
        return refuse(refusal, 0, err(INVALID, "Host is missing: send the name of the server you ask."));
    if (!made_of(host, HOST))
        return refuse(refusal, 0, err(INVALID, "Host isn't a host with an optional port."));
    return true;
}

static bool check_content_length(Head *head, Refusal *refusal)
{
    static const bool digits[256] = {['0' ... '9'] = true};
    Str text = head->known[HEADER_CONTENT_LENGTH];

    head->content_length = -1;
    if (!text.data)
        return true;
    if (text.len == 0 || !made_of(text, digits) || !str_to_int(text, &head->content_length))
        return refuse(refusal, 0, err(INVALID, "Content-Length isn't one decimal number of bytes."));
    return true;
}

/* RFC 9112, section 6.1: only "chunked" is spoken here, and never beside a length. */
static bool check_transfer_encoding(Head *head, Refusal *refusal)
{
    Str coding = head->known[HEADER_TRANSFER_ENCODING];

    if (!coding.data)
        return true;
    if (head->known[HEADER_CONTENT_LENGTH].data)
        return refuse(refusal, 0, err(INVALID, "Content-Length beside Transfer-Encoding: send one of them."));
    if (!str_equal(head->version, STR("HTTP/1.1")))
        return refuse(refusal, 0, err(INVALID, "Transfer-Encoding needs HTTP/1.1."));
    if (str_equal_nocase(coding, STR("chunked"))) {
        head->chunked = true;
        return true;
    }
    size_t first = str_find(coding, STR("chunked"), 0);
    if (first != SIZE_MAX && str_find(coding, STR("chunked"), first + 1) != SIZE_MAX)
        return refuse(refusal, 0, err(INVALID, "Transfer-Encoding names chunked twice."));
    return refuse(refusal, 501, err(UNSUPPORTED, "Transfer-Encoding: only chunked is understood."));
}

static bool check_expect(Head *head, Refusal *refusal)
{
    Str expect = head->known[HEADER_EXPECT];

    if (!expect.data)
        return true;
    if (!str_equal_nocase(expect, STR("100-continue")))
        return refuse(refusal, 417, err(UNSUPPORTED, "Expect: only 100-continue can be met."));
    head->expects_continue = true;
    return true;
}

bool head_check(Head *head, Refusal *refusal)
{
    memset(head->known, 0, sizeof head->known);
    head->chunked = head->expects_continue = false;

    if (!check_sizes(head, refusal))
        return false;
    if (!str_equal(head->version, STR("HTTP/1.1")) && !str_equal(head->version, STR("HTTP/1.0")))
        return refuse(refusal, 505, err(UNSUPPORTED, "Only HTTP/1.1 and HTTP/1.0 are spoken here."));
    if (head->method.len == 0 || !made_of(head->method, TOKEN))
        return refuse(refusal, 0, err(INVALID, "The method isn't a token."));
    for (size_t i = 0; i < head->header_count; i++)
        if (!check_header(head, &head->headers[i], refusal))
            return false;
    if (head->bytes.data && !lines_are_whole(head))
        return refuse(
            refusal, 0,
            err(INVALID, "The head isn't made of lines that end in CRLF, unfolded and without NUL."));
    return check_host(head, refusal) && check_content_length(head, refusal) &&
           check_transfer_encoding(head, refusal) && check_expect(head, refusal);
}
