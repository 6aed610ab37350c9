/* State of this process: handles, contexts and the current context of each thread. */
#include "double.h"

#include <stdlib.h>
#include <string.h>

static struct process process = {.lock = PTHREAD_MUTEX_INITIALIZER};
static _Atomic uint64_t tokens;
static _Atomic uint64_t epoch = 1;
static _Thread_local uint64_t current;

struct process *double_process(void)
{
    return &process;
}

struct process *double_lock(void)
{
    pthread_mutex_lock(&process.lock);
    return &process;
}

void double_unlock(void)
{
    pthread_mutex_unlock(&process.lock);
}

uint64_t double_epoch(void)
{
    return epoch;
}

/* Handles are no addresses and are never used twice: one that outlived its object is always noticed. */
uint64_t double_token(void)
{
    return 0x660000000000 + 16 * ++tokens;
}

struct context *double_context_find(uint64_t token)
{
    for (struct context *c = process.contexts; c != NULL; c = c->next) {
        if (c->token == token) {
            return c;
        }
    }
    return NULL;
}

struct context *double_context(void)
{
    return current == 0 ? NULL : double_context_find(current);
}

struct context *double_context_add(int device, bool explicit)
{
    struct context *c = calloc(1, sizeof *c);
    c->token = double_token();
    c->device = device;
    c->explicit = explicit;
    c->next = process.contexts;
    process.contexts = c;
    return c;
}

void double_context_use(uint64_t token)
{
    current = token;
}

static struct stream *take_stream(struct process *p, int device, uint64_t context)
{
    for (struct stream **at = &p->streams; *at != NULL; at = &(*at)->next) {
        struct stream *s = *at;
        if ((device < 0 || s->device == device) && (context == 0 || s->context == context)) {
            *at = s->next;
            return s;
        }
    }
    return NULL;
}

/* Ends the streams of a context or device. The lock is let go meanwhile: a stream's last work may need it. */
static int end_streams(int device, uint64_t context)
{
    int n = 0;
    struct stream *s;
    while ((s = take_stream(&process, device, context)) != NULL) {
        double_unlock();
        double_stream_end(s, true);
        double_lock();
        n++;
    }
    return n;
}

void double_context_remove(struct context *context)
{
    uint64_t token = context->token;
    double_count(LEAKED, end_streams(-1, token));
    for (struct context **at = &process.contexts; *at != NULL; at = &(*at)->next) {
        if ((*at)->token == token) {
            struct context *c = *at;
            *at = c->next;
            free(c);
            break;
        }
    }
    double_count(CONTEXTS, -1);
}

int double_device(void)
{
    double_lock();
    struct context *c = double_context();
    int device = c == NULL ? -1 : c->device;
    double_unlock();
    return device;
}

static int drop_segments(int device)
{
    int n = 0;
    struct segment *s = process.segments;
    while (s != NULL) {
        struct segment *next = s->next;
        if (device < 0 || s->device == device) {
            double_segment_remove(s);
            n++;
        }
        s = next;
    }
    return n;
}

static int drop_reservations(int device)
{
    int n = 0;
    struct reservation **at = &process.reservations;
    while (*at != NULL) {
        struct reservation *r = *at;
        if (device < 0 || r->device == device) {
            *at = r->next;
            free(r);
            double_count(RESERVATIONS, -1);
            n++;
        } else {
            at = &r->next;
        }
    }
    return n;
}

static int drop_handles(int device)
{
    int n = 0;
    struct handle **at = &process.handles;
    while (*at != NULL) {
        struct handle *h = *at;
        if (device < 0 || h->device == device) {
            *at = h->next;
            if (h->imported) {
                double_physical_hold(h->physical, -1, 0);
                double_count(IMPORTED, -1);
            } else {
                double_physical_release(h->physical, "the end of the device");
                double_count(PHYSICAL, -1);
            }
            free(h);
            n++;
        } else {
            at = &h->next;
        }
    }
    return n;
}

/*
 * Host memory stays mapped although nobody can free it any more: a copy of a reader that still looks at it must not
 * take the whole process down.
 */
static int drop_host(void)
{
    int n = 0;
    while (process.host != NULL) {
        struct host_block *b = process.host;
        process.host = b->next;
        free(b);
        double_count(HOST_ALLOCATIONS, -1);
        n++;
    }
    return n;
}

static int drop_comms(int device)
{
    int n = 0;
    struct comm *c = process.comms;
    while (c != NULL) {
        struct comm *next = c->next;
        if (device < 0 || c->device == device) {
            double_comm_end(c);
            n++;
        }
        c = next;
    }
    return n;
}

static void drop_exports(void)
{
    int n = 0;
    struct shared *shared = double_shared_lock();
    if (shared == NULL) {
        return;
    }
    for (int i = 0; i < IPCS; i++) {
        if (shared->ipc[i].id != 0 && double_is_self(shared->ipc[i].exporter)) {
            shared->ipc[i].id = 0;
            n++;
        }
    }
    double_shared_unlock();
    double_count(IPC_EXPORTED, -n);
}

void double_drop(int device, bool leaked)
{
    int n = end_streams(device, 0);
    n += drop_comms(device);
    n += drop_segments(device);
    n += drop_reservations(device);
    n += drop_handles(device);
    bool last = true;
    for (struct context **at = &process.contexts; *at != NULL;) {
        struct context *c = *at;
        if (device < 0 || c->device == device) {
            *at = c->next;
            if (c->explicit) {
                double_count(CONTEXTS, -1);
                n++;
            }
            free(c);
        } else {
            last = false;
            at = &c->next;
        }
    }
    for (int i = 0; i < MAX_DEVICES; i++) {
        if (device < 0 || i == device) {
            double_count(CONTEXTS, -process.set_count[i]);
            process.set_count[i] = 0;
            memset(process.peers[i], 0, sizeof process.peers[i]);
        }
    }
    if (last) {
        if (process.host != NULL && leaked) {
            double_violation("host memory was still allocated when the device ended; the real one can hang there");
        }
        n += drop_host();
        drop_exports();
    }
    if (leaked && n > 0) {
        double_count(LEAKED, n);
    }
}

void double_reset(void)
{
    double_lock();
    if (double_shared() != NULL) {
        double_drop(-1, false);
    }
    process.initialised = process.finalised = false;
    process.init_references = 0;
    process.poisoned = 0;
    current = 0;
    double_unlock();
    epoch++;
    double_live_reset();
    double_log_reset();
    double_faults_reset();
    double_shared_reset();
    double_config_reset();
}
