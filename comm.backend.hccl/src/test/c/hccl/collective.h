/* What barrier and collectives have in common. */
#ifndef DOUBLE_HCCL_COLLECTIVE_H
#define DOUBLE_HCCL_COLLECTIVE_H

#include "double.h"

#include <hccl/hccl.h>

struct collective {
    struct operation operation;
    int (*body)(struct collective *collective, struct stream *stream);
    struct comm *comm;
    uint64_t sequence; /* first of the meetings it takes */
    uint64_t send, recv, count;
    uint32_t root;
    int type, op;
};

#define HCCL_BAD(...) double_fail(HCCL_E_PARA, "EI0003", __VA_ARGS__)
#define HCCL_NULL(...) double_fail(HCCL_E_PTR, "EI0003", __VA_ARGS__)

/* Puts a collective with so many meetings on a stream. */
HcclResult hccl_submit(HcclComm comm, aclrtStream stream, struct collective what, unsigned meetings);
/* On a stream's thread: waits until all ranks came as far; false if the stream is torn down. */
bool hccl_meet(struct collective *collective, unsigned nth, struct stream *stream);

#endif
