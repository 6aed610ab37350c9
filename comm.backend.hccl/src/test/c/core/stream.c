/* Streams: a thread each, running operations in order while the caller goes on. */
#include "double.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct stalled {
    struct operation operation;
    int64_t ms;
    int code;
};

/* An operation the device is slow or faulty at; it gives way when the stream is torn down. */
static int run_stalled(struct operation *operation, struct stream *stream, bool skip)
{
    struct stalled *stalled = (struct stalled *)operation;
    double end = double_now() + (double)stalled->ms / 1e3;
    while (!skip && !stream->aborted && stalled->ms > 0 && double_now() < end) {
        double_pause();
    }
    int code = skip ? 0 : stalled->code;
    free(stalled);
    return code;
}

static void *work(void *argument)
{
    struct stream *s = argument;
    pthread_mutex_lock(&s->lock);
    for (;;) {
        while (s->head == NULL && !s->ending) {
            pthread_cond_wait(&s->changed, &s->lock);
        }
        if (s->head == NULL) {
            break;
        }
        struct operation *o = s->head;
        s->head = o->next;
        if (s->head == NULL) {
            s->tail = &s->head;
        }
        /* After an error the device runs nothing more of the stream. */
        bool skip = s->aborted || s->error != 0;
        pthread_mutex_unlock(&s->lock);
        int code = o->run(o, s, skip);
        pthread_mutex_lock(&s->lock);
        if (code != 0 && s->error == 0) {
            s->error = code;
        }
        s->done++;
        pthread_cond_broadcast(&s->changed);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

int double_stream_create(uint64_t *token)
{
    struct stream *s = calloc(1, sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->changed, &attr);
    pthread_condattr_destroy(&attr);
    s->tail = &s->head;
    if (pthread_create(&s->thread, NULL, work, s) != 0) {
        free(s);
        return DRIVER_ERROR("no thread for the stream");
    }
    struct process *p = double_lock();
    struct context *c = double_context();
    s->token = double_token();
    s->context = c == NULL ? 0 : c->token;
    s->device = c == NULL ? -1 : c->device;
    s->next = p->streams;
    p->streams = s;
    *token = s->token;
    double_unlock();
    double_count(STREAMS, 1);
    return 0;
}

/* The stream is in no list any more. */
void double_stream_end(struct stream *s, bool force)
{
    pthread_mutex_lock(&s->lock);
    if (force) {
        s->aborted = true;
    }
    s->ending = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    pthread_mutex_lock(&s->lock);
    while (s->users > 0) {
        pthread_cond_wait(&s->changed, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
    double_count(STREAMS, -1);
}

/* Finds a stream and keeps it from being freed. */
static struct stream *use(uint64_t token, bool own_context, int *code)
{
    struct process *p = double_lock();
    struct context *c = double_context();
    struct stream *s = p->streams;
    while (s != NULL && s->token != token) {
        s = s->next;
    }
    if (s == NULL) {
        *code = token == 0 ? BAD_PARAM("the stream is null")
                           : double_fail(107017, "EE1001", "%#llx is no stream", (unsigned long long)token);
    } else if (own_context && (c == NULL || c->token != s->context)) {
        *code = double_fail(107003, "EE1001", "the stream belongs to another context than this thread's");
        s = NULL;
    } else {
        pthread_mutex_lock(&s->lock);
        s->users++;
        pthread_mutex_unlock(&s->lock);
    }
    double_unlock();
    return s;
}

static void unuse(struct stream *s)
{
    pthread_mutex_lock(&s->lock);
    s->users--;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

int double_stream_destroy(uint64_t token, bool force)
{
    int code = 0;
    struct stream *s = use(token, true, &code);
    if (s == NULL) {
        return code;
    }
    struct process *p = double_lock();
    bool ours = false;
    for (struct stream **at = &p->streams; *at != NULL; at = &(*at)->next) {
        if (*at == s) {
            *at = s->next;
            ours = true;
            break;
        }
    }
    double_unlock();
    unuse(s);
    if (ours) {
        double_stream_end(s, force);
    }
    return 0;
}

static void push(struct stream *s, struct operation *o)
{
    o->next = NULL;
    *s->tail = o;
    s->tail = &o->next;
    s->submitted++;
}

int double_stream_submit(uint64_t token, struct operation *operation)
{
    int code = 0;
    struct stream *s = use(token, true, &code);
    if (s == NULL) {
        operation->run(operation, NULL, true);
        return code;
    }
    struct ailment *ailment = double_ailment();
    pthread_mutex_lock(&s->lock);
    if (ailment->stall >= 0 || ailment->code != 0) {
        struct stalled *stalled = calloc(1, sizeof *stalled);
        stalled->operation.run = run_stalled;
        stalled->ms = ailment->stall;
        stalled->code = ailment->code;
        push(s, &stalled->operation);
    }
    push(s, operation);
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    unuse(s);
    return 0;
}

static int wait_for(struct stream *s, int timeout)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    if (timeout > 0) {
        until.tv_sec += timeout / 1000;
        until.tv_nsec += (long)(timeout % 1000) * 1000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000;
        }
    }
    int code = 0;
    pthread_mutex_lock(&s->lock);
    uint64_t target = s->submitted;
    while (s->done < target && code == 0) {
        if (timeout < 0) {
            pthread_cond_wait(&s->changed, &s->lock);
        } else if (pthread_cond_timedwait(&s->changed, &s->lock, &until) == ETIMEDOUT && s->done < target) {
            code = 507046;
        }
    }
    if (code == 0 && s->error != 0) {
        code = s->error;
        s->error = 0;
    }
    pthread_mutex_unlock(&s->lock);
    if (code == 507046) {
        return double_fail(code, "EE1002", "Stream synchronize timed out after %d ms", timeout);
    }
    return code == 0 ? 0 : double_fail(code, "EE9999", "the device reported %d for work on the stream", code);
}

/* The real one changes to the stream's context by itself, so a thread of another context may wait. */
int double_stream_wait(uint64_t token, int timeout)
{
    int code = 0;
    struct stream *s = use(token, false, &code);
    if (s == NULL) {
        return code;
    }
    code = wait_for(s, timeout);
    unuse(s);
    return code;
}

int double_streams_wait(int device, int timeout)
{
    double end = double_now() + timeout / 1e3;
    uint64_t tokens[256];
    int n = 0;
    struct process *p = double_lock();
    for (struct stream *s = p->streams; s != NULL && n < 256; s = s->next) {
        if (s->device == device) {
            tokens[n++] = s->token;
        }
    }
    double_unlock();
    int code = 0;
    for (int i = 0; i < n && code == 0; i++) {
        int left = timeout < 0 ? -1 : (int)((end - double_now()) * 1e3);
        int one = double_stream_wait(tokens[i], timeout < 0 ? -1 : left < 1 ? 1 : left);
        code = one == 107017 ? 0 : one; /* destroyed meanwhile: nothing left to wait for */
    }
    return code;
}
