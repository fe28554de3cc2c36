/* The secrets of apps under another key: page by page, each row only if it is still as it was read. Cut off anywhere, some rows are under the
 * one key and some under the other, both can be read, and the next call goes on. */
#include "services/auth/core.h"
#include "services/auth/totp_sql.h"

enum { PAGE = 100 };

typedef struct Resealing {
    const Auth *auth;
    Arena *arena;
    const TotpSqlListSealed *rows;
    size_t count;
    AuthResealed sum; /* of this page */
} Resealing;

static Err reseal_one(Resealing *page, Tx *tx, const TotpSqlListSealed *row)
{
    Str renewed = {0};
    int64_t changed = 0;
    Err e = seal_renew(&page->auth->seal, page->arena, row->sealed, row->user_id, &renewed);

    page->sum.unreadable += failed(&e);
    if (failed(&e) || renewed.data == NULL)
        return OK;
    TRY(totp_sql_reseal(tx, row->user_id, row->sealed, renewed, &changed));
    page->sum.renewed += changed;
    return OK;
}

static Err reseal_page(void *context, Tx *tx)
{
    Resealing *page = context;

    page->sum = (AuthResealed){0};
    for (size_t i = 0; i < page->count; i++)
        TRY(reseal_one(page, tx, &page->rows[i]));
    AuditEvent event = {STR("resealed"), STR(""), STR(""),
                        str_format(page->arena, "%lld", (long long)page->sum.renewed)};
    return page->sum.renewed > 0 ? audit_add(tx, page->arena, auth_now_us(page->auth), &event) : OK;
}

Err auth_reseal(const Auth *auth, AuthResealed *out)
{
    AUTO_ARENA Arena names = {0};
    Str after = STR("");
    size_t count;

    *out = (AuthResealed){0};
    do {
        AUTO_ARENA Arena arena = {0};
        TotpSqlListSealed *rows;
        TRY(totp_sql_list_sealed(auth->sql, NULL, &arena, after, PAGE, &rows, &count));
        Resealing page = {.auth = auth, .arena = &arena, .rows = rows, .count = count};
        TRY(sql_transact(auth->sql, reseal_page, &page));
        out->renewed += page.sum.renewed;
        out->unreadable += page.sum.unreadable;
        out->all += (int64_t)count;
        if (count > 0)
            after = str_copy(&names, rows[count - 1].user_id);
    } while (count == PAGE);
    return OK;
}
