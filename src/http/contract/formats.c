#include "http/contract/formats.h"

#include "base/time.h"

static bool is_date_time(Str text)
{
    int64_t time_us;

    return time_parse(text, &time_us);
}

static bool is_date(Str text)
{
    int64_t time_us;

    return time_parse_date(text, &time_us);
}

/* RFC 3986, appendix A, put together from its rules; an IPv6 address is taken by its characters. */
#define PCT "%[0-9A-Fa-f]{2}"
#define PCHAR "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|" PCT ")"
#define PCHAR_NO_COLON "(?:[A-Za-z0-9._~!$&'()*+,;=@-]|" PCT ")"
#define SUB_NAME "(?:[A-Za-z0-9._~!$&'()*+,;=-]|" PCT ")"
#define USER "(?:(?:[:]|" SUB_NAME ")*+@)?"
#define HOST "(?:\\[[0-9A-Fa-f:.]++\\]|\\[v[0-9A-Fa-f]++\\.[A-Za-z0-9._~!$&'()*+,;=:-]++\\]|" SUB_NAME "*+)"
#define SEGMENTS "(?:/" PCHAR "*+)*+"
#define AUTHORITY "//" USER HOST "(?::[0-9]*+)?" SEGMENTS
#define ABSOLUTE "/(?:" PCHAR "++" SEGMENTS ")?"
#define TAIL "(?:\\?(?:[/?]|" PCHAR ")*+)?(?:#(?:[/?]|" PCHAR ")*+)?"
#define URI "[A-Za-z][A-Za-z0-9+.-]*+:(?:" AUTHORITY "|" ABSOLUTE "|" PCHAR "++" SEGMENTS "|)" TAIL
#define RELATIVE "(?:" AUTHORITY "|" ABSOLUTE "|" PCHAR_NO_COLON "++" SEGMENTS "|)" TAIL

/* What is in use of RFC 5321: dot-atom@domain, at most 64@255 characters, no quotes, comments or addresses. */
#define ATOM "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++"
#define LABEL "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#define EMAIL "(?=.{1,64}@)(?=[^@]*+@.{1,255}$)" ATOM "(?:\\." ATOM ")*+@" LABEL "(?:\\." LABEL ")*+"

/* RFC 9562, section 4, and RFC 4648, section 4 with padding. */
#define UUID "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
#define BASE64 "(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"

static Pattern uri_pattern = {.text = "^" URI "$"};
static Pattern uri_reference_pattern = {.text = "^(?:" URI "|" RELATIVE ")$"};
static Pattern email_pattern = {.text = "^" EMAIL "$"};
static Pattern uuid_pattern = {.text = "^" UUID "$"};
static Pattern byte_pattern = {.text = "^" BASE64 "$"};

/* Either a function or a pattern knows the format. */
static const struct {
    bool (*matches)(Str text);
    Pattern *pattern;
    const char *expected;
} FORMATS[] = {
    [ANY_TEXT] = {NULL, NULL, "text"},
    [DATE_TIME_TEXT] = {is_date_time, NULL, "a date-time such as 2026-01-31T09:30:00Z"},
    [DATE_TEXT] = {is_date, NULL, "a date such as 2026-01-31"},
    [URI_TEXT] = {NULL, &uri_pattern, "a URI such as https://example.org/a"},
    [URI_REFERENCE_TEXT] = {NULL, &uri_reference_pattern, "a URI reference such as /a?b=c"},
    [EMAIL_TEXT] = {NULL, &email_pattern, "an e-mail address such as a@example.org"},
    [UUID_TEXT] = {NULL, &uuid_pattern, "a UUID such as 123e4567-e89b-12d3-a456-426614174000"},
    [BYTE_TEXT] = {NULL, &byte_pattern, "base64 with padding such as aGk="},
};

bool format_matches(TextFormat format, Str text)
{
    if (FORMATS[format].matches != NULL)
        return FORMATS[format].matches(text);
    return FORMATS[format].pattern == NULL || pattern_match(FORMATS[format].pattern, text) == PATTERN_MATCHES;
}

const char *format_expected(TextFormat format)
{
    return FORMATS[format].expected;
}
