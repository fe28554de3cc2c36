/* A store of proposals in a folder of its own. */
#ifndef NERDX_TESTS_PROPOSALS_FIXTURE_H
#define NERDX_TESTS_PROPOSALS_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>

#include "drop_store.h"
#include "services/world/review/proposals.h"

typedef struct Tray {
    char folder[64];
    char path[128];
    char url[160];
    Proposals *proposals;
    Arena arena;
} Tray;

static inline void tray_open(Tray *tray)
{
    *tray = (Tray){.folder = "/tmp/nerdx-proposals-XXXXXX"};
    assert_non_null(mkdtemp(tray->folder));
    (void)snprintf(tray->path, sizeof tray->path, "%s/p.db", tray->folder);
    (void)snprintf(tray->url, sizeof tray->url, "sqlite:%s", tray->path);
    check_ok(proposals_open(tray->url, &tray->proposals));
}

static inline void tray_reopen(Tray *tray)
{
    proposals_close(tray->proposals);
    check_ok(proposals_open(tray->url, &tray->proposals));
}

static inline void tray_close(Tray *tray)
{
    proposals_close(tray->proposals);
    drop_store(tray->folder, "p.db");
    arena_finish(&tray->arena);
}

static inline Reading tray_reading(const char *source)
{
    return (Reading){str_from(source), STR("jar.p1"), STR("d1"), STR("reader"), STR("run"), 5, true};
}

static inline Draft tray_draft(const char *fact, bool is_node)
{
    return (Draft){3, 7, STR("brewed of royal grain"), str_from(fact), is_node};
}

/* How many of them were new. */
static inline size_t tray_add(Tray *tray, const char *source, const Draft *drafts, size_t count)
{
    Reading reading = tray_reading(source);
    size_t added;

    check_ok(proposals_add(tray->proposals, &reading, drafts, count, &added));
    return added;
}

static inline Proposal tray_get(Tray *tray, int64_t number)
{
    Proposal proposal;

    check_ok(proposals_get(tray->proposals, &tray->arena, number, &proposal));
    return proposal;
}

#endif
