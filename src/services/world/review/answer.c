#include "services/world/review/answer.h"

static const char WRAPPER[] = "facts";

typedef struct Answer {
    Str text;
    size_t at;
    size_t count; /* objects that were taken */
    const AnswerReader *reader;
} Answer;

/* Behind the closing quote of a string that begins at `at`; the end when there is none. */
static size_t skip_string(Str text, size_t at)
{
    for (at++; at < text.len && text.data[at] != '"'; at++)
        at += text.data[at] == '\\';
    return at < text.len ? at + 1 : text.len;
}

/* Behind the brace that closes the one at `at`; SIZE_MAX when none does. */
static size_t skip_object(Str text, size_t at)
{
    size_t depth = 0;

    while (at < text.len) {
        char c = text.data[at];

        if (c == '"') {
            at = skip_string(text, at);
            continue;
        }
        depth += c == '{';
        depth -= c == '}';
        at++;
        if (depth == 0)
            return at;
    }
    return SIZE_MAX;
}

static Err give(Answer *answer, Str text, json_t *object, const Err *why)
{
    if (answer->count == ANSWER_MAX_FACTS || (json_is_object(object) && json_object_size(object) == 0))
        return OK; /* enough; or {}, which is how some models say that there is nothing */
    answer->count++;
    return answer->reader->take(answer->reader->context, text, object, why);
}

static Err give_object(Answer *answer, Str text, json_t *object)
{
    json_t *list = json_object_get(object, WRAPPER);
    json_t *item;
    size_t i;

    if (!json_is_array(list))
        return give(answer, text, object, NULL);
    json_array_foreach(list, i, item) TRY(give(answer, text, item, NULL));
    return OK;
}

static Err read_object(Answer *answer, Str text)
{
    AUTO_JSON json_t *object = NULL;
    Err e = json_read(text, &object);

    return failed(&e) ? give(answer, text, NULL, &e) : give_object(answer, text, object);
}

/* {"facts": at the place of the answer? */
static bool is_wrapper(const Answer *answer)
{
    Str rest = str_trim(str_slice(answer->text, answer->at + 1, answer->text.len));

    return str_starts(rest, STR("\"facts\""));
}

/* An object that is never closed: an answer that was cut off, or a brace in a sentence. Goes on in the next line, or
 * with what is whole in it. */
static Err leave_open(Answer *answer)
{
    size_t end = str_find(answer->text, STR("\n"), answer->at);
    Str line = str_slice(answer->text, answer->at, end);
    Err e =
        err(INVALID, "it isn't closed by }: was the answer cut off? llm_max_tokens says how long it may be");

    if (is_wrapper(answer)) {
        answer->at++;
        return OK;
    }
    answer->at = end < answer->text.len ? end : answer->text.len;
    return give(answer, line, NULL, &e);
}

Err answer_read(Str text, const AnswerReader *reader)
{
    Answer answer = {.text = text, .reader = reader};

    while (answer.count < ANSWER_MAX_FACTS) {
        size_t end;

        answer.at = str_find(text, STR("{"), answer.at);
        if (answer.at == SIZE_MAX)
            break;
        end = skip_object(text, answer.at);
        if (end == SIZE_MAX) {
            TRY(leave_open(&answer));
            continue;
        }
        Str object = str_slice(text, answer.at, end);
        answer.at = end;
        TRY(read_object(&answer, object));
    }
    return OK;
}
