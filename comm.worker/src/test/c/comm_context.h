/* What the address that comm_alloc_windows gives points at: the context that kernels read. */
#ifndef COMM_CONTEXT_H
#define COMM_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

enum { COMM_MAX_RANKS = 64 };

struct comm_context {
    uint64_t work_space;
    uint64_t work_space_size;
    uint32_t rank_id;
    uint32_t rank_num;
    uint64_t win_size;
    uint64_t windows_in[COMM_MAX_RANKS];
    uint64_t windows_out[COMM_MAX_RANKS];
};

_Static_assert(sizeof(struct comm_context) == 1056, "size");
_Static_assert(offsetof(struct comm_context, work_space) == 0, "workSpace");
_Static_assert(offsetof(struct comm_context, work_space_size) == 8, "workSpaceSize");
_Static_assert(offsetof(struct comm_context, rank_id) == 16, "rankId");
_Static_assert(offsetof(struct comm_context, rank_num) == 20, "rankNum");
_Static_assert(offsetof(struct comm_context, win_size) == 24, "winSize");
_Static_assert(offsetof(struct comm_context, windows_in) == 32, "windowsIn");
_Static_assert(offsetof(struct comm_context, windows_out) == 544, "windowsOut");

#endif
