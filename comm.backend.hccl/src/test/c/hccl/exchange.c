/* Meeting of the ranks' streams: a counter each in shared memory, so that a killed rank needs no repair. */
#include "collective.h"

#include <stdlib.h>

bool hccl_meet(struct collective *collective, unsigned nth, struct stream *stream)
{
    struct comm *comm = collective->comm;
    struct shared_comm *record = &double_shared()->comms[comm->slot];
    uint64_t target = collective->sequence + nth;
    record->members[comm->rank].arrived = target;
    for (uint32_t rank = 0; rank < comm->ranks; rank++) {
        /* A rank that died never comes: like the real thing, the stream then hangs until somebody ends it. */
        while (record->members[rank].arrived < target) {
            if (stream->aborted || record->id != comm->id) {
                return false;
            }
            double_pause();
        }
    }
    return true;
}

static int run(struct operation *operation, struct stream *stream, bool skip)
{
    struct collective *collective = (struct collective *)operation;
    int code = skip ? 0 : collective->body(collective, stream);
    collective->comm->pending--;
    free(collective);
    return code;
}

HcclResult hccl_submit(HcclComm handle, aclrtStream stream, struct collective what, unsigned meetings)
{
    if (handle == NULL || stream == NULL) {
        return HCCL_NULL("comm or stream is null");
    }
    double_lock();
    struct comm *comm = double_comm_find((uintptr_t)handle);
    struct context *context = double_context();
    bool here = comm != NULL && context != NULL && context->device == comm->device;
    if (here) {
        what.comm = comm;
        what.sequence = comm->collectives + 1;
        comm->collectives += meetings;
        comm->pending++;
    }
    double_unlock();
    if (comm == NULL) {
        return HCCL_BAD("%p is no communicator", handle);
    }
    if (!here) {
        return double_fail(HCCL_E_RUNTIME, "EI9999", "the communicator belongs to another device than this thread's");
    }
    struct collective *kept = malloc(sizeof *kept);
    *kept = what;
    kept->operation.run = run;
    if (double_stream_submit((uintptr_t)stream, &kept->operation) != 0) {
        double_lock();
        comm->collectives -= meetings;
        double_unlock();
        return HCCL_E_RUNTIME; /* the text says what was wrong with the stream */
    }
    return HCCL_SUCCESS;
}
