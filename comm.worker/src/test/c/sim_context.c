/*
 * What a runtime for a simulated chip needs to be loaded before it, globally: one set of these for the whole process.
 * CONTEXT_PREFIX renames them, so that one process can hold a second, independent pair of libraries.
 */
#include "context.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT int CONTEXT(sim_context_cluster_id);
static int subblock;
static int acquired;

EXPORT void CONTEXT(sim_context_set_cluster_id)(int id)
{
    CONTEXT(sim_context_cluster_id) = id;
}

EXPORT void CONTEXT(sim_context_set_subblock_id)(int id)
{
    subblock = id;
}

/* How often a device was acquired. */
EXPORT int CONTEXT(pto_cpu_sim_acquire_device)(int device)
{
    (void)device;
    return __atomic_add_fetch(&acquired, 1, __ATOMIC_SEQ_CST);
}
