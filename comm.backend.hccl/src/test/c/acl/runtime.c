/* Start, end, versions and errors of the process. */
#include "double.h"

#include <acl/acl.h>

DOUBLE_CALL(aclError, aclInit, 0, (const char *configPath), (configPath), NO_OUT)
{
    (void)configPath;
    struct process *p = double_lock();
    int code = 0;
    if (p->initialised) {
        p->init_references++;
        code = double_fail(ACL_ERROR_REPEAT_INITIALIZE, "EE1001", "aclInit was called before");
    } else {
        p->initialised = true;
        p->init_references = 1;
    }
    double_unlock();
    if (code == 0) {
        double_count(VIOLATIONS, 0); /* a process that does nothing wrong leaves its counters, too */
    }
    return code;
}

static int finish(struct process *p)
{
    double_drop(-1, !p->poisoned);
    p->initialised = false;
    p->finalised = true;
    p->init_references = 0;
    return 0;
}

static int not_initialised(const struct process *p)
{
    return p->finalised ? double_fail(ACL_ERROR_REPEAT_FINALIZE, "EE1001", "aclFinalize was called before")
                        : double_fail(ACL_ERROR_UNINITIALIZE, "EE1001", "aclFinalize needs aclInit first");
}

DOUBLE_CALL(aclError, aclFinalize, 0, (void), (), NO_OUT)
{
    struct process *p = double_lock();
    int code = p->initialised ? finish(p) : not_initialised(p);
    double_unlock();
    return code;
}

DOUBLE_CALL(aclError, aclrtGetVersion, NEEDS_INIT, (int32_t *major, int32_t *minor, int32_t *patch),
            (major, minor, patch), NO_OUT)
{
    if (major == NULL || minor == NULL || patch == NULL) {
        return BAD_PARAM("a version pointer is null");
    }
    *major = 1;
    *minor = CANN_SPLIT < 805 ? 14 : CANN_SPLIT < 900 ? 16 : 17;
    *patch = 0;
    return 0;
}

/* Answer by pointer, for which the wrapper of the others has no room. */
DOUBLE_EXPORT const char *aclGetRecentErrMsg(void)
{
    static struct double_function function = {"aclGetRecentErrMsg", IS_TEXT, 0, 0};
    struct double_call call;
    bool run = double_enter(&call, &function);
    const char *text = run ? double_take_text() : NULL;
    double_leave(&call, 0);
    return text;
}

DOUBLE_EXPORT const char *aclrtGetSocName(void)
{
    static struct double_function function = {"aclrtGetSocName", NEEDS_INIT | IS_TEXT, 0, 0};
    struct double_call call;
    bool run = double_enter(&call, &function);
    double_leave(&call, call.code);
    return run ? double_soc() : NULL;
}

DOUBLE_CALL(aclError, aclrtGetLastError, IS_TEXT, (aclrtLastErrLevel level), (level), NO_OUT)
{
    return level == ACL_RT_THREAD_LEVEL ? double_last_error(true) : BAD_PARAM("level %d", (int)level);
}

DOUBLE_CALL(aclError, aclrtPeekAtLastError, IS_TEXT, (aclrtLastErrLevel level), (level), NO_OUT)
{
    return level == ACL_RT_THREAD_LEVEL ? double_last_error(false) : BAD_PARAM("level %d", (int)level);
}

#if CANN_SPLIT >= 805
DOUBLE_CALL(aclError, aclFinalizeReference, 0, (uint64_t *refCount), (refCount), NO_OUT)
{
    struct process *p = double_lock();
    int code = 0;
    if (!p->initialised) {
        code = not_initialised(p);
    } else if (--p->init_references == 0) {
        code = finish(p);
    }
    if (refCount != NULL) {
        *refCount = p->init_references;
    }
    double_unlock();
    return code;
}
#endif
