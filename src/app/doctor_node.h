/* What a node that runs says of itself, in words: what is wrong, why it matters, what to do. */
#ifndef NERDX_APP_DOCTOR_NODE_H
#define NERDX_APP_DOCTOR_NODE_H

#include "base/options.h"

/* Of what doctor.c looks at, by its name there, when it is wrong: why it matters, and what to do. Nothing for what isn't known here. */
void doctor_advise(const char *check);

/* Whether what answers at --listen is a node. */
bool doctor_finds_node(const Options *options);

/* Asks the node at --listen, if one answers there, and prints what it says. Returns how many things are wrong. */
size_t doctor_look_at_node(const Options *options);

#endif
