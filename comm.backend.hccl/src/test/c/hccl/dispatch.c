/* From 9.2 on libhccl has a HcclBarrier, too, which finds the one of libhcomm behind it. */
#define _GNU_SOURCE
#include "double.h"

#include <dlfcn.h>
#include <hccl/hccl.h>

DOUBLE_EXPORT HcclResult HcclBarrier(HcclComm comm, aclrtStream stream)
{
    /* Nothing is counted or logged here: that is done where the work is. */
    void *next = dlsym(RTLD_NEXT, "HcclBarrier");
    if (next == NULL) {
        return double_fail(HCCL_E_NOT_SUPPORT, "EI9999", "no HcclBarrier behind libhccl; libhcomm has to come after it");
    }
    return ((HcclResult(*)(HcclComm, aclrtStream))next)(comm, stream);
}
