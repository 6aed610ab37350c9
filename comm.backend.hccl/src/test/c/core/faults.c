/*
 * Faults by name: function[@rank][#call]=action, separated by ';'. The first entry that fits wins.
 */
#include "double.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FAULTS = 128 };

struct entry {
    char function[80];
    int rank;      /* -1 any */
    int64_t call;  /* -1 any */
    struct fault fault;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct entry entries[MAX_FAULTS];
static _Atomic int count;
static bool loaded;

static bool parse_action(const char *text, struct fault *fault)
{
    static const struct {
        const char *name;
        enum fault_action action;
        int64_t otherwise;
        bool needs_value;
    } actions[] = {
        {"code", FAULT_CODE, 0, true},        {"code-after", FAULT_AFTER, 0, true}, {"null", FAULT_NULL, 0, false},
        {"hang", FAULT_HANG, -1, false},      {"kill", FAULT_KILL, 0, false},       {"stall", FAULT_STALL, INT64_MAX, false},
        {"device", FAULT_DEVICE, 0, true},
    };
    size_t length = strcspn(text, ":");
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strlen(actions[i].name) == length && strncmp(actions[i].name, text, length) == 0) {
            fault->action = actions[i].action;
            fault->value = actions[i].otherwise;
            if (text[length] == ':') {
                char *end;
                fault->value = strtoll(text + length + 1, &end, 10);
                return end != text + length + 1 && *end == '\0';
            }
            return !actions[i].needs_value;
        }
    }
    return false;
}

static bool parse(char *text, struct entry *entry)
{
    char *equals = strchr(text, '=');
    if (equals == NULL) {
        return false;
    }
    *equals = '\0';
    entry->rank = -1;
    entry->call = -1;
    char *end;
    char *call = strchr(text, '#');
    if (call != NULL) {
        *call = '\0';
        entry->call = strtoll(call + 1, &end, 10);
        if (*end != '\0' || entry->call < 1) {
            return false;
        }
    }
    char *rank = strchr(text, '@');
    if (rank != NULL) {
        *rank = '\0';
        entry->rank = (int)strtol(rank + 1, &end, 10);
        if (*end != '\0' || end == rank + 1) {
            return false;
        }
    }
    if (*text == '\0' || strlen(text) >= sizeof entry->function) {
        return false;
    }
    strcpy(entry->function, text);
    return parse_action(equals + 1, &entry->fault);
}

static void load(const char *text)
{
    int n = 0;
    char *copy = strdup(text == NULL ? "" : text);
    char *rest = copy;
    char *part;
    while ((part = strsep(&rest, ";")) != NULL) {
        part += strspn(part, " \t\n");
        if (*part == '\0') {
            continue;
        }
        char *shown = strdup(part);
        if (n == MAX_FAULTS || !parse(part, &entries[n])) {
            /* A test with a misspelt fault would pass for the wrong reason. */
            fprintf(stderr, "double: cannot read fault '%s'\n", shown);
            abort();
        }
        n++;
        free(shown);
    }
    free(copy);
    count = n;
    loaded = true;
}

void double_faults(const char *text)
{
    pthread_mutex_lock(&lock);
    load(text);
    pthread_mutex_unlock(&lock);
}

void double_faults_reset(void)
{
    pthread_mutex_lock(&lock);
    count = 0;
    loaded = false;
    pthread_mutex_unlock(&lock);
}

bool double_faults_any(void)
{
    pthread_mutex_lock(&lock);
    if (!loaded) {
        load(double_setting("COMM_DOUBLE_FAULTS"));
    }
    pthread_mutex_unlock(&lock);
    return count > 0;
}

struct fault double_fault(const char *function, uint64_t call)
{
    struct fault none = {FAULT_NONE, 0};
    if (!double_faults_any()) {
        return none;
    }
    int rank = double_rank();
    pthread_mutex_lock(&lock);
    for (int i = 0; i < count; i++) {
        struct entry *e = &entries[i];
        if (strcmp(e->function, function) == 0 && (e->rank < 0 || e->rank == rank) &&
            (e->call < 0 || (uint64_t)e->call == call)) {
            none = e->fault;
            break;
        }
    }
    pthread_mutex_unlock(&lock);
    return none;
}
