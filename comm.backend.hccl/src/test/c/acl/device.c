/* Devices, contexts and who may reach whose memory. */
#include "double.h"

#include <acl/acl.h>
#include <string.h>
#include <unistd.h>

static int bad_device(int device)
{
    return double_fail(ACL_ERROR_RT_INVALID_DEVICEID, "EE1001", "device %d is not in [0, %d)", device,
                       double_device_count());
}

static bool exists(int device)
{
    return device >= 0 && device < double_device_count();
}

DOUBLE_CALL(aclError, aclrtGetDeviceCount, NEEDS_INIT, (uint32_t *count), (count), CLEAR(count))
{
    if (count == NULL) {
        return BAD_PARAM("count is null");
    }
    *count = (uint32_t)double_device_count();
    return 0;
}

static struct context *primary(struct process *p, int device)
{
    for (struct context *c = p->contexts; c != NULL; c = c->next) {
        if (c->device == device && !c->explicit) {
            return c;
        }
    }
    return NULL;
}

DOUBLE_CALL(aclError, aclrtSetDevice, ACL_CALL, (int32_t deviceId), (deviceId), NO_OUT)
{
    if (!exists(deviceId)) {
        return bad_device(deviceId);
    }
    struct process *p = double_lock();
    struct context *c = primary(p, deviceId);
    if (c == NULL) {
        c = double_context_add(deviceId, false);
    }
    p->set_count[deviceId]++;
    double_context_use(c->token);
    double_unlock();
    double_count(CONTEXTS, 1);
    return 0;
}

static int reset(int device, bool force)
{
    if (!exists(device)) {
        return bad_device(device);
    }
    struct process *p = double_lock();
    int code = 0;
    if (p->set_count[device] == 0) {
        code = double_fail(ACL_ERROR_RT_CONTEXT_NULL, "EE1001", "device %d is not set", device);
    } else if (force || p->set_count[device] == 1) {
        /* What a poisoned device still holds could not have been freed by anybody. */
        double_drop(device, p->poisoned == 0);
        if (force) {
            p->poisoned = 0;
        }
    } else {
        p->set_count[device]--;
        double_count(CONTEXTS, -1);
    }
    double_unlock();
    return code;
}

DOUBLE_CALL(aclError, aclrtResetDevice, ACL_CALL, (int32_t deviceId), (deviceId), NO_OUT)
{
    return reset(deviceId, false);
}

DOUBLE_CALL(aclError, aclrtResetDeviceForce, NEEDS_INIT, (int32_t deviceId), (deviceId), NO_OUT)
{
    return reset(deviceId, true);
}

DOUBLE_CALL(aclError, aclrtGetDevice, NEEDS_INIT | NEEDS_DEVICE, (int32_t *deviceId), (deviceId), NO_OUT)
{
    if (deviceId == NULL) {
        return BAD_PARAM("deviceId is null");
    }
    *deviceId = double_device();
    return 0;
}

DOUBLE_CALL(aclError, aclrtCreateContext, ACL_CALL, (aclrtContext * context, int32_t deviceId), (context, deviceId),
            CLEAR(context))
{
    if (context == NULL) {
        return BAD_PARAM("context is null");
    }
    if (!exists(deviceId)) {
        return bad_device(deviceId);
    }
    double_lock();
    struct context *c = double_context_add(deviceId, true);
    double_context_use(c->token);
    *context = (aclrtContext)(uintptr_t)c->token;
    double_unlock();
    double_count(CONTEXTS, 1);
    return 0;
}

DOUBLE_CALL(aclError, aclrtDestroyContext, ACL_CALL, (aclrtContext context), (context), NO_OUT)
{
    double_lock();
    struct context *c = double_context_find((uintptr_t)context);
    int code = 0;
    if (c == NULL || !c->explicit) {
        code = BAD_PARAM("not a context made by aclrtCreateContext");
    } else {
        double_context_remove(c);
    }
    double_unlock();
    return code;
}

DOUBLE_CALL(aclError, aclrtSetCurrentContext, ACL_CALL, (aclrtContext context), (context), NO_OUT)
{
    double_lock();
    struct context *c = double_context_find((uintptr_t)context);
    int code = 0;
    if (c == NULL) {
        code = context == NULL ? BAD_PARAM("context is null")
                               : double_fail(ACL_ERROR_RT_CONTEXT_NULL, "EE1001", "no such context");
    } else {
        double_context_use(c->token);
    }
    double_unlock();
    return code;
}

DOUBLE_CALL(aclError, aclrtGetCurrentContext, NEEDS_INIT | NEEDS_DEVICE, (aclrtContext * context), (context),
            CLEAR(context))
{
    if (context == NULL) {
        return BAD_PARAM("context is null");
    }
    double_lock();
    *context = (aclrtContext)(uintptr_t)double_context()->token;
    double_unlock();
    return 0;
}

