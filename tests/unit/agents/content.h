/* The real words of content/agents, built into the tests. */
#ifndef NERDX_TESTS_AGENTS_CONTENT_H
#define NERDX_TESTS_AGENTS_CONTENT_H

#include "base/asset.h"
#include "services/agents/voice.h"

extern const AssetTable AGENTS_CONTENT;

/* Fails the test when content is wrong. */
Voice *open_voice(void);

#endif
