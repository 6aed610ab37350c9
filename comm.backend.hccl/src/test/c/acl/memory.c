/* Device and host memory, copies and fills. */
#include "double.h"

#include <acl/acl.h>
#include <stdlib.h>
#include <sys/mman.h>

DOUBLE_CALL(aclError, aclrtMalloc, DEVICE_CALL, (void **devPtr, size_t size, aclrtMemMallocPolicy policy),
            (devPtr, size, policy), CLEAR(devPtr))
{
    if (devPtr == NULL || size == 0) {
        return BAD_PARAM("devPtr is null or size is 0");
    }
    if (((int)policy & 0xff) > ACL_MEM_MALLOC_NORMAL_ONLY_P2P) {
        return BAD_PARAM("policy %d", (int)policy);
    }
    int device = double_device();
    uint64_t physical;
    int code = double_physical_create(size, double_physical_device(device), &physical);
    if (code != 0) {
        return code;
    }
    double_lock();
    struct segment *s = double_segment_add(SEGMENT_MALLOC, double_new_address(size), size, physical, 0, device);
    if (s != NULL) {
        *devPtr = (void *)(uintptr_t)s->va;
    }
    double_unlock();
    if (s == NULL) {
        double_physical_release(physical, "aclrtMalloc");
        return DRIVER_ERROR("cannot map the new memory");
    }
    return 0;
}

static void forget_keys(uint64_t physical)
{
    struct shared *shared = double_shared_lock();
    for (int i = 0; i < IPCS; i++) {
        if (shared->ipc[i].id != 0 && shared->ipc[i].physical == physical) {
            shared->ipc[i].open = -1; /* known to its exporter, who has yet to close it, but importable no more */
        }
    }
    double_shared_unlock();
}

DOUBLE_CALL(aclError, aclrtFree, DEVICE_CALL, (void *devPtr), (devPtr), NO_OUT)
{
    double_lock();
    struct segment *s = double_segment_starting((uintptr_t)devPtr, SEGMENT_MALLOC);
    if (s != NULL) {
        forget_keys(s->physical);
        double_segment_remove(s);
    }
    double_unlock();
    return s == NULL ? BAD_PARAM("%p was not allocated by aclrtMalloc", devPtr) : 0;
}

DOUBLE_CALL(aclError, aclrtMallocHost, DEVICE_CALL, (void **hostPtr, size_t size), (hostPtr, size), CLEAR(hostPtr))
{
    if (hostPtr == NULL || size == 0) {
        return BAD_PARAM("hostPtr is null or size is 0");
    }
    void *address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED) {
        return double_fail(ACL_ERROR_RT_MEMORY_ALLOCATION, "EL0004", "Failed to allocate %zu bytes on the host", size);
    }
    struct process *p = double_lock();
    struct host_block *b = calloc(1, sizeof *b);
    b->address = address;
    b->size = size;
    b->next = p->host;
    p->host = b;
    *hostPtr = address;
    double_unlock();
    double_count(HOST_ALLOCATIONS, 1);
    return 0;
}

DOUBLE_CALL(aclError, aclrtFreeHost, DEVICE_CALL, (void *hostPtr), (hostPtr), NO_OUT)
{
    bool found = false;
    struct process *p = double_lock();
    for (struct host_block **at = &p->host; *at != NULL; at = &(*at)->next) {
        struct host_block *b = *at;
        if (b->address == hostPtr) {
            *at = b->next;
            munmap(b->address, b->size);
            free(b);
            double_count(HOST_ALLOCATIONS, -1);
            found = true;
            break;
        }
    }
    double_unlock();
    return found ? 0 : BAD_PARAM("%p was not allocated by aclrtMallocHost", hostPtr);
}

static int check_copy(uint64_t dst, uint64_t max, uint64_t src, uint64_t count, int kind)
{
    if (dst == 0 || src == 0 || count == 0) {
        return BAD_PARAM("dst or src is null, or count is 0");
    }
    if (max < count) {
        return BAD_PARAM("destMax %llu is less than count %llu", (unsigned long long)max, (unsigned long long)count);
    }
    bool to_device = double_is_device_address(dst);
    bool from_device = double_is_device_address(src);
    bool fits;
    switch (kind) {
    case ACL_MEMCPY_HOST_TO_HOST:
        fits = !to_device && !from_device;
        break;
    case ACL_MEMCPY_HOST_TO_DEVICE:
    case ACL_MEMCPY_HOST_TO_BUF_TO_DEVICE:
        fits = to_device && !from_device;
        break;
    case ACL_MEMCPY_DEVICE_TO_HOST:
        fits = !to_device && from_device;
        break;
    case ACL_MEMCPY_DEVICE_TO_DEVICE:
    case ACL_MEMCPY_INNER_DEVICE_TO_DEVICE:
    case ACL_MEMCPY_INTER_DEVICE_TO_DEVICE:
        fits = to_device && from_device;
        break;
    case ACL_MEMCPY_DEFAULT:
        fits = true;
        break;
    default:
        fits = false;
    }
    if (!fits) {
        return BAD_PARAM("kind %d does not fit dst %#llx and src %#llx", kind, (unsigned long long)dst,
                         (unsigned long long)src);
    }
    if (!double_range_valid(dst, count) || !double_range_valid(src, count)) {
        return DRIVER_ERROR("dst %#llx or src %#llx (+%llu) is not mapped on this device", (unsigned long long)dst,
                            (unsigned long long)src, (unsigned long long)count);
    }
    return 0;
}

