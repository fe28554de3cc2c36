#include "fault_vfs.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

typedef struct FaultFile {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct, in the room SQLite gives */
} FaultFile;

typedef struct Fault {
    atomic_int kind;
    atomic_int left; /* calls until it fails */
    atomic_bool stays;
    atomic_bool happened;
} Fault;

static Fault fault;
static sqlite3_vfs *real_vfs;
static sqlite3_vfs vfs;

/* Which call each kind fails, and with what. */
typedef enum Operation { READ, WRITE, SYNC, TRUNCATE } Operation;

static const struct {
    const char *name;
    Operation operation;
    int code;
} KINDS[FAULT_KINDS] = {
    [FAULT_WRITE] = {"write", WRITE, SQLITE_IOERR_WRITE},
    [FAULT_SHORT_WRITE] = {"short write", WRITE, SQLITE_IOERR_WRITE},
    [FAULT_DISK_FULL] = {"disk full", WRITE, SQLITE_FULL},
    [FAULT_READ] = {"read", READ, SQLITE_IOERR_READ},
    [FAULT_SYNC] = {"fsync", SYNC, SQLITE_IOERR_FSYNC},
    [FAULT_TRUNCATE] = {"truncate", TRUNCATE, SQLITE_IOERR_TRUNCATE},
};

void fault_set(FaultKind kind, int nth, bool stays)
{
    atomic_store(&fault.happened, false);
    atomic_store(&fault.left, nth);
    atomic_store(&fault.stays, stays);
    atomic_store(&fault.kind, (int)kind);
}

void fault_clear(void)
{
    atomic_store(&fault.kind, FAULT_NONE);
}

bool fault_happened(void)
{
    return atomic_load(&fault.happened);
}

const char *fault_name(FaultKind kind)
{
    return KINDS[kind].name;
}

/* SQLITE_OK, or what this call must fail with. */
static int fails(Operation operation)
{
    int kind = atomic_load(&fault.kind);

    if (kind == FAULT_NONE || KINDS[kind].operation != operation)
        return SQLITE_OK;
    int left = atomic_fetch_sub(&fault.left, 1);
    if (left > 1 || (left < 1 && !atomic_load(&fault.stays)))
        return SQLITE_OK;
    atomic_store(&fault.happened, true);
    return KINDS[kind].code;
}

static sqlite3_file *real(sqlite3_file *file)
{
    return ((FaultFile *)file)->real;
}

static int fault_close(sqlite3_file *file)
{
    return real(file)->pMethods->xClose(real(file));
}

static int fault_read(sqlite3_file *file, void *out, int size, sqlite3_int64 offset)
{
    int code = fails(READ);

    return code ? code : real(file)->pMethods->xRead(real(file), out, size, offset);
}

static int fault_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    int code = fails(WRITE);

    if (code && atomic_load(&fault.kind) != FAULT_WRITE)
        (void)real(file)->pMethods->xWrite(real(file), bytes, size / 2, offset);
    return code ? code : real(file)->pMethods->xWrite(real(file), bytes, size, offset);
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = fails(TRUNCATE);

    return code ? code : real(file)->pMethods->xTruncate(real(file), size);
}

static int fault_sync(sqlite3_file *file, int flags)
{
    int code = fails(SYNC);

    return code ? code : real(file)->pMethods->xSync(real(file), flags);
}

/* The rest goes through. */
static int fault_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int fault_lock(sqlite3_file *file, int level)
{
    return real(file)->pMethods->xLock(real(file), level);
}

static int fault_unlock(sqlite3_file *file, int level)
{
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int fault_reserved(sqlite3_file *file, int *out)
{
    return real(file)->pMethods->xCheckReservedLock(real(file), out);
}

static int fault_control(sqlite3_file *file, int operation, void *argument)
{
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int fault_sector(sqlite3_file *file)
{
    return real(file)->pMethods->xSectorSize(real(file));
}

static int fault_device(sqlite3_file *file)
{
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int fault_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}

static int fault_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void fault_shm_barrier(sqlite3_file *file)
{
    real(file)->pMethods->xShmBarrier(real(file));
}

static int fault_shm_unmap(sqlite3_file *file, int remove)
{
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

static const sqlite3_io_methods METHODS = {
    .iVersion = 2, /* no memory-mapped reads */
    .xClose = fault_close,
    .xRead = fault_read,
    .xWrite = fault_write,
    .xTruncate = fault_truncate,
    .xSync = fault_sync,
    .xFileSize = fault_size,
    .xLock = fault_lock,
    .xUnlock = fault_unlock,
    .xCheckReservedLock = fault_reserved,
    .xFileControl = fault_control,
    .xSectorSize = fault_sector,
    .xDeviceCharacteristics = fault_device,
    .xShmMap = fault_shm_map,
    .xShmLock = fault_shm_lock,
    .xShmBarrier = fault_shm_barrier,
    .xShmUnmap = fault_shm_unmap,
};

static int fault_open(sqlite3_vfs *self, const char *name, sqlite3_file *out, int flags, int *flags_out)
{
    FaultFile *file = (FaultFile *)out;

    (void)self;
    file->base.pMethods = NULL;
    file->real = (sqlite3_file *)(file + 1);
    int code = real_vfs->xOpen(real_vfs, name, file->real, flags, flags_out);
    if (code == SQLITE_OK)
        file->base.pMethods = &METHODS;
    return code;
}

void fault_vfs_install(void)
{
    real_vfs = sqlite3_vfs_find(NULL);
    assert(real_vfs && real_vfs != &vfs);
    vfs = *real_vfs;
    vfs.zName = "fault";
    vfs.szOsFile = (int)sizeof(FaultFile) + real_vfs->szOsFile;
    vfs.xOpen = fault_open;
    int code = sqlite3_vfs_register(&vfs, 1);
    assert(code == SQLITE_OK);
    (void)code;
}
