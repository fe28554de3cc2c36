/* An archive by the clock: how long a log waits for one that can't be written, when another chain begins, and whose it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/sql/shop_sql.h"
#include "stores/sql/sqlite.h"
#include "stores/sql/sqlite_archive_inside.h"
#include "stores/sql/sqlite_chain.h"

enum { KEEP_S = 30 * 24 * 3600, LOG_FRAMES = 4, US_PER_S = 1000000 };
static const int64_t TEN_MINUTES_US = INT64_C(600) * US_PER_S, DAY_US = INT64_C(86400) * US_PER_S,
                     MINUTE_US = INT64_C(60) * US_PER_S;

typedef struct Site {
    char folder[64];
    Sql *sql;
    Archive *archive;
    ManualClock clock;
    int rows;
    Arena arena;
} Site;

static void must(Err e)
{
    if (failed(&e))
        fail_msg("%s (%s)", e.message, e.detail);
}

static const char *path_in(Site *site, const char *name)
{
    return str_format(&site->arena, "%s/%s", site->folder, name).data;
}

static Err open_database(Site *site, const char *name, Sql **out)
{
    return sql_open(str_format(&site->arena, "sqlite:%s", path_in(site, name)).data, SHOP_SQL_MIGRATIONS,
                    out);
}

/* What its thread would do is done by the test, at the test's times. */
static void open_site(Site *site)
{
    must(open_database(site, "own/shop.db", &site->sql));
    site->archive = ((Database *)site->sql)->archive;
    archive_stop(site->archive);
    site->archive->clock = &site->clock.clock;
    site->archive->base_after_ms = site->archive->failing_since_ms = 0; /* of the other clock */
    archive_keep_up(site->archive);
}

