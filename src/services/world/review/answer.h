/* What a language model answers when it is asked for facts: objects in the interchange form, each with the passage that
 * says so,
 *
 *     {"type": "PAIRS_WITH", "from": "makgeolli", "to": "pajeon", "passage": "On rainy days people eat pajeon with it."}
 *
 * one a line if it does as it is told; in a list, in an object with "facts", between ``` or with words around them, as
 * models do it. Nothing of it is trusted here: answer_read finds the objects, judge.h looks at each. */
#ifndef NERDX_SERVICES_WORLD_REVIEW_ANSWER_H
#define NERDX_SERVICES_WORLD_REVIEW_ANSWER_H

#include "base/err.h"
#include "base/json.h"

enum { ANSWER_MAX_FACTS = 64 /* of one passage; more aren't read */ };

/* Gets each object as it stands in the answer, with the object, or with why it can't be read (object NULL). The object
 * is the receiver's to change, and to keep by json_incref. */
typedef struct AnswerReader {
    void *context;
    Err (*take)(void *context, Str text, json_t *object, const Err *why);
} AnswerReader;

/* Errors: those of the reader. */
Err answer_read(Str text, const AnswerReader *reader);

#endif
