/* Streams and waiting for them. */
#include "double.h"

#include <acl/acl.h>

static int create(aclrtStream *stream)
{
    if (stream == NULL) {
        return BAD_PARAM("stream is null");
    }
    uint64_t token;
    int code = double_stream_create(&token);
    if (code == 0) {
        *stream = (aclrtStream)(uintptr_t)token;
    }
    return code;
}

DOUBLE_CALL(aclError, aclrtCreateStream, DEVICE_CALL, (aclrtStream * stream), (stream), CLEAR(stream))
{
    return create(stream);
}

DOUBLE_CALL(aclError, aclrtCreateStreamWithConfig, DEVICE_CALL,
            (aclrtStream * stream, uint32_t priority, uint32_t flag), (stream, priority, flag), CLEAR(stream))
{
    return priority > 7 || flag > 0xff ? BAD_PARAM("priority %u, flag %#x", priority, flag) : create(stream);
}

DOUBLE_CALL(aclError, aclrtDestroyStream, DEVICE_CALL, (aclrtStream stream), (stream), NO_OUT)
{
    return double_stream_destroy((uintptr_t)stream, false);
}

DOUBLE_CALL(aclError, aclrtDestroyStreamForce, DEVICE_CALL, (aclrtStream stream), (stream), NO_OUT)
{
    return double_stream_destroy((uintptr_t)stream, true);
}

DOUBLE_CALL(aclError, aclrtSynchronizeStream, DEVICE_CALL, (aclrtStream stream), (stream), NO_OUT)
{
    return double_stream_wait((uintptr_t)stream, -1);
}

DOUBLE_CALL(aclError, aclrtSynchronizeStreamWithTimeout, DEVICE_CALL, (aclrtStream stream, int32_t timeout),
            (stream, timeout), NO_OUT)
{
    if (timeout == 0 || timeout < -1) {
        return BAD_PARAM("timeout %d is neither -1 nor positive", timeout);
    }
    return double_stream_wait((uintptr_t)stream, timeout);
}

/* These two may claim success on a device in error; callers must not take them for a sign of health. */
static int synchronize_device(int timeout)
{
    return double_process()->poisoned ? 0 : double_streams_wait(double_device(), timeout);
}

DOUBLE_CALL(aclError, aclrtSynchronizeDevice, DEVICE_CALL, (void), (), NO_OUT)
{
    return synchronize_device(-1);
}

DOUBLE_CALL(aclError, aclrtSynchronizeDeviceWithTimeout, NEEDS_INIT | NEEDS_DEVICE, (int32_t timeout), (timeout),
            NO_OUT)
{
    if (timeout == 0 || timeout < -1) {
        return BAD_PARAM("timeout %d is neither -1 nor positive", timeout);
    }
    return synchronize_device(timeout);
}
