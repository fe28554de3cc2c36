/* The real words of content/agents, built into the tests. */
#ifndef NERDX_TESTS_AGENTS_CONTENT_H
#define NERDX_TESTS_AGENTS_CONTENT_H

#include "base/asset.h"
#include "services/agents/narrator/voice.h"

extern const AssetTable AGENTS_CONTENT;

/* For a group of tests: *state is a Voice of them. Fails when content is wrong. */
int open_words(void **state);
int close_words(void **state);

#endif
