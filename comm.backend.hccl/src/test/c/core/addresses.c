/*
 * Device addresses. They are numbers no host mapping has, translated only while memory is copied or filled: whoever
 * dereferences one crashes, as with the real thing.
 */
#include "double.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const uint64_t BASE = 0x120000000000;
static const uint64_t END = 0x320000000000;
static const uint64_t ALIGNMENT = 2 << 20;
static uint64_t next;

bool double_is_device_address(uint64_t address)
{
    return address >= BASE && address < END;
}

/*
 * Never the same address twice, with a hole after each range, and other addresses in each process: a stale pointer,
 * one too far and one of another rank are all noticed.
 */
uint64_t double_new_address(uint64_t size)
{
    if (next == 0) {
        next = BASE + ((uint64_t)getpid() % 251 << 36);
    }
    uint64_t va = next;
    next += (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + ALIGNMENT;
    return va;
}

struct segment *double_segment_add(enum segment_kind kind, uint64_t va, uint64_t size, uint64_t physical,
                                   uint64_t offset, int device)
{
    char *host = double_physical_map(physical, offset + size);
    if (host == NULL) {
        return NULL;
    }
    struct process *p = double_process();
    struct segment *s = calloc(1, sizeof *s);
    s->va = va;
    s->size = size;
    s->host = host;
    s->physical = physical;
    s->offset = offset;
    s->device = device;
    s->kind = kind;
    s->accessible = true;
    s->next = p->segments;
    p->segments = s;
    if (kind == SEGMENT_MALLOC) {
        double_count(DEVICE_ALLOCATIONS, 1);
    } else if (kind == SEGMENT_MAPPED) {
        double_count(MAPPINGS, 1);
    } else if (kind == SEGMENT_IPC) {
        double_count(IPC_IMPORTED, 1);
    }
    return s;
}

static void close_import(struct segment *s)
{
    struct shared *shared = double_shared_lock();
    for (int i = 0; i < IPCS; i++) {
        struct shared_ipc *ipc = &shared->ipc[i];
        for (int k = 0; k < MAX_RANKS && ipc->id != 0 && strcmp(ipc->key, s->key) == 0; k++) {
            if (double_is_self(ipc->importers[k])) {
                ipc->importers[k].pid = 0;
            }
        }
    }
    double_shared_unlock();
}

/* Undoes double_segment_add and whatever holds the memory behind it. */
void double_segment_remove(struct segment *s)
{
    struct process *p = double_process();
    for (struct segment **at = &p->segments; *at != NULL; at = &(*at)->next) {
        if (*at == s) {
            *at = s->next;
            break;
        }
    }
    munmap(s->host, s->offset + s->size);
    switch (s->kind) {
    case SEGMENT_MALLOC:
        double_physical_release(s->physical, "aclrtFree");
        double_count(DEVICE_ALLOCATIONS, -1);
        break;
    case SEGMENT_MAPPED:
        for (struct handle *h = p->handles; h != NULL; h = h->next) {
            if (h->token == s->handle && h->imported) {
                double_physical_hold(s->physical, 0, -1);
            }
        }
        double_count(MAPPINGS, -1);
        break;
    case SEGMENT_IPC:
        double_physical_hold(s->physical, 0, -1);
        close_import(s);
        double_count(IPC_IMPORTED, -1);
        break;
    case SEGMENT_HCCL:
        break; /* its communicator knows what is behind it */
    }
    free(s);
}

struct segment *double_segment_at(uint64_t va)
{
    for (struct segment *s = double_process()->segments; s != NULL; s = s->next) {
        if (va >= s->va && va - s->va < s->size) {
            return s;
        }
    }
    return NULL;
}

struct segment *double_segment_starting(uint64_t va, enum segment_kind kind)
{
    struct segment *s = double_segment_at(va);
    return s != NULL && s->va == va && s->kind == kind ? s : NULL;
}

/* Host address behind an address, and how many bytes follow it in one piece. */
static char *translate(uint64_t address, uint64_t *left)
{
    if (!double_is_device_address(address)) {
        *left = UINT64_MAX;
        return (char *)(uintptr_t)address;
    }
    struct segment *s = double_segment_at(address);
    if (s == NULL || !s->accessible) {
        return NULL;
    }
    *left = s->va + s->size - address;
    return s->host + s->offset + (address - s->va);
}

bool double_range_valid(uint64_t address, uint64_t size)
{
    while (size > 0) {
        uint64_t left;
        if (translate(address, &left) == NULL) {
            return false;
        }
        if (left >= size) {
            return true;
        }
        address += left;
        size -= left;
    }
    return true;
}

static int unmapped(uint64_t address, uint64_t size)
{
    return DRIVER_ERROR("address %#llx (+%llu) is not mapped on this device", (unsigned long long)address,
                        (unsigned long long)size);
}

int double_transfer(uint64_t dst, uint64_t src, uint64_t count)
{
    if (!double_range_valid(dst, count)) {
        return unmapped(dst, count);
    }
    if (!double_range_valid(src, count)) {
        return unmapped(src, count);
    }
    while (count > 0) {
        uint64_t dst_left, src_left;
        char *to = translate(dst, &dst_left);
        char *from = translate(src, &src_left);
        uint64_t n = count < dst_left ? count : dst_left;
        n = n < src_left ? n : src_left;
        memmove(to, from, n);
        dst += n;
        src += n;
        count -= n;
    }
    return 0;
}

int double_fill(uint64_t dst, int value, uint64_t count)
{
    if (!double_range_valid(dst, count)) {
        return unmapped(dst, count);
    }
    while (count > 0) {
        uint64_t left;
        char *to = translate(dst, &left);
        uint64_t n = count < left ? count : left;
        memset(to, value, n);
        dst += n;
        count -= n;
    }
    return 0;
}