DOUBLE_CALL(aclError, aclrtDeviceCanAccessPeer, ACL_CALL,
            (int32_t * canAccessPeer, int32_t deviceId, int32_t peerDeviceId), (canAccessPeer, deviceId, peerDeviceId),
            CLEAR(canAccessPeer))
{
    if (canAccessPeer == NULL) {
        return BAD_PARAM("canAccessPeer is null");
    }
    if (!exists(deviceId) || !exists(peerDeviceId)) {
        return bad_device(exists(deviceId) ? peerDeviceId : deviceId);
    }
    *canAccessPeer = deviceId != peerDeviceId;
    return 0;
}

static int peer(int peerDevice, bool enable)
{
    int device = double_device();
    if (!exists(peerDevice)) {
        return bad_device(peerDevice);
    }
    if (peerDevice == device) {
        return BAD_PARAM("the peer is the current device %d", device);
    }
    struct process *p = double_lock();
    p->peers[device][peerDevice] = enable;
    double_unlock();
    return 0;
}

DOUBLE_CALL(aclError, aclrtDeviceEnablePeerAccess, DEVICE_CALL, (int32_t peerDeviceId, uint32_t flags),
            (peerDeviceId, flags), NO_OUT)
{
    return flags != 0 ? BAD_PARAM("flags must be 0") : peer(peerDeviceId, true);
}

DOUBLE_CALL(aclError, aclrtDeviceDisablePeerAccess, DEVICE_CALL, (int32_t peerDeviceId), (peerDeviceId), NO_OUT)
{
    return peer(peerDeviceId, false);
}

DOUBLE_CALL(aclError, aclrtDeviceGetBareTgid, ACL_CALL, (int32_t *pid), (pid), CLEAR(pid))
{
    if (pid == NULL) {
        return BAD_PARAM("pid is null");
    }
    /* On purpose not getpid(), which is wrong in containers. */
    *pid = (int32_t)getpid() + 100000;
    return 0;
}

#if CANN_SPLIT >= 805
DOUBLE_CALL(aclError, aclrtDevicePeerAccessStatus, ACL_CALL, (int32_t deviceId, int32_t peerDeviceId, int32_t *status),
            (deviceId, peerDeviceId, status), CLEAR(status))
{
    if (status == NULL) {
        return BAD_PARAM("status is null");
    }
    if (!exists(deviceId) || !exists(peerDeviceId)) {
        return bad_device(exists(deviceId) ? peerDeviceId : deviceId);
    }
    struct process *p = double_lock();
    *status = p->peers[deviceId][peerDeviceId];
    double_unlock();
    return 0;
}

static int translated(int id, int result, int32_t *out)
{
    if (out == NULL) {
        return BAD_PARAM("the result pointer is null");
    }
    if (result < 0) {
        return bad_device(id);
    }
    *out = result;
    return 0;
}

DOUBLE_CALL(aclError, aclrtGetLogicDevIdByUserDevId, ACL_CALL, (const int32_t userDevid, int32_t *const logicDevId),
            (userDevid, logicDevId), CLEAR(logicDevId))
{
    return translated(userDevid, double_physical_device(userDevid), logicDevId);
}

DOUBLE_CALL(aclError, aclrtGetUserDevIdByLogicDevId, ACL_CALL, (const int32_t logicDevId, int32_t *const userDevid),
            (logicDevId, userDevid), CLEAR(userDevid))
{
    return translated(logicDevId, double_user_device(logicDevId), userDevid);
}

DOUBLE_CALL(aclError, aclrtGetPhyDevIdByLogicDevId, ACL_CALL, (const int32_t logicDevId, int32_t *const phyDevId),
            (logicDevId, phyDevId), CLEAR(phyDevId))
{
    return translated(logicDevId, double_user_device(logicDevId) < 0 ? -1 : logicDevId, phyDevId);
}

DOUBLE_CALL(aclError, aclrtGetDeviceInfo, ACL_CALL, (uint32_t deviceId, aclrtDevAttr attr, int64_t *value),
            (deviceId, attr, value), CLEAR(value))
{
    if (value == NULL) {
        return BAD_PARAM("value is null");
    }
    if (!exists((int)deviceId)) {
        return bad_device((int)deviceId);
    }
    return UNSUPPORTED("attribute %d is not known to the double", attr);
}

DOUBLE_CALL(aclError, aclrtDeviceGetUuid, ACL_CALL, (int32_t deviceId, aclrtUuid *uuid), (deviceId, uuid), NO_OUT)
{
    if (uuid == NULL) {
        return BAD_PARAM("uuid is null");
    }
    if (!exists(deviceId)) {
        return bad_device(deviceId);
    }
    memset(uuid, 0xd0, sizeof *uuid);
    uuid->bytes[15] = (char)double_physical_device(deviceId);
    return 0;
}
#endif
