/* Who makes answers: one interface, and a table of those there are (turn.c), asked in the order of the agent's row until one speaks. A
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

/* *way STOP: it is to be asked again when what it waits for (turn->run.wait) is there. STRAIGHT: it has spoken; ASIDE: it hasn't, and
 * the next one is to (turn->has_fallback says why, where that is worth saying). Errors end the turn. What was said before an error
 * stands. */

/* llm/improvise.c: a language model, where there is one and the words aren't fixed. */
Err turn_improvise(Turn *turn, Way *way);

/* Whether a model is to speak at all: not where the words are fixed, or memory's own. */
bool turn_is_for_model(const Turn *turn);

/* narrated.c: the embedded narrator, which always speaks: a first sentence, then, once nobody waits for first words, the rest. */
Err narrator_generate(Turn *turn, Way *way);
Err narrator_say_rest(Turn *turn); /* nothing when there is none */
/* Goes on with an answer that was cut off, by composing it anew; one that would begin otherwise now stays as it is. */
Err narrator_take_up(Turn *turn);

/* grounded.c: whether a sentence that was made from a fact claims nothing beyond the facts of the turn; counted if it does. Errors:
 * those of the world. */
Err turn_rests(Turn *turn, const Line *line, bool *rests);

/* --- the sink (speak.c) --- */

/* Adds a sentence to the answer, unless a guard forbids it. It isn't on its way yet. Errors: INTERNAL when there are LINES_MAX. */
Err turn_say(Turn *turn, Line line, bool *said);

/* Sends what was said and isn't sent yet; before the first sentence of all, who speaks. */
Err turn_speak(Turn *turn);

/* The same, of the last sentences: they are kept and sent with the end of the turn, which comes at once. */
Err turn_speak_last(Turn *turn);

/* Tells who speaks, once. */
Err turn_introduce(Turn *turn);

/* --- calls of tools (called.c): the reply lists them, events tell that they begin and end; turn_release lets these out --- */

/* *number: which call of the turn it is. Errors: LIMITED when the turn has used up its calls; then there is no such call. */
Err turn_call_begins(Turn *turn, Str name, Json arguments, size_t *number);

/* failure: OK when it worked. */
Err turn_call_ends(Turn *turn, size_t number, const Err *failure, int64_t took_us);

#endif
