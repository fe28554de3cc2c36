/* The checkpoint of a turn: its message, then what was about to leave. A turn that was cut off is taken up from it. */
#include <string.h>

#include "services/agents/turn.h"

/* Another number when records change: a turn of another version is sent again by its client. */
enum { RECORD_FORMAT = 3, RECORD_FIRST_BYTES = 1024 };

/* --- writing --- */

static void put_key(Buf *out, const char *key)
{
    buf_put(out, out->data[out->len - 1] == '{' ? STR("\"") : STR(",\""));
    buf_put(out, str_from(key));
    buf_put(out, STR("\":"));
}

static void put_text(Buf *out, const char *key, Str text)
{
    put_key(out, key);
    json_put_string(out, text.data == NULL ? STR("") : text);
}

static void put_int(Buf *out, const char *key, int64_t value)
{
    put_key(out, key);
    buf_put_int(out, value);
}

static void put_texts(Buf *out, const char *key, const Str *items, size_t count)
{
    put_key(out, key);
    buf_put_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_put_char(out, ',');
        json_put_string(out, items[i]);
    }
    buf_put_char(out, ']');
}

Json turn_message_record(const Turn *turn)
{
    const ChatInput *in = turn->in;
    Buf out;

    buf_init(&out, turn->call->arena, RECORD_FIRST_BYTES);
    buf_put_char(&out, '{');
    put_int(&out, "format", RECORD_FORMAT);
    put_text(&out, "agent", str_from(turn->agent->name));
    put_text(&out, "turn_id", turn->id);
    put_text(&out, "user_id", in->user_id);
    put_text(&out, "session_id", in->session_id);
    put_text(&out, "message", in->message);
    put_int(&out, "language", in->has_language ? (int64_t)in->language : -1);
    put_int(&out, "at_us", turn->at_us);
    put_int(&out, "minor", turn->is_minor);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

Err turn_keep_message(Turn *turn)
{
    Arena *arena = turn->call->arena;
    const ArenaMark mark = arena_mark(arena);
    Err e;

    if (turn->checkpoint.slot < 0)
        return OK;
    e = checkpoint_add(turn->tools->checkpoints, &turn->checkpoint, turn_message_record(turn));
    arena_rewind(arena, mark);
    return e;
}

static void put_lines(const Turn *turn, size_t from, Buf *out)
{
    put_key(out, "lines");
    buf_put_char(out, '[');
    for (size_t i = from; i < turn->spoken; i++) {
        const Line *line = &turn->narration.lines[i];
        buf_put(out, i > from ? STR(",{") : STR("{"));
        put_text(out, "text", line->text);
        put_text(out, "entity", line->entity);
        put_int(out, "opens", line->opens_paragraph);
        buf_put_char(out, '}');
    }
    buf_put_char(out, ']');
}

static void put_state(const Turn *turn, size_t from, Buf *out)
{
    const Narration *narration = &turn->narration;

    put_int(out, "generator", turn->generator);
    put_int(out, "fallback", turn->has_fallback ? (int64_t)turn->fallback : -1);
    put_int(out, "outcome", turn->outcome);
    put_int(out, "move", turn->plan.move);
    put_text(out, "focus", turn->focus);
    put_text(out, "offered", narration->offered);
    put_texts(out, "cited", narration->cited.items, narration->cited.count);
    put_texts(out, "choices", narration->choices.items, narration->choices.count);
    put_lines(turn, from, out);
}

/* Events that are in the stored log alone. Whoever follows is answered when there is something to be read. */
static Err show_events(Turn *turn)
{
    TRY(event_log_take_over(turn->live, turn->stored, &turn->released, false));
    turn_open_stream(turn);
    return OK;
}

static void put_events(const Turn *turn, uint64_t from, Buf *out)
{
    Str name;
    Json data;

    put_key(out, "events");
    buf_put_char(out, '[');
    for (uint64_t id = from; event_log_get(turn->stored, id, turn->call->arena, &name, &data); id++) {
        buf_put(out, id > from ? STR(",[") : STR("["));
        json_put_string(out, name);
        buf_put_char(out, ',');
        buf_put(out, data);
        buf_put_char(out, ']');
    }
    buf_put_char(out, ']');
}

static Json state_record(const Turn *turn, size_t line, uint64_t event)
{
    Buf out;

    buf_init(&out, turn->call->arena, RECORD_FIRST_BYTES);
    buf_put_char(&out, '{');
    put_state(turn, line, &out);
    put_events(turn, event, &out);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

Json turn_state_record(const Turn *turn)
{
    return state_record(turn, 0, 1);
}

static Err keep_and_show(Turn *turn)
{
    if (turn->checkpoint.slot >= 0) {
        TRY(checkpoint_add(turn->tools->checkpoints, &turn->checkpoint,
                           state_record(turn, turn->lines_kept, turn->released + 1)));
        turn->lines_kept = turn->spoken;
    }
    return show_events(turn);
}

/* Thousands of turns may wait for their model between their sentences: nothing stays behind. */
Err turn_release(Turn *turn)
{
    Arena *arena = turn->call->arena;
    const ArenaMark mark = arena_mark(arena);
    Err e = keep_and_show(turn);

    arena_rewind(arena, mark);
    return e;
}

/* --- reading --- */

static Str text_of(Arena *arena, const json_t *object, const char *key)
{
    return str_copy(arena, json_str_or_empty(object, key));
}

static int64_t int_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

Err turn_read_message(Arena *arena, Str record, ChatInput *in, KeptPlace *place)
{
    AUTO_JSON json_t *root = NULL;
    int64_t language;

    TRY(json_read(record, &root));
    if (int_of(root, "format") != RECORD_FORMAT)
        return err(INVALID, "a turn was cut off by another version of this program");
    *place = (KeptPlace){text_of(arena, root, "agent"), text_of(arena, root, "turn_id"),
                         int_of(root, "at_us"), int_of(root, "minor") != 0};
    language = int_of(root, "language");
    *in = (ChatInput){
        .user_id = text_of(arena, root, "user_id"),
        .session_id = text_of(arena, root, "session_id"),
        .message = text_of(arena, root, "message"),
        .has_language = language >= 0,
        .language = language > 0 ? (Language)language : (Language)0,
    };
    return chat_input_check(in);
}

static Mentioned read_mentioned(Arena *arena, const json_t *list)
{
    size_t count = json_array_size(list) < CITED_MAX ? json_array_size(list) : CITED_MAX;
    Mentioned read = {arena_array(arena, Str, count), count, count};

    for (size_t i = 0; i < count; i++)
        read.items[i] = str_copy(arena, json_str(json_array_get(list, i)));
    return read;
}

static void read_lines(Arena *arena, const json_t *lines, Narration *out)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        (void)narration_put(out, (Line){text_of(arena, line, "text"), text_of(arena, line, "entity"),
                                        int_of(line, "opens") != 0});
    }
}

