/* What others are told of conversations (api/events.yaml): no word of them. */
#ifndef NERDX_SERVICES_AGENTS_TELL_H
#define NERDX_SERVICES_AGENTS_TELL_H

#include "services/agents/turn.h"

/* In the transaction that keeps the turn. */
Err tell_turn_ended(const Turn *turn, Tx *tx, Arena *scratch);

#endif
