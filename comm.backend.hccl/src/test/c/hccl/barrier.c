/* HcclBarrier only enqueues; it is the stream that waits for the other ranks. */
#include "collective.h"

static int meet_all(struct collective *collective, struct stream *stream)
{
    hccl_meet(collective, 0, stream);
    return 0;
}

DOUBLE_CALL(HcclResult, HcclBarrier, HCCL_DEVICE_CALL, (HcclComm comm, aclrtStream stream), (comm, stream), NO_OUT)
{
    return hccl_submit(comm, stream, (struct collective){.body = meet_all}, 1);
}
