/* The chunk that nearly every piece of an answer is: a few words, and nothing else of interest. Read where it stands, for building
 * its tree costs more than all else that is done about it. Pure: no I/O. */
#ifndef NERDX_LLM_PLAIN_CHUNK_H
#define NERDX_LLM_PLAIN_CHUNK_H

#include "base/json.h"

/* True: it is valid JSON (as json_read has it) of one choice, number 0, that goes on, and *content, within the JSON, is all that it
 * says; empty when it has none. False: it is something else, or not certain to be that: have it read. */
bool plain_chunk_read(Json chunk, Str *content);

#endif
