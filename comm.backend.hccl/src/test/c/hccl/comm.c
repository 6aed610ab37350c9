/* Root information and the joining of ranks. */
#include "collective.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Begin of the root information. The last eight bytes repeat the secret: one that was cut short is noticed. */
struct root {
    uint64_t magic, id, secret;
    int32_t pid;
    int32_t device;
    char endpoint[64];
};
static const uint64_t ROOT_MAGIC = 0x4c434348544f4f52;

DOUBLE_CALL(HcclResult, HcclGetRootInfo, HCCL_DEVICE_CALL, (HcclRootInfo * rootInfo), (rootInfo), NO_OUT)
{
    if (rootInfo == NULL) {
        return HCCL_NULL("rootInfo is null");
    }
    struct root root = {.magic = ROOT_MAGIC, .secret = double_random(), .pid = (int32_t)getpid()};
    root.device = double_physical_device(double_device());
    snprintf(root.endpoint, sizeof root.endpoint, "127.0.0.1%%lo_60000_%d", (int)root.device);
    struct shared *shared = double_shared_lock();
    double_sweep(shared);
    struct shared_comm *record = shared->comms;
    while (record < shared->comms + COMMS && record->id != 0) {
        record++;
    }
    bool found = record < shared->comms + COMMS;
    if (found) {
        memset(record, 0, sizeof *record);
        record->secret = root.secret;
        record->root = double_self();
        root.id = shared->next_id++;
        atomic_thread_fence(memory_order_release);
        record->id = root.id;
    }
    double_shared_unlock();
    if (!found) {
        return double_fail(HCCL_E_INTERNAL, "EI9999", "too many communicators");
    }
    memset(rootInfo, 0, sizeof *rootInfo);
    memcpy(rootInfo->internal, &root, sizeof root);
    memcpy(rootInfo->internal + HCCL_ROOT_INFO_BYTES - sizeof root.secret, &root.secret, sizeof root.secret);
    return HCCL_SUCCESS;
}

static int join(struct shared *shared, const struct root *root, struct comm *comm, struct shared_comm **found)
{
    struct shared_comm *record = shared->comms;
    while (record < shared->comms + COMMS && !(record->id == root->id && record->secret == root->secret)) {
        record++;
    }
    if (record == shared->comms + COMMS) {
        return 0; /* nobody listens there any more; the caller finds out by waiting */
    }
    if (record->ranks != 0 && record->ranks != comm->ranks) {
        return HCCL_BAD("nRanks %u differs from the %u of other ranks", comm->ranks, record->ranks);
    }
    if (record->ranks != 0 && strcmp(record->name, comm->name) != 0) {
        return HCCL_BAD("the communicator's name %s differs from the %s of other ranks", comm->name, record->name);
    }
    struct shared_member *me = &record->members[comm->rank];
    if (record->complete || (me->state != 0 && double_alive(me->who))) {
        return HCCL_BAD("rank %u joined before", comm->rank);
    }
    int device = double_physical_device(comm->device);
    for (uint32_t r = 0; r < comm->ranks; r++) {
        struct shared_member *other = &record->members[r];
        if (other->state == 1 && other->device == device && double_is_self(other->who)) {
            return HCCL_BAD("ranks %u and %u are the same process and device", r, comm->rank);
        }
    }
    if (record->ranks == 0) {
        strcpy(record->name, comm->name);
        record->ranks = comm->ranks;
    }
    memset(me, 0, sizeof *me);
    me->who = double_self();
    me->device = device;
    atomic_thread_fence(memory_order_release);
    me->state = 1;
    comm->slot = (uint32_t)(record - shared->comms);
    comm->id = record->id;
    *found = record;
    return 0;
}

static bool all_there(struct shared_comm *record)
{
    for (uint32_t r = 0; r < record->ranks && !record->complete; r++) {
        if (record->members[r].state != 1) {
            return false;
        }
    }
    for (uint32_t r = 0; r < record->ranks && !record->complete; r++) {
        if (!double_alive(record->members[r].who)) {
            return false;
        }
    }
    record->complete = 1;
    return true;
}

static int missing(struct shared_comm *record, const struct root *root, struct comm *comm, double seconds)
{
    char ranks[256] = "";
    for (uint32_t r = 0; record != NULL && r < comm->ranks && strlen(ranks) < 240; r++) {
        if (record->members[r].state != 1 || !double_alive(record->members[r].who)) {
            snprintf(ranks + strlen(ranks), sizeof ranks - strlen(ranks), " %u", r);
        }
    }
    if (record == NULL || !double_alive(record->root)) {
        return double_fail(HCCL_E_TIMEOUT, "EI0015",
                           "Rank %u could not connect to the root %s of process %d within %.0f s", comm->rank,
                           root->endpoint, root->pid, seconds);
    }
    return double_fail(HCCL_E_TIMEOUT, "EI0006",
                       "Getting socket times out. Reason: rank %u waited %.0f s for ranks%s of %s", comm->rank, seconds,
                       ranks, comm->name);
}

