/* What happens around every exported call: faults, the order of checks, the error text of the thread, the log. */
#include "double.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static _Thread_local char text[1024];
static _Thread_local char taken[1024];
static _Thread_local bool has_text;
static _Thread_local int last_error;
static _Thread_local bool null_asked;
static _Thread_local struct ailment ailment = {-1, 0};

int double_fail(int code, const char *tag, const char *format, ...)
{
    char words[768];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    snprintf(text, sizeof text, "%s: [PID: %d] %s.\n        TraceBack (most recent call last):\n", tag, (int)getpid(),
             words);
    has_text = true;
    return code;
}

/* Getting the text takes it away; the pointer lives until the thread's next call. */
const char *double_take_text(void)
{
    if (!has_text) {
        return NULL;
    }
    memcpy(taken, text, sizeof taken);
    has_text = false;
    return taken;
}

int double_last_error(bool clear)
{
    int code = last_error;
    if (clear) {
        last_error = 0;
    }
    return code;
}

bool double_null_asked(void)
{
    return null_asked;
}

struct ailment *double_ailment(void)
{
    return &ailment;
}

static const char *tag_of(bool hccl, int code)
{
    if (hccl) {
        return code == 9 ? "EI0006" : code == 11 ? "EI0015" : code == 1 || code == 2 ? "EI0003" : "EI9999";
    }
    return code / 1000 == 107 || code / 1000 == 100 ? "EE1001" : code == 207001 ? "EL0004" : "EE9999";
}

static uint64_t count_call(struct double_function *function)
{
    uint64_t epoch = double_epoch();
    if (atomic_exchange(&function->epoch, epoch) != epoch) {
        function->calls = 0;
    }
    return ++function->calls;
}

static void hang(struct double_function *function, int64_t ms)
{
    if (ms < 0) {
        double_log(function->name, "hang");
        for (;;) {
            pause();
        }
    }
    usleep((useconds_t)(ms * 1000));
}

/* True: go on with the call. */
static bool suffer(struct double_call *call, struct fault fault)
{
    struct double_function *f = call->function;
    switch (fault.action) {
    case FAULT_NONE:
        return true;
    case FAULT_CODE:
        call->code = (int)fault.value;
        if (call->code != 0) {
            double_fail(call->code, tag_of(f->flags & IS_HCCL, call->code), "%s was told to answer %d", f->name,
                        call->code);
        }
        call->null = (f->flags & IS_TEXT) != 0;
        return false;
    case FAULT_AFTER:
        call->after = true;
        call->after_code = (int)fault.value;
        return true;
    case FAULT_NULL:
        if (f->flags & NULL_INSIDE) {
            null_asked = true;
            return true;
        }
        call->null = true;
        call->code = 0;
        return false;
    case FAULT_HANG:
        hang(f, fault.value);
        return true;
    case FAULT_KILL:
        double_log(f->name, "kill");
        kill(getpid(), SIGKILL);
        return false;
    case FAULT_STALL:
        ailment.stall = fault.value;
        return true;
    case FAULT_DEVICE:
        ailment.code = (int)fault.value;
        return true;
    }
    return true;
}

bool double_enter(struct double_call *call, struct double_function *function)
{
    memset(call, 0, sizeof *call);
    call->function = function;
    null_asked = false;
    ailment = (struct ailment){-1, 0};
    unsigned flags = function->flags;
    bool hccl = (flags & IS_HCCL) != 0;
    uint64_t nth = count_call(function);
    if (double_faults_any() && !suffer(call, double_fault(function->name, nth))) {
        return false;
    }
    if (strcmp(function->name, "aclGetRecentErrMsg") == 0) {
        return true; /* must work without anything else, for it tells what is missing */
    }
    call->null = (flags & IS_TEXT) != 0; /* a refused call that answers by pointer answers NULL */
    if (double_shared_open() == NULL) {
        call->code = hccl ? 15 : 507899;
        return false;
    }
    struct process *process = double_lock();
    bool initialised = process->initialised;
    bool here = double_context() != NULL;
    double_unlock();
    if ((flags & NEEDS_INIT) && !initialised) {
        call->code = double_fail(hccl ? 15 : 100001, "EE1001", "%s needs aclInit first", function->name);
    } else if ((flags & HEALTHY) && process->poisoned) {
        call->code = double_fail(hccl ? 15 : 507899, "EE9999", "%s: the device is in error since a fault of code %d",
                                 function->name, process->poisoned);
    } else if ((flags & NEEDS_DEVICE) && !here) {
        call->code = double_fail(hccl ? 15 : 107002, "EE1001", "%s: this thread has no context; set a device first",
                                 function->name);
    } else {
        return true;
    }
    return false;
}

int double_leave(struct double_call *call, int code)
{
    struct double_function *f = call->function;
    if (call->after) {
        code = call->after_code;
        if (code != 0) {
            double_fail(code, tag_of(f->flags & IS_HCCL, code), "%s was told to answer %d afterwards", f->name, code);
        }
    }
    null_asked = false;
    ailment = (struct ailment){-1, 0};
    if (code == 507018 && !(f->flags & IS_TEXT)) {
        double_process()->poisoned = code;
    }
    if (code != 0 && !(f->flags & IS_TEXT)) {
        last_error = code;
    }
    char result[16];
    snprintf(result, sizeof result, "%d", code);
    double_log(f->name, result);
    return code;
}
