/* A few collectives, done through files: ranks write what they send, meet, read what they need, and meet again. */
#include "collective.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DRIVER = 507899 };

static uint64_t size_of(int type)
{
    switch (type) {
    case HCCL_DATA_TYPE_INT8:
    case HCCL_DATA_TYPE_UINT8:
        return 1;
    case HCCL_DATA_TYPE_INT16:
    case HCCL_DATA_TYPE_UINT16:
    case HCCL_DATA_TYPE_FP16:
    case HCCL_DATA_TYPE_BFP16:
        return 2;
    case HCCL_DATA_TYPE_INT32:
    case HCCL_DATA_TYPE_UINT32:
    case HCCL_DATA_TYPE_FP32:
        return 4;
    case HCCL_DATA_TYPE_INT64:
    case HCCL_DATA_TYPE_UINT64:
    case HCCL_DATA_TYPE_FP64:
        return 8;
    default:
        return 0;
    }
}

#define REDUCE(type_, letters)                                                                            \
    static void reduce_##letters(void *into, const void *from, uint64_t n, int op)                        \
    {                                                                                                     \
        type_ *a = into;                                                                                  \
        const type_ *b = from;                                                                            \
        for (uint64_t i = 0; i < n; i++) {                                                                \
            a[i] = (type_)(op == HCCL_REDUCE_SUM    ? a[i] + b[i]                                         \
                           : op == HCCL_REDUCE_PROD ? a[i] * b[i]                                         \
                           : op == HCCL_REDUCE_MAX  ? (a[i] > b[i] ? a[i] : b[i])                         \
                                                    : (a[i] < b[i] ? a[i] : b[i]));                       \
        }                                                                                                 \
    }
REDUCE(int8_t, i8)
REDUCE(int16_t, i16)
REDUCE(int32_t, i32)
REDUCE(int64_t, i64)
REDUCE(float, f32)
REDUCE(double, f64)

static void (*reducer(int type))(void *, const void *, uint64_t, int)
{
    switch (type) {
    case HCCL_DATA_TYPE_INT8:
        return reduce_i8;
    case HCCL_DATA_TYPE_INT16:
        return reduce_i16;
    case HCCL_DATA_TYPE_INT32:
        return reduce_i32;
    case HCCL_DATA_TYPE_INT64:
        return reduce_i64;
    case HCCL_DATA_TYPE_FP32:
        return reduce_f32;
    case HCCL_DATA_TYPE_FP64:
        return reduce_f64;
    default:
        return NULL;
    }
}

static void path_of(const struct collective *c, uint32_t rank, char *path, size_t size)
{
    const char *dir = double_setting("COMM_DOUBLE_DIR");
    snprintf(path, size, "%s/collective-%llu-%u-%llu", dir == NULL ? "." : dir, (unsigned long long)c->comm->id, rank,
             (unsigned long long)c->sequence);
}

static int locked_transfer(uint64_t dst, uint64_t src, uint64_t bytes)
{
    double_lock();
    int code = double_transfer(dst, src, bytes);
    double_unlock();
    return code;
}

