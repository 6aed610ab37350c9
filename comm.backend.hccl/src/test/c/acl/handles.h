/* Handles of physical memory, between the files of the ACL library. */
#ifndef DOUBLE_ACL_HANDLES_H
#define DOUBLE_ACL_HANDLES_H

#include "double.h"

#define BAD_HANDLE(token) \
    double_fail(107017, "EE1001", "%#llx is no handle of physical memory", (unsigned long long)(token))

/* The process is locked. */
struct handle *find_handle(uint64_t token);
uint64_t add_handle(uint64_t physical, uint64_t size, int device, bool imported);

#endif
