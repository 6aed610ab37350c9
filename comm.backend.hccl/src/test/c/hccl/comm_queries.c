/* Questions to a communicator and to the library. */
#include "collective.h"

#include <string.h>

static HcclResult with(HcclComm handle, const void *out, struct comm *copy)
{
    if (handle == NULL || out == NULL) {
        return HCCL_NULL("comm or the result pointer is null");
    }
    double_lock();
    struct comm *c = double_comm_find((uintptr_t)handle);
    if (c != NULL) {
        memcpy(copy->name, c->name, sizeof copy->name);
        copy->rank = c->rank;
        copy->ranks = c->ranks;
    }
    double_unlock();
    return c == NULL ? HCCL_BAD("%p is no communicator", handle) : HCCL_SUCCESS;
}

DOUBLE_CALL(HcclResult, HcclGetCommName, HCCL_CALL, (HcclComm comm, char *commName), (comm, commName), CLEAR(commName))
{
    struct comm c;
    HcclResult code = with(comm, commName, &c);
    if (code == HCCL_SUCCESS) {
        strcpy(commName, c.name);
    }
    return code;
}

DOUBLE_CALL(HcclResult, HcclGetRankId, HCCL_CALL, (HcclComm comm, uint32_t *rank), (comm, rank), CLEAR(rank))
{
    struct comm c;
    HcclResult code = with(comm, rank, &c);
    if (code == HCCL_SUCCESS) {
        *rank = c.rank;
    }
    return code;
}

DOUBLE_CALL(HcclResult, HcclGetRankSize, HCCL_CALL, (HcclComm comm, uint32_t *rankSize), (comm, rankSize),
            CLEAR(rankSize))
{
    struct comm c;
    HcclResult code = with(comm, rankSize, &c);
    if (code == HCCL_SUCCESS) {
        *rankSize = c.ranks;
    }
    return code;
}

DOUBLE_CALL(HcclResult, HcclGetCommAsyncError, IS_HCCL | NEEDS_INIT, (HcclComm comm, HcclResult *asyncError),
            (comm, asyncError), NO_OUT)
{
    struct comm c;
    HcclResult code = with(comm, asyncError, &c);
    if (code == HCCL_SUCCESS) {
        *asyncError = double_process()->poisoned ? HCCL_E_REMOTE : HCCL_SUCCESS;
    }
    return code;
}

DOUBLE_CALL(uint32_t, HcclGetCommConfigCapability, IS_TEXT, (void), (), NO_OUT)
{
    return 5;
}

DOUBLE_EXPORT const char *HcclGetErrorString(HcclResult code)
{
    static const char *const words[] = {
        "no error",           "parameter error",    "empty pointer",      "memory error",       "internal error",
        "not support feature", "not found",         "unavailable",        "call system error",  "timeout",
        "open file failure",  "tcp connect failure", "roce connect failure", "tcp transfer failure", "roce transfer failure",
        "runtime failure",    "driver failure",     "profiling failure",  "cce failure",        "network failure",
        "try again",          "error from remote",  "suspending",         "retry constraint",   "out of memory",
    };
    static struct double_function function = {"HcclGetErrorString", IS_TEXT, 0, 0};
    struct double_call call;
    bool run = double_enter(&call, &function);
    double_leave(&call, 0);
    if (!run) {
        return NULL;
    }
    return (unsigned)code < sizeof words / sizeof *words ? words[code] : "unknown error";
}

static _Atomic int32_t deterministic;

DOUBLE_CALL(HcclResult, HcclSetConfig, HCCL_CALL, (HcclConfig config, HcclConfigValue configValue),
            (config, configValue), NO_OUT)
{
    if (config != HCCL_DETERMINISTIC) {
        return HCCL_BAD("configuration item %d", (int)config);
    }
    deterministic = configValue.value;
    return HCCL_SUCCESS;
}

DOUBLE_CALL(HcclResult, HcclGetConfig, HCCL_CALL, (HcclConfig config, HcclConfigValue *configValue),
            (config, configValue), NO_OUT)
{
    if (configValue == NULL || config != HCCL_DETERMINISTIC) {
        return HCCL_BAD("configuration item %d, or configValue is null", (int)config);
    }
    configValue->value = deterministic;
    return HCCL_SUCCESS;
}

static HcclResult named(const char *name, uint64_t *token, uint32_t *ranks)
{
    if (name == NULL) {
        return HCCL_NULL("the group is null");
    }
    double_lock();
    struct comm *c = double_comm_named(name);
    if (c != NULL) {
        *token = c->token;
        *ranks = c->ranks;
    }
    double_unlock();
    return c == NULL ? (HcclResult)double_fail(HCCL_E_NOT_FOUND, "EI0003", "no group %.128s", name) : HCCL_SUCCESS;
}

static HcclResult by_name(const char *name, HcclComm *comm)
{
    uint64_t token = 0;
    uint32_t ranks = 0;
    HcclResult code = comm == NULL ? HCCL_NULL("comm is null") : (int)named(name, &token, &ranks);
    if (code == HCCL_SUCCESS) {
        *comm = (HcclComm)(uintptr_t)token;
    }
    return code;
}

DOUBLE_CALL(HcclResult, HcomGetCommHandleByGroup, HCCL_CALL, (const char *group, HcclComm *commHandle),
            (group, commHandle), CLEAR(commHandle))
{
    return by_name(group, commHandle);
}

#if CANN_SPLIT >= 900
DOUBLE_CALL(HcclResult, HcclCommGetHandleWithName, HCCL_CALL, (const char *commName, HcclComm *comm),
            (commName, comm), CLEAR(comm))
{
    return by_name(commName, comm);
}
#endif

DOUBLE_CALL(HcclResult, HcomGetL0TopoTypeEx, HCCL_CALL, (const char *group, CommTopo *topoType, uint32_t flag),
            (group, topoType, flag), CLEAR(topoType))
{
    uint64_t token;
    uint32_t ranks;
    if (topoType == NULL || (flag & 1) != 0) {
        return HCCL_BAD("topoType is null or flag %u", flag);
    }
    HcclResult code = named(group, &token, &ranks);
    if (code == HCCL_SUCCESS) {
        *topoType = double_is_a3() ? COMM_TOPO_910_93 : COMM_TOPO_1DMESH;
    }
    return code;
}

DOUBLE_CALL(HcclResult, HcomGetRankSizeEx, HCCL_CALL, (const char *group, uint32_t *rankSize, uint32_t flag),
            (group, rankSize, flag), CLEAR(rankSize))
{
    uint64_t token;
    if (rankSize == NULL || (flag & 1) != 0) {
        return HCCL_BAD("rankSize is null or flag %u", flag);
    }
    return named(group, &token, rankSize);
}
