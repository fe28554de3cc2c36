#include "services/analytics/intake.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/json.h"
#include "base/time.h"
#include "services/analytics/kinds.h"

enum { US_PER_MS = 1000, MS_PER_S = 1000, VERSION_BYTE = 6, VERSION_SHIFT = 4, VERSION = 7 };

/* What an event says, once the contract has been kept to. */
typedef struct Said {
    Str id;
    Str visitor; /* absent: none */
    Str consent;
    int64_t at_us;
} Said;

void uuid_bytes(Str text, uint8_t out[EVENT_ID_BYTES])
{
    char digits[2 * EVENT_ID_BYTES + 1] = {0};
    size_t filled = 0;

    for (size_t i = 0; i < text.len && filled < 2 * EVENT_ID_BYTES; i++)
        if (text.data[i] != '-')
            digits[filled++] = (char)tolower((unsigned char)text.data[i]);
    bool is_uuid = hex_parse(digits, out, EVENT_ID_BYTES);
    assert(is_uuid);
    (void)is_uuid;
}

void visitor_bytes(Str text, uint8_t out[VISITOR_BYTES])
{
    uint8_t bytes[VISITOR_BYTES];

    uuid_bytes(text, bytes);
    for (size_t i = 0; i < VISITOR_BYTES; i++)
        out[i] = bytes[VISITOR_BYTES - 1 - i];
}

Str uuid_text(Arena *arena, const uint8_t bytes[EVENT_ID_BYTES])
{
    char digits[2 * EVENT_ID_BYTES + 1];

    (void)hex_print(digits, bytes, EVENT_ID_BYTES);
    return str_format(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12, digits + 16,
                      digits + 20);
}

Str visitor_text(Arena *arena, const uint8_t bytes[VISITOR_BYTES])
{
    uint8_t turned[VISITOR_BYTES];

    for (size_t i = 0; i < VISITOR_BYTES; i++)
        turned[i] = bytes[VISITOR_BYTES - 1 - i];
    return uuid_text(arena, turned);
}

/* ---- one event */

static Err check_id(const RowEvent *event, const Said *said)
{
    if (event->id[VERSION_BYTE] >> VERSION_SHIFT != VERSION)
        return err_at(err(INVALID, "id: must be a UUID of version 7"), "/id");
    if (event_id_ms(event->id) == said->at_us / US_PER_MS)
        return OK;
    char text[TIME_TEXT];
    time_print(text, event_id_ms(event->id) * US_PER_MS);
    return err_at(err(INVALID, "occurred_at: the id was made at %s, which would be right", text),
                  "/occurred_at");
}

static Err check_moment(const Analytics *analytics, int64_t at_ms)
{
    int64_t now_ms = analytics_now_ms(analytics);

    if (at_ms > now_ms + (int64_t)ANALYTICS_EARLY_S * MS_PER_S)
        return err_at(err(INVALID, "occurred_at: is in future by our clock: five minutes are allowed"),
                      "/occurred_at");
    if (at_ms < now_ms - ANALYTICS_LATE_DAYS * ANALYTICS_DAY_MS)
        return err_at(err(INVALID, "occurred_at: is too late: %d days are allowed", ANALYTICS_LATE_DAYS),
                      "/occurred_at");
    return OK;
}

static Err check_visitor(const Said *said)
{
    bool is_granted = str_equal(said->consent, STR("granted"));

    if (is_granted && said->visitor.data == NULL)
        return err_at(err(INVALID, "visitor: must be there where consent is granted"), "/visitor");
    if (!is_granted && said->visitor.data != NULL)
        return err_at(err(INVALID, "visitor: must be absent where consent is none"), "/visitor");
    return OK;
}

bool intake_objects(const Call *call)
{
    return call->header != NULL && (str_equal(call->header(call, STR("Sec-GPC")), STR("1")) ||
                                    str_equal(call->header(call, STR("DNT")), STR("1")));
}

