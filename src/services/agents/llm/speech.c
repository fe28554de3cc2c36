#include "services/agents/llm/inside.h"

enum { PARAGRAPHS_MAX = 4 };

void speech_begin(Improvisation *improvisation)
{
    buf_init(&improvisation->pending, improvisation->arena, 0);
    buf_init(&improvisation->whole, improvisation->arena, 0);
    improvisation->opens = false;
    improvisation->paragraphs = 0;
    improvisation->is_full = false;
    improvisation->withheld = 0;
    improvisation->missing = (Str){NULL, 0};
}

/* --- a sentence as it is said: without the marks of lists, headings and emphasis --- */

static Str without_list_mark(Str sentence)
{
    size_t at = 0;

    while (at < sentence.len &&
           (sentence.data[at] == '#' || sentence.data[at] == '>' || sentence.data[at] == '-'))
        at++;
    return at > 0 && at < sentence.len && sentence.data[at] == ' '
               ? str_trim(str_slice(sentence, at, sentence.len))
               : sentence;
}

static Str clean(Arena *arena, Str sentence)
{
    Buf out;

    buf_init(&out, arena, sentence.len + 1);
    for (size_t i = 0; i < sentence.len; i++)
        if (sentence.data[i] != '*' && sentence.data[i] != '`')
            buf_put_char(&out, sentence.data[i]);
    return without_list_mark(str_trim(buf_str(&out)));
}

/* --- whether it may be said --- */

static bool may_be_said(Improvisation *improvisation, Str sentence)
{
    const Turn *turn = improvisation->turn;
    Str missing;

    if (voice_forbids(turn->tools->voice, improvisation->arena, sentence)) {
        improviser_count_withheld(improvisation->improviser, WITHHELD_FORBIDDEN);
        return false;
    }
    if (grounding_holds(&improvisation->grounds, sentence, &missing))
        return true;
    improviser_count_withheld(improvisation->improviser, WITHHELD_UNGROUNDED);
    if (improvisation->missing.len == 0)
        improvisation->missing = missing;
    return false;
}

/* The paragraphs of content are counted, those that were withheld not. */
static bool has_room(Improvisation *improvisation)
{
    const Narration *narration = &improvisation->turn->narration;

    if (improvisation->opens || improvisation->paragraphs == 0)
        improvisation->paragraphs++;
    improvisation->is_full = improvisation->paragraphs > PARAGRAPHS_MAX || narration->count >= LINES_MAX - 1;
    return !improvisation->is_full;
}

static Err send(Improvisation *improvisation, Str sentence)
{
    Turn *turn = improvisation->turn;
    Narration *narration = &turn->narration;
    const Telling telling = turn_telling(turn);

    if (turn->number == 0 && turn->spoken == 0)
        narrate_disclosure(&telling, turn->self, true, narration);
    (void)narration_put(narration, (Line){.text = sentence, .opens_paragraph = improvisation->opens});
    improvisation->opens = false;
    return turn_speak(turn);
}

static Err say(Improvisation *improvisation, Str raw)
{
    Str sentence = clean(improvisation->arena, raw);

    if (sentence.len == 0 || improvisation->is_full)
        return OK;
    if (!may_be_said(improvisation, sentence)) {
        improvisation->withheld++;
        return OK;
    }
    if (!has_room(improvisation))
        return OK;
    return send(improvisation, sentence);
}

/* --- text as it comes --- */

/* White space before a sentence: a line break begins a paragraph. */
static Str skip_space(Improvisation *improvisation, Str text)
{
    while (text.len > 0 &&
           (text.data[0] == ' ' || text.data[0] == '\n' || text.data[0] == '\r' || text.data[0] == '\t')) {
        improvisation->opens = improvisation->opens || text.data[0] == '\n';
        text = str_slice(text, 1, text.len);
    }
    return text;
}

/* Says the sentences of the pending text; the last one only when no more will come, for its end may be none ("6." of "6.5"). */
static Err say_whole_sentences(Improvisation *improvisation, bool all)
{
    AUTO_ARENA Arena scratch = {0};
    const Turn *turn = improvisation->turn;
    Texts abbreviations = voice_abbreviations(turn->tools->voice, turn->tongue);
    Str rest = str_copy(&scratch, buf_str(&improvisation->pending)), sentence;

    for (;;) {
        rest = skip_space(improvisation, rest);
        Str after = rest;
        if (!text_next_sentence(&after, abbreviations, &sentence) || (after.len == 0 && !all))
            break;
        TRY(say(improvisation, sentence));
        size_t end =
            (size_t)(sentence.data + sentence.len - rest.data); /* not `after`: that lost its last blank */
        rest = str_slice(rest, end, rest.len);
    }
    improvisation->pending.len = 0;
    buf_put(&improvisation->pending, rest);
    return OK;
}

static bool may_end_sentence(Str piece)
{
    for (size_t i = 0; i < piece.len; i++)
        if (piece.data[i] == ' ' || piece.data[i] == '\n')
            return true;
    return false;
}

Err speech_hear(void *context, Str piece)
{
    Improvisation *improvisation = context;

    if (call_is_cancelled(improvisation->turn->call))
        return live_gone();
    improvisation->began = true;
    buf_put(&improvisation->whole, piece);
    buf_put(&improvisation->pending, piece);
    return may_end_sentence(piece) ? say_whole_sentences(improvisation, false) : OK;
}

Err speech_end(Improvisation *improvisation)
{
    return say_whole_sentences(improvisation, true);
}
