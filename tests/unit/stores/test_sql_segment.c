/* Pieces of a log in an archive: what is written is read again, and whatever became of a file since then is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "stores/sql/sqlite_segment.h"

enum { PAGE = 512, FRAME = LOG_FRAME_HEAD + PAGE, FRAMES = 5, SEED = 7 };

typedef struct Place {
    char folder[64];
    char log_path[96];
    char path[96];
    uint8_t log[LOG_HEAD + FRAMES * FRAME];
    LogEnd end;
    Arena arena;
} Place;

static const SegmentCommit COMMITS[] = {{3, 1000}, {4, 1000}, {5, 2000}};

static void must(Err e)
{
    if (failed(&e))
        fail_msg("%s (%s)", e.message, e.detail);
}

static void assert_refused(Err e, ErrCode code, const char *part)
{
    if (e.code != code || !strstr(e.message, part))
        fail_msg("expected %s, got %d: %s", part, (int)e.code, e.message);
}

static uint32_t big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Of a log only what segments look at is right: page size, salts and the last checksum. */
static void make_log(Place *place)
{
    uint32_t noise = SEED;

    for (size_t i = 0; i < sizeof place->log; i++) {
        noise = noise * 1664525 + 1013904223; /* Knuth, TAOCP 2, 3.3.4 */
        place->log[i] = (uint8_t)(noise >> 24);
    }
    memcpy(place->log + 8, (const uint8_t[]){0, 0, PAGE >> 8, 0}, 4);
    memcpy(place->end.salts, place->log + 16, sizeof place->end.salts);
    for (size_t i = 0; i < FRAMES; i++)
        memcpy(place->log + LOG_HEAD + i * FRAME + 8, place->end.salts, sizeof place->end.salts);
    const uint8_t *last = place->log + LOG_HEAD + (FRAMES - 1) * (size_t)FRAME;
    place->end.frames = FRAMES;
    place->end.check[0] = big_endian(last + 16);
    place->end.check[1] = big_endian(last + 20);
}

static void write_file(const char *path, const void *data, size_t size)
{
    AUTO_CLOSE int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_int_equal(write(file, data, size), size);
}

