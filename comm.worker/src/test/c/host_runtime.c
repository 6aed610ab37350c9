/* Device contexts, memory, kernels and streams. */
#include "context.h"
#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct device_context {
    int device;
    bool set;
};

enum { RUNTIME_BYTES = 4096 };

EXPORT void *create_device_context(void)
{
    if (fault("create_device_context") != 0) {
        return NULL;
    }
    struct device_context *context = calloc(1, sizeof *context);
    if (context != NULL) {
        live_add(LIVE_CONTEXTS, 1);
    }
    return context;
}

static void free_all(struct device_context *context)
{
    void *block;
    while ((block = range_take(context)) != NULL) {
        free(block);
        live_add(LIVE_ALLOCATIONS, -1);
    }
    context->set = false;
}

EXPORT void destroy_device_context(void *ctx)
{
    if (ctx != NULL) {
        free_all(ctx);
        free(ctx);
        live_add(LIVE_CONTEXTS, -1);
    }
}

EXPORT int set_device(void *ctx, int device_id)
{
    struct device_context *context = ctx;
    int code = fault("set_device");
    if (code != 0) {
        return code;
    }
    if (context == NULL || device_id < 0) {
        return -1;
    }
    context->device = device_id;
    context->set = true;
    CONTEXT(pto_cpu_sim_acquire_device)(device_id);
    CONTEXT(sim_context_set_cluster_id)(device_id);
    CONTEXT(sim_context_set_subblock_id)(0);
    return CONTEXT(sim_context_cluster_id) >= 0 ? 0 : -1;
}

#ifndef NO_CORE
EXPORT void *device_malloc_ctx(void *ctx, size_t size)
{
    struct device_context *context = ctx;
    if (fault("device_malloc_ctx") != 0 || context == NULL || !context->set) {
        return NULL;
    }
    void *block = malloc(size == 0 ? 1 : size);
    if (block != NULL) {
        range_add(context, block, size);
        live_add(LIVE_ALLOCATIONS, 1);
    }
    return block;
}

EXPORT int finalize_device(void *ctx)
{
    int code = fault("finalize_device");
    if (code != 0) {
        return code;
    }
    if (ctx == NULL) {
        return -1;
    }
    free_all(ctx);
    return 0;
}
#endif

EXPORT void device_free_ctx(void *ctx, void *dev_ptr)
{
    if (dev_ptr == NULL) {
        return;
    }
    if (!range_remove(ctx, dev_ptr)) {
        /* The real one would corrupt its heap; a test must see it. */
        fprintf(stderr, "runtime: freeing %p, which is not allocated\n", dev_ptr);
        abort();
    }
    free(dev_ptr);
    live_add(LIVE_ALLOCATIONS, -1);
}

EXPORT int copy_to_device_ctx(void *ctx, void *dev, const void *host, size_t n)
{
    int code = fault("copy_to_device_ctx");
    if (code != 0) {
        return code;
    }
    if (ctx == NULL || host == NULL || !range_holds(dev, n)) {
        return -1;
    }
    memcpy(dev, host, n);
    return 0;
}

EXPORT int copy_from_device_ctx(void *ctx, void *host, const void *dev, size_t n)
{
    int code = fault("copy_from_device_ctx");
    if (code != 0) {
        return code;
    }
    if (ctx == NULL || host == NULL || !range_holds(dev, n)) {
        return -1;
    }
    memcpy(host, dev, n);
    return 0;
}

#ifndef NO_KERNEL
EXPORT size_t get_runtime_size(void)
{
    return RUNTIME_BYTES;
}

struct task_args {
    int32_t tensors;
    int32_t scalars;
    int64_t scalar[];
};

static bool named(const char *callable, const char *name)
{
    return strncmp(callable, name, strlen(name)) == 0;
}

/* A callable is the name of one of these kernels. */
static int run_kernel(const char *callable, const struct task_args *args)
{
    if (named(callable, "fail:")) {
        return (int)strtol(callable + strlen("fail:"), NULL, 10);
    }
    if (named(callable, "add_scalars") && args->scalars >= 1) {
        int64_t sum = 0;
        for (int i = 1; i < args->scalars; i++) {
            sum += args->scalar[i];
        }
        if (!range_holds((void *)args->scalar[0], sizeof sum)) {
            return -1;
        }
        memcpy((void *)args->scalar[0], &sum, sizeof sum);
        return 0;
    }
    if (named(callable, "copy") && args->scalars == 3) {
        void *target = (void *)args->scalar[0];
        const void *source = (const void *)args->scalar[1];
        size_t bytes = (size_t)args->scalar[2];
        if (!range_holds(target, bytes) || !range_holds(source, bytes)) {
            return -1;
        }
        memmove(target, source, bytes);
        return 0;
    }
    fprintf(stderr, "runtime: no kernel '%.32s' with %d scalars\n", callable, (int)args->scalars);
    return -1;
}

/* Not a kernel of its own: shows a test what run_runtime was given. */
static int report(const struct task_args *args, const int64_t *values, size_t bytes)
{
    if (args->scalars != 1 || !range_holds((void *)args->scalar[0], bytes)) {
        return -1;
    }
    memcpy((void *)args->scalar[0], values, bytes);
    return 0;
}

EXPORT int run_runtime(void *ctx, void *runtime, const void *callable, const void *args, int block_dim,
                       int aicpu_thread_num, int device_id, const uint8_t *aicpu, size_t aicpu_n, const uint8_t *aicore,
                       size_t aicore_n, int enable_profiling, int enable_dump_tensor)
{
    int code = fault("run_runtime");
    if (code != 0) {
        return code;
    }
    if (ctx == NULL || runtime == NULL || callable == NULL || args == NULL) {
        return -1;
    }
    for (size_t i = 0; i < RUNTIME_BYTES; i++) {
        if (((const char *)runtime)[i] != 0) {
            fprintf(stderr, "runtime: the memory of the runtime object is not zeroed\n");
            return -1;
        }
    }
    memset(runtime, 0xAB, RUNTIME_BYTES);
    if (named(callable, "report")) {
        int64_t values[] = {block_dim,
                            aicpu_thread_num,
                            device_id,
                            (int64_t)aicpu_n,
                            (int64_t)aicore_n,
                            enable_profiling,
                            enable_dump_tensor,
                            aicpu == NULL || aicpu_n == 0 ? -1 : aicpu[aicpu_n - 1],
                            aicore == NULL || aicore_n == 0 ? -1 : aicore[aicore_n - 1]};
        return report(args, values, sizeof values);
    }
    return run_kernel(callable, args);
}
#endif

#ifndef NO_STREAM
EXPORT int ensure_acl_ready_ctx(void *ctx, int device_id)
{
    int code = fault("ensure_acl_ready_ctx");
    if (code != 0) {
        return code;
    }
    return ctx == NULL || device_id < 0 ? -1 : 0;
}

/* A simulated chip has no streams; built with STREAMS it gives some nevertheless. */
EXPORT void *create_comm_stream_ctx(void *ctx)
{
    if (ctx == NULL || fault("create_comm_stream_ctx") != 0) {
        return NULL;
    }
#ifdef STREAMS
    live_add(LIVE_STREAMS, 1);
    return malloc(1);
#else
    return NULL;
#endif
}

EXPORT int destroy_comm_stream_ctx(void *ctx, void *stream)
{
    if (stream != NULL) {
        free(stream);
        live_add(LIVE_STREAMS, -1);
    }
    int code = fault("destroy_comm_stream_ctx");
    if (code != 0) {
        return code;
    }
    return ctx == NULL ? -1 : 0;
}
#endif
