/*
 * One rank as a program of its own: rank_c LIB CONTEXT rank nranks rootinfo winsize. CONTEXT may be "-".
 * It writes its rank + 100 into its window, meets the others at a barrier, and reads what they wrote.
 */
#include "comm_context.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXIT_USAGE = 2,
    EXIT_DLOPEN = 10,
    EXIT_INIT = 20,
    EXIT_ALLOC = 30,
    EXIT_BASE = 40,
    EXIT_SIZE = 50,
    EXIT_CONTEXT = 55,
    EXIT_PEER = 56,
    EXIT_BARRIER = 60,
    EXIT_DESTROY = 70
};

static int fail(int code, const char *what)
{
    fprintf(stderr, "rank_c: %s\n", what);
    return code;
}

static void *symbol(void *library, const char *name)
{
    void *found = dlsym(library, name);
    if (found == NULL) {
        exit(fail(EXIT_DLOPEN, dlerror()));
    }
    return found;
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        return fail(EXIT_USAGE, "usage: rank_c LIB CONTEXT rank nranks rootinfo winsize");
    }
    int rank = atoi(argv[3]);
    int nranks = atoi(argv[4]);
    size_t win_size = strtoull(argv[6], NULL, 10);
    if (strcmp(argv[2], "-") != 0 && dlopen(argv[2], RTLD_NOW | RTLD_GLOBAL) == NULL) {
        return fail(EXIT_DLOPEN, dlerror());
    }
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        return fail(EXIT_DLOPEN, dlerror());
    }
    void *(*init)(int, int, void *, const char *) =
        (void *(*)(int, int, void *, const char *))symbol(library, "comm_init");
    int (*alloc)(void *, size_t, uint64_t *) = (int (*)(void *, size_t, uint64_t *))symbol(library, "comm_alloc_windows");
    int (*get_base)(void *, uint64_t *) = (int (*)(void *, uint64_t *))symbol(library, "comm_get_local_window_base");
    int (*get_size)(void *, size_t *) = (int (*)(void *, size_t *))symbol(library, "comm_get_window_size");
    int (*barrier)(void *) = (int (*)(void *))symbol(library, "comm_barrier");
    int (*destroy)(void *) = (int (*)(void *))symbol(library, "comm_destroy");

    void *comm = init(rank, nranks, NULL, argv[5]);
    if (comm == NULL) {
        return fail(EXIT_INIT, "comm_init");
    }
    uint64_t address = 0;
    if (alloc(comm, win_size, &address) != 0 || address == 0) {
        return fail(EXIT_ALLOC, "comm_alloc_windows");
    }
    const struct comm_context *context = (const struct comm_context *)(uintptr_t)address;
    uint64_t base = 0;
    if (get_base(comm, &base) != 0 || base == 0) {
        return fail(EXIT_BASE, "comm_get_local_window_base");
    }
    size_t size = 0;
    if (get_size(comm, &size) != 0 || size < win_size) {
        return fail(EXIT_SIZE, "comm_get_window_size");
    }
    if (context->rank_id != (uint32_t)rank || context->rank_num != (uint32_t)nranks || context->win_size != size ||
        context->windows_in[rank] != base) {
        return fail(EXIT_CONTEXT, "the context has wrong fields");
    }
    int64_t own = rank + 100;
    memcpy((void *)(uintptr_t)base, &own, sizeof own);
    if (barrier(comm) != 0) {
        return fail(EXIT_BARRIER, "comm_barrier");
    }
    for (int i = 0; i < nranks; i++) {
        int64_t value = 0;
        memcpy(&value, (const void *)(uintptr_t)context->windows_in[i], sizeof value);
        if (value != i + 100) {
            fprintf(stderr, "rank_c: rank %d wrote %lld\n", i, (long long)value);
            return EXIT_PEER;
        }
    }
    if (barrier(comm) != 0) {
        return fail(EXIT_BARRIER, "comm_barrier");
    }
    return destroy(comm) == 0 ? 0 : fail(EXIT_DESTROY, "comm_destroy");
}
