#include "services/notify/core.h"

#include "base/memory.h"
#include "services/notify/jobs.h"
#include "services/notify/letter.h"
#include "services/notify/links.h"
#include "services/notify/notify_sql.h"

static Err open_all(Notify *notify, const NotifyConfig *config)
{
    notify->clock = config->clock != NULL ? config->clock : clock_system();
    notify->mailer = config->mailer;
    notify->advertiser = config->advertiser;
    notify->site = config->site;
    arena_init(&notify->arena);
    notify->accounts = config->accounts;
    notify->mobile = config->mobile;
    notify->seal = config->seal;
    notify->pushes_inside = config->pushes_inside;
    TRY(letter_create(config->content, &notify->letter));
    TRY(templates_create(config->content, config->site, &notify->templates));
    TRY(sql_open(config->store, NOTIFY_SQL_MIGRATIONS, &notify->sql));
    TRY(links_open(notify));
    TRY(queue_open(&(QueueConfig){notify_jobs(), notify->sql, notify->clock, notify}, &notify->queue));
    notify->followers = followers_create(&FOLLOWED_INBOX);
    return OK;
}

Err notify_create(const NotifyConfig *config, Notify **out)
{
    Notify *notify = memory_new(Notify);
    Err e = open_all(notify, config);

    *out = failed(&e) ? NULL : notify;
    if (failed(&e))
        notify_destroy(notify);
    return e;
}

void notify_destroy(Notify *notify)
{
    if (notify == NULL)
        return;
    notify_stop_jobs(notify);
    followers_destroy(notify->followers);
    queue_close(notify->queue);
    sql_close(notify->sql);
    letter_destroy(notify->letter);
    templates_destroy(notify->templates);
    arena_finish(&notify->arena);
    memory_free(notify);
}

bool notify_blocks(const Notify *notify)
{
    return sql_reads_block(notify->sql);
}

Err notify_ready(Notify *notify)
{
    return sql_ready(notify->sql);
}

Err notify_check(const char *store, Arena *arena, Str *report)
{
    return sql_check(store, NOTIFY_SQL_MIGRATIONS, arena, report);
}

SqlMigrations notify_tables(void)
{
    return NOTIFY_SQL_MIGRATIONS;
}