static int make_site(void **state)
{
    Site *site = calloc(1, sizeof *site);

    arena_init(&site->arena);
    (void)snprintf(site->folder, sizeof site->folder, "%s/nerdx-archive-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(site->folder));
    assert_int_equal(mkdir(path_in(site, "own"), 0700), 0);
    sql_archive_to(path_in(site, "archive"), KEEP_S);
    manual_clock_init(&site->clock, clock_wall_us(clock_system()));
    manual_clock_advance(&site->clock, US_PER_S);
    open_site(site);
    *state = site;
    return 0;
}

static int remove_site(void **state)
{
    Site *site = *state;
    char command[128];

    sql_close(site->sql);
    sql_archive_to(NULL, 0);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", site->folder);
    arena_finish(&site->arena);
    free(site);
    return system(command);
}

static Err add_row(void *context, Tx *tx)
{
    Site *site = context;
    Str sku = str_format(&site->arena, "sku-%d", site->rows++);

    sql_leave_no_trace(tx); /* the log is written back behind this commit, where that may be */
    return shop_sql_add(tx, sku, 1, STR("row"), NULL);
}

static bool log_is_empty_behind_a_commit(Site *site)
{
    struct stat log;

    must(sql_transact(site->sql, add_row, site));
    assert_int_equal(stat(path_in(site, "own/shop.db-wal"), &log), 0);
    return log.st_size == 0;
}

static size_t list_chains(Site *site, Chain **out)
{
    size_t count;

    must(chain_list(&site->arena, site->archive->folder, out, &count));
    return count;
}

static Chain last_chain(Site *site)
{
    Chain *chains;
    size_t count = list_chains(site, &chains);

    assert_true(count > 0);
    return chains[count - 1];
}

static size_t count_chains(Site *site)
{
    Chain *chains;

    return list_chains(site, &chains);
}

/* A folder has the name under which its next segment would be written: as good as a full disk, for root too. */
static const char *put_in_the_way(Site *site)
{
    const char *segment =
        chain_segment(&site->arena, last_chain(site).path, site->archive->state.segments + 1);
    const char *path = str_format(&site->arena, "%s.part", segment).data;

    assert_int_equal(mkdir(path, 0700), 0);
    return path;
}

static void a_log_waits_ten_minutes_for_its_archive_and_is_let_go_then(void **state)
{
    Site *site = *state;

    assert_true(log_is_empty_behind_a_commit(site));
    (void)put_in_the_way(site);
    assert_false(log_is_empty_behind_a_commit(site));
    manual_clock_advance(&site->clock, TEN_MINUTES_US - 1000);
    assert_false(log_is_empty_behind_a_commit(site));
    manual_clock_advance(&site->clock, 1000);
    assert_true(log_is_empty_behind_a_commit(site));
}

static void what_was_let_go_is_a_gap_and_the_next_chain_says_so(void **state)
{
    Site *site = *state;

    const char *way = put_in_the_way(site);
    assert_false(log_is_empty_behind_a_commit(site));
    manual_clock_advance(&site->clock, TEN_MINUTES_US);
    assert_true(log_is_empty_behind_a_commit(site));
    assert_int_equal(rmdir(way), 0);
    assert_false(last_chain(site).is_gap);
    archive_keep_up(site->archive);
    assert_true(last_chain(site).is_gap);
    assert_int_equal(metrics_value(site->archive->metrics, ARCHIVE_GAPS, 0), 1);
    assert_true(log_is_empty_behind_a_commit(site));
    assert_int_equal(count_chains(site), 2);
}

/* A folder that can't be removed is where a base is made: as good as a full disk, again. */
static const char *put_in_the_way_of_a_base(Site *site)
{
    const char *part = chain_part(&site->arena, site->archive->folder);
    const char *way = str_format(&site->arena, "%s/way", part).data;

    assert_int_equal(mkdir(part, 0700), 0);
    assert_int_equal(mkdir(way, 0700), 0);
    return way;
}

static int64_t failing_s(Site *site)
{
    return metrics_value(site->archive->metrics, ARCHIVE_FAILING, 0);
}

static void it_fails_until_a_gap_has_its_new_base(void **state)
{
    Site *site = *state;
    const char *segment = put_in_the_way(site), *base = put_in_the_way_of_a_base(site);

    assert_false(log_is_empty_behind_a_commit(site));
    manual_clock_advance(&site->clock, TEN_MINUTES_US);
    assert_true(log_is_empty_behind_a_commit(site));
    archive_keep_up(site->archive); /* it tries, and again behind a minute */
    manual_clock_advance(&site->clock, US_PER_S);
    archive_keep_up(site->archive);
    assert_true(log_is_empty_behind_a_commit(site));
    assert_int_equal(failing_s(site), (TEN_MINUTES_US + US_PER_S) / US_PER_S);
    assert_int_equal(rmdir(segment) | rmdir(base), 0);
    manual_clock_advance(&site->clock, MINUTE_US);
    archive_keep_up(site->archive);
    assert_int_equal(failing_s(site), 0);
    assert_true(last_chain(site).is_gap);
}

static void ten_minutes_begin_anew_once_it_could_be_written(void **state)
{
    Site *site = *state;

    const char *way = put_in_the_way(site);
    assert_false(log_is_empty_behind_a_commit(site));
    manual_clock_advance(&site->clock, TEN_MINUTES_US - 1000);
    assert_int_equal(rmdir(way), 0);
    archive_keep_up(site->archive);
    (void)put_in_the_way(site);
    assert_false(log_is_empty_behind_a_commit(site));
    manual_clock_advance(&site->clock, TEN_MINUTES_US - 1000);
    assert_false(log_is_empty_behind_a_commit(site));
}

/* As if so many frames were in the log: only its index says so. */
static void pretend_frames(Site *site, uint32_t *index, uint32_t frames)
{
    assert_true(log_index_read(((Database *)site->sql)->index, index));
    index[LOG_FRAMES] = frames;
    memcpy(index + LOG_INDEX_WORDS, index, LOG_INDEX_WORDS * sizeof *index);
}

static void a_log_of_512_mib_is_let_go_before(void **state)
{
    enum { PAGE = 4096, MOST = (512 << 20) / PAGE };
    Site *site = *state;
    Archive *archive = site->archive;
    const volatile uint32_t *own = archive->index;
    uint32_t index[2 * LOG_INDEX_WORDS];

    (void)put_in_the_way(site);
    archive->index = index;
    pretend_frames(site, index, MOST - 1);
    assert_false(archive_begin_checkpoint(archive));
    pretend_frames(site, index, MOST);
    assert_true(archive_begin_checkpoint(archive));
    archive_end_checkpoint(archive);
    archive->index = own;
}

/* The first word of its second copy, as while a commit is told. */
static void set_torn(uint32_t *index, bool is_torn)
{
    __atomic_store_n(&index[LOG_INDEX_WORDS], index[0] + is_torn, __ATOMIC_RELEASE);
}

/* Who tells a commit has lost its processor in the middle of it: for longer than a thousand yields take. */
static void *go_on_after_a_while(void *context)
{
    static const struct timespec WHILE = {.tv_nsec = 50000000};

    nanosleep(&WHILE, NULL);
    set_torn(context, false);
    return NULL;
}

static void an_index_that_is_being_written_is_waited_for(void **state)
{
    Site *site = *state;
    const volatile uint32_t *own = site->archive->index;
    uint32_t index[2 * LOG_INDEX_WORDS];
    pthread_t writer;

    pretend_frames(site, index, site->archive->frames);
    site->archive->index = index;
    set_torn(index, true);
    assert_int_equal(pthread_create(&writer, NULL, go_on_after_a_while, index), 0);
    Err e = archive_ship(site->archive);
    assert_int_equal(pthread_join(writer, NULL), 0);
    site->archive->index = own;
    must(e);
}

static void another_chain_begins_behind_a_day_and_without_a_gap(void **state)
{
    Site *site = *state;
    int64_t left_us = last_chain(site).begin_us + DAY_US - clock_wall_us(&site->clock.clock);

    manual_clock_advance(&site->clock, left_us - 1);
    archive_keep_up(site->archive);
    assert_int_equal(count_chains(site), 1);
    manual_clock_advance(&site->clock, 1);
    archive_keep_up(site->archive);
    archive_keep_up(site->archive);
    assert_int_equal(count_chains(site), 2);
    assert_false(last_chain(site).is_gap);
    assert_true(log_is_empty_behind_a_commit(site));
}

static void a_chain_that_could_not_begin_is_tried_again_behind_a_minute(void **state)
{
    Site *site = *state;
    const char *way = put_in_the_way_of_a_base(site);

    manual_clock_advance(&site->clock, DAY_US);
    archive_keep_up(site->archive);
    assert_int_equal(rmdir(way), 0);
    manual_clock_advance(&site->clock, MINUTE_US - 1000);
    archive_keep_up(site->archive);
    assert_int_equal(count_chains(site), 1);
    assert_true(log_is_empty_behind_a_commit(site)); /* meanwhile the one before goes on */
    manual_clock_advance(&site->clock, 1000);
    archive_keep_up(site->archive);
    assert_int_equal(count_chains(site), 2);
    assert_false(last_chain(site).is_gap);
}

/* ---- what is over */

/* What is in its place can be opened and its reads give EIO, as a file on a disk that fails. */
static void a_base_that_can_not_be_read_is_not_thrown_away(void **state)
{
    Site *site = *state;
    const char *base = chain_base(&site->arena, last_chain(site).path);
    int64_t now_s = clock_wall_us(&site->clock.clock) / US_PER_S;
    SqlArchivePruned pruned = {0};

    assert_int_equal(unlink(base) | symlink("/proc/self/mem", base), 0);
    Err e = sql_archive_prune(site->archive->folder, now_s, &pruned);
    assert_true(e.code == UNAVAILABLE && strstr(e.message, base) != NULL);
    assert_int_equal(count_chains(site), 1);
    assert_int_equal(unlink(base), 0);
    must(sql_archive_prune(site->archive->folder, now_s, &pruned));
    assert_int_equal(pruned.gone, 1);
}

/* ---- whose it is */

static void assert_refused(Site *site, const char *name)
{
    Sql *other = NULL;
    Err e = open_database(site, name, &other);

    if (e.code != CONFLICT || strstr(e.message, path_in(site, "own/shop.db")) == NULL)
        fail_msg("it should name the owner, got %d: %s", (int)e.code, e.message);
    assert_null(other);
}

static void an_archive_of_another_folder_is_refused_and_the_folder_named(void **state)
{
    Site *site = *state;
    Sql *again = NULL;

    assert_int_equal(mkdir(path_in(site, "other"), 0700), 0);
    assert_refused(site, "other/shop.db");
    must(open_database(site, "own/shop.db", &again));
    sql_close(again);
    sql_close(site->sql);
    site->sql = NULL;
    assert_refused(site, "other/shop.db");
    open_site(site);
    assert_int_equal(count_chains(site), 1);
}

static void a_folder_by_another_name_is_the_same(void **state)
{
    Site *site = *state;
    Sql *again = NULL;

    assert_int_equal(symlink(path_in(site, "own"), path_in(site, "alias")), 0);
    must(open_database(site, "alias/shop.db", &again));
    sql_close(again);
}

static void a_folder_that_was_moved_keeps_its_archive_without_a_gap(void **state)
{
    Site *site = *state;
    Sql *moved = NULL;

    sql_close(site->sql);
    site->sql = NULL;
    assert_int_equal(rename(path_in(site, "own"), path_in(site, "moved")), 0);
    must(open_database(site, "moved/shop.db", &moved));
    archive_stop(((Database *)moved)->archive);
    archive_keep_up(((Database *)moved)->archive);
    assert_false(((Database *)moved)->archive->needs_base);
    sql_close(moved);
}

static void copy_database(Site *site, const char *to)
{
    must(sqlite_backup(path_in(site, "own/shop.db"), to, clock_wall_us(clock_system()) / US_PER_S + KEEP_S));
}

/* Where a file's inode is another one. */
static void a_folder_that_was_moved_to_another_disk_may_keep_its_archive(void **state)
{
    Site *site = *state;
    Sql *moved = NULL;

    sql_close(site->sql);
    site->sql = NULL;
    assert_int_equal(mkdir(path_in(site, "moved"), 0700), 0);
    copy_database(site, path_in(site, "moved/shop.db"));
    assert_refused(site, "moved/shop.db");
    assert_int_equal(unlink(path_in(site, "own/shop.db")), 0);
    must(open_database(site, "moved/shop.db", &moved));
    sql_close(moved);
}

static void copy_in_place(Site *site)
{
    copy_database(site, path_in(site, "copy.db"));
    assert_int_equal(rename(path_in(site, "copy.db"), path_in(site, "own/shop.db")), 0);
}

static void what_was_restored_in_its_place_is_the_owner_once_nobody_has_the_former_open(void **state)
{
    Site *site = *state;
    Sql *restored = NULL;

    sql_close(site->sql);
    site->sql = NULL;
    copy_in_place(site);
    must(open_database(site, "own/shop.db", &restored));
    sql_close(restored);
    open_site(site);
    assert_true(last_chain(site).is_gap);
}

/* As of two containers, each with its data at the same path: here the file of the first has lost its name. */
static void another_file_at_the_same_path_is_refused_while_the_owner_is_open(void **state)
{
    Site *site = *state;

    copy_in_place(site);
    (void)unlink(path_in(site, "own/shop.db-wal"));
    (void)unlink(path_in(site, "own/shop.db-shm"));
    assert_refused(site, "own/shop.db");
}

static void an_archive_from_before_marks_is_its_first_ones(void **state)
{
    Site *site = *state;

    sql_close(site->sql);
    site->sql = NULL;
    assert_int_equal(truncate(path_in(site, "archive/shop.db/owner"), 0), 0);
    open_site(site);
    assert_int_equal(count_chains(site), 1);
    assert_int_equal(mkdir(path_in(site, "other"), 0700), 0);
    assert_refused(site, "other/shop.db");
}

#define site_test(f) cmocka_unit_test_setup_teardown(f, make_site, remove_site)

int main(void)
{
    const struct CMUnitTest tests[] = {
        site_test(a_log_waits_ten_minutes_for_its_archive_and_is_let_go_then),
        site_test(what_was_let_go_is_a_gap_and_the_next_chain_says_so),
        site_test(it_fails_until_a_gap_has_its_new_base),
        site_test(ten_minutes_begin_anew_once_it_could_be_written),
        site_test(a_log_of_512_mib_is_let_go_before),
        site_test(an_index_that_is_being_written_is_waited_for),
        site_test(another_chain_begins_behind_a_day_and_without_a_gap),
        site_test(a_chain_that_could_not_begin_is_tried_again_behind_a_minute),
        site_test(a_base_that_can_not_be_read_is_not_thrown_away),
        site_test(an_archive_of_another_folder_is_refused_and_the_folder_named),
        site_test(a_folder_by_another_name_is_the_same),
        site_test(a_folder_that_was_moved_keeps_its_archive_without_a_gap),
        site_test(a_folder_that_was_moved_to_another_disk_may_keep_its_archive),
        site_test(what_was_restored_in_its_place_is_the_owner_once_nobody_has_the_former_open),
        site_test(another_file_at_the_same_path_is_refused_while_the_owner_is_open),
        site_test(an_archive_from_before_marks_is_its_first_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