bool intake_is_bot(const Analytics *analytics, const Call *call)
{
    return call->header != NULL && bots_has(analytics->bots, call->header(call, STR("User-Agent")));
}

void taken_place_nobody(Taken *taken)
{
    taken->day = event_id_ms(taken->event.id) / ANALYTICS_DAY_MS;
    taken->visitor[0] = taken->event.id[EVENT_ID_BYTES - 1];
    taken->visitor_len = 1;
}

static void place(const Said *said, bool is_known, Taken *out)
{
    taken_place_nobody(out);
    if (!is_known)
        return;
    visitor_bytes(said->visitor, out->visitor);
    out->visitor_len = VISITOR_BYTES;
}

static Err read_said(Arena *arena, const json_t *item, Said *said, KindRow *kind)
{
    AnalyticsEvent event;

    TRY(analytics_event_decode(arena, item, &event));
    *kind = KIND_ROWS[event.kind];
    *said = (Said){
        .id = json_str_at(item, "id"),
        .visitor = json_str_at(item, "visitor"),
        .consent = json_str_at(item, "consent"),
    };
    (void)time_parse(json_str_at(item, "occurred_at"), &said->at_us); /* the contract has seen to it */
    return check_visitor(said);
}

typedef struct Reading {
    const Analytics *analytics;
    Arena *arena;
    bool objects;
} Reading;

static Err read_event(const Reading *reading, const json_t *item, Taken *out, bool *is_ignored)
{
    const json_t *properties = json_object_get(item, "properties");
    KindRow kind;
    Said said;

    TRY(read_said(reading->arena, item, &said, &kind));
    bool is_known = said.visitor.data != NULL && !reading->objects;
    uuid_bytes(said.id, out->event.id);
    out->event.code = kind.code;
    TRY(check_id(&out->event, &said));
    TRY(check_moment(reading->analytics, said.at_us / US_PER_MS));
    out->event.details = is_known && properties != NULL ? json_text(reading->arena, properties) : STR("");
    place(&said, is_known, out);
    *is_ignored = !is_known && !kind.is_necessary;
    return OK;
}

/* ---- the batch */

static int by_place(const void *a, const void *b)
{
    const Taken *one = a, *other = b;

    if (one->day != other->day)
        return one->day < other->day ? -1 : 1;
    Str visitor = {(const char *)one->visitor, one->visitor_len};
    int order = str_compare(visitor, (Str){(const char *)other->visitor, other->visitor_len});
    return order != 0 ? order : memcmp(one->event.id, other->event.id, EVENT_ID_BYTES);
}

static void refuse(Arena *arena, Intake *intake, size_t i, const Err *e)
{
    intake->refused.items[intake->refused.count++] = (EventRefused){
        .pointer = str_format(arena, "/events/%zu%s", i, e->pointer),
        .detail = str_copy(arena, str_from(e->message)),
    };
}

static void read_all(const Reading *reading, const json_t *events, Intake *out)
{
    for (size_t i = 0; i < json_array_size(events); i++) {
        bool is_ignored = false;
        Err e = read_event(reading, json_array_get(events, i), &out->items[out->count], &is_ignored);
        if (failed(&e))
            refuse(reading->arena, out, i, &e);
        else if (is_ignored)
            out->ignored++;
        else
            out->count++;
    }
}

Err intake_read(const Analytics *analytics, const Call *call, Json events, Intake *out)
{
    Reading reading = {analytics, call->arena, intake_objects(call)};
    const json_t *list;

    TRY(json_read_into(call->arena, events, &list));
    size_t count = json_array_size(list);
    if (count == 0)
        return err_at(err(INVALID, "events: must have an event at least"), "/events");
    *out = (Intake){.items = arena_array(call->arena, Taken, count)};
    out->refused.items = arena_array(call->arena, EventRefused, count);
    read_all(&reading, list, out);
    qsort(out->items, out->count, sizeof *out->items, by_place);
    return OK;
}