DOUBLE_CALL(aclError, aclrtMemcpy, DEVICE_CALL,
            (void *dst, size_t destMax, const void *src, size_t count, aclrtMemcpyKind kind),
            (dst, destMax, src, count, kind), NO_OUT)
{
    double_lock();
    int code = check_copy((uintptr_t)dst, destMax, (uintptr_t)src, count, (int)kind);
    if (code == 0) {
        code = double_transfer((uintptr_t)dst, (uintptr_t)src, count);
    }
    double_unlock();
    return code;
}

struct copy {
    struct operation operation;
    uint64_t dst, src, count;
    int value;
    bool fill;
};

static int run_copy(struct operation *operation, struct stream *stream, bool skip)
{
    (void)stream;
    struct copy *copy = (struct copy *)operation;
    int code = 0;
    if (!skip) {
        double_lock();
        code = copy->fill ? double_fill(copy->dst, copy->value, copy->count)
                          : double_transfer(copy->dst, copy->src, copy->count);
        double_unlock();
        if (code != 0) {
            double_violation("memory went away while a copy or fill on a stream still needed it");
        }
    }
    free(copy);
    return code;
}

static int submit(struct copy copy, aclrtStream stream)
{
    struct copy *kept = malloc(sizeof *kept);
    *kept = copy;
    kept->operation.run = run_copy;
    return double_stream_submit((uintptr_t)stream, &kept->operation);
}

DOUBLE_CALL(aclError, aclrtMemcpyAsync, DEVICE_CALL,
            (void *dst, size_t destMax, const void *src, size_t count, aclrtMemcpyKind kind, aclrtStream stream),
            (dst, destMax, src, count, kind, stream), NO_OUT)
{
    double_lock();
    int code = check_copy((uintptr_t)dst, destMax, (uintptr_t)src, count, (int)kind);
    double_unlock();
    return code != 0 ? code
                     : submit((struct copy){.dst = (uintptr_t)dst, .src = (uintptr_t)src, .count = count}, stream);
}

static bool is_own_host(uint64_t address, uint64_t count)
{
    for (struct host_block *b = double_process()->host; b != NULL; b = b->next) {
        uint64_t start = (uintptr_t)b->address;
        if (address >= start && address - start <= b->size && count <= b->size - (address - start)) {
            return true;
        }
    }
    return false;
}

static int check_fill(uint64_t address, uint64_t max, uint64_t count)
{
    if (address == 0 || count == 0 || max < count) {
        return BAD_PARAM("devPtr is null, count is 0, or maxCount %llu is less than count %llu",
                         (unsigned long long)max, (unsigned long long)count);
    }
    if (!double_is_device_address(address)) {
        return is_own_host(address, count) ? 0 : BAD_PARAM("%#llx is no device memory", (unsigned long long)address);
    }
    /* maxCount is held against the mapping, too: one that is too large would hide an overrun. */
    if (!double_range_valid(address, max)) {
        return DRIVER_ERROR("%#llx (+%llu) is not mapped on this device", (unsigned long long)address,
                            (unsigned long long)max);
    }
    return 0;
}

DOUBLE_CALL(aclError, aclrtMemset, DEVICE_CALL, (void *devPtr, size_t maxCount, int32_t value, size_t count),
            (devPtr, maxCount, value, count), NO_OUT)
{
    double_lock();
    int code = check_fill((uintptr_t)devPtr, maxCount, count);
    if (code == 0) {
        code = double_fill((uintptr_t)devPtr, value, count);
    }
    double_unlock();
    return code;
}

DOUBLE_CALL(aclError, aclrtMemsetAsync, DEVICE_CALL,
            (void *devPtr, size_t maxCount, int32_t value, size_t count, aclrtStream stream),
            (devPtr, maxCount, value, count, stream), NO_OUT)
{
    double_lock();
    int code = check_fill((uintptr_t)devPtr, maxCount, count);
    double_unlock();
    return code != 0 ? code
                     : submit((struct copy){.dst = (uintptr_t)devPtr, .count = count, .value = value, .fill = true},
                              stream);
}

DOUBLE_CALL(aclError, aclrtGetMemInfo, DEVICE_CALL, (aclrtMemAttr attr, size_t *free, size_t *total),
            (attr, free, total), NO_OUT)
{
    if (free == NULL || total == NULL || (int)attr < 0 || (int)attr > 17) {
        return BAD_PARAM("free or total is null, or attribute %d unknown", (int)attr);
    }
    uint64_t capacity = (uint64_t)double_number("COMM_DOUBLE_MEMORY", (int64_t)1 << 30);
    uint64_t used = double_physical_used(double_physical_device(double_device()));
    *total = capacity;
    *free = used > capacity ? 0 : capacity - used;
    return 0;
}
