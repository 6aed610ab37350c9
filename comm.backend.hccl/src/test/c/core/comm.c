/* The part of a communicator that must end with its device even if nobody destroys it. */
#include "double.h"

#include <stdlib.h>
#include <string.h>

struct comm *double_comm_find(uint64_t token)
{
    for (struct comm *c = double_process()->comms; c != NULL; c = c->next) {
        if (c->token == token) {
            return c;
        }
    }
    return NULL;
}

struct comm *double_comm_named(const char *name)
{
    for (struct comm *c = double_process()->comms; c != NULL; c = c->next) {
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

void double_comm_add(struct comm *comm)
{
    struct process *p = double_process();
    comm->token = double_token();
    comm->next = p->comms;
    p->comms = comm;
    double_count(COMMUNICATORS, 1);
}

static void leave(struct comm *comm, uint64_t *in, uint64_t *out)
{
    struct shared *shared = double_shared_lock();
    struct shared_comm *record = &shared->comms[comm->slot];
    if (record->id == comm->id) {
        struct shared_member *me = &record->members[comm->rank];
        *in = me->window_in;
        *out = me->window_out;
        me->state = 2;
        double_sweep(shared);
    }
    double_shared_unlock();
}

void double_comm_end(struct comm *comm)
{
    struct process *p = double_process();
    for (struct comm **at = &p->comms; *at != NULL; at = &(*at)->next) {
        if (*at == comm) {
            *at = comm->next;
            break;
        }
    }
    uint64_t own[3] = {0, 0, 0};
    leave(comm, &own[0], &own[1]);
    struct segment *s = p->segments;
    while (s != NULL) {
        struct segment *next = s->next;
        if (s->kind == SEGMENT_HCCL && s->handle == comm->token) {
            uint64_t physical = s->physical;
            bool ours = physical == own[0] || physical == own[1];
            bool context = comm->context != 0 && strcmp(s->key, "context") == 0;
            if (context) {
                own[2] = physical;
            } else if (!ours) {
                double_physical_hold(physical, 0, -1);
            }
            double_segment_remove(s);
        }
        s = next;
    }
    for (int i = 0; i < 3; i++) {
        if (own[i] != 0) {
            /* The real one hands windows back without asking the peers, so this is no fault of the caller. */
            struct shared *shared = double_shared_lock();
            struct shared_physical *piece = double_physical_find(shared, own[i]);
            if (piece != NULL) {
                for (int k = 0; k < MAX_RANKS; k++) {
                    piece->importers[k].maps = 0;
                }
            }
            double_shared_unlock();
            double_physical_release(own[i], "HcclCommDestroy");
        }
    }
    free(comm->host_relations);
    free(comm);
    double_count(COMMUNICATORS, -1);
}
