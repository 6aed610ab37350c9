/* The windows behind HcclAllocComResourceByTiling, and the two forms of context that describe them. */
#include "collective.h"

#include <mc2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint64_t WORKSPACE_BYTES = 1 << 20;
static const uint64_t PAGE = 4096;

struct windows {
    uint64_t in[MAX_RANKS], out[MAX_RANKS], size;
};

/* Only what the library itself reads: callers may hand over less than the whole structure. */
static int check_tiling(const struct comm *comm, const char *tiling)
{
    Mc2InitTilingInner init;
    memcpy(&init, tiling, sizeof init);
    if (init.version != MC2_TILING_VERSION) {
        return HCCL_BAD("tiling version %u is not %d", init.version, MC2_TILING_VERSION);
    }
    if (init.mc2HcommCnt != 1) {
        return HCCL_BAD("mc2HcommCnt %u is not 1", init.mc2HcommCnt);
    }
    if (init.offset[0] < sizeof init || init.offset[0] > PAGE) {
        return HCCL_BAD("offset %u of the inner tiling", init.offset[0]);
    }
    const char *inner = tiling + init.offset[0];
    const char *group = inner + offsetof(Mc2CcTilingInner, groupName);
    const char *algorithm = inner + offsetof(Mc2CcTilingInner, algConfig);
    uint32_t type;
    memcpy(&type, inner + offsetof(Mc2CcTilingInner, opType), sizeof type);
    if (type != MC2_OP_BATCH_WRITE) {
        return HCCL_BAD("opType %u is not %d", type, MC2_OP_BATCH_WRITE);
    }
    if (strncmp(group, comm->name, 128) != 0) {
        return HCCL_BAD("groupName %.127s is not the communicator's name %s", group, comm->name);
    }
    if (algorithm[0] == '\0' || memchr(algorithm, '\0', 128) == NULL) {
        return HCCL_BAD("algConfig is empty or has no end");
    }
    return 0;
}

static struct segment *add_segment(struct comm *comm, uint64_t physical, uint64_t offset, uint64_t size, bool context)
{
    struct segment *s = double_segment_add(SEGMENT_HCCL, double_new_address(size), size, physical, offset, comm->device);
    if (s != NULL) {
        s->handle = comm->token;
        if (context) {
            strcpy(s->key, "context");
        }
    }
    return s;
}

/* Makes this rank's windows unless an earlier attempt that timed out has. */
static int make_windows(struct comm *comm, struct shared_member *me)
{
    uint64_t size = (uint64_t)comm->buffer_mb << 20;
    int device = double_physical_device(comm->device);
    int code = 0;
    if (me->window_in == 0) {
        uint64_t id = 0;
        code = double_physical_create(size, device, &id);
        me->window_in = id;
    }
    if (code == 0 && me->window_out == 0) {
        uint64_t id = 0;
        code = double_physical_create(size, device, &id);
        me->window_size = size;
        atomic_thread_fence(memory_order_release);
        me->window_out = id;
    }
    return code == 0 ? 0 : code == 207001 ? HCCL_E_MEMORY : HCCL_E_RUNTIME;
}

static int wait_for_windows(const struct comm *comm, struct shared_comm *record)
{
    double end = double_now() + double_connect_seconds();
    for (uint32_t r = 0; r < comm->ranks; r++) {
        volatile uint64_t *out = &record->members[r].window_out;
        while (*out == 0) {
            if (double_now() >= end) {
                return double_fail(HCCL_E_TIMEOUT, "EI0006",
                                   "Getting socket times out. Reason: rank %u waited %.0f s for the windows of rank %u",
                                   comm->rank, double_connect_seconds(), r);
            }
            usleep(1000);
        }
        atomic_thread_fence(memory_order_acquire);
        if (record->members[r].window_size != (uint64_t)comm->buffer_mb << 20) {
            return HCCL_BAD("rank %u has windows of another size than rank %u", r, comm->rank);
        }
    }
    return 0;
}

/* The process is locked. */
static int map_windows(struct comm *comm, struct shared_comm *record, struct windows *w)
{
    w->size = (uint64_t)comm->buffer_mb << 20;
    for (uint32_t r = 0; r < comm->ranks; r++) {
        for (int out = 0; out < 2; out++) {
            uint64_t id = out ? record->members[r].window_out : record->members[r].window_in;
            if (r != comm->rank && double_physical_hold(id, 0, 1) != 0) {
                return double_fail(HCCL_E_REMOTE, "EI9999", "the window of rank %u is gone", r);
            }
            struct segment *s = add_segment(comm, id, 0, w->size, false);
            if (s == NULL) {
                if (r != comm->rank) {
                    double_physical_hold(id, 0, -1);
                }
                return double_fail(HCCL_E_RUNTIME, "EI9999", "cannot map the window of rank %u", r);
            }
            *(out ? &w->out[r] : &w->in[r]) = s->va;
        }
    }
    return 0;
}

static void fill_a2(struct comm *comm, const struct windows *w, char *at, const HcclMC2WorkSpace *space, bool links)
{
    HcclCombinOpParam *p = (HcclCombinOpParam *)at;
    p->mc2WorkSpace = *space;
    p->rankId = comm->rank;
    p->rankNum = comm->ranks;
    p->winSize = w->size;
    for (uint32_t r = 0; r < comm->ranks; r++) {
        if (links || r == comm->rank) {
            p->windowsIn[r] = w->in[r];
            p->windowsOut[r] = w->out[r];
        }
    }
    memcpy(p->hcomId, comm->name, sizeof p->hcomId);
}

