#include <time.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/random.h"
#include "base/utf8.h"
#include "services/auth/mail/mailer.h"

#define SENDER "NERDX <no-reply@nerdx.com>"

enum {
    WORD_BYTES = 42 /* as base64 with its frame below the 75 of RFC 2047, section 2 */,
    LINE = 76,
    US_IN_S = 1000000
};

/* A header's text in any script: encoded words (RFC 2047), cut between characters. */
static void put_encoded(Buf *out, Arena *arena, Str text)
{
    while (text.len > 0) {
        Str word = utf8_cut_bytes(text, WORD_BYTES);
        buf_format(out, "=?UTF-8?B?%.*s?=", STR_ARG(base64_encode(arena, word)));
        text = str_slice(text, word.len, text.len);
        if (text.len > 0)
            buf_put(out, STR("\r\n "));
    }
    buf_put(out, STR("\r\n"));
}

/* "Thu, 26 Nov 2026 12:15:03 +0000", whatever the locale. */
static void put_date(Buf *out, int64_t now_us)
{
    static const char DAYS[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char MONTHS[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(now_us / US_IN_S);
    struct tm tm;

    (void)gmtime_r(&seconds, &tm);
    buf_format(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", DAYS[tm.tm_wday], tm.tm_mday,
               MONTHS[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* In lines (RFC 2045, section 6.8). */
static void put_body(Buf *out, Arena *arena, Str text)
{
    Str encoded = base64_encode(arena, text);

    for (size_t at = 0; at < encoded.len; at += LINE) {
        buf_put(out, str_slice(encoded, at, at + LINE));
        buf_put(out, STR("\r\n"));
    }
}

Str mail_write(Arena *arena, const Clock *clock, const Mail *mail)
{
    Buf out = {.arena = arena};
    char id[ID_TEXT];

    id_print(clock, id);
    buf_format(&out, "From: " SENDER "\r\nTo: %.*s\r\nSubject: ", STR_ARG(mail->to));
    put_encoded(&out, arena, mail->subject);
    put_date(&out, clock_wall_us(clock));
    buf_format(&out, "Message-ID: <%s@nerdx.com>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n",
               id);
    buf_put(&out,
            STR("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
    put_body(&out, arena, mail->text);
    return buf_str(&out);
}
