#ifndef CONTEXT_H
#define CONTEXT_H

#ifndef CONTEXT_PREFIX
#define CONTEXT_PREFIX
#endif
#define CONTEXT_JOIN(prefix, name) prefix##name
#define CONTEXT_EXPAND(prefix, name) CONTEXT_JOIN(prefix, name)
#define CONTEXT(name) CONTEXT_EXPAND(CONTEXT_PREFIX, name)

extern int CONTEXT(sim_context_cluster_id);
void CONTEXT(sim_context_set_cluster_id)(int id);
void CONTEXT(sim_context_set_subblock_id)(int id);
int CONTEXT(pto_cpu_sim_acquire_device)(int device);

#endif
