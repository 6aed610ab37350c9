/*
 * What the ranks' processes share: one mapped file with a robust lock. Every record is free or whole because its id
 * is written last and cleared first, so a process may be killed at any instruction.
 */
#include "double.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t MAGIC = 0x444f55424c453031;

static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;
static struct shared *_Atomic shared;
static struct who self;

uint64_t double_random(void)
{
    uint64_t value = 0;
    if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value) {
        value = (uint64_t)getpid() << 32 ^ (uint64_t)(double_now() * 1e9);
    }
    return value;
}

/* Start time of a process, 0 if it is gone or only waits to be reaped. */
static uint64_t start_of(int pid)
{
    char path[64];
    char text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0) {
        return 0;
    }
    text[n] = '\0';
    /* The name may hold blanks and parentheses; the fields after its last one do not. */
    char *p = strrchr(text, ')');
    if (p == NULL || p[1] != ' ' || p[2] == 'Z' || p[2] == 'X') {
        return 0;
    }
    p += 2;
    for (int field = 3; field < 22 && p != NULL; field++) {
        p = strchr(p + 1, ' ');
    }
    return p == NULL ? 0 : strtoull(p, NULL, 10) + 1;
}

struct who double_self(void)
{
    pthread_mutex_lock(&opening);
    if (self.pid != (int32_t)getpid()) {
        self.pid = (int32_t)getpid();
        self.start = start_of(self.pid);
    }
    struct who copy = self;
    pthread_mutex_unlock(&opening);
    return copy;
}

bool double_is_self(struct who who)
{
    struct who me = double_self();
    return who.pid == me.pid && who.start == me.start;
}

bool double_alive(struct who who)
{
    return who.pid != 0 && start_of(who.pid) == who.start;
}

static bool prepare(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return false;
    }
    if ((size_t)st.st_size < sizeof(struct shared) && ftruncate(fd, sizeof(struct shared)) != 0) {
        return false;
    }
    struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (s == MAP_FAILED) {
        return false;
    }
    if (s->magic != MAGIC) {
        pthread_mutexattr_t attr;
        pthread_mutexattr_init(&attr);
        pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
        pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
        pthread_mutex_init(&s->lock, &attr);
        pthread_mutexattr_destroy(&attr);
        s->next_id = 1;
        atomic_thread_fence(memory_order_release);
        s->magic = MAGIC;
    }
    shared = s;
    return true;
}

struct shared *double_shared_open(void)
{
    if (shared != NULL) {
        return shared;
    }
    const char *dir = double_setting("COMM_DOUBLE_DIR");
    if (dir == NULL) {
        double_fail(0, "EE9999", "COMM_DOUBLE_DIR is not set; the double keeps its devices in that directory");
        return NULL;
    }
    pthread_mutex_lock(&opening);
    if (shared == NULL) {
        char path[4096];
        snprintf(path, sizeof path, "%s/state", dir);
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        /* The file lock ends with its holder, so that a process killed while preparing blocks nobody. */
        if (fd < 0 || flock(fd, LOCK_EX) != 0 || !prepare(fd)) {
            double_fail(0, "EE9999", "COMM_DOUBLE_DIR: cannot use %s: %s", path, strerror(errno));
        }
        if (fd >= 0) {
            flock(fd, LOCK_UN); /* closing would not do: the mapping keeps the open file, and its lock, alive */
            close(fd);
        }
    }
    pthread_mutex_unlock(&opening);
    if (shared != NULL && double_shared_lock() != NULL) {
        double_sweep(shared);
        double_shared_unlock();
    }
    return shared;
}

void double_shared_reset(void)
{
    pthread_mutex_lock(&opening);
    struct shared *s = shared;
    shared = NULL;
    if (s != NULL) {
        munmap(s, sizeof *s);
    }
    pthread_mutex_unlock(&opening);
}

struct shared *double_shared(void)
{
    return shared;
}

struct shared *double_shared_lock(void)
{
    struct shared *s = double_shared_open();
    if (s == NULL) {
        return NULL;
    }
    int error = pthread_mutex_lock(&s->lock);
    if (error == EOWNERDEAD) {
        pthread_mutex_consistent(&s->lock);
        double_sweep(s);
    }
    return s;
}

void double_shared_unlock(void)
{
    pthread_mutex_unlock(&shared->lock);
}
