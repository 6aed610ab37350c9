/* Memory of aclrtMalloc shared by key. */
#include "double.h"

#include <acl/acl.h>
#include <stdio.h>
#include <string.h>

#if CANN_SPLIT >= 805
enum { KEY_BYTES = 65 };

static struct shared_ipc *find_key(struct shared *shared, const char *key)
{
    for (int i = 0; i < IPCS; i++) {
        if (shared->ipc[i].id != 0 && strncmp(shared->ipc[i].key, key, KEY_BYTES) == 0) {
            return &shared->ipc[i];
        }
    }
    return NULL;
}

static int publish(const struct segment *s, uint64_t offset, uint64_t size, bool open, char *key)
{
    struct shared *shared = double_shared_lock();
    struct shared_ipc *ipc = shared->ipc;
    while (ipc < shared->ipc + IPCS && ipc->id != 0) {
        ipc++;
    }
    int code = 0;
    if (ipc == shared->ipc + IPCS) {
        code = DRIVER_ERROR("too many keys");
    } else {
        memset(ipc, 0, sizeof *ipc);
        snprintf(ipc->key, sizeof ipc->key, "%016llx%016llx%016llx%016llx", (unsigned long long)double_random(),
                 (unsigned long long)double_random(), (unsigned long long)double_random(),
                 (unsigned long long)shared->next_id);
        ipc->physical = s->physical;
        ipc->offset = offset;
        ipc->size = size;
        ipc->device = double_physical_device(s->device);
        ipc->open = open;
        ipc->exporter = double_self();
        atomic_thread_fence(memory_order_release);
        ipc->id = shared->next_id++;
        memcpy(key, ipc->key, KEY_BYTES);
    }
    double_shared_unlock();
    if (code == 0) {
        double_count(IPC_EXPORTED, 1);
    }
    return code;
}

DOUBLE_CALL(aclError, aclrtIpcMemGetExportKey, DEVICE_CALL,
            (void *devPtr, size_t size, char *key, size_t len, uint64_t flags), (devPtr, size, key, len, flags),
            CLEAR(key))
{
    if (key == NULL || len != KEY_BYTES) {
        return BAD_PARAM("key is null or len %zu is not %d", len, KEY_BYTES);
    }
    if (flags > ACL_RT_IPC_MEM_EXPORT_FLAG_DISABLE_PID_VALIDATION) {
        return BAD_PARAM("flags %llu", (unsigned long long)flags);
    }
    uint64_t address = (uintptr_t)devPtr;
    double_lock();
    struct segment *s = double_segment_at(address);
    int code;
    if (s == NULL || s->kind != SEGMENT_MALLOC || size == 0 || size > s->size - (address - s->va)) {
        code = BAD_PARAM("%p (+%zu) is not memory of aclrtMalloc", devPtr, size);
    } else {
        code = publish(s, address - s->va, size, flags == ACL_RT_IPC_MEM_EXPORT_FLAG_DISABLE_PID_VALIDATION, key);
    }
    double_unlock();
    return code;
}

static int check_import(struct shared_ipc *ipc, uint64_t flags, int device, bool peers_enabled)
{
    if (ipc == NULL || ipc->open < 0 || !double_alive(ipc->exporter)) {
        return DRIVER_ERROR("no such key");
    }
    if (double_is_self(ipc->exporter)) {
        return DRIVER_ERROR("a key cannot be imported by the process that exported it");
    }
    if (double_number("COMM_DOUBLE_PCIE", 0) != 0) {
        return DRIVER_ERROR("shared memory cannot be mapped across the PCIe bus");
    }
    bool allowed = ipc->open > 0;
    for (int i = 0; i < ipc->pid_count; i++) {
        allowed |= ipc->pids[i] == double_self().pid + 100000;
    }
    if (!allowed) {
        return DRIVER_ERROR("process %d is not on the list of the key", double_self().pid + 100000);
    }
    if (ipc->device != double_physical_device(device) && flags == 0 && !peers_enabled) {
        return DRIVER_ERROR("access to the exporter's device is not enabled");
    }
    for (int k = 0; k < MAX_RANKS; k++) {
        if (double_is_self(ipc->importers[k])) {
            return DRIVER_ERROR("the key is imported already");
        }
    }
    return 0;
}

