/* What tools/embed put into the program. */
#ifndef NERDX_APP_ASSETS_H
#define NERDX_APP_ASSETS_H

#include "base/asset.h"

extern const AssetTable WORLD_CONTENT;     /* content/world: Markdown, and schema.yaml */
extern const AssetTable AGENTS_CONTENT;    /* content/agents: words and templates */
extern const AssetTable ANALYTICS_CONTENT; /* content/analytics: who is a bot, what is counted */
extern const AssetTable NOTIFY_CONTENT;    /* content/notify: what people are told */
extern const AssetTable AUTH_CONTENT;      /* content/auth: letters, passwords that everybody knows */
extern const AssetTable PAGE_ASSETS;       /* web/talk */
extern const AssetTable DOCS_ASSETS;       /* made by tools/apigen from the contract */

#endif
