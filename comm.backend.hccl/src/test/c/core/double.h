/*
 * Inside of the double. One core library holds all state, so that the ACL and the HCCL libraries of a split see the
 * same devices, memory and streams; those libraries hold only the functions their real counterparts export.
 */
#ifndef DOUBLE_CORE_H
#define DOUBLE_CORE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOUBLE_EXPORT __attribute__((visibility("default")))
#define DOUBLE_PRINTF(a, b) __attribute__((format(printf, a, b)))

enum { MAX_DEVICES = 64, MAX_RANKS = 64, MAX_PIDS = 64 };

/* ---- Settings (config.c) ---- */
DOUBLE_EXPORT const char *double_setting(const char *key);
DOUBLE_EXPORT int64_t double_number(const char *key, int64_t otherwise);
DOUBLE_EXPORT void double_configure(const char *key, const char *value);
DOUBLE_EXPORT void double_reset(void);
int double_rank(void);
DOUBLE_EXPORT double double_connect_seconds(void);
DOUBLE_EXPORT bool double_is_a3(void);
DOUBLE_EXPORT const char *double_soc(void);
/* Devices are renumbered for users by ASCEND_RT_VISIBLE_DEVICES. */
DOUBLE_EXPORT int double_device_count(void);
DOUBLE_EXPORT int double_physical_device(int user);
DOUBLE_EXPORT int double_user_device(int physical);
void double_config_reset(void);
DOUBLE_EXPORT double double_now(void);
DOUBLE_EXPORT void double_pause(void);

/* ---- Calls: order of checks, faults, log, error text (call.c, faults.c, errors.c) ---- */
enum {
    NEEDS_INIT = 1,   /* 100001 before aclInit */
    NEEDS_DEVICE = 2, /* 107002 without a context on this thread */
    HEALTHY = 4,      /* 507899 once the device is poisoned */
    IS_HCCL = 8,      /* answers in HcclResult */
    IS_TEXT = 16,     /* what it returns is no verdict on the call, but a text, a number or an earlier error */
    NULL_INSIDE = 32, /* the function itself makes something NULL for the fault "null" */
    ACL_CALL = NEEDS_INIT | HEALTHY,
    DEVICE_CALL = NEEDS_INIT | NEEDS_DEVICE | HEALTHY,
    HCCL_CALL = NEEDS_INIT | HEALTHY | IS_HCCL,
    HCCL_DEVICE_CALL = NEEDS_INIT | NEEDS_DEVICE | HEALTHY | IS_HCCL
};

struct double_function {
    const char *name;
    unsigned flags;
    _Atomic uint64_t calls;
    _Atomic uint64_t epoch;
};

struct double_call {
    struct double_function *function;
    int code;       /* the answer if the function is not run */
    bool null;      /* clear the out parameter */
    bool after;     /* run, then answer after_code */
    int after_code;
};

DOUBLE_EXPORT bool double_enter(struct double_call *call, struct double_function *function);
DOUBLE_EXPORT int double_leave(struct double_call *call, int code);
/* True while the fault "null" of a NULL_INSIDE function is in force on this thread. */
DOUBLE_EXPORT bool double_null_asked(void);

