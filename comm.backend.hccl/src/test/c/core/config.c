/* Settings come from the environment unless a test of one process overrode them. */
#include "double.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct override {
    char *key, *value;
    struct override *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct override *overrides;
/* Values handed out stay readable for good: another thread may still be looking at one. */
static struct override *retired;

void double_configure(const char *key, const char *value)
{
    pthread_mutex_lock(&lock);
    struct override *o = calloc(1, sizeof *o);
    o->key = strdup(key);
    o->value = value == NULL ? NULL : strdup(value);
    o->next = overrides;
    overrides = o;
    pthread_mutex_unlock(&lock);
    if (strcmp(key, "COMM_DOUBLE_FAULTS") == 0) {
        double_faults(value);
    }
    if (strcmp(key, "COMM_DOUBLE_LOG") == 0) {
        double_log_reset();
    }
    if (strcmp(key, "COMM_DOUBLE_DIR") == 0 || strcmp(key, "COMM_RANK") == 0) {
        double_live_reset();
        double_log_reset();
        double_shared_reset();
    }
}

void double_config_reset(void)
{
    pthread_mutex_lock(&lock);
    while (overrides != NULL) {
        struct override *o = overrides;
        overrides = o->next;
        o->next = retired;
        retired = o;
    }
    pthread_mutex_unlock(&lock);
}

const char *double_setting(const char *key)
{
    const char *value = NULL;
    bool found = false;
    pthread_mutex_lock(&lock);
    for (struct override *o = overrides; o != NULL && !found; o = o->next) {
        if (strcmp(o->key, key) == 0) {
            value = o->value;
            found = true;
        }
    }
    pthread_mutex_unlock(&lock);
    if (!found) {
        value = getenv(key);
    }
    return value == NULL || *value == '\0' ? NULL : value;
}

int64_t double_number(const char *key, int64_t otherwise)
{
    const char *text = double_setting(key);
    if (text == NULL) {
        return otherwise;
    }
    char *end;
    long long value = strtoll(text, &end, 10);
    return *end == '\0' ? value : otherwise;
}

int double_rank(void)
{
    return (int)double_number("COMM_RANK", -1);
}

double double_connect_seconds(void)
{
    const char *text = double_setting("COMM_DOUBLE_CONNECT_SECONDS");
    if (text != NULL) {
        return atof(text);
    }
    return (double)double_number("HCCL_CONNECT_TIMEOUT", 120) + 20;
}

const char *double_soc(void)
{
    const char *soc = double_setting("COMM_DOUBLE_SOC");
    return soc == NULL ? "Ascend910_9392" : soc;
}

bool double_is_a3(void)
{
    return strncmp(double_soc(), "Ascend910_93", 12) == 0;
}

static int all_devices(void)
{
    int64_t n = double_number("COMM_DOUBLE_DEVICES", 8);
    return n < 0 ? 0 : n > MAX_DEVICES ? MAX_DEVICES : (int)n;
}

/* Fills the physical numbers of the visible devices. Like the real thing, stops at the first entry it dislikes. */
static int visible(int *list)
{
    int total = all_devices();
    int n = 0;
    const char *text = double_setting("ASCEND_RT_VISIBLE_DEVICES");
    if (text == NULL) {
        for (; n < total; n++) {
            list[n] = n;
        }
        return n;
    }
    int last = -1;
    while (*text >= '0' && *text <= '9' && n < MAX_DEVICES) {
        char *end;
        long id = strtol(text, &end, 10);
        if (id <= last || id >= total) {
            break;
        }
        list[n++] = last = (int)id;
        if (*end != ',') {
            break;
        }
        text = end + 1;
    }
    return n;
}

int double_device_count(void)
{
    int list[MAX_DEVICES];
    return visible(list);
}

int double_physical_device(int user)
{
    int list[MAX_DEVICES];
    int n = visible(list);
    return user >= 0 && user < n ? list[user] : -1;
}

int double_user_device(int physical)
{
    int list[MAX_DEVICES];
    int n = visible(list);
    for (int i = 0; i < n; i++) {
        if (list[i] == physical) {
            return i;
        }
    }
    return -1;
}

double double_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Waiting across processes polls: a lock or a futex of a killed process would need repair, a counter does not. */
void double_pause(void)
{
    usleep(200);
}
