/* The operations of api/tools.yaml: what agents look up and do while they talk. None knows of the turn that called it; programs
 * may call them too. */
#ifndef NERDX_SERVICES_AGENTS_TOOLS_OPERATIONS_H
#define NERDX_SERVICES_AGENTS_TOOLS_OPERATIONS_H

#include "api/tools.h"
#include "services/agents/turn.h"

Err operation_query(const TurnTools *tools, Call *call, const ToolsQueryWorldModelInput *in,
                    QueryResult *out);
Err operation_recommend(const TurnTools *tools, Call *call, const ToolsRecommendProductInput *in,
                        Recommendations *out);

/* story.c. Errors: NOT_FOUND. */
Err operation_tell_story(const TurnTools *tools, Call *call, const ToolsGenerateStoryInput *in, Story *out);

/* hand_off.c. Errors: UNPROCESSABLE naming what is no product. */
Err operation_hand_off(const TurnTools *tools, Call *call, const ToolsHandOffInput *in, Handoff *out);

#endif
