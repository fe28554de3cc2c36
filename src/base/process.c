#include "base/process.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { BUILD, CPU, RESIDENT, VIRTUAL, OPEN_FILES, MOST_FILES, THREADS, STARTED, ROW_COUNT };

#if defined(__clang__)
#    define COMPILER "clang " __clang_version__
#else
#    define COMPILER "gcc " __VERSION__
#endif

static const char *const COMPILERS[] = {COMPILER};

static const Metric ROWS[ROW_COUNT] = {
    [BUILD] = {METRIC_GAUGE, "nerdx_build_info", "Always 1: which program this is.",
               .labels = {{"compiler", COMPILERS, 1}, {"version"}}},
    [CPU] = {METRIC_COUNTER, "process_cpu_seconds_total", "Time on a processor, user and system.",
             .unit = 1e6},
    [RESIDENT] = {METRIC_GAUGE, "process_resident_memory_bytes", "Memory that it holds."},
    [VIRTUAL] = {METRIC_GAUGE, "process_virtual_memory_bytes", "Addresses that it uses."},
    [OPEN_FILES] = {METRIC_GAUGE, "process_open_fds", "Open files and connections."},
    [MOST_FILES] = {METRIC_GAUGE, "process_max_fds", "How many may be open; -1: any number."},
    [THREADS] = {METRIC_GAUGE, "process_threads", "Its threads."},
    [STARTED] = {METRIC_GAUGE, "process_start_time_seconds", "When it was started, in seconds since 1970.",
                 .unit = 1e6},
};

static int64_t time_us(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static int64_t read_cpu(void *context)
{
    struct rusage used;

    (void)context;
    return getrusage(RUSAGE_SELF, &used) == 0 ? time_us(used.ru_utime) + time_us(used.ru_stime) : 0;
}

/* proc(5): statm has the addresses and what is in memory, in pages. */
static int64_t read_pages(bool is_resident)
{
    int64_t virtual_pages = 0, resident_pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");

    if (file == NULL)
        return 0;
    bool is_read =
        fscanf(file, "%" SCNd64 " %" SCNd64, &virtual_pages, &resident_pages) == 2; /* NOLINT(cert-err34-c) */
    (void)fclose(file);
    return is_read ? (is_resident ? resident_pages : virtual_pages) * sysconf(_SC_PAGESIZE) : 0;
}

static int64_t read_resident(void *context)
{
    (void)context;
    return read_pages(true);
}

static int64_t read_virtual(void *context)
{
    (void)context;
    return read_pages(false);
}

/* Entries of a folder of /proc/self, without itself. */
static int64_t count_entries(const char *path)
{
    DIR *folder = opendir(path);
    int64_t count = 0;

    if (folder == NULL)
        return 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    (void)closedir(folder);
    return count;
}

static int64_t count_files(void *context)
{
    (void)context;
    return count_entries("/proc/self/fd") - 1; /* the folder itself */
}

static int64_t count_threads(void *context)
{
    (void)context;
    return count_entries("/proc/self/task");
}

static int64_t most_files(void)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY ? (int64_t)limit.rlim_cur
                                                                                    : -1;
}

Metrics *process_metrics_create(const char *version)
{
    Metrics *metrics = metrics_create_for(ROWS, ROW_COUNT, version);

    metrics_set(metrics, BUILD, 0, 1);
    metrics_set(metrics, STARTED, 0, clock_wall_us(clock_system()));
    metrics_set(metrics, MOST_FILES, 0, most_files());
    metrics_ask(metrics, CPU, 0, read_cpu, NULL);
    metrics_ask(metrics, RESIDENT, 0, read_resident, NULL);
    metrics_ask(metrics, VIRTUAL, 0, read_virtual, NULL);
    metrics_ask(metrics, OPEN_FILES, 0, count_files, NULL);
    metrics_ask(metrics, THREADS, 0, count_threads, NULL);
    metrics_publish(metrics);
    return metrics;
}
