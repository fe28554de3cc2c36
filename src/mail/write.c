#include <time.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/random.h"
#include "base/utf8.h"
#include "mail/mailer.h"

enum {
    WORD_BYTES = 42 /* as base64 with its frame below the 75 of RFC 2047, section 2 */,
    LINE = 76,
    ADDRESS_MAX = 254, /* RFC 5321, section 4.5.3.1.3, without the brackets */
    US_IN_S = 1000000
};

/* ---- addresses */

Str mail_bare_address(Str from)
{
    size_t open = str_find(from, STR("<"), 0);
    size_t close = open == SIZE_MAX ? SIZE_MAX : str_find(from, STR(">"), open);

    return close == SIZE_MAX ? str_trim(from) : str_slice(from, open + 1, close);
}

static bool is_atom(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] <= ' ' || text.data[i] >= 0x7f || strchr("()<>[]:;@\\,\"", text.data[i]) != NULL)
            return false;
    return text.len > 0;
}

Err mail_check_address(Str address)
{
    size_t at = str_find(address, STR("@"), 0);

    if (at != SIZE_MAX && address.len <= ADDRESS_MAX && is_atom(str_slice(address, 0, at)) &&
        is_atom(str_slice(address, at + 1, address.len)))
        return OK;
    return err(INVALID, "an address of a letter is none: must be local@domain in ASCII");
}

static bool has_controls(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f)
            return true;
    return false;
}

/* ---- headers */

/* A header's text in any script: encoded words (RFC 2047), cut between characters. */
static void put_encoded(Buf *out, Str text)
{
    while (text.len > 0) {
        Str word = utf8_cut_bytes(text, WORD_BYTES);
        buf_format(out, "=?UTF-8?B?%.*s?=", STR_ARG(base64_encode(out->arena, word)));
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

/* The sender's domain is the one that answers for our ids. */
static void put_message_id(Buf *out, const MailerConfig *config, const Mail *mail)
{
    Str sender = mail_bare_address(config->from);
    Str domain = str_slice(sender, str_find(sender, STR("@"), 0) + 1, sender.len);
    char id[ID_TEXT];

    id_print(config->clock, id);
    Str left = mail->id.data != NULL ? mail->id : str_from(id);
    buf_format(out, "Message-ID: <%.*s@%.*s>\r\n", STR_ARG(left), STR_ARG(domain));
}

/* "NERDX <no-reply@nerdx.com>": the name as an encoded word where it isn't plain. */
static void put_from(Buf *out, Str from)
{
    Str address = mail_bare_address(from);
    size_t open = str_find(from, STR("<"), 0);
    Str name = open == SIZE_MAX ? STR("") : str_trim(str_slice(from, 0, open));

    buf_put(out, STR("From: "));
    if (name.len > 0)
        buf_format(out, "=?UTF-8?B?%.*s?= <%.*s>\r\n", STR_ARG(base64_encode(out->arena, name)),
                   STR_ARG(address));
    else
        buf_format(out, "%.*s\r\n", STR_ARG(address));
}

static void put_headers(Buf *out, const MailerConfig *config, const Mail *mail)
{
    put_from(out, config->from);
    buf_format(out, "To: %.*s\r\nSubject: ", STR_ARG(mail->to));
    put_encoded(out, mail->subject);
    put_date(out, clock_wall_us(config->clock));
    put_message_id(out, config, mail);
    buf_put(out, STR("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"));
    if (mail->unsubscribe.data != NULL)
        buf_format(out, "List-Unsubscribe: <%.*s>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
                   STR_ARG(mail->unsubscribe));
}

/* ---- bodies */

/* In lines (RFC 2045, section 6.8). */
static void put_base64(Buf *out, Str text)
{
    Str encoded = base64_encode(out->arena, text);

    for (size_t at = 0; at < encoded.len; at += LINE) {
        buf_put(out, str_slice(encoded, at, at + LINE));
        buf_put(out, STR("\r\n"));
    }
}

static void put_part(Buf *out, const char *type, Str text)
{
    buf_format(out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", type);
    put_base64(out, text);
}

/* A boundary that no base64 has. The plain part first: the last that a reader understands is shown (RFC 2046, section 5.1.4). */
static void put_both(Buf *out, const Mail *mail)
{
    buf_put(out, STR("Content-Type: multipart/alternative; boundary=\"=_nerdx\"\r\n\r\n--=_nerdx\r\n"));
    put_part(out, "text/plain", mail->text);
    buf_put(out, STR("--=_nerdx\r\n"));
    put_part(out, "text/html", mail->html);
    buf_put(out, STR("--=_nerdx--\r\n"));
}

Err mail_write(Arena *arena, const MailerConfig *config, const Mail *mail, Str *out)
{
    Buf letter = {.arena = arena};

    TRY(mail_check_address(mail->to));
    if (has_controls(mail->subject) || has_controls(config->from) ||
        (mail->id.data != NULL && !is_atom(mail->id)) ||
        (mail->unsubscribe.data != NULL &&
         !(str_starts(mail->unsubscribe, STR("http")) &&
           str_find(mail->unsubscribe, STR(">"), 0) == SIZE_MAX && !has_controls(mail->unsubscribe))))
        return err(INVALID, "a header of a letter has what no header may have");
    put_headers(&letter, config, mail);
    if (mail->html.data != NULL)
        put_both(&letter, mail);
    else
        put_part(&letter, "text/plain", mail->text);
    *out = buf_str(&letter);
    return OK;
}