static int make_place(void **state)
{
    Place *place = calloc(1, sizeof *place);

    (void)snprintf(place->folder, sizeof place->folder, "/tmp/nerdx-segment-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    (void)snprintf(place->log_path, sizeof place->log_path, "%s/log", place->folder);
    (void)snprintf(place->path, sizeof place->path, "%s/00000001.wal", place->folder);
    make_log(place);
    write_file(place->log_path, place->log, sizeof place->log);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    Place *place = *state;
    char command[128];

    arena_finish(&place->arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    free(place);
    return system(command);
}

static Err write_it(const Place *place, uint32_t first, const SegmentCommit *commits, size_t count)
{
    AUTO_CLOSE int log = open(place->log_path, O_RDONLY | O_CLOEXEC);
    SegmentPlan plan = {.database = "shop.db",
                        .log = log,
                        .end = place->end,
                        .first = first,
                        .commits = commits,
                        .commit_count = count};
    uint64_t bytes;

    return segment_write(&plan, place->path, &bytes);
}

static Err read_it(Place *place, Segment *out)
{
    AUTO_CLOSE int file = -1;

    return segment_open(&place->arena, place->path, out, &file);
}

static void what_was_written_is_read(void **state)
{
    Place *place = *state;
    Segment segment;

    must(write_it(place, 2, COMMITS, 3));
    must(read_it(place, &segment));
    assert_string_equal(segment.head.database, "shop.db");
    assert_int_equal(segment.head.first, 2);
    assert_int_equal(segment.head.frames, 4);
    assert_int_equal(segment.head.page_size, PAGE);
    assert_memory_equal(segment.commits, COMMITS, sizeof COMMITS);
    assert_int_not_equal(access(str_format(&place->arena, "%s.part", place->path).data, F_OK), 0);
}

static void segments_from_the_first_are_the_log_again(void **state)
{
    Place *place = *state;
    const char *again = str_format(&place->arena, "%s/again", place->folder).data;
    AUTO_CLOSE int log = open(again, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    AUTO_CLOSE int file = -1;
    Segment segment;
    Str bytes;

    must(write_it(place, 1, &COMMITS[2], 1));
    must(segment_open(&place->arena, place->path, &segment, &file));
    must(segment_append(&segment, file, 3, log));
    must(file_read(&place->arena, again, sizeof place->log, &bytes));
    assert_int_equal(bytes.len, LOG_HEAD + 3 * FRAME);
    assert_memory_equal(bytes.data, place->log, bytes.len);
    must(segment_append(&segment, file, FRAMES, log));
    must(file_read(&place->arena, again, sizeof place->log, &bytes));
    assert_memory_equal(bytes.data, place->log, sizeof place->log);
}

static void every_byte_of_a_head_that_has_changed_is_found(void **state)
{
    Place *place = *state;
    Segment segment;
    Str bytes;

    must(write_it(place, 2, COMMITS, 3));
    must(file_read(&place->arena, place->path, SIZE_MAX / 2, &bytes));
    for (size_t i = 0; i < sizeof(SegmentHead) + sizeof COMMITS; i++) {
        char *copy = str_c(&place->arena, bytes);
        memcpy(copy, bytes.data, bytes.len);
        copy[i] = (char)(copy[i] ^ 0x10);
        assert_int_equal(segment_parse((Str){copy, bytes.len}, bytes.len, &segment).code, INVALID);
    }
}

static void one_that_is_cut_short_is_told_by_its_size(void **state)
{
    Place *place = *state;
    Segment segment;
    struct stat found;

    must(write_it(place, 1, COMMITS, 3));
    assert_int_equal(stat(place->path, &found), 0);
    assert_int_equal(truncate(place->path, found.st_size - 1), 0);
    assert_refused(read_it(place, &segment), TOO_LARGE, "cut short");
    assert_int_equal(segment.commits[0].time_us, COMMITS[0].time_us);
    assert_int_equal(truncate(place->path, sizeof(SegmentHead) + 8), 0);
    assert_refused(read_it(place, &segment), INVALID, "cut short");
    assert_int_equal(truncate(place->path, 8), 0);
    assert_refused(read_it(place, &segment), INVALID, "cut short");
}

static void commits_out_of_order_are_refused(void **state)
{
    static const SegmentCommit BACK[] = {{3, 2000}, {5, 1000}}, TWICE[] = {{5, 1}, {5, 2}},
                               SHORT[] = {{4, 1}};
    Place *place = *state;
    Segment segment;

    must(write_it(place, 1, BACK, 2));
    assert_refused(read_it(place, &segment), INVALID, "damaged");
    must(write_it(place, 1, TWICE, 2));
    assert_refused(read_it(place, &segment), INVALID, "damaged");
    must(write_it(place, 1, SHORT, 1));
    assert_refused(read_it(place, &segment), INVALID, "damaged");
}

static void a_log_that_is_not_as_its_index_says_is_not_shipped(void **state)
{
    Place *place = *state;

    place->end.check[1]++;
    assert_refused(write_it(place, 1, COMMITS, 3), UNAVAILABLE, "the log's end");
    place->end.check[1]--;
    place->end.salts[0]++;
    assert_refused(write_it(place, 1, COMMITS, 3), UNAVAILABLE, "the log's head");
    assert_int_not_equal(access(place->path, F_OK), 0);
}

#define place_test(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        place_test(what_was_written_is_read),
        place_test(segments_from_the_first_are_the_log_again),
        place_test(every_byte_of_a_head_that_has_changed_is_found),
        place_test(one_that_is_cut_short_is_told_by_its_size),
        place_test(commits_out_of_order_are_refused),
        place_test(a_log_that_is_not_as_its_index_says_is_not_shipped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