/* Defines an exported function whose body follows the macro. nothing clears the out parameter. */
#define DOUBLE_CALL(type, name, kind, params, args, nothing)        \
    static type run_##name params;                                  \
    DOUBLE_EXPORT type name params                                  \
    {                                                               \
        static struct double_function function = {#name, kind, 0, 0}; \
        struct double_call call;                                    \
        if (!double_enter(&call, &function)) {                      \
            if (call.null) {                                        \
                nothing;                                            \
            }                                                       \
            return (type)double_leave(&call, call.code);            \
        }                                                           \
        return (type)double_leave(&call, run_##name args);          \
    }                                                               \
    static type run_##name params

#define NO_OUT (void)0
#define CLEAR(out)      \
    if ((out) != NULL)  \
    *(out) = 0

/* Leaves a text for aclGetRecentErrMsg and returns code. */
DOUBLE_EXPORT int double_fail(int code, const char *tag, const char *format, ...) DOUBLE_PRINTF(3, 4);
#define BAD_PARAM(...) double_fail(107000, "EE1001", __VA_ARGS__)
#define DRIVER_ERROR(...) double_fail(507899, "EE9999", __VA_ARGS__)
#define UNSUPPORTED(...) double_fail(207000, "EE1006", __VA_ARGS__)
DOUBLE_EXPORT const char *double_take_text(void);
DOUBLE_EXPORT int double_last_error(bool clear);
void double_note_error(int code);

enum fault_action { FAULT_NONE, FAULT_CODE, FAULT_AFTER, FAULT_NULL, FAULT_HANG, FAULT_KILL, FAULT_STALL, FAULT_DEVICE };
struct fault {
    enum fault_action action;
    int64_t value;
};
DOUBLE_EXPORT void double_faults(const char *text);
bool double_faults_any(void);
struct fault double_fault(const char *function, uint64_t call);
void double_faults_reset(void);
/* What the next operation put on a stream by this thread has to suffer: -1 none, else ms of stall; a device code. */
struct ailment {
    int64_t stall;
    int code;
};
struct ailment *double_ailment(void);

/* ---- Live counters (live.c) ---- */
enum counter {
    CONTEXTS, STREAMS, DEVICE_ALLOCATIONS, HOST_ALLOCATIONS, PHYSICAL, IMPORTED, RESERVATIONS, MAPPINGS,
    IPC_EXPORTED, IPC_IMPORTED, COMMUNICATORS, LEAKED, PREMATURE_FREE, VIOLATIONS, COUNTERS
};
DOUBLE_EXPORT void double_count(enum counter counter, int delta);
DOUBLE_EXPORT void double_violation(const char *format, ...) DOUBLE_PRINTF(1, 2);
DOUBLE_EXPORT int64_t double_live(const char *kind);
void double_live_reset(void);
void double_log(const char *function, const char *result);
void double_log_reset(void);

/* ---- State shared by the processes (shared.c, physical.c) ---- */
struct who {
    int32_t pid;
    uint64_t start; /* tells a process from a later one with the same id */
};

struct shared_physical {
    uint64_t id; /* 0 = free; written last */
    uint64_t size;
    int32_t device;
    int32_t owned;
    struct who owner;
    struct {
        struct who who;
        int32_t handles;
        int32_t maps;
    } importers[MAX_RANKS];
};

struct shared_export {
    uint64_t id; /* 0 = free */
    uint64_t physical;
    uint64_t secret; /* random part of a fabric handle */
    int32_t kind;    /* 0 v1, 1 V2 default, 2 V2 fabric */
    int32_t open;    /* nobody checks pids */
    struct who exporter;
    int32_t pids[MAX_PIDS];
    int32_t pid_count;
};

struct shared_ipc {
    uint64_t id; /* 0 = free */
    char key[65];
    uint64_t physical, offset, size;
    int32_t device; /* physical number */
    int32_t open;
    struct who exporter;
    int32_t pids[MAX_PIDS];
    int32_t pid_count;
    struct who importers[MAX_RANKS];
};

struct shared_member {
    struct who who;
    int32_t state; /* 0 absent, 1 joined, 2 left */
    int32_t device;
    _Atomic uint64_t arrived; /* collectives reached on the device */
    uint64_t window_in, window_out, window_size;
};

struct shared_comm {
    uint64_t id; /* 0 = free */
    uint64_t secret;
    struct who root;
    uint32_t ranks; /* 0 until the first rank came */
    _Atomic uint32_t complete;
    char name[128];
    struct shared_member members[MAX_RANKS];
};

enum { PHYSICALS = 4096, EXPORTS = 4096, IPCS = 1024, COMMS = 256 };
struct shared {
    uint64_t magic;
    pthread_mutex_t lock;
    uint64_t next_id;
    uint32_t physical_high;
    struct shared_physical physical[PHYSICALS];
    struct shared_export exports[EXPORTS];
    struct shared_ipc ipc[IPCS];
    struct shared_comm comms[COMMS];
};

/* NULL, with the reason left as error text, when COMM_DOUBLE_DIR is missing or unusable. */
struct shared *double_shared_open(void);
DOUBLE_EXPORT struct shared *double_shared_lock(void);
DOUBLE_EXPORT void double_shared_unlock(void);
DOUBLE_EXPORT struct shared *double_shared(void);
void double_shared_reset(void);
DOUBLE_EXPORT struct who double_self(void);
DOUBLE_EXPORT bool double_is_self(struct who who);
DOUBLE_EXPORT bool double_alive(struct who who);
DOUBLE_EXPORT uint64_t double_random(void);
/* Forgets what dead processes held; the lock is held. */
DOUBLE_EXPORT void double_sweep(struct shared *shared);

DOUBLE_EXPORT int double_physical_create(uint64_t size, int physical_device, uint64_t *id);
DOUBLE_EXPORT void *double_physical_map(uint64_t id, uint64_t size);
DOUBLE_EXPORT void double_physical_release(uint64_t id, const char *what);
/* Changes what this process holds of another one's memory; -1 if it is gone. */
DOUBLE_EXPORT int double_physical_hold(uint64_t id, int handles, int maps);
DOUBLE_EXPORT uint64_t double_physical_used(int physical_device);
/* The lock is held. */
DOUBLE_EXPORT struct shared_physical *double_physical_find(struct shared *shared, uint64_t id);

/* ---- State of this process (process.c, addresses.c, context.c, stream.c, comm.c) ---- */
enum segment_kind { SEGMENT_MALLOC, SEGMENT_MAPPED, SEGMENT_IPC, SEGMENT_HCCL };
struct segment {
    uint64_t va, size;
    char *host;
    uint64_t physical, offset;
    int device; /* user number of the device it was made on */
    enum segment_kind kind;
    uint64_t handle;
    bool accessible;
    char key[65];
    struct segment *next;
};

struct reservation {
    uint64_t va, size;
    int device;
    struct reservation *next;
};

struct handle {
    uint64_t token, physical, size;
    int device;
    bool imported;
    bool huge;
    struct handle *next;
};

struct host_block {
    void *address;
    size_t size;
    struct host_block *next;
};

struct context {
    uint64_t token;
    int device;
    bool explicit;
    struct context *next;
};

struct stream;
struct comm;

struct process {
    pthread_mutex_t lock;
    bool initialised, finalised;
    uint64_t init_references;
    _Atomic int poisoned;
    int set_count[MAX_DEVICES];
    bool peers[MAX_DEVICES][MAX_DEVICES];
    struct context *contexts;
    struct segment *segments;
    struct reservation *reservations;
    struct handle *handles;
    struct host_block *host;
    struct stream *streams;
    struct comm *comms;
};

DOUBLE_EXPORT struct process *double_process(void);
DOUBLE_EXPORT struct process *double_lock(void);
DOUBLE_EXPORT void double_unlock(void);
DOUBLE_EXPORT uint64_t double_token(void);
DOUBLE_EXPORT uint64_t double_epoch(void);

/* Device and context of the calling thread; the process is locked. */
DOUBLE_EXPORT struct context *double_context(void);
DOUBLE_EXPORT struct context *double_context_find(uint64_t token);
DOUBLE_EXPORT struct context *double_context_add(int device, bool explicit);
DOUBLE_EXPORT void double_context_use(uint64_t token);
DOUBLE_EXPORT void double_context_remove(struct context *context);
/* Takes the lock; -1 without a context. */
DOUBLE_EXPORT int double_device(void);
/* Frees everything of a user device (-1: of all), as the device's end does; whatever was left counts as leaked. */
DOUBLE_EXPORT void double_drop(int device, bool leaked);

/* Addresses; the process is locked. */
DOUBLE_EXPORT bool double_is_device_address(uint64_t address);
DOUBLE_EXPORT uint64_t double_new_address(uint64_t size);
DOUBLE_EXPORT struct segment *double_segment_add(enum segment_kind kind, uint64_t va, uint64_t size,
                                                 uint64_t physical, uint64_t offset, int device);
DOUBLE_EXPORT void double_segment_remove(struct segment *segment);
DOUBLE_EXPORT struct segment *double_segment_at(uint64_t va);
DOUBLE_EXPORT struct segment *double_segment_starting(uint64_t va, enum segment_kind kind);
DOUBLE_EXPORT bool double_range_valid(uint64_t address, uint64_t size);
DOUBLE_EXPORT int double_transfer(uint64_t dst, uint64_t src, uint64_t count);
DOUBLE_EXPORT int double_fill(uint64_t dst, int value, uint64_t count);

/* Streams. An operation runs on the stream's thread; skip means: only let go of what it holds. */
struct operation {
    int (*run)(struct operation *operation, struct stream *stream, bool skip);
    struct operation *next;
};
struct stream {
    uint64_t token, context;
    int device;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct operation *head, **tail;
    uint64_t submitted, done;
    int error;
    bool ending;
    _Atomic bool aborted;
    int users;
    struct stream *next;
};
DOUBLE_EXPORT int double_stream_create(uint64_t *token);
DOUBLE_EXPORT int double_stream_destroy(uint64_t token, bool force);
/* Takes ownership of the operation; on an error it has been run with skip. */
DOUBLE_EXPORT int double_stream_submit(uint64_t token, struct operation *operation);
/* timeout in ms, -1 for ever. */
DOUBLE_EXPORT int double_stream_wait(uint64_t token, int timeout);
DOUBLE_EXPORT int double_streams_wait(int device, int timeout);
void double_stream_end(struct stream *stream, bool force);

struct comm {
    uint64_t token;
    uint32_t slot;
    uint64_t id; /* generation of the slot */
    uint32_t rank, ranks;
    int device;
    uint32_t buffer_mb;
    char name[128];
    _Atomic int pending;
    uint64_t collectives;
    uint64_t context; /* device address of the MC2 context */
    void *host_relations;
    struct comm *next;
};
/* The process is locked. */
DOUBLE_EXPORT struct comm *double_comm_find(uint64_t token);
DOUBLE_EXPORT struct comm *double_comm_named(const char *name);
DOUBLE_EXPORT void double_comm_add(struct comm *comm);
DOUBLE_EXPORT void double_comm_end(struct comm *comm);

#endif
