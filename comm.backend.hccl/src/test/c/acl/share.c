/* Handing physical memory to other processes, as a number or as a fabric handle. */
#include "double.h"

#include <acl/acl.h>
#include <string.h>

#include "handles.h"

enum { KIND_V1 = 0, KIND_DEFAULT = ACL_MEM_SHARE_HANDLE_TYPE_DEFAULT, KIND_FABRIC = ACL_MEM_SHARE_HANDLE_TYPE_FABRIC };

/* What the 128 bytes of a fabric handle hold; the rest repeats the secret so that a cut handle is noticed. */
struct fabric {
    uint64_t magic, id, secret, filler[13];
};
#define FABRIC_MAGIC 0x4341464d454d5632

static struct shared_export *find_export(struct shared *shared, uint64_t id)
{
    for (int i = 0; i < EXPORTS && id != 0; i++) {
        if (shared->exports[i].id == id) {
            return &shared->exports[i];
        }
    }
    return NULL;
}

static int export(uint64_t token, uint64_t flags, int kind, struct shared_export *result)
{
    if (flags > ACL_RT_VMM_EXPORT_FLAG_DISABLE_PID_VALIDATION) {
        return BAD_PARAM("flags %llu", (unsigned long long)flags);
    }
    double_lock();
    struct handle *h = find_handle(token);
    uint64_t physical = h == NULL ? 0 : h->physical;
    bool imported = h != NULL && h->imported;
    double_unlock();
    if (h == NULL) {
        return BAD_HANDLE(token);
    }
    if (imported) {
        return BAD_PARAM("an imported handle cannot be exported again");
    }
    struct shared *shared = double_shared_lock();
    struct shared_export *e = shared->exports;
    while (e < shared->exports + EXPORTS && e->id != 0) {
        e++;
    }
    int code = 0;
    if (e == shared->exports + EXPORTS) {
        code = DRIVER_ERROR("too many exported handles");
    } else {
        memset(e, 0, sizeof *e);
        e->physical = physical;
        e->kind = kind;
        e->open = flags == ACL_RT_VMM_EXPORT_FLAG_DISABLE_PID_VALIDATION;
        e->secret = double_random();
        e->exporter = double_self();
        atomic_thread_fence(memory_order_release);
        e->id = shared->next_id++;
        *result = *e;
    }
    double_shared_unlock();
    return code;
}

static bool may_import(const struct shared_export *e)
{
    bool allowed = e->open;
    for (int i = 0; i < e->pid_count; i++) {
        allowed |= e->pids[i] == double_self().pid + 100000;
    }
    return allowed;
}

static int import(uint64_t id, int kind, uint64_t secret, int device, aclrtDrvMemHandle *handle)
{
    struct shared *shared = double_shared_lock();
    struct shared_export *found = find_export(shared, id);
    struct shared_export e = {.id = 0};
    uint64_t size = 0;
    if (found != NULL) {
        e = *found;
        struct shared_physical *p = double_physical_find(shared, e.physical);
        size = p == NULL || !p->owned ? 0 : p->size;
    }
    double_shared_unlock();
    if (found == NULL || (e.kind == KIND_FABRIC) != (kind == KIND_FABRIC) || (kind == KIND_FABRIC && e.secret != secret)) {
        return DRIVER_ERROR("no such shareable handle");
    }
    if (double_is_self(e.exporter)) {
        return UNSUPPORTED("a handle cannot be imported by the process that exported it");
    }
    if (size == 0 || !double_alive(e.exporter)) {
        return DRIVER_ERROR("the exporter's memory is gone");
    }
    if (!may_import(&e)) {
        return DRIVER_ERROR("process %d is not on the list of the handle", double_self().pid + 100000);
    }
    if (double_physical_hold(e.physical, 1, 0) != 0) {
        return DRIVER_ERROR("the exporter's memory is gone");
    }
    double_lock();
    *handle = (aclrtDrvMemHandle)(uintptr_t)add_handle(e.physical, size, device, true);
    double_unlock();
    return 0;
}

static int allow(uint64_t id, const int32_t *pid, size_t n)
{
    if (pid == NULL || n == 0 || n > MAX_PIDS) {
        return BAD_PARAM("pid is null or their number %zu not in [1, %d]", n, MAX_PIDS);
    }
    struct shared *shared = double_shared_lock();
    struct shared_export *e = find_export(shared, id);
    int code = 0;
    if (e == NULL || !double_is_self(e->exporter)) {
        code = BAD_PARAM("not a handle this process exported");
    } else if ((size_t)e->pid_count + n > MAX_PIDS) {
        code = BAD_PARAM("more than %d processes", MAX_PIDS);
    } else {
        memcpy(e->pids + e->pid_count, pid, n * sizeof *pid);
        e->pid_count += (int32_t)n;
    }
    double_shared_unlock();
    return code;
}

