/* What of an archive is over: a chain ends as a whole with the term of its base. */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "stores/sql/sql.h"
#include "stores/sql/sqlite_chain.h"

enum {
    BASE_MOST_S = 24 * 3600 /* a base that was begun before isn't made any more: who made it was killed */
};

bool sql_archive_is(const char *archive)
{
    AUTO_ARENA Arena arena = {0};

    return access(str_format(&arena, "%s/state", archive).data, F_OK) == 0;
}

/* One without a base that can be read is of nobody's use, but may be about to be made where it has no name yet. */
static Err is_over(const char *chain, int64_t now_s, bool *over)
{
    AUTO_ARENA Arena arena = {0};
    int64_t until_s;

    TRY(sql_backup_until(chain_base(&arena, chain), &until_s));
    *over = until_s <= now_s;
    return OK;
}

static Err prune_chain(const char *chain, int64_t now_s, SqlArchivePruned *pruned)
{
    bool over;

    TRY(is_over(chain, now_s, &over));
    pruned->left += !over;
    if (!over)
        return OK;
    TRY(chain_remove(chain));
    pruned->gone++;
    return OK;
}

static Err prune_part(const char *part, int64_t now_s)
{
    struct stat found;

    return stat(part, &found) == 0 && found.st_mtime + BASE_MOST_S < now_s ? chain_remove(part) : OK;
}

Err sql_archive_prune(const char *archive, int64_t now_s, SqlArchivePruned *pruned)
{
    AUTO_ARENA Arena arena = {0};
    Chain *chains;
    size_t count;

    if (!sql_archive_is(archive))
        return OK;
    TRY(chain_list(&arena, archive, &chains, &count));
    for (size_t i = 0; i < count; i++)
        TRY(prune_chain(chains[i].path, now_s, pruned));
    return prune_part(chain_part(&arena, archive), now_s);
}