static bool put(const struct collective *c, const void *data, uint64_t bytes)
{
    char path[4096];
    path_of(c, c->comm->rank, path, sizeof path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool done = fd >= 0 && write(fd, data, bytes) == (ssize_t)bytes;
    if (fd >= 0) {
        close(fd);
    }
    return done;
}

static bool get(const struct collective *c, uint32_t rank, void *data, uint64_t bytes)
{
    char path[4096];
    path_of(c, rank, path, sizeof path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && read(fd, data, bytes) == (ssize_t)bytes;
    if (fd >= 0) {
        close(fd);
    }
    return done;
}

/* What a rank makes of the piece of another one. */
typedef void take(const struct collective *c, uint32_t rank, const char *piece, uint64_t bytes, char *result);

static int exchange(struct collective *c, struct stream *stream, uint64_t result_bytes, take *take)
{
    uint64_t bytes = c->count * size_of(c->type);
    char *piece = calloc(1, bytes);
    char *result = calloc(1, result_bytes);
    int code = locked_transfer((uintptr_t)piece, c->send, bytes);
    if (code == 0 && !put(c, piece, bytes)) {
        code = DRIVER;
    }
    /* Even a rank that failed goes on to meet, or the others would hang for a fault that is not theirs. */
    bool together = hccl_meet(c, 0, stream);
    for (uint32_t r = 0; together && code == 0 && r < c->comm->ranks; r++) {
        code = get(c, r, piece, bytes) ? 0 : DRIVER;
        if (code == 0) {
            take(c, r, piece, bytes, result);
        }
    }
    if (together && code == 0) {
        code = locked_transfer(c->recv, (uintptr_t)result, result_bytes);
    }
    if (together) {
        hccl_meet(c, 1, stream);
    }
    char path[4096];
    path_of(c, c->comm->rank, path, sizeof path);
    unlink(path);
    free(piece);
    free(result);
    return code;
}

static void take_reduced(const struct collective *c, uint32_t rank, const char *piece, uint64_t bytes, char *result)
{
    if (rank == 0) {
        memcpy(result, piece, bytes);
    } else {
        reducer(c->type)(result, piece, c->count, c->op);
    }
}

static void take_gathered(const struct collective *c, uint32_t rank, const char *piece, uint64_t bytes, char *result)
{
    (void)c;
    memcpy(result + rank * bytes, piece, bytes);
}

static void take_root(const struct collective *c, uint32_t rank, const char *piece, uint64_t bytes, char *result)
{
    if (rank == c->root) {
        memcpy(result, piece, bytes);
    }
}

static int all_reduce(struct collective *c, struct stream *stream)
{
    return exchange(c, stream, c->count * size_of(c->type), take_reduced);
}

static int all_gather(struct collective *c, struct stream *stream)
{
    return exchange(c, stream, c->comm->ranks * c->count * size_of(c->type), take_gathered);
}

static int broadcast(struct collective *c, struct stream *stream)
{
    return exchange(c, stream, c->count * size_of(c->type), take_root);
}

static HcclResult check(const void *send, const void *recv, uint64_t count, int type)
{
    if (send == NULL || recv == NULL) {
        return HCCL_NULL("a buffer is null");
    }
    if (!double_is_device_address((uintptr_t)send) || !double_is_device_address((uintptr_t)recv)) {
        return HCCL_BAD("a buffer is not on the device");
    }
    return count == 0 || count > UINT32_MAX || size_of(type) == 0
               ? HCCL_BAD("count %llu or data type %d", (unsigned long long)count, type)
               : HCCL_SUCCESS;
}

DOUBLE_CALL(HcclResult, HcclAllReduce, HCCL_DEVICE_CALL,
            (void *sendBuf, void *recvBuf, uint64_t count, HcclDataType dataType, HcclReduceOp op, HcclComm comm,
             aclrtStream stream),
            (sendBuf, recvBuf, count, dataType, op, comm, stream), NO_OUT)
{
    HcclResult code = check(sendBuf, recvBuf, count, (int)dataType);
    if (code == HCCL_SUCCESS && (reducer((int)dataType) == NULL || (unsigned)op > HCCL_REDUCE_MIN)) {
        code = double_fail(HCCL_E_NOT_SUPPORT, "EI0003", "data type %d or operation %d", (int)dataType, (int)op);
    }
    struct collective what = {.body = all_reduce, .send = (uintptr_t)sendBuf, .recv = (uintptr_t)recvBuf,
                              .count = count, .type = (int)dataType, .op = (int)op};
    return code != HCCL_SUCCESS ? code : hccl_submit(comm, stream, what, 2);
}

DOUBLE_CALL(HcclResult, HcclAllGather, HCCL_DEVICE_CALL,
            (void *sendBuf, void *recvBuf, uint64_t sendCount, HcclDataType dataType, HcclComm comm,
             aclrtStream stream),
            (sendBuf, recvBuf, sendCount, dataType, comm, stream), NO_OUT)
{
    HcclResult code = check(sendBuf, recvBuf, sendCount, (int)dataType);
    struct collective what = {.body = all_gather, .send = (uintptr_t)sendBuf, .recv = (uintptr_t)recvBuf,
                              .count = sendCount, .type = (int)dataType};
    return code != HCCL_SUCCESS ? code : hccl_submit(comm, stream, what, 2);
}

DOUBLE_CALL(HcclResult, HcclBroadcast, HCCL_DEVICE_CALL,
            (void *buf, uint64_t count, HcclDataType dataType, uint32_t root, HcclComm comm, aclrtStream stream),
            (buf, count, dataType, root, comm, stream), NO_OUT)
{
    HcclResult code = check(buf, buf, count, (int)dataType);
    struct collective what = {.body = broadcast, .send = (uintptr_t)buf, .recv = (uintptr_t)buf, .count = count,
                              .root = root, .type = (int)dataType};
    return code != HCCL_SUCCESS ? code : hccl_submit(comm, stream, what, 2);
}