DOUBLE_CALL(aclError, aclrtMemExportToShareableHandle, DEVICE_CALL,
            (aclrtDrvMemHandle handle, aclrtMemHandleType handleType, uint64_t flags, uint64_t *shareableHandle),
            (handle, handleType, flags, shareableHandle), CLEAR(shareableHandle))
{
    if (handleType != ACL_MEM_HANDLE_TYPE_NONE || shareableHandle == NULL) {
        return BAD_PARAM("handleType %d or shareableHandle is null", (int)handleType);
    }
    struct shared_export e = {.id = 0};
    int code = export((uintptr_t)handle, flags, KIND_V1, &e);
    if (code == 0) {
        *shareableHandle = e.id;
    }
    return code;
}

DOUBLE_CALL(aclError, aclrtMemImportFromShareableHandle, DEVICE_CALL,
            (uint64_t shareableHandle, int32_t deviceId, aclrtDrvMemHandle *handle),
            (shareableHandle, deviceId, handle), CLEAR(handle))
{
    if (handle == NULL) {
        return BAD_PARAM("handle is null");
    }
    if (deviceId < 0 || deviceId >= double_device_count()) {
        return double_fail(ACL_ERROR_RT_INVALID_DEVICEID, "EE1001", "device %d", deviceId);
    }
    return import(shareableHandle, KIND_V1, 0, deviceId, handle);
}

DOUBLE_CALL(aclError, aclrtMemSetPidToShareableHandle, DEVICE_CALL,
            (uint64_t shareableHandle, int32_t *pid, size_t pidNum), (shareableHandle, pid, pidNum), NO_OUT)
{
    return allow(shareableHandle, pid, pidNum);
}

#if CANN_SPLIT >= 805
static int check_kind(int kind, const void *shareable)
{
    if (shareable == NULL || (kind != KIND_DEFAULT && kind != KIND_FABRIC)) {
        return BAD_PARAM("shareableHandle is null or shareType %d unknown", kind);
    }
    return kind == KIND_FABRIC && !double_is_a3() ? UNSUPPORTED("%s has no fabric handles", double_soc()) : 0;
}

static int take_apart(const void *shareable, int kind, uint64_t *id, uint64_t *secret)
{
    struct fabric f;
    if (kind != KIND_FABRIC) {
        memcpy(id, shareable, sizeof *id);
        *secret = 0;
        return 0;
    }
    memcpy(&f, shareable, sizeof f);
    bool whole = f.magic == FABRIC_MAGIC;
    for (size_t i = 0; i < sizeof f.filler / sizeof *f.filler; i++) {
        whole &= f.filler[i] == (f.secret ^ i);
    }
    *id = f.id;
    *secret = f.secret;
    return whole ? 0 : DRIVER_ERROR("the fabric handle is damaged");
}

DOUBLE_CALL(aclError, aclrtMemExportToShareableHandleV2, DEVICE_CALL,
            (aclrtDrvMemHandle handle, uint64_t flags, aclrtMemSharedHandleType shareType, void *shareableHandle),
            (handle, flags, shareType, shareableHandle), NO_OUT)
{
    int code = check_kind((int)shareType, shareableHandle);
    struct shared_export e = {.id = 0};
    if (code == 0) {
        code = export((uintptr_t)handle, flags, (int)shareType, &e);
    }
    if (code == 0 && shareType == ACL_MEM_SHARE_HANDLE_TYPE_FABRIC) {
        struct fabric f = {.magic = FABRIC_MAGIC, .id = e.id, .secret = e.secret};
        for (size_t i = 0; i < sizeof f.filler / sizeof *f.filler; i++) {
            f.filler[i] = f.secret ^ i;
        }
        _Static_assert(sizeof f == sizeof(aclrtMemFabricHandle), "a fabric handle has 128 bytes");
        memcpy(shareableHandle, &f, sizeof f);
    } else if (code == 0) {
        memcpy(shareableHandle, &e.id, sizeof e.id);
    }
    return code;
}