/* Waits for the others, up to the connect timeout. */
static int gather(const struct root *root, struct comm *comm)
{
    double seconds = double_connect_seconds();
    double end = double_now() + seconds;
    struct shared *shared = double_shared_lock();
    struct shared_comm *record = NULL;
    int code = join(shared, root, comm, &record);
    while (code == 0) {
        if (record != NULL && record->id == comm->id && all_there(record)) {
            break;
        }
        if (double_now() >= end) {
            code = missing(record, root, comm, seconds);
            if (record != NULL) {
                record->members[comm->rank].state = 0;
            }
            break;
        }
        double_shared_unlock();
        usleep(1000);
        shared = double_shared_lock();
    }
    double_shared_unlock();
    return code;
}

static int check_root(const HcclRootInfo *rootInfo, struct root *root)
{
    if (rootInfo == NULL) {
        return HCCL_NULL("rootInfo is null");
    }
    memcpy(root, rootInfo->internal, sizeof *root);
    bool whole = root->magic == ROOT_MAGIC && memcmp(rootInfo->internal + HCCL_ROOT_INFO_BYTES - sizeof root->secret,
                                                     &root->secret, sizeof root->secret) == 0;
    return whole ? 0 : HCCL_BAD("rootInfo is not what HcclGetRootInfo wrote");
}

/* Reads only as much as the caller's version has. */
static int apply(const HcclCommConfig *config, struct comm *comm)
{
    uint64_t size;
    uint32_t magic, version;
    memcpy(&size, config->reserved, sizeof size);
    memcpy(&magic, config->reserved + 8, sizeof magic);
    memcpy(&version, config->reserved + 12, sizeof version);
    if (magic != HCCL_COMM_CONFIG_MAGIC_WORD || version == 0) {
        return HCCL_BAD("the configuration was not initialised: magic %#x, version %u", magic, version);
    }
    if (size < 32 || size > 65536 || (version == 5 && size != 300)) {
        return HCCL_BAD("size %llu of a configuration of version %u", (unsigned long long)size, version);
    }
    if (config->hcclBufferSize == 0) {
        return HCCL_BAD("hcclBufferSize is 0");
    }
    if (config->hcclBufferSize != HCCL_COMM_BUFFSIZE_CONFIG_NOT_SET) {
        comm->buffer_mb = config->hcclBufferSize;
    }
    if (size >= offsetof(HcclCommConfig, hcclUdi) && config->hcclCommName[0] != '\0') {
        if (memchr(config->hcclCommName, '\0', COMM_NAME_MAX_LENGTH) == NULL) {
            return HCCL_BAD("hcclCommName has no end");
        }
        strcpy(comm->name, config->hcclCommName);
    }
    return 0;
}

static int init(uint32_t nRanks, const HcclRootInfo *rootInfo, uint32_t rank, const HcclCommConfig *config,
                HcclComm *handle)
{
    struct root root;
    int code = check_root(rootInfo, &root);
    if (code != 0) {
        return code;
    }
    if (handle == NULL) {
        return HCCL_NULL("comm is null");
    }
    if (nRanks == 0 || nRanks > MAX_RANKS || rank >= nRanks) {
        return HCCL_BAD("rank %u of %u", rank, nRanks);
    }
    struct comm *comm = calloc(1, sizeof *comm);
    comm->rank = rank;
    comm->ranks = nRanks;
    comm->device = double_device();
    comm->buffer_mb = (uint32_t)double_number("HCCL_BUFFSIZE", HCCL_COMM_DEFAULT_BUFFSIZE);
    snprintf(comm->name, sizeof comm->name, "%.64s_%llu", root.endpoint, (unsigned long long)root.id);
    if (config != NULL) {
        code = apply(config, comm);
    }
    double_lock();
    if (code == 0 && double_comm_named(comm->name) != NULL) {
        code = HCCL_BAD("this process has a communicator %s already", comm->name);
    }
    double_unlock();
    if (code == 0) {
        code = gather(&root, comm);
    }
    if (code != 0) {
        free(comm);
        return code;
    }
    double_lock();
    double_comm_add(comm);
    *handle = (HcclComm)(uintptr_t)comm->token;
    double_unlock();
    return 0;
}

DOUBLE_CALL(HcclResult, HcclCommInitRootInfo, HCCL_DEVICE_CALL,
            (uint32_t nRanks, const HcclRootInfo *rootInfo, uint32_t rank, HcclComm *comm),
            (nRanks, rootInfo, rank, comm), CLEAR(comm))
{
    return init(nRanks, rootInfo, rank, NULL, comm);
}

DOUBLE_CALL(HcclResult, HcclCommInitRootInfoConfig, HCCL_DEVICE_CALL,
            (uint32_t nRanks, const HcclRootInfo *rootInfo, uint32_t rank, const HcclCommConfig *config,
             HcclComm *comm),
            (nRanks, rootInfo, rank, config, comm), CLEAR(comm))
{
    return config == NULL ? HCCL_NULL("config is null") : init(nRanks, rootInfo, rank, config, comm);
}

DOUBLE_CALL(HcclResult, HcclCommDestroy, HCCL_DEVICE_CALL, (HcclComm comm), (comm), NO_OUT)
{
    if (comm == NULL) {
        return HCCL_NULL("comm is null");
    }
    double_lock();
    struct comm *c = double_comm_find((uintptr_t)comm);
    int code = 0;
    if (c == NULL) {
        code = HCCL_BAD("%p is no communicator", comm);
    } else if (c->pending > 0) {
        code = double_fail(HCCL_E_AGAIN, "EI9999", "the communicator is in use by %d operations", (int)c->pending);
    } else {
        double_comm_end(c);
    }
    double_unlock();
    return code;
}
