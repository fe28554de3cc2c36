/* What a run has written is there after its process died, until the run ends; what was cut off while written is not. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#include "services/agents/core/checkpoints.h"

typedef struct Seen {
    char text[256];
    Checkpoint last;
} Seen;

static Err note(void *context, const CheckpointRun *run)
{
    Seen *seen = context;

    for (size_t i = 0; i < run->count; i++) {
        size_t used = strlen(seen->text);
        (void)snprintf(seen->text + used, sizeof seen->text - used, "%.*s;", STR_ARG(run->records[i]));
    }
    seen->last = run->checkpoint;
    return OK;
}

static Checkpoints *open_at(const char *path)
{
    Checkpoints *checkpoints;

    Err e = checkpoints_open(path, &checkpoints);
    assert_false(failed(&e));
    return checkpoints;
}

static Seen read_back(Checkpoints *checkpoints)
{
    AUTO_ARENA Arena arena = {0};
    Seen seen = {{0}, {-1, 0}};

    arena_init(&arena);
    Err e = checkpoints_each(checkpoints, &arena, note, &seen);
    assert_false(failed(&e));
    return seen;
}

static void add(Checkpoints *checkpoints, Checkpoint *checkpoint, const char *record)
{
    Err e = checkpoint_add(checkpoints, checkpoint, str_from(record));
    assert_false(failed(&e));
}

static char *new_path(void)
{
    static char path[64];

    (void)snprintf(path, sizeof path, "/tmp/checkpoints-%d", (int)getpid());
    (void)unlink(path);
    return path;
}

static void runs_that_did_not_end_are_found(void **state)
{
    const char *path = new_path();
    Checkpoints *checkpoints = open_at(path);
    Checkpoint ended, open;

    (void)state;
    checkpoint_begin(checkpoints, &ended);
    checkpoint_begin(checkpoints, &open);
    add(checkpoints, &ended, "gone");
    add(checkpoints, &open, "one");
    add(checkpoints, &open, "two");
    checkpoint_end(checkpoints, &ended);
    checkpoints_close(checkpoints);

    checkpoints = open_at(path);
    Seen seen = read_back(checkpoints);
    assert_string_equal(seen.text, "one;two;");
    add(checkpoints, &seen.last, "three");
    checkpoints_close(checkpoints);

    checkpoints = open_at(path);
    seen = read_back(checkpoints);
    assert_string_equal(seen.text, "one;two;three;");
    checkpoint_end(checkpoints, &seen.last);
    assert_string_equal(read_back(checkpoints).text, "");
    checkpoints_close(checkpoints);
    (void)unlink(path);
}

static void a_record_that_was_cut_off_is_as_if_never_written(void **state)
{
    const char *path = new_path();
    Checkpoints *checkpoints = open_at(path);
    Checkpoint run;

    (void)state;
    checkpoint_begin(checkpoints, &run);
    add(checkpoints, &run, "whole");
    size_t whole = run.at;
    add(checkpoints, &run, "halves");
    checkpoints_close(checkpoints);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(file, "XX", 2, (off_t)whole + 10), 2);
    (void)close(file);

    checkpoints = open_at(path);
    Seen seen = read_back(checkpoints);
    assert_string_equal(seen.text, "whole;");
    assert_int_equal(seen.last.at, whole);
    checkpoints_close(checkpoints);
    (void)unlink(path);
}

static void what_has_ended_is_wiped(void **state)
{
    const char *path = new_path();
    Checkpoints *checkpoints = open_at(path);
    Checkpoint run;
    char bytes[256] = {0};

    (void)state;
    checkpoint_begin(checkpoints, &run);
    add(checkpoints, &run, "my number is 010-1234-5678");
    add(checkpoints, &run, "and I said so");
    checkpoint_end(checkpoints, &run);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = pread(file, bytes, sizeof bytes, 0);
    assert_true(count > 0);
    for (ssize_t i = 0; i < count; i++)
        assert_int_equal(bytes[i], 0);
    (void)close(file);
    checkpoints_close(checkpoints);
    (void)unlink(path);
}

static void a_second_process_keeps_nothing_and_says_nothing(void **state)
{
    const char *path = new_path();
    Checkpoints *first = open_at(path), *second = open_at(path);
    Checkpoint run;

    (void)state;
    checkpoint_begin(second, &run);
    assert_int_equal(run.slot, -1);
    add(second, &run, "nowhere");
    checkpoint_end(second, &run);
    checkpoints_close(second);
    assert_string_equal(read_back(first).text, "");
    checkpoints_close(first);
    (void)unlink(path);
}

static void a_record_that_does_not_fit_is_refused(void **state)
{
    const char *path = new_path();
    Checkpoints *checkpoints = open_at(path);
    Checkpoint run;
    char *large = calloc(1, CHECKPOINT_BYTES);

    (void)state;
    checkpoint_begin(checkpoints, &run);
    Err e = checkpoint_add(checkpoints, &run, (Str){large, CHECKPOINT_BYTES});
    assert_int_equal(e.code, TOO_LARGE);
    add(checkpoints, &run, "small");
    free(large);
    checkpoints_close(checkpoints);
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_that_did_not_end_are_found),
        cmocka_unit_test(a_record_that_was_cut_off_is_as_if_never_written),
        cmocka_unit_test(what_has_ended_is_wiped),
        cmocka_unit_test(a_second_process_keeps_nothing_and_says_nothing),
        cmocka_unit_test(a_record_that_does_not_fit_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