static void read_state(Arena *arena, const json_t *root, Kept *kept)
{
    Narration *narration = &kept->narration;
    int64_t fallback = int_of(root, "fallback");

    kept->generator = (Generator)int_of(root, "generator");
    kept->has_fallback = fallback >= 0;
    kept->fallback = fallback >= 0 ? (Fallback)fallback : (Fallback)0;
    kept->outcome = (ChatReplyOutcome)int_of(root, "outcome");
    kept->move = (Move)int_of(root, "move");
    kept->focus = text_of(arena, root, "focus");
    narration->offered = text_of(arena, root, "offered");
    narration->cited = read_mentioned(arena, json_object_get(root, "cited"));
    narration->choices = read_mentioned(arena, json_object_get(root, "choices"));
    read_lines(arena, json_object_get(root, "lines"), narration);
}

/* The reply of a resumed turn lists the calls that were made before; one that hadn't ended was cut off. */
static Err read_call(Turn *turn, const json_t *data)
{
    ToolEvent event;

    TRY(tool_event_decode(turn->call->arena, data, &event));
    if (event.call < 1 || event.call > TURN_TOOLS_MAX)
        return OK;
    turn_make_room_for_calls(turn);
    turn->called[event.call - 1] = (ToolCall){
        .name = event.name,
        .arguments = event.arguments,
        .ok = event.has_ok && event.ok,
        .problem = event.state == TOOL_EVENT_STATE_ENDED ? event.problem : STR("it was cut off"),
        .took_ms = event.took_ms,
    };
    if ((size_t)event.call > turn->called_count)
        turn->called_count = (size_t)event.call;
    return OK;
}

static Err read_events(Turn *turn, const json_t *events)
{
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);
        const json_t *name = json_array_get(event, 0);
        if (strcmp(json_string_value(name), "tool") == 0)
            TRY(read_call(turn, json_array_get(event, 1)));
        turn->is_introduced = true; /* whoever it was: told again if it is another now */
        TRY(event_log_append(turn->stored, json_str(name),
                             json_text(turn->call->arena, json_array_get(event, 1))));
    }
    return show_events(turn);
}

Err turn_restore(Turn *turn, const Str *records, size_t count)
{
    Kept *kept = arena_new(turn->call->arena, Kept);

    kept->narration.arena = turn->call->arena;
    for (size_t i = 1; i < count; i++) {
        AUTO_JSON json_t *root = NULL;
        TRY(json_read(records[i], &root));
        read_state(turn->call->arena, root, kept);
        TRY(read_events(turn, json_object_get(root, "events")));
    }
    turn->introduced = kept->generator;
    turn->lines_kept = kept->narration.count;
    turn->kept = kept;
    return OK;
}
