/* A file system below SQLite that fails when told to: the nth write, read or fsync, once or from then on.
 * fault_vfs_install once, then fault_set before each run; fault_seen tells how many calls of a kind there were. */
#ifndef NERDX_TESTS_FAULT_VFS_H
#define NERDX_TESTS_FAULT_VFS_H

#include <stdbool.h>

typedef enum FaultKind {
    FAULT_NONE,
    FAULT_WRITE,       /* nothing is written: I/O error */
    FAULT_SHORT_WRITE, /* half is written, then an I/O error */
    FAULT_DISK_FULL,   /* half is written, then no space */
    FAULT_READ,
    FAULT_SYNC, /* everything was written, but fsync says no */
    FAULT_TRUNCATE,
    FAULT_KINDS
} FaultKind;

void fault_vfs_install(void); /* becomes SQLite's default */
void fault_set(FaultKind kind, int nth, bool stays);
void fault_clear(void);
bool fault_happened(void);
const char *fault_name(FaultKind kind);

#endif
