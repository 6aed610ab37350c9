/* Communicators between processes, and between threads, over POSIX shared memory. */
#define _GNU_SOURCE
#include "comm_context.h"
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifdef NOT_SUPPORTED

EXPORT void *comm_init(int rank, int nranks, void *stream, const char *path)
{
    (void)rank, (void)nranks, (void)stream, (void)path;
    return NULL;
}

EXPORT int comm_alloc_windows(void *h, size_t size, uint64_t *out)
{
    (void)h, (void)size, (void)out;
    return -1;
}

EXPORT int comm_get_local_window_base(void *h, uint64_t *out)
{
    (void)h, (void)out;
    return -1;
}

EXPORT int comm_get_window_size(void *h, size_t *out)
{
    (void)h, (void)out;
    return -1;
}

EXPORT int comm_barrier(void *h)
{
    (void)h;
    return -1;
}

EXPORT int comm_destroy(void *h)
{
    (void)h;
    return -1;
}

#elif !defined NO_COMM

enum { NAME_MAX_BYTES = 31, HEADER_BYTES = 4096, ALLOCATIONS = 16 };

static const uint32_t MAGIC = 0x52544d31;

struct header {
    _Atomic uint32_t magic; /* set last by the creator */
    uint32_t nranks;
    uint64_t win_size;
    _Atomic uint32_t failed;
    _Atomic uint32_t ready;
    _Atomic uint32_t arrived;
    _Atomic uint32_t generation;
    _Atomic uint32_t destroyed;
};
_Static_assert(sizeof(struct header) <= HEADER_BYTES, "header");

struct allocation {
    char name[NAME_MAX_BYTES + 1];
    struct header *header;
    size_t mapped;
    struct comm_context context;
};

