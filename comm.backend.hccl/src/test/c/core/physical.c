/* Physical memory: a file per piece, shared by whoever imports it, gone with its last holder. */
#include "double.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void path_of(uint64_t id, char *path, size_t size)
{
    snprintf(path, size, "%s/mem-%llu", double_setting("COMM_DOUBLE_DIR"), (unsigned long long)id);
}

struct shared_physical *double_physical_find(struct shared *shared, uint64_t id)
{
    for (uint32_t i = 0; i < shared->physical_high; i++) {
        if (shared->physical[i].id == id) {
            return &shared->physical[i];
        }
    }
    return NULL;
}

static void forget_exports(struct shared *shared, uint64_t physical)
{
    for (int i = 0; i < EXPORTS; i++) {
        if (shared->exports[i].id != 0 && shared->exports[i].physical == physical) {
            shared->exports[i].id = 0;
        }
    }
}

static void remove_if_unheld(struct shared_physical *p)
{
    if (p->owned) {
        return;
    }
    for (int i = 0; i < MAX_RANKS; i++) {
        if (p->importers[i].who.pid != 0) {
            return;
        }
    }
    char path[4096];
    path_of(p->id, path, sizeof path);
    unlink(path);
    p->id = 0;
}

static void sweep_comms(struct shared *shared)
{
    for (int i = 0; i < COMMS; i++) {
        struct shared_comm *c = &shared->comms[i];
        if (c->id == 0) {
            continue;
        }
        bool used = double_alive(c->root) && c->ranks == 0;
        for (int r = 0; r < MAX_RANKS && !used; r++) {
            used = c->members[r].state == 1 && double_alive(c->members[r].who);
        }
        if (!used) {
            c->id = 0;
        }
    }
}

void double_sweep(struct shared *shared)
{
    for (uint32_t i = 0; i < shared->physical_high; i++) {
        struct shared_physical *p = &shared->physical[i];
        if (p->id == 0) {
            continue;
        }
        for (int k = 0; k < MAX_RANKS; k++) {
            if (p->importers[k].who.pid != 0 && !double_alive(p->importers[k].who)) {
                p->importers[k].who.pid = 0;
            }
        }
        if (p->owned && !double_alive(p->owner)) {
            p->owned = 0;
            forget_exports(shared, p->id);
        }
        remove_if_unheld(p);
    }
    for (int i = 0; i < IPCS; i++) {
        if (shared->ipc[i].id != 0 && !double_alive(shared->ipc[i].exporter)) {
            shared->ipc[i].id = 0;
        }
    }
    sweep_comms(shared);
}

static uint64_t used_on(struct shared *shared, int device)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < shared->physical_high; i++) {
        if (shared->physical[i].id != 0 && shared->physical[i].device == device) {
            sum += shared->physical[i].size;
        }
    }
    return sum;
}

uint64_t double_physical_used(int physical_device)
{
    struct shared *shared = double_shared_lock();
    double_sweep(shared);
    uint64_t used = used_on(shared, physical_device);
    double_shared_unlock();
    return used;
}

static struct shared_physical *free_slot(struct shared *shared)
{
    for (uint32_t i = 0; i < PHYSICALS; i++) {
        if (shared->physical[i].id == 0) {
            if (i >= shared->physical_high) {
                shared->physical_high = i + 1;
            }
            return &shared->physical[i];
        }
    }
    return NULL;
}

static int create(struct shared *shared, uint64_t size, int device, uint64_t *id)
{
    uint64_t capacity = (uint64_t)double_number("COMM_DOUBLE_MEMORY", (int64_t)1 << 30);
    if (size > capacity || used_on(shared, device) + size > capacity) {
        double_sweep(shared);
        uint64_t used = used_on(shared, device);
        if (size > capacity || used + size > capacity) {
            return double_fail(207001, "EL0004", "Failed to allocate memory: %llu bytes asked, %llu of %llu in use",
                               (unsigned long long)size, (unsigned long long)used, (unsigned long long)capacity);
        }
    }
    struct shared_physical *p = free_slot(shared);
    if (p == NULL) {
        return double_fail(207001, "EL0004", "Failed to allocate memory: too many pieces");
    }
    uint64_t fresh = shared->next_id++;
    char path[4096];
    path_of(fresh, path, sizeof path);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, (off_t)size) != 0) {
        if (fd >= 0) {
            close(fd);
        }
        return DRIVER_ERROR("cannot make %s", path);
    }
    close(fd);
    memset(p, 0, sizeof *p);
    p->size = size;
    p->device = device;
    p->owner = double_self();
    p->owned = 1;
    atomic_thread_fence(memory_order_release);
    p->id = fresh;
    *id = fresh;
    return 0;
}

int double_physical_create(uint64_t size, int physical_device, uint64_t *id)
{
    struct shared *shared = double_shared_lock();
    int code = create(shared, size, physical_device, id);
    double_shared_unlock();
    return code;
}

void *double_physical_map(uint64_t id, uint64_t size)
{
    char path[4096];
    path_of(id, path, sizeof path);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        return NULL;
    }
    void *address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return address == MAP_FAILED ? NULL : address;
}

void double_physical_release(uint64_t id, const char *what)
{
    struct shared *shared = double_shared_lock();
    struct shared_physical *p = double_physical_find(shared, id);
    int user = 0;
    if (p != NULL) {
        p->owned = 0;
        forget_exports(shared, id);
        for (int k = 0; k < MAX_RANKS; k++) {
            if (p->importers[k].who.pid != 0 && p->importers[k].maps > 0 && double_alive(p->importers[k].who)) {
                user = p->importers[k].who.pid;
            }
        }
        remove_if_unheld(p);
    }
    double_shared_unlock();
    if (user != 0) {
        double_count(PREMATURE_FREE, 1);
        double_violation("premature_free: %s freed memory that process %d still maps", what, user);
    }
}

int double_physical_hold(uint64_t id, int handles, int maps)
{
    struct who me = double_self();
    struct shared *shared = double_shared_lock();
    struct shared_physical *p = double_physical_find(shared, id);
    int result = -1;
    if (p != NULL) {
        int slot = -1;
        for (int k = 0; k < MAX_RANKS; k++) {
            struct who w = p->importers[k].who;
            if (w.pid == me.pid && w.start == me.start) {
                slot = k;
                break;
            }
            if (slot < 0 && w.pid == 0) {
                slot = k;
            }
        }
        if (slot >= 0) {
            if (p->importers[slot].who.pid == 0) {
                p->importers[slot].handles = p->importers[slot].maps = 0;
                p->importers[slot].who = me;
            }
            p->importers[slot].handles += handles;
            p->importers[slot].maps += maps;
            if (p->importers[slot].handles <= 0 && p->importers[slot].maps <= 0) {
                p->importers[slot].who.pid = 0;
                remove_if_unheld(p);
            }
            result = 0;
        }
    }
    double_shared_unlock();
    return result;
}
