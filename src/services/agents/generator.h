/* Who makes answers: one interface, and a table of those there are (turn.c), asked in its order until one speaks. A
 * generator gets the turn as it was decided (history, recollection, facts, plan) and gives sentences to turn_say, one
 * at a time; each is guarded before it can be sent, and turn_speak sends those that there are.
 *
 *     narrate into a Narration, or read a language model's stream;
 *     TRY(turn_say(turn, line, &said));      false: a guard withheld it
 *     TRY(turn_speak(turn));                 after a sentence when they come slowly, else after the last
 */
#ifndef NERDX_SERVICES_AGENTS_GENERATOR_H
#define NERDX_SERVICES_AGENTS_GENERATOR_H

#include "services/agents/turn.h"

typedef struct GeneratorRow {
    Generator id;
    /* STOP: it is to be asked again when what it waits for (turn->run.wait) is there. STRAIGHT: it has spoken; ASIDE: it hasn't, and the next one is to (turn->has_fallback says why, where that is worth
     * saying). Errors end the turn. What was said before an error stands. */
    Err (*generate)(Turn *turn, Way *way);
} GeneratorRow;

/* llm/improvise.c: a language model, where there is one and the words aren't fixed. */
Err turn_improvise(Turn *turn, Way *way);

/* narrated.c: the embedded narrator, which always speaks. */
Err narrator_generate(Turn *turn, Way *way);

/* grounded.c: whether a sentence that was made from a fact claims nothing beyond the facts of the turn; counted if it does. Errors:
 * those of the world. */
Err turn_rests(Turn *turn, const Line *line, bool *rests);

/* --- the sink (speak.c) --- */

/* Adds a sentence to the answer, unless a guard forbids it. It isn't on its way yet. Errors: INTERNAL when there are LINES_MAX. */
Err turn_say(Turn *turn, Line line, bool *said);

/* Sends what was said and isn't sent yet; before the first sentence of all, who speaks. */
Err turn_speak(Turn *turn);

/* A call of a tool was made: the reply lists it, and an event tells it before the next sentence. failure: OK when it worked.
 * Errors: LIMITED when the turn has used up its calls. */
Err turn_called(Turn *turn, Str name, Json arguments, const Err *failure, int64_t took_us);

#endif
