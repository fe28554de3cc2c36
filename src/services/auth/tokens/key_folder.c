#include "services/auth/tokens/key_folder.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "services/auth/tokens/key_file.h"
#include "services/auth/tokens/limits.h"

enum { OWNER_ONLY = 0700, SECOND_US = 1000000 };

struct KeyFolder {
    char *path;
    int64_t lifetime_s;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    Keyring ring;
    bool was_wrong;
    bool is_closing;
    _Atomic uint64_t version;
    pthread_t reader;
};

/* ---- read */

static Err read_or_begin(const char *path, int64_t lifetime_s, Keyring *out)
{
    if (mkdir(path, OWNER_ONLY) != 0 && errno != EEXIST)
        return file_error(path);
    TRY(key_files_read(path, lifetime_s, out));
    if (out->count > 0)
        return OK;
    Err e = key_file_make(path, 0); /* of one name for all nodes */
    if (failed(&e) && e.code != CONFLICT)
        return e;
    return key_files_read(path, lifetime_s, out);
}

static void take_ring(KeyFolder *folder, const Keyring *ring)
{
    MUTEX_HOLD(&folder->lock);
    folder->was_wrong = false;
    if (keyring_same(&folder->ring, ring))
        return;
    folder->ring = *ring;
    atomic_fetch_add(&folder->version, 1);
    log_info("the keys of tokens are others", log_chars("folder", folder->path),
             log_int("keys", (int64_t)ring->count));
}

static void say_once(KeyFolder *folder, const char *why)
{
    MUTEX_HOLD(&folder->lock);
    if (!folder->was_wrong)
        log_warn("the keys of tokens stay as they were", log_chars("why", why));
    folder->was_wrong = true;
}

void key_folder_read_again(KeyFolder *folder)
{
    Keyring ring;
    Err e = key_files_read(folder->path, folder->lifetime_s, &ring);

    if (failed(&e))
        say_once(folder, e.message);
    else if (ring.count == 0)
        say_once(folder, "the folder is empty");
    else
        take_ring(folder, &ring);
    explicit_bzero(&ring, sizeof ring);
}

static bool wait_for_the_next_time(KeyFolder *folder)
{
    int64_t next_us = clock_monotonic_us(clock_system()) + (int64_t)KEYS_READ_EVERY_S * SECOND_US;

    MUTEX_HOLD(&folder->lock);
    while (!folder->is_closing)
        if (!cond_wait_until(&folder->changed, &folder->lock, next_us))
            return true;
    return false;
}

static void *read_now_and_then(void *context)
{
    while (wait_for_the_next_time(context))
        key_folder_read_again(context);
    return NULL;
}

/* ---- open and closed */

Err key_folder_open(const char *path, int64_t lifetime_s, KeyFolder **out)
{
    Keyring ring;

    *out = NULL;
    TRY(read_or_begin(path, lifetime_s, &ring));
    KeyFolder *folder = memory_new(KeyFolder);
    folder->path = memory_copy_text(path);
    folder->lifetime_s = lifetime_s;
    folder->ring = ring;
    explicit_bzero(&ring, sizeof ring);
    (void)pthread_mutex_init(&folder->lock, NULL);
    cond_init(&folder->changed);
    folder->reader = thread_start("token keys", read_now_and_then, folder);
    *out = folder;
    return OK;
}

static void stop_reading(KeyFolder *folder)
{
    MUTEX_HOLD(&folder->lock);
    folder->is_closing = true;
    (void)pthread_cond_signal(&folder->changed);
}

void key_folder_close(KeyFolder *folder)
{
    if (folder == NULL)
        return;
    stop_reading(folder);
    thread_join(folder->reader);
    (void)pthread_cond_destroy(&folder->changed);
    (void)pthread_mutex_destroy(&folder->lock);
    memory_free(folder->path);
    explicit_bzero(folder, sizeof *folder);
    memory_free(folder);
}

/* ---- asked */

static bool give(const Key *key, Key *out)
{
    if (key != NULL)
        *out = *key;
    return key != NULL;
}

bool key_folder_signer(KeyFolder *folder, int64_t now_s, Key *out)
{
    MUTEX_HOLD(&folder->lock);
    return give(keyring_signer(&folder->ring, now_s), out);
}

bool key_folder_find(KeyFolder *folder, Str id, int64_t now_s, Key *out)
{
    MUTEX_HOLD(&folder->lock);
    return give(keyring_find(&folder->ring, id, now_s), out);
}

Str key_folder_public_keys(KeyFolder *folder, Arena *arena, int64_t now_s)
{
    MUTEX_HOLD(&folder->lock);
    return keyring_public_keys(&folder->ring, arena, now_s);
}

uint64_t key_folder_version(const KeyFolder *folder)
{
    return atomic_load_explicit(&folder->version, memory_order_acquire);
}

/* ---- rotated */

static Err remove_those_over(const char *path, const Keyring *ring, int64_t now_s)
{
    AUTO_ARENA Arena scratch = {0};

    for (size_t i = 0; i < ring->count; i++) {
        const char *file = key_file_path(&scratch, path, ring->keys[i].signs_from_s);

        if (now_s >= ring->keys[i].verifies_until_s && unlink(file) != 0 && errno != ENOENT)
            return file_error(file);
    }
    return OK;
}

Err keys_rotate(const char *path, const Clock *clock, int64_t ahead_s, int64_t lifetime_s,
                int64_t *signs_from_s)
{
    int64_t now_s = clock_wall_us(clock) / SECOND_US;
    Keyring ring = {0};

    *signs_from_s = now_s + ahead_s;
    if (ahead_s < KEYS_AHEAD_S_MIN)
        return err(INVALID,
                   "%lld s are too few: every node must know a key before it signs, which takes %d s",
                   (long long)ahead_s, KEYS_AHEAD_S_MIN);
    TRY(read_or_begin(path, lifetime_s, &ring));
    Err e = remove_those_over(path, &ring, now_s);
    if (!failed(&e) && ring.count > 0 && ring.keys[ring.count - 1].signs_from_s > now_s)
        e = err(CONFLICT, "%s is published and signs in %lld s: nothing to do before that",
                ring.keys[ring.count - 1].key.id,
                (long long)(ring.keys[ring.count - 1].signs_from_s - now_s));
    explicit_bzero(&ring, sizeof ring);
    return failed(&e) ? e : key_file_make(path, *signs_from_s);
}
