/* Files and folders in a bad state: damaged, foreign, read-only, full. Each gives the error that says what to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/sql/shop_sql.h"

enum { NOBODY = 65534, PAGE = 4096, MANY_ROWS = 2000 };

typedef struct Place {
    char folder[64];
    char path[96];
    char url[128];
    Arena arena;
} Place;

static void must(Err e)
{
    if (failed(&e))
        fail_msg("%s (%s)", e.message, e.detail);
}

static void assert_refused(Err e, ErrCode code, const char *part)
{
    if (e.code != code || !strstr(e.message, part))
        fail_msg("expected %s with \"%s\", got %s: %s (%s)", err_kind(code)->name, part,
                 err_kind(e.code)->name, e.message, e.detail);
}

static int make_place(void **state)
{
    Place *place = calloc(1, sizeof *place);

    (void)snprintf(place->folder, sizeof place->folder, "/tmp/nerdx-files-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    (void)snprintf(place->path, sizeof place->path, "%s/shop.db", place->folder);
    (void)snprintf(place->url, sizeof place->url, "sqlite:%s", place->path);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    Place *place = *state;
    char command[192];

    arena_finish(&place->arena);
    (void)snprintf(command, sizeof command, "chmod 755 '%s'; rm -rf '%s'", place->folder, place->folder);
    free(place);
    return system(command);
}

static Err try_open(const char *url)
{
    Sql *sql;
    Err e = sql_open(url, SHOP_SQL_MIGRATIONS, &sql);

    if (!failed(&e))
        sql_close(sql);
    return e;
}

static Err add_many(void *context, Tx *tx)
{
    int *first = context;

    for (int i = *first; i < *first + MANY_ROWS; i++) {
        char sku[32];
        (void)snprintf(sku, sizeof sku, "sku-%06d", i);
        TRY(shop_sql_add(tx, str_from(sku), i, STR("something to fill the page with"), NULL));
    }
    return OK;
}

static void make_database(const Place *place)
{
    int first = 0;
    Sql *sql;

    must(sql_open(place->url, SHOP_SQL_MIGRATIONS, &sql));
    must(sql_transact(sql, add_many, &first));
    sql_close(sql);
}

static void overwrite(const Place *place, off_t offset, size_t size)
{
    char noise[PAGE];
    int file = open(place->path, O_WRONLY);

    assert_true(file >= 0 && size <= sizeof noise);
    memset(noise, 0xA5, sizeof noise);
    assert_int_equal(pwrite(file, noise, size, offset), size);
    close(file);
}

static void a_damaged_header_is_refused(void **state)
{
    Place *place = *state;
    Str report;

    make_database(place);
    overwrite(place, 0, 16);
    assert_refused(try_open(place->url), INTERNAL, "not a database, or its first page is damaged");
    assert_refused(try_open(place->url), INTERNAL, place->path);
    assert_refused(sql_check(place->url, SHOP_SQL_MIGRATIONS, &place->arena, &report), INTERNAL, "backup");
}

static void a_damaged_page_is_found_by_the_check_and_told_by_reads(void **state)
{
    Place *place = *state;
    Str report;
    ShopSqlItem *items;
    size_t count;
    Sql *sql;

    make_database(place);
    for (int page = 8; page < 12; page++)
        overwrite(place, (off_t)page * PAGE, PAGE);
    assert_refused(sql_check(place->url, SHOP_SQL_MIGRATIONS, &place->arena, &report), INTERNAL, "damaged");
    must(sql_open(place->url, SHOP_SQL_MIGRATIONS, &sql));
    assert_refused(shop_sql_list(sql, NULL, &place->arena, &items, &count), INTERNAL, "damaged");
    sql_close(sql);
}

static void a_file_cut_short_is_found(void **state)
{
    Place *place = *state;
    Str report;

    make_database(place);
    assert_int_equal(truncate(place->path, PAGE * 6 + 100), 0);
    assert_refused(sql_check(place->url, SHOP_SQL_MIGRATIONS, &place->arena, &report), INTERNAL, "damaged");
}

static void a_database_of_another_program_is_left_alone(void **state)
{
    Place *place = *state;
    sqlite3 *db;

    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE theirs (x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_refused(try_open(place->url), INTERNAL, "another program");
}

static void a_missing_folder_is_named(void **state)
{
    Place *place = *state;
    char url[160];

    (void)snprintf(url, sizeof url, "sqlite:%s/none/shop.db", place->folder);
    assert_refused(try_open(url), INTERNAL, "folder must exist");
}

static void checking_makes_no_file(void **state)
{
    Place *place = *state;
    Str report;

    must(sql_check(place->url, SHOP_SQL_MIGRATIONS, &place->arena, &report));
    assert_true(str_equal(report, STR("absent, will be made")));
    assert_int_not_equal(access(place->path, F_OK), 0);
}

/* Takes the ten seconds that a writer waits. */
static void a_write_while_another_program_writes_is_unavailable(void **state)
{
    Place *place = *state;
    int first = MANY_ROWS;
    sqlite3 *db;
    Sql *sql;

    make_database(place);
    must(sql_open(place->url, SHOP_SQL_MIGRATIONS, &sql));
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_refused(sql_transact(sql, add_many, &first), UNAVAILABLE, "busy");
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    must(sql_transact(sql, add_many, &first));
    sqlite3_close(db);
    sql_close(sql);
}

