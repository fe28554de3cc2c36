#include "mail/bounce.h"

#include <string.h>

#include "base/buf.h"
#include "base/mime.h"

enum { MOST_PARTS = 16, BOUNDARY_MAX = 70, STATUS_MAX = 16, ID_MAX = 64 };

/* What a failure says of the mailbox (RFC 3463, section 3): the first that fits. The rest is of the letter, of us, or of the moment, such as a
 * full mailbox (5.2.2) or a policy (5.7.1). */
static const struct {
    Str begins;
    BounceKind kind;
} STATUSES[] = {
    {{"5.1.7", 5}, BOUNCE_SOFT}, /* the sender's address, ours, is wrong */
    {{"5.1.8", 5}, BOUNCE_SOFT}, /* or its domain is */
    {{"5.1.", 4}, BOUNCE_HARD},  /* no such mailbox, no such domain */
    {{"5.2.1", 5}, BOUNCE_HARD}, /* disabled */
    {{"5.4.4", 5}, BOUNCE_HARD}, /* nowhere to route to */
    {{"5.0.0", 5}, BOUNCE_HARD}, /* undefined: what older servers say of all of these */
};

/* ---- headers */

static Str unix_lines(Arena *arena, Str text)
{
    Buf out;

    buf_init(&out, arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] != '\r')
            buf_put_char(&out, text.data[i]);
    return buf_str(&out);
}

static bool is_folded(Str line)
{
    return line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t');
}

/* Unfolded (RFC 5322, section 2.2.3); absent: there is none. */
static Str header(Arena *arena, Str head, Str name)
{
    Buf out = {.arena = arena};
    bool is_in = false;
    Str line;

    while (str_split(&head, '\n', &line)) {
        if (is_in && !is_folded(line))
            return str_trim(buf_str(&out));
        if (is_in)
            buf_put(&out, line);
        if (is_in || line.len <= name.len || line.data[name.len] != ':' ||
            !str_equal_nocase(str_slice(line, 0, name.len), name))
            continue;
        is_in = true;
        buf_put(&out, str_slice(line, name.len + 1, line.len));
    }
    return is_in ? str_trim(buf_str(&out)) : (Str){0};
}

/* A head and what is below it; without an empty line all is head. */
static Str cut_head(Str entity, Str *below)
{
    bool has_none = str_starts(entity, STR("\n"));
    size_t end = has_none ? 0 : str_find(entity, STR("\n\n"), 0);

    *below = end == SIZE_MAX ? STR("") : str_slice(entity, end + (has_none ? 1 : 2), entity.len);
    return str_slice(entity, 0, end);
}

/* ---- parts */

/* "<019ab5c2-…@nerdx.com>" */
static Str left_of(Str message_id)
{
    size_t at = str_find(message_id, STR("@"), 0);
    Str left = str_starts(message_id, STR("<")) && at != SIZE_MAX ? str_slice(message_id, 1, at) : STR("");

    return left.len <= ID_MAX ? left : STR("");
}

static BounceKind kind_of(Str status)
{
    for (size_t i = 0; i < sizeof STATUSES / sizeof *STATUSES; i++)
        if (str_starts(status, STATUSES[i].begins))
            return STATUSES[i].kind;
    return BOUNCE_SOFT;
}

/* The groups of fields one after the other: ours has one recipient. */
static void read_delivery(Arena *arena, Str fields, Bounce *out)
{
    Str group;

    while (fields.len > 0) {
        group = cut_head(fields, &fields);
        Str action = header(arena, group, STR("Action")), status = header(arena, group, STR("Status"));
        status = str_slice(status, 0, str_find(status, STR(" "), 0));
        if (status.len > STATUS_MAX || action.data == NULL)
            continue;
        if (str_equal_nocase(action, STR("failed")))
            out->kind = kind_of(status);
        out->status = status.data != NULL ? status : STR("");
    }
}

static void read_feedback(Arena *arena, Str fields, Bounce *out)
{
    Str type = header(arena, fields, STR("Feedback-Type"));

    if (str_equal_nocase(type, STR("abuse")) || str_equal_nocase(type, STR("fraud")))
        out->kind = BOUNCE_COMPLAINT;
}

static void read_part(Arena *arena, Str part, Bounce *out)
{
    Str below, head = cut_head(part, &below), type = header(arena, head, STR("Content-Type"));

    if (mime_is(type, STR("message/delivery-status")))
        read_delivery(arena, below, out);
    else if (mime_is(type, STR("message/feedback-report")))
        read_feedback(arena, below, out);
    else if (mime_is(type, STR("message/rfc822")) || mime_is(type, STR("text/rfc822-headers")))
        out->letter_id = left_of(header(arena, cut_head(below, &below), STR("Message-ID")));
}

Bounce bounce_read(Arena *arena, Str message)
{
    Bounce bounce = {BOUNCE_NONE, STR(""), STR("")};
    Str body, head = cut_head(unix_lines(arena, message), &body);
    Str type = header(arena, head, STR("Content-Type")), boundary = mime_parameter(type, STR("boundary"));

    if (!mime_is(type, STR("multipart/report")) || boundary.len == 0 || boundary.len > BOUNDARY_MAX)
        return bounce;
    Str fence = str_format(arena, "\n--%.*s", STR_ARG(boundary));
    body = str_format(arena, "\n%.*s", STR_ARG(body));
    size_t at = str_find(body, fence, 0);
    for (size_t i = 0; i < MOST_PARTS && at != SIZE_MAX; i++) {
        size_t begin = at + fence.len, end = str_find(body, fence, begin);
        Str part = str_slice(body, begin, end == SIZE_MAX ? body.len : end);
        if (!str_starts(part, STR("\n")))
            break; /* the last one's fence ends with "--" */
        read_part(arena, str_slice(part, 1, part.len), &bounce);
        at = end;
    }
    return bounce;
}
