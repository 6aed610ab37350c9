/* Faults, limits, counters and the memory that copies may touch. */
#include "runtime.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 512, RANGES = 4096 };

struct setting {
    const char *key;
    const char *variable;
    bool known;
    char text[TEXT];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct setting settings[] = {
    {"fail", "RUNTIME_FAIL", false, ""},
    {"wait_ms", "RUNTIME_WAIT_MS", false, ""},
    {"collective_init", "RUNTIME_COLLECTIVE_INIT", false, ""},
};

static void store(struct setting *setting, const char *text)
{
    snprintf(setting->text, TEXT, "%s", text == NULL ? "" : text);
    setting->known = true;
}

static struct setting *find(const char *key)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (strcmp(settings[i].key, key) == 0) {
            return &settings[i];
        }
    }
    return NULL;
}

static void read_setting(const char *key, char *text)
{
    pthread_mutex_lock(&lock);
    struct setting *setting = find(key);
    if (!setting->known) {
        store(setting, getenv(setting->variable));
    }
    memcpy(text, setting->text, TEXT);
    pthread_mutex_unlock(&lock);
}

/* Replaces what the environment says; -1 if there is no such setting. */
EXPORT int runtime_set(const char *key, const char *text)
{
    pthread_mutex_lock(&lock);
    struct setting *setting = find(key);
    if (setting != NULL) {
        store(setting, text);
    }
    pthread_mutex_unlock(&lock);
    return setting == NULL ? -1 : 0;
}

int fault(const char *symbol)
{
    char text[TEXT];
    read_setting("fail", text);
    char *rest = text;
    char *entry;
    while ((entry = strsep(&rest, ",")) != NULL) {
        char *equals = strchr(entry, '=');
        if (*entry == '\0') {
            continue;
        }
        char *end = NULL;
        long code = equals == NULL ? 0 : strtol(equals + 1, &end, 10);
        if (equals == NULL || end == equals + 1 || *end != '\0' || code == 0) {
            /* A test with a misspelt fault would pass for the wrong reason. */
            fprintf(stderr, "runtime: cannot read fault '%s'\n", entry);
            abort();
        }
        *equals = '\0';
        if (strcmp(entry, symbol) == 0) {
            return (int)code;
        }
    }
    return 0;
}

int64_t wait_ms(void)
{
    char text[TEXT];
    read_setting("wait_ms", text);
    return *text == '\0' ? 20000 : strtoll(text, NULL, 10);
}

bool collective_init(void)
{
    char text[TEXT];
    read_setting("collective_init", text);
    return strcmp(text, "1") == 0;
}

static const char *const kinds[LIVE_KINDS] = {"contexts", "allocations", "streams", "comms"};
static _Atomic int alive[LIVE_KINDS];

void live_add(enum live kind, int change)
{
    atomic_fetch_add(&alive[kind], change);
}

/* How many there are of contexts, allocations, streams or comms; -1 if there is no such kind. */
EXPORT int runtime_live(const char *kind)
{
    for (int i = 0; i < LIVE_KINDS; i++) {
        if (strcmp(kinds[i], kind) == 0) {
            return atomic_load(&alive[i]);
        }
    }
    return -1;
}

static struct range {
    const void *owner;
    uintptr_t start;
    size_t size;
} ranges[RANGES];

void range_add(const void *owner, void *start, size_t size)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < RANGES; i++) {
        if (ranges[i].start == 0) {
            ranges[i] = (struct range){owner, (uintptr_t)start, size};
            pthread_mutex_unlock(&lock);
            return;
        }
    }
    fprintf(stderr, "runtime: more than %d ranges of memory\n", RANGES);
    abort();
}

bool range_remove(const void *owner, const void *start)
{
    bool found = false;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < RANGES && !found; i++) {
        if (ranges[i].start != 0 && ranges[i].owner == owner && ranges[i].start == (uintptr_t)start) {
            ranges[i].start = 0;
            found = true;
        }
    }
    pthread_mutex_unlock(&lock);
    return found;
}

void *range_take(const void *owner)
{
    void *start = NULL;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < RANGES && start == NULL; i++) {
        if (ranges[i].start != 0 && ranges[i].owner == owner) {
            start = (void *)ranges[i].start;
            ranges[i].start = 0;
        }
    }
    pthread_mutex_unlock(&lock);
    return start;
}

bool range_holds(const void *start, size_t size)
{
    uintptr_t first = (uintptr_t)start;
    bool found = false;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < RANGES && !found; i++) {
        const struct range *r = &ranges[i];
        found = r->start != 0 && first >= r->start && size <= r->size && first - r->start <= r->size - size;
    }
    pthread_mutex_unlock(&lock);
    return found;
}
