/* Live counters and the call log: text files that a test reads after the process ended, however it ended. */
#include "double.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const names[COUNTERS] = {
    "contexts", "streams",      "device_allocations", "host_allocations", "physical", "imported",       "reservations",
    "mappings", "ipc_exported", "ipc_imported",       "communicators",    "leaked",   "premature_free", "violations",
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t values[COUNTERS];
static char first_violation[512];
static int live_file = -1;
static size_t written;
static int log_file = -1;
static _Atomic int log_wanted = -1;

static int open_named(const char *prefix, const char *suffix, int flags)
{
    const char *dir = double_setting("COMM_DOUBLE_DIR");
    if (dir == NULL) {
        return -1;
    }
    char path[4096];
    int rank = double_rank();
    snprintf(path, sizeof path, rank < 0 ? "%s/%s-p%d%s" : "%s/%s-%d%s", dir, prefix, rank < 0 ? (int)getpid() : rank,
             suffix);
    return open(path, O_CREAT | O_CLOEXEC | flags, 0600);
}

static void write_live(void)
{
    if (live_file < 0) {
        live_file = open_named("live", "", O_WRONLY | O_TRUNC);
        written = 0;
        if (live_file < 0) {
            return;
        }
    }
    char text[2048];
    size_t n = 0;
    for (int i = 0; i < COUNTERS; i++) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%s %lld\n", names[i], (long long)values[i]);
    }
    if (first_violation[0] != '\0') {
        n += (size_t)snprintf(text + n, sizeof text - n, "first_violation %s\n", first_violation);
    }
    /* One write, so that a process killed here leaves either the old or the new text. */
    if (pwrite(live_file, text, n, 0) == (ssize_t)n) {
        if (n < written && ftruncate(live_file, (off_t)n) != 0) {
            return;
        }
        written = n;
    }
}

void double_count(enum counter counter, int delta)
{
    pthread_mutex_lock(&lock);
    values[counter] += delta;
    write_live();
    pthread_mutex_unlock(&lock);
}

void double_violation(const char *format, ...)
{
    pthread_mutex_lock(&lock);
    if (values[VIOLATIONS]++ == 0) {
        va_list args;
        va_start(args, format);
        vsnprintf(first_violation, sizeof first_violation, format, args);
        va_end(args);
    }
    write_live();
    pthread_mutex_unlock(&lock);
}

int64_t double_live(const char *kind)
{
    int64_t value = -1;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < COUNTERS; i++) {
        if (strcmp(names[i], kind) == 0) {
            value = values[i];
        }
    }
    pthread_mutex_unlock(&lock);
    return value;
}

void double_live_reset(void)
{
    pthread_mutex_lock(&lock);
    memset(values, 0, sizeof values);
    first_violation[0] = '\0';
    if (live_file >= 0) {
        close(live_file);
    }
    live_file = -1;
    pthread_mutex_unlock(&lock);
}

void double_log(const char *function, const char *result)
{
    if (log_wanted < 0) {
        log_wanted = double_number("COMM_DOUBLE_LOG", 0) != 0;
    }
    if (!log_wanted) {
        return;
    }
    pthread_mutex_lock(&lock);
    if (log_file < 0) {
        log_file = open_named("calls", ".log", O_WRONLY | O_APPEND);
    }
    if (log_file >= 0) {
        dprintf(log_file, "%ld %s -> %s\n", (long)syscall(SYS_gettid), function, result);
    }
    pthread_mutex_unlock(&lock);
}

void double_log_reset(void)
{
    pthread_mutex_lock(&lock);
    if (log_file >= 0) {
        close(log_file);
    }
    log_file = -1;
    log_wanted = -1;
    pthread_mutex_unlock(&lock);
}