static int import(struct process *p, const char *key, uint64_t flags, void **devPtr)
{
    int device = double_context()->device;
    struct shared *shared = double_shared_lock();
    struct shared_ipc *ipc = find_key(shared, key);
    int peer = ipc == NULL ? -1 : double_user_device(ipc->device);
    int code = check_import(ipc, flags, device, peer >= 0 && p->peers[device][peer]);
    struct shared_ipc copy;
    if (code == 0) {
        copy = *ipc;
        for (int k = 0; k < MAX_RANKS; k++) {
            if (!double_alive(ipc->importers[k])) {
                ipc->importers[k] = double_self();
                break;
            }
        }
    }
    double_shared_unlock();
    if (code != 0) {
        return code;
    }
    if (double_physical_hold(copy.physical, 0, 1) != 0) {
        return DRIVER_ERROR("the exporter's memory is gone");
    }
    struct segment *s = double_segment_add(SEGMENT_IPC, double_new_address(copy.size), copy.size, copy.physical,
                                           copy.offset, device);
    if (s == NULL) {
        double_physical_hold(copy.physical, 0, -1);
        return DRIVER_ERROR("the exporter's memory cannot be mapped");
    }
    memcpy(s->key, copy.key, KEY_BYTES);
    *devPtr = (void *)(uintptr_t)s->va;
    return 0;
}

DOUBLE_CALL(aclError, aclrtIpcMemImportByKey, DEVICE_CALL, (void **devPtr, const char *key, uint64_t flags),
            (devPtr, key, flags), CLEAR(devPtr))
{
    if (devPtr == NULL || key == NULL || flags > ACL_RT_IPC_MEM_IMPORT_FLAG_ENABLE_PEER_ACCESS) {
        return BAD_PARAM("devPtr or key is null, or flags %llu", (unsigned long long)flags);
    }
    struct process *p = double_lock();
    int code = import(p, key, flags, devPtr);
    double_unlock();
    return code;
}

DOUBLE_CALL(aclError, aclrtIpcMemSetImportPid, DEVICE_CALL, (const char *key, int32_t *pid, size_t num),
            (key, pid, num), NO_OUT)
{
    if (key == NULL || pid == NULL || num == 0 || num > MAX_PIDS) {
        return BAD_PARAM("key or pid is null, or their number %zu", num);
    }
    struct shared *shared = double_shared_lock();
    struct shared_ipc *ipc = find_key(shared, key);
    int code = 0;
    if (ipc == NULL || !double_is_self(ipc->exporter)) {
        code = BAD_PARAM("not a key of this process");
    } else if ((size_t)ipc->pid_count + num > MAX_PIDS) {
        code = BAD_PARAM("more than %d processes", MAX_PIDS);
    } else {
        memcpy(ipc->pids + ipc->pid_count, pid, num * sizeof *pid);
        ipc->pid_count += (int32_t)num;
    }
    double_shared_unlock();
    return code;
}

DOUBLE_CALL(aclError, aclrtIpcMemImportPidInterServer, DEVICE_CALL,
            (const char *key, aclrtServerPid *serverPids, size_t num), (key, serverPids, num), NO_OUT)
{
    return key == NULL || serverPids == NULL || num == 0 ? BAD_PARAM("key or serverPids is null, or num is 0")
                                                         : UNSUPPORTED("there is only one server");
}

DOUBLE_CALL(aclError, aclrtIpcMemSetAttr, DEVICE_CALL, (const char *key, aclrtIpcMemAttrType type, uint64_t attr),
            (key, type, attr), NO_OUT)
{
    (void)attr;
    return key == NULL || type != ACL_RT_IPC_MEM_ATTR_ACCESS_LINK ? BAD_PARAM("key is null or type unknown") : 0;
}

/* The exporter's end of a key. Importers have to have closed it before. */
static int close_export(const char *key)
{
    struct shared *shared = double_shared_lock();
    struct shared_ipc *ipc = find_key(shared, key);
    bool ours = ipc != NULL && double_is_self(ipc->exporter);
    int user = 0;
    if (ours) {
        for (int k = 0; k < MAX_RANKS; k++) {
            if (double_alive(ipc->importers[k])) {
                user = ipc->importers[k].pid;
            }
        }
        ipc->id = 0;
    }
    double_shared_unlock();
    if (!ours) {
        return BAD_PARAM("not a key this process exported or imported");
    }
    double_count(IPC_EXPORTED, -1);
    if (user != 0) {
        double_violation("aclrtIpcMemClose by the exporter while process %d still has the key imported", user);
    }
    return 0;
}

DOUBLE_CALL(aclError, aclrtIpcMemClose, DEVICE_CALL, (const char *key), (key), NO_OUT)
{
    if (key == NULL) {
        return BAD_PARAM("key is null");
    }
    struct process *p = double_lock();
    struct segment *s = p->segments;
    while (s != NULL && !(s->kind == SEGMENT_IPC && strncmp(s->key, key, KEY_BYTES) == 0)) {
        s = s->next;
    }
    if (s != NULL) {
        double_segment_remove(s);
    }
    double_unlock();
    return s != NULL ? 0 : close_export(key);
}
#else
/* 8.1 exports none of this; a translation unit may not be empty. */
typedef int no_ipc;
#endif
