#include "services/agents/core/checkpoints.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"

/* A record: its length, a checksum of its bytes, the bytes; a length of 0 ends the list. In the machine's own order. */
typedef struct RecordHead {
    uint32_t length;
    uint32_t sum;
} RecordHead;

enum { NO_SLOT = -1, OWNER_ONLY = 0600 };

struct Checkpoints {
    int file; /* -1: nothing is kept */
    pthread_mutex_t lock;
    bool taken[CHECKPOINT_SLOTS];
};

static off_t place_of(int slot, size_t at)
{
    return (off_t)slot * CHECKPOINT_BYTES + (off_t)at;
}

static uint32_t sum_of(Str record)
{
    uint64_t hash = str_hash(record);

    return (uint32_t)(hash ^ (hash >> 32));
}

Err checkpoints_open(const char *path, Checkpoints **out)
{
    Checkpoints *checkpoints = memory_new(Checkpoints);
    int file = path != NULL ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, OWNER_ONLY) : -1;

    *out = checkpoints;
    checkpoints->file = file;
    (void)pthread_mutex_init(&checkpoints->lock, NULL);
    if (path == NULL)
        return OK;
    if (file < 0)
        return err(UNAVAILABLE, "%s: can't be opened: %s", path, strerror(errno));
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        log_info("turns of this process can't be resumed: another one keeps its own",
                 log_chars("file", path));
        (void)close(file);
        checkpoints->file = -1;
    }
    return OK;
}

void checkpoints_close(Checkpoints *checkpoints)
{
    if (checkpoints == NULL)
        return;
    if (checkpoints->file >= 0)
        (void)close(checkpoints->file);
    (void)pthread_mutex_destroy(&checkpoints->lock);
    memory_free(checkpoints);
}

/* --- writing --- */

static Err write_all(int file, const char *bytes, size_t count, off_t at)
{
    while (count > 0) {
        ssize_t written = pwrite(file, bytes, count, at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return err(UNAVAILABLE, "the turn can't be kept: %s",
                       errno == ENOSPC ? "the disk is full" : strerror(errno));
        bytes += written;
        count -= (size_t)written;
        at += written;
    }
    return OK;
}

static int take_slot(Checkpoints *checkpoints)
{
    MUTEX_HOLD(&checkpoints->lock);
    for (int slot = 0; slot < CHECKPOINT_SLOTS; slot++)
        if (!checkpoints->taken[slot]) {
            checkpoints->taken[slot] = true;
            return slot;
        }
    return NO_SLOT;
}

void checkpoint_begin(Checkpoints *checkpoints, Checkpoint *out)
{
    *out = (Checkpoint){checkpoints->file < 0 ? NO_SLOT : take_slot(checkpoints), 0};
}

/* The end of the list is written with the record, over what an earlier run left there. */
Err checkpoint_add(Checkpoints *checkpoints, Checkpoint *checkpoint, Str record)
{
    AUTO_ARENA Arena scratch = {0};
    const RecordHead head = {(uint32_t)record.len, sum_of(record)};
    const RecordHead end = {0, 0};
    size_t size = sizeof head + record.len;
    char *bytes;

    if (checkpoint->slot < 0)
        return OK;
    if (record.len > CHECKPOINT_BYTES || checkpoint->at + size + sizeof end > CHECKPOINT_BYTES)
        return err(TOO_LARGE, "the turn is too long to be kept: it may have %d bytes", CHECKPOINT_BYTES);
    bytes = arena_alloc(&scratch, size + sizeof end);
    memcpy(bytes, &head, sizeof head);
    memcpy(bytes + sizeof head, record.data, record.len);
    memcpy(bytes + size, &end, sizeof end);
    TRY(write_all(checkpoints->file, bytes, size + sizeof end, place_of(checkpoint->slot, checkpoint->at)));
    checkpoint->at += size;
    return OK;
}

/* All of it, in one write: what somebody said must not stay in the file. */
static Err wipe(const Checkpoints *checkpoints, const Checkpoint *checkpoint)
{
    AUTO_ARENA Arena scratch = {0};
    size_t size = checkpoint->at + sizeof(RecordHead);
    const char *zeros;

    arena_init(&scratch);
    zeros = arena_zalloc(&scratch, size);
    return write_all(checkpoints->file, zeros, size, place_of(checkpoint->slot, 0));
}

void checkpoint_end(Checkpoints *checkpoints, Checkpoint *checkpoint)
{
    if (checkpoint->slot < 0)
        return;
    Err e = wipe(checkpoints, checkpoint);
    if (failed(&e))
        log_warn("a turn that has ended will be looked at again", log_err(&e));
    MUTEX_HOLD(&checkpoints->lock);
    checkpoints->taken[checkpoint->slot] = false;
    checkpoint->slot = NO_SLOT;
}

/* --- reading --- */

/* False behind the last: the end of the list, or a record that was cut off while it was written. */
static bool read_record(const Checkpoints *checkpoints, Arena *arena, Checkpoint *checkpoint, Str *out)
{
    RecordHead head = {0, 0};
    off_t at = place_of(checkpoint->slot, checkpoint->at);
    char *bytes;

    if (pread(checkpoints->file, &head, sizeof head, at) != (ssize_t)sizeof head || head.length == 0 ||
        checkpoint->at + sizeof head + head.length > CHECKPOINT_BYTES)
        return false;
    bytes = arena_alloc(arena, (size_t)head.length + 1);
    if (pread(checkpoints->file, bytes, head.length, at + (off_t)sizeof head) != (ssize_t)head.length)
        return false;
    bytes[head.length] = '\0';
    *out = (Str){bytes, head.length};
    checkpoint->at += sizeof head + head.length;
    return sum_of(*out) == head.sum;
}

static void read_run(const Checkpoints *checkpoints, Arena *arena, int slot, CheckpointRun *run)
{
    size_t good = 0;

    *run = (CheckpointRun){.checkpoint = {slot, 0}};
    while (run->count < CHECKPOINT_RECORDS &&
           read_record(checkpoints, arena, &run->checkpoint, &run->records[run->count])) {
        run->count++;
        good = run->checkpoint.at;
    }
    run->checkpoint.at = good;
}

static int slots_in(const Checkpoints *checkpoints)
{
    struct stat status;

    if (checkpoints->file < 0 || fstat(checkpoints->file, &status) != 0)
        return 0;
    off_t slots = (status.st_size + CHECKPOINT_BYTES - 1) / CHECKPOINT_BYTES;
    return slots < CHECKPOINT_SLOTS ? (int)slots : CHECKPOINT_SLOTS;
}

Err checkpoints_each(Checkpoints *checkpoints, Arena *arena,
                     Err (*each)(void *context, const CheckpointRun *run), void *context)
{
    CheckpointRun *run = arena_new(arena, CheckpointRun);
    int slots = slots_in(checkpoints);

    for (int slot = 0; slot < slots; slot++) {
        read_run(checkpoints, arena, slot, run);
        if (run->count == 0)
            continue;
        checkpoints->taken[slot] = true;
        TRY(each(context, run));
    }
    return OK;
}