static void fill_a3(struct comm *comm, const struct windows *w, char *at, const HcclMC2WorkSpace *space, bool links,
                    HcclRankRelationResV2 *relations, uint64_t relations_va)
{
    HcclOpResParam *p = (HcclOpResParam *)at;
    p->mc2WorkSpace = *space;
    p->localUsrRankId = comm->rank;
    p->rankSize = comm->ranks;
    p->winSize = w->size;
    p->localWindowsIn = w->in[comm->rank];
    p->localWindowsOut = w->out[comm->rank];
    memcpy(p->hcomId, comm->name, sizeof p->hcomId);
    p->remoteResNum = comm->ranks;
    HcclRankRelationResV2 *host = comm->host_relations;
    for (uint32_t r = 0; r < comm->ranks; r++) {
        if (r == comm->rank) {
            continue; /* a rank has no link to itself */
        }
        host[r] = (HcclRankRelationResV2){
            .remoteUsrRankId = r, .remoteWorldRank = r, .windowsIn = w->in[r], .windowsOut = w->out[r]};
        relations[r] = host[r];
        if (links) {
            p->remoteRes[r].nextHostPtr = (uintptr_t)&host[r];
            p->remoteRes[r].nextDevicePtr = relations_va + r * sizeof *relations;
        }
    }
}

/* One piece of memory with three ranges of addresses: context, what it points to, workspace. */
static int make_context(struct comm *comm, const struct windows *w, bool links)
{
    bool a3 = double_is_a3();
    uint64_t size = a3 ? mc2_a3_size(CANN_SPLIT) : mc2_a2_size(CANN_SPLIT);
    uint64_t relations_at = (size + PAGE - 1) / PAGE * PAGE;
    uint64_t space_at = relations_at + 2 * PAGE;
    uint64_t physical;
    if (double_physical_create(space_at + WORKSPACE_BYTES, double_physical_device(comm->device), &physical) != 0) {
        return HCCL_E_MEMORY;
    }
    struct segment *context = add_segment(comm, physical, 0, size, true);
    struct segment *relations =
        add_segment(comm, physical, relations_at, comm->ranks * sizeof(HcclRankRelationResV2), true);
    struct segment *space = add_segment(comm, physical, space_at, WORKSPACE_BYTES, true);
    if (context == NULL || relations == NULL || space == NULL) {
        return double_fail(HCCL_E_RUNTIME, "EI9999", "cannot map the context");
    }
    HcclMC2WorkSpace s = {space->va, WORKSPACE_BYTES};
    comm->host_relations = calloc(comm->ranks, sizeof(HcclRankRelationResV2));
    if (a3) {
        fill_a3(comm, w, context->host, &s, links, (HcclRankRelationResV2 *)(relations->host + relations_at),
                relations->va);
    } else {
        fill_a2(comm, w, context->host, &s, links);
    }
    comm->context = context->va;
    return 0;
}

static bool is_stream(uint64_t token)
{
    for (struct stream *s = double_process()->streams; s != NULL; s = s->next) {
        if (s->token == token) {
            return true;
        }
    }
    return false;
}

static int alloc(struct comm *comm, bool links)
{
    struct shared_comm *record = &double_shared()->comms[comm->slot];
    int code = make_windows(comm, &record->members[comm->rank]);
    if (code == 0) {
        code = wait_for_windows(comm, record);
    }
    if (code == 0) {
        double_lock();
        struct windows w;
        memset(&w, 0, sizeof w);
        code = map_windows(comm, record, &w);
        if (code == 0) {
            code = make_context(comm, &w, links);
        }
        double_unlock();
    }
    return code;
}

DOUBLE_CALL(HcclResult, HcclAllocComResourceByTiling, HCCL_DEVICE_CALL | NULL_INSIDE,
            (HcclComm handle, void *stream, void *Mc2Tiling, void **commContext),
            (handle, stream, Mc2Tiling, commContext), CLEAR(commContext))
{
    if (handle == NULL || stream == NULL || Mc2Tiling == NULL || commContext == NULL) {
        return HCCL_NULL("comm, stream, tiling or context is null");
    }
    double_lock();
    struct comm *comm = double_comm_find((uintptr_t)handle);
    bool stream_known = is_stream((uintptr_t)stream);
    uint64_t context = comm == NULL ? 0 : comm->context;
    int code = 0;
    if (comm == NULL) {
        code = HCCL_BAD("%p is no communicator", handle);
    } else if (!stream_known) {
        code = HCCL_BAD("%p is no stream", stream);
    } else if (!double_is_a3() && comm->ranks > MC2_RANK_NUM) {
        code = HCCL_BAD("%u ranks are more than %d", comm->ranks, MC2_RANK_NUM);
    } else {
        code = check_tiling(comm, Mc2Tiling);
    }
    if (code == 0) {
        comm->pending++; /* keeps it from being destroyed while this thread waits for the others */
    }
    double_unlock();
    if (code != 0) {
        return code;
    }
    if (context == 0) {
        code = alloc(comm, !double_null_asked());
    }
    if (code == 0) {
        *commContext = (void *)(uintptr_t)comm->context;
    }
    comm->pending--;
    return code;
}