/* In a child without root's powers: those may write anywhere. */
static void assert_refused_for_nobody(const Place *place, const char *part)
{
    pid_t child = fork();

    if (child == 0) {
        if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
            _exit(2);
        Err e = try_open(place->url);
        if (e.code != INTERNAL || !strstr(e.message, part))
            (void)fprintf(stderr, "got %s: %s (%s)\n", err_kind(e.code)->name, e.message, e.detail);
        _exit(e.code == INTERNAL && strstr(e.message, part) ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void a_read_only_folder_is_told(void **state)
{
    Place *place = *state;

    assert_int_equal(chmod(place->folder, 0555), 0);
    assert_refused_for_nobody(place, "must exist and be writable");
}

static void a_read_only_database_is_told(void **state)
{
    Place *place = *state;

    make_database(place);
    assert_int_equal(chmod(place->path, 0444), 0);
    assert_int_equal(chmod(place->folder, 0555), 0);
    assert_refused_for_nobody(place, "read-only");
}

static void fill_until_full(const Place *place, Sql *sql, int *stored)
{
    Err e = OK;

    for (*stored = 0; !failed(&e); *stored += MANY_ROWS)
        e = sql_transact(sql, add_many, stored);
    *stored -= MANY_ROWS; /* the last one was refused */
    assert_refused(e, UNAVAILABLE, "disk is full");
    assert_true(e.retry_after_s > 0);
    assert_true(*stored > 0);
    (void)place;
}

static void check_stored(const Place *place, int stored)
{
    int64_t rows;
    Sql *sql;

    must(sql_open(place->url, SHOP_SQL_MIGRATIONS, &sql));
    must(shop_sql_count(sql, NULL, &rows));
    assert_int_equal(rows, stored);
    sql_close(sql);
}

/* A real file system of four megabytes, half of it taken by a file that goes away later. */
static void a_full_disk_refuses_and_recovers(void **state)
{
    Place *place = *state;
    char ballast[128];
    int stored;
    Sql *sql;

    if (mount("tmpfs", place->folder, "tmpfs", 0, "size=4m") != 0) {
        print_error("SKIPPED: a full disk: mounting a small file system needs root\n");
        skip();
    }
    (void)snprintf(ballast, sizeof ballast, "%s/ballast", place->folder);
    int file = open(ballast, O_CREAT | O_WRONLY, 0600);
    assert_int_equal(posix_fallocate(file, 0, 2 << 20), 0);
    close(file);

    must(sql_open(place->url, SHOP_SQL_MIGRATIONS, &sql));
    fill_until_full(place, sql, &stored);
    assert_int_equal(unlink(ballast), 0);
    must(sql_transact(sql, add_many, &stored));
    sql_close(sql);
    check_stored(place, stored + MANY_ROWS);
    assert_int_equal(umount(place->folder), 0);
}

#define place_test(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(a_damaged_header_is_refused),
        place_test(a_damaged_page_is_found_by_the_check_and_told_by_reads),
        place_test(a_file_cut_short_is_found),
        place_test(a_database_of_another_program_is_left_alone),
        place_test(a_missing_folder_is_named),
        place_test(checking_makes_no_file),
        place_test(a_write_while_another_program_writes_is_unavailable),
        place_test(a_read_only_folder_is_told),
        place_test(a_read_only_database_is_told),
        place_test(a_full_disk_refuses_and_recovers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