struct comm {
    int rank;
    int nranks;
    uint64_t hash;
    int count;
    struct allocation allocations[ALLOCATIONS];
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* One step of a wait; false when time is up. */
static bool again(int64_t deadline)
{
    struct timespec pause = {0, 200000};
    nanosleep(&pause, NULL);
    return now_ms() < deadline;
}

static int64_t deadline(void)
{
    return now_ms() + wait_ms();
}

static uint64_t hash(const char *text)
{
    uint64_t value = 0xcbf29ce484222325;
    for (; *text != '\0'; text++) {
        value = (value ^ (unsigned char)*text) * 0x100000001b3;
    }
    return value;
}

static int complain(const struct comm *comm, const char *what)
{
    fprintf(stderr, "runtime: rank %d: %s\n", comm->rank, what);
    return -1;
}

/* Each rank leaves a file beside the root info and waits for those of the others. */
static bool meet(const char *path, int rank, int nranks)
{
    char name[4096];
    snprintf(name, sizeof name, "%s.rank%d", path, rank);
    int fd = open(name, O_CREAT | O_WRONLY, 0600);
    if (fd < 0) {
        return false;
    }
    close(fd);
    int64_t end = deadline();
    for (int i = 0; i < nranks; i++) {
        snprintf(name, sizeof name, "%s.rank%d", path, i);
        while (access(name, F_OK) != 0) {
            if (!again(end)) {
                return false;
            }
        }
    }
    return true;
}

EXPORT void *comm_init(int rank, int nranks, void *stream, const char *path)
{
    (void)stream;
    if (fault("comm_init") != 0 || path == NULL || nranks < 1 || nranks > COMM_MAX_RANKS || rank < 0 || rank >= nranks) {
        return NULL;
    }
    if (collective_init() && !meet(path, rank, nranks)) {
        return NULL;
    }
    struct comm *comm = calloc(1, sizeof *comm);
    if (comm != NULL) {
        comm->rank = rank;
        comm->nranks = nranks;
        comm->hash = hash(path);
        live_add(LIVE_COMMS, 1);
    }
    return comm;
}

static bool sized(int fd, size_t bytes, int64_t end)
{
    struct stat status;
    do {
        if (fstat(fd, &status) == 0 && (size_t)status.st_size >= HEADER_BYTES) {
            return (size_t)status.st_size == bytes;
        }
    } while (again(end));
    return false;
}

/* Maps the segment of this allocation, or gives false and leaves nothing mapped. */
static bool join(struct comm *comm, struct allocation *a, size_t win_size, int64_t end)
{
    size_t bytes = HEADER_BYTES + (size_t)comm->nranks * win_size;
    int fd = shm_open(a->name, O_CREAT | O_EXCL | O_RDWR, 0600);
    bool creator = fd >= 0;
    if (!creator) {
        fd = errno == EEXIST ? shm_open(a->name, O_RDWR, 0600) : -1;
    }
    if (fd < 0) {
        complain(comm, "the shared memory cannot be opened");
        return false;
    }
    if (creator) {
        if (ftruncate(fd, (off_t)bytes) != 0) {
            close(fd);
            complain(comm, "the shared memory cannot be sized");
            return false;
        }
    } else if (!sized(fd, bytes, end)) {
        /* Whoever has another size must not leave the rest waiting. */
        struct header *header = mmap(NULL, HEADER_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        struct stat status;
        if (header != MAP_FAILED && fstat(fd, &status) == 0 && status.st_size >= HEADER_BYTES) {
            atomic_store(&header->failed, 1);
        }
        if (header != MAP_FAILED) {
            munmap(header, HEADER_BYTES);
        }
        close(fd);
        complain(comm, "the number of ranks or the window size differs from that of other ranks");
        return false;
    }
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (memory == MAP_FAILED) {
        complain(comm, "the shared memory cannot be mapped");
        return false;
    }
    a->header = memory;
    a->mapped = bytes;
    if (creator) {
        a->header->nranks = (uint32_t)comm->nranks;
        a->header->win_size = win_size;
        atomic_store(&a->header->magic, MAGIC);
    }
    return true;
}

static bool agreed(const struct comm *comm, struct allocation *a, size_t win_size, int64_t end)
{
    while (atomic_load(&a->header->magic) != MAGIC) {
        if (!again(end)) {
            complain(comm, "nobody set the shared memory up");
            return false;
        }
    }
    if (a->header->nranks != (uint32_t)comm->nranks || a->header->win_size != win_size) {
        complain(comm, "the number of ranks or the window size differs from that of other ranks");
        return false;
    }
    /* Zeroed before any other rank can reach it: another one passes the wait below after this one has come to it. */
    memset((char *)a->header + HEADER_BYTES + (size_t)comm->rank * win_size, 0, win_size);
    atomic_fetch_add(&a->header->ready, 1);
    while (atomic_load(&a->header->ready) < a->header->nranks) {
        if (atomic_load(&a->header->failed) != 0 || !again(end)) {
            complain(comm, "not all ranks came to comm_alloc_windows");
            return false;
        }
    }
    return true;
}

EXPORT int comm_alloc_windows(void *h, size_t win_size, uint64_t *device_ctx_out)
{
    struct comm *comm = h;
    int code = fault("comm_alloc_windows");
    if (code != 0) {
        return code;
    }
    if (comm == NULL || device_ctx_out == NULL || comm->count == ALLOCATIONS || win_size > (SIZE_MAX >> 8)) {
        return -1;
    }
    struct allocation *a = &comm->allocations[comm->count];
    snprintf(a->name, sizeof a->name, "/rt_%016llx_%d", (unsigned long long)comm->hash, comm->count);
    int64_t end = deadline();
    if (!join(comm, a, win_size, end)) {
        shm_unlink(a->name);
        return -1;
    }
    if (!agreed(comm, a, win_size, end)) {
        atomic_store(&a->header->failed, 1);
        munmap(a->header, a->mapped);
        a->header = NULL;
        shm_unlink(a->name);
        return -1;
    }
    a->context = (struct comm_context){
        .rank_id = (uint32_t)comm->rank, .rank_num = (uint32_t)comm->nranks, .win_size = win_size};
    for (int i = 0; i < comm->nranks; i++) {
        uint64_t base = (uint64_t)(uintptr_t)a->header + HEADER_BYTES + (uint64_t)i * win_size;
        a->context.windows_in[i] = base;
        a->context.windows_out[i] = base;
    }
    range_add(comm, (char *)a->header + HEADER_BYTES, a->mapped - HEADER_BYTES);
    range_add(comm, &a->context, sizeof a->context);
    comm->count++;
    *device_ctx_out = (uint64_t)(uintptr_t)&a->context;
    return 0;
}

EXPORT int comm_get_local_window_base(void *h, uint64_t *out)
{
    struct comm *comm = h;
    int code = fault("comm_get_local_window_base");
    if (code != 0 || comm == NULL || out == NULL) {
        return code != 0 ? code : -1;
    }
    *out = comm->count == 0 ? 0 : comm->allocations[comm->count - 1].context.windows_in[comm->rank];
    return 0;
}

EXPORT int comm_get_window_size(void *h, size_t *out)
{
    struct comm *comm = h;
    int code = fault("comm_get_window_size");
    if (code != 0 || comm == NULL || out == NULL) {
        return code != 0 ? code : -1;
    }
    *out = comm->count == 0 ? 0 : comm->allocations[comm->count - 1].context.win_size;
    return 0;
}

#ifndef NO_BARRIER
EXPORT int comm_barrier(void *h)
{
    struct comm *comm = h;
    int code = fault("comm_barrier");
    if (code != 0 || comm == NULL || comm->count == 0) {
        return code != 0 ? code : -1;
    }
    struct header *header = comm->allocations[0].header;
    int64_t end = deadline();
    uint32_t generation = atomic_load(&header->generation);
    if (atomic_fetch_add(&header->arrived, 1) + 1 == header->nranks) {
        atomic_store(&header->arrived, 0);
        atomic_fetch_add(&header->generation, 1);
        return 0;
    }
    while (atomic_load(&header->generation) == generation) {
        if (atomic_load(&header->failed) != 0 || !again(end)) {
            atomic_store(&header->failed, 1);
            return complain(comm, "not all ranks came to comm_barrier");
        }
    }
    return 0;
}
#endif

static int leave(const struct comm *comm, struct allocation *a)
{
    struct header *header = a->header;
    int code = 0;
    if (atomic_fetch_add(&header->destroyed, 1) + 1 == header->nranks) {
        shm_unlink(a->name);
    }
    int64_t end = deadline();
    while (atomic_load(&header->destroyed) < header->nranks) {
        if (atomic_load(&header->failed) != 0 || !again(end)) {
            atomic_store(&header->failed, 1);
            shm_unlink(a->name);
            code = complain(comm, "not all ranks came to comm_destroy");
            break;
        }
    }
    munmap(header, a->mapped);
    return code;
}

EXPORT int comm_destroy(void *h)
{
    struct comm *comm = h;
    if (comm == NULL) {
        return -1;
    }
    int code = fault("comm_destroy");
    while (range_take(comm) != NULL) {
    }
    for (int i = 0; i < comm->count; i++) {
        int left = leave(comm, &comm->allocations[i]);
        code = code == 0 ? left : code;
    }
    free(comm);
    live_add(LIVE_COMMS, -1);
    return code;
}

#endif