DOUBLE_CALL(aclError, aclrtMemImportFromShareableHandleV2, DEVICE_CALL,
            (void *shareableHandle, aclrtMemSharedHandleType shareType, uint64_t flags, aclrtDrvMemHandle *handle),
            (shareableHandle, shareType, flags, handle), CLEAR(handle))
{
    int code = check_kind((int)shareType, shareableHandle);
    if (code != 0) {
        return code;
    }
    if (flags != 0 || handle == NULL) {
        return BAD_PARAM("flags must be 0 and handle not null");
    }
    uint64_t id = 0, secret = 0;
    code = take_apart(shareableHandle, (int)shareType, &id, &secret);
    return code != 0 ? code : import(id, (int)shareType, secret, double_device(), handle);
}

DOUBLE_CALL(aclError, aclrtMemSetPidToShareableHandleV2, DEVICE_CALL,
            (void *shareableHandle, aclrtMemSharedHandleType shareType, int32_t *pid, size_t pidNum),
            (shareableHandle, shareType, pid, pidNum), NO_OUT)
{
    int code = check_kind((int)shareType, shareableHandle);
    if (code != 0) {
        return code;
    }
    uint64_t id = 0, secret = 0;
    code = take_apart(shareableHandle, (int)shareType, &id, &secret);
    return code != 0 ? code : allow(id, pid, pidNum);
}

static struct segment *mapping(void *virPtr)
{
    return double_segment_starting((uintptr_t)virPtr, SEGMENT_MAPPED);
}

DOUBLE_CALL(aclError, aclrtMemSetAccess, DEVICE_CALL,
            (void *virPtr, size_t size, aclrtMemAccessDesc *desc, size_t count), (virPtr, size, desc, count), NO_OUT)
{
    if (desc == NULL || count != 1) {
        return BAD_PARAM("desc is null or count %zu is not 1", count);
    }
    if (desc->flags != ACL_RT_MEM_ACCESS_FLAGS_READWRITE || desc->location.type != ACL_MEM_LOCATION_TYPE_DEVICE) {
        return BAD_PARAM("flags %d or location type %d", (int)desc->flags, (int)desc->location.type);
    }
    /* Reaches the driver as it is, so it has to be the driver's number, not the renumbered one. */
    int device = double_physical_device(double_device());
    if (desc->location.id != (uint32_t)device) {
        return DRIVER_ERROR("location id %u is not the driver's number %d of this device", desc->location.id, device);
    }
    double_lock();
    struct segment *s = mapping(virPtr);
    bool fits = s != NULL && s->size == size;
    if (fits) {
        s->accessible = true;
    }
    double_unlock();
    return fits ? 0 : BAD_PARAM("%p (+%zu) is not what was mapped", virPtr, size);
}

DOUBLE_CALL(aclError, aclrtMemGetAccess, DEVICE_CALL, (void *virPtr, aclrtMemLocation *location, uint64_t *flag),
            (virPtr, location, flag), CLEAR(flag))
{
    if (location == NULL || flag == NULL) {
        return BAD_PARAM("location or flag is null");
    }
    double_lock();
    struct segment *s = mapping(virPtr);
    *flag = s != NULL && s->accessible ? ACL_RT_MEM_ACCESS_FLAGS_READWRITE : ACL_RT_MEM_ACCESS_FLAGS_NONE;
    double_unlock();
    return s == NULL ? BAD_PARAM("nothing is mapped at %p", virPtr) : 0;
}
#endif

#if CANN_SPLIT >= 900
DOUBLE_CALL(aclError, aclrtMemGetAddressRange, DEVICE_CALL, (void *ptr, void **pbase, size_t *psize),
            (ptr, pbase, psize), CLEAR(pbase))
{
    double_lock();
    struct segment *s = double_segment_at((uintptr_t)ptr);
    if (s != NULL && pbase != NULL) {
        *pbase = (void *)(uintptr_t)s->va;
    }
    if (s != NULL && psize != NULL) {
        *psize = s->size;
    }
    double_unlock();
    return s == NULL ? BAD_PARAM("%p is no device memory", ptr) : 0;
}

DOUBLE_CALL(aclError, aclrtMemP2PMap, DEVICE_CALL, (void *devPtr, size_t size, int32_t dstDevId, uint64_t flags),
            (devPtr, size, dstDevId, flags), NO_OUT)
{
    if (flags != 0 || dstDevId < 0 || dstDevId >= double_device_count()) {
        return BAD_PARAM("flags must be 0 and %d a device", dstDevId);
    }
    double_lock();
    bool valid = double_is_device_address((uintptr_t)devPtr) && double_range_valid((uintptr_t)devPtr, size);
    double_unlock();
    return valid ? 0 : BAD_PARAM("%p (+%zu) is no device memory", devPtr, size);
}
#endif
