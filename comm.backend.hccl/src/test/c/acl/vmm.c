/* Physical memory, reserved addresses and the mappings between them. */
#include "double.h"

#include <acl/acl.h>
#include <stdlib.h>

#include "handles.h"

static const uint64_t HUGE_PAGE = 2 << 20;
static const uint64_t NORMAL_PAGE = 4096;

struct handle *find_handle(uint64_t token)
{
    for (struct handle *h = double_process()->handles; h != NULL; h = h->next) {
        if (h->token == token) {
            return h;
        }
    }
    return NULL;
}

uint64_t add_handle(uint64_t physical, uint64_t size, int device, bool imported)
{
    struct process *p = double_process();
    struct handle *h = calloc(1, sizeof *h);
    h->token = double_token();
    h->physical = physical;
    h->size = size;
    h->device = device;
    h->imported = imported;
    h->next = p->handles;
    p->handles = h;
    double_count(imported ? IMPORTED : PHYSICAL, 1);
    return h->token;
}

static bool is_huge(const aclrtPhysicalMemProp *prop)
{
    return prop->memAttr == ACL_HBM_MEM_HUGE || prop->memAttr == ACL_HBM_MEM_P2P_HUGE;
}

static int check_prop(const aclrtPhysicalMemProp *prop)
{
    if (prop == NULL) {
        return BAD_PARAM("prop is null");
    }
    if (prop->handleType != ACL_MEM_HANDLE_TYPE_NONE || prop->allocationType != ACL_MEM_ALLOCATION_TYPE_PINNED) {
        return BAD_PARAM("handleType %d or allocationType %d", (int)prop->handleType, (int)prop->allocationType);
    }
    if (!is_huge(prop) && prop->memAttr != ACL_HBM_MEM_NORMAL && prop->memAttr != ACL_HBM_MEM_P2P_NORMAL) {
        return BAD_PARAM("memAttr %d is no HBM attribute", (int)prop->memAttr);
    }
    if (prop->location.type != ACL_MEM_LOCATION_TYPE_DEVICE) {
        return BAD_PARAM("location type %d is not the device", (int)prop->location.type);
    }
    if (prop->reserve != 0) {
        return BAD_PARAM("reserve must be 0");
    }
    int device = double_device();
    if (prop->location.id != (uint32_t)device) {
        return BAD_PARAM("location id %u is not the current device %d", prop->location.id, device);
    }
    return 0;
}

DOUBLE_CALL(aclError, aclrtMemGetAllocationGranularity, DEVICE_CALL,
            (aclrtPhysicalMemProp * prop, aclrtMemGranularityOptions option, size_t *granularity),
            (prop, option, granularity), CLEAR(granularity))
{
    int code = check_prop(prop);
    if (code != 0) {
        return code;
    }
    if (granularity == NULL || (int)option < 0 || option > ACL_RT_MEM_ALLOC_GRANULARITY_RECOMMENDED) {
        return BAD_PARAM("granularity is null or option %d unknown", (int)option);
    }
    *granularity = is_huge(prop) || option == ACL_RT_MEM_ALLOC_GRANULARITY_RECOMMENDED ? HUGE_PAGE : NORMAL_PAGE;
    return 0;
}

DOUBLE_CALL(aclError, aclrtMallocPhysical, DEVICE_CALL,
            (aclrtDrvMemHandle * handle, size_t size, const aclrtPhysicalMemProp *prop, uint64_t flags),
            (handle, size, prop, flags), CLEAR(handle))
{
    int code = check_prop(prop);
    if (code != 0) {
        return code;
    }
    if (handle == NULL || flags != 0) {
        return BAD_PARAM("handle is null or flags are not 0");
    }
    uint64_t page = is_huge(prop) ? HUGE_PAGE : NORMAL_PAGE;
    if (size == 0 || size % page != 0) {
        return BAD_PARAM("size %zu is no multiple of the granularity %llu", size, (unsigned long long)page);
    }
    int device = double_device();
    uint64_t physical;
    code = double_physical_create(size, double_physical_device(device), &physical);
    if (code == 0) {
        double_lock();
        *handle = (aclrtDrvMemHandle)(uintptr_t)add_handle(physical, size, device, false);
        double_unlock();
    }
    return code;
}

static bool is_mapped(uint64_t handle)
{
    for (struct segment *s = double_process()->segments; s != NULL; s = s->next) {
        if (s->kind == SEGMENT_MAPPED && s->handle == handle) {
            return true;
        }
    }
    return false;
}

static int free_physical(struct process *p, uint64_t token)
{
    if (find_handle(token) == NULL) {
        return BAD_HANDLE(token);
    }
    if (is_mapped(token)) {
        return DRIVER_ERROR("the physical memory is still mapped; unmap it first");
    }
    for (struct handle **at = &p->handles; *at != NULL; at = &(*at)->next) {
        struct handle *h = *at;
        if (h->token == token) {
            *at = h->next;
            if (h->imported) {
                double_physical_hold(h->physical, -1, 0);
                double_count(IMPORTED, -1);
            } else {
                double_physical_release(h->physical, "aclrtFreePhysical");
                double_count(PHYSICAL, -1);
            }
            free(h);
            break;
        }
    }
    return 0;
}

DOUBLE_CALL(aclError, aclrtFreePhysical, DEVICE_CALL, (aclrtDrvMemHandle handle), (handle), NO_OUT)
{
    struct process *p = double_lock();
    int code = free_physical(p, (uintptr_t)handle);
    double_unlock();
    return code;
}

static int reserve(void **virPtr, size_t size, size_t alignment, uint64_t flags)
{
    if (virPtr == NULL || size == 0) {
        return BAD_PARAM("virPtr is null or size is 0");
    }
    if (alignment != 0) {
        return BAD_PARAM("alignment must be 0");
    }
    if (flags > HUGE_PAGE_TYPE) {
        return BAD_PARAM("page type %llu", (unsigned long long)flags);
    }
    if (size % (flags == HUGE_PAGE_TYPE ? HUGE_PAGE : NORMAL_PAGE) != 0) {
        return BAD_PARAM("size %zu is no multiple of the page size", size);
    }
    int device = double_device();
    struct process *p = double_lock();
    struct reservation *r = calloc(1, sizeof *r);
    r->va = double_new_address(size);
    r->size = size;
    r->device = device;
    r->next = p->reservations;
    p->reservations = r;
    *virPtr = (void *)(uintptr_t)r->va;
    double_unlock();
    double_count(RESERVATIONS, 1);
    return 0;
}

DOUBLE_CALL(aclError, aclrtReserveMemAddress, DEVICE_CALL,
            (void **virPtr, size_t size, size_t alignment, void *expectPtr, uint64_t flags),
            (virPtr, size, alignment, expectPtr, flags), CLEAR(virPtr))
{
    (void)expectPtr; /* a wish the real one need not grant */
    return reserve(virPtr, size, alignment, flags);
}

#if CANN_SPLIT >= 900
DOUBLE_CALL(aclError, aclrtReserveMemAddressNoUCMemory, DEVICE_CALL,
            (void **virPtr, size_t size, size_t alignment, void *expectPtr, uint64_t flags),
            (virPtr, size, alignment, expectPtr, flags), CLEAR(virPtr))
{
    (void)expectPtr;
    return reserve(virPtr, size, alignment, flags);
}
#endif

static int release(struct process *p, uint64_t va)
{
    for (struct reservation **at = &p->reservations; *at != NULL; at = &(*at)->next) {
        struct reservation *r = *at;
        if (r->va != va) {
            continue;
        }
        for (struct segment *s = p->segments; s != NULL; s = s->next) {
            if (s->va >= r->va && s->va - r->va < r->size) {
                return DRIVER_ERROR("memory is still mapped into the reserved addresses");
            }
        }
        *at = r->next;
        free(r);
        double_count(RESERVATIONS, -1);
        return 0;
    }
    return BAD_PARAM("%#llx is no reserved address", (unsigned long long)va);
}

DOUBLE_CALL(aclError, aclrtReleaseMemAddress, DEVICE_CALL, (void *virPtr), (virPtr), NO_OUT)
{
    struct process *p = double_lock();
    int code = release(p, (uintptr_t)virPtr);
    double_unlock();
    return code;
}

static int map(struct process *p, uint64_t va, uint64_t size, uint64_t offset, uint64_t token, bool accessible)
{
    struct handle *h = find_handle(token);
    if (h == NULL) {
        return BAD_HANDLE(token);
    }
    if (offset != 0) {
        return BAD_PARAM("offset must be 0");
    }
    if (size == 0 || size != h->size) {
        return BAD_PARAM("size %llu is not the %llu of the physical memory", (unsigned long long)size,
                         (unsigned long long)h->size);
    }
    struct reservation *r = p->reservations;
    while (r != NULL && !(va >= r->va && va - r->va < r->size)) {
        r = r->next;
    }
    if (r == NULL || size > r->size - (va - r->va) || va % NORMAL_PAGE != 0) {
        return BAD_PARAM("%#llx (+%llu) is not within reserved addresses", (unsigned long long)va,
                         (unsigned long long)size);
    }
    for (struct segment *s = p->segments; s != NULL; s = s->next) {
        if (s->va < va + size && va < s->va + s->size) {
            return DRIVER_ERROR("something is mapped there already");
        }
    }
    if (h->imported && double_physical_hold(h->physical, 0, 1) != 0) {
        return DRIVER_ERROR("the exporter's memory is gone");
    }
    struct segment *s = double_segment_add(SEGMENT_MAPPED, va, size, h->physical, 0, h->device);
    if (s == NULL) {
        if (h->imported) {
            double_physical_hold(h->physical, 0, -1);
        }
        return DRIVER_ERROR("the physical memory cannot be mapped");
    }
    s->handle = token;
    s->accessible = accessible;
    return 0;
}

DOUBLE_CALL(aclError, aclrtMapMem, DEVICE_CALL,
            (void *virPtr, size_t size, size_t offset, aclrtDrvMemHandle handle, uint64_t flags),
            (virPtr, size, offset, handle, flags), NO_OUT)
{
    if (flags != 0) {
        return BAD_PARAM("flags must be 0");
    }
    struct process *p = double_lock();
    int code = map(p, (uintptr_t)virPtr, size, offset, (uintptr_t)handle, true);
    double_unlock();
    return code;
}

#if CANN_SPLIT >= 902
DOUBLE_CALL(aclError, aclrtMemMapNoAccess, DEVICE_CALL,
            (void *virPtr, size_t size, size_t offset, aclrtDrvMemHandle handle, uint64_t flags),
            (virPtr, size, offset, handle, flags), NO_OUT)
{
    if (flags != 0) {
        return BAD_PARAM("flags must be 0");
    }
    struct process *p = double_lock();
    int code = map(p, (uintptr_t)virPtr, size, offset, (uintptr_t)handle, false);
    double_unlock();
    return code;
}
#endif

DOUBLE_CALL(aclError, aclrtUnmapMem, DEVICE_CALL, (void *virPtr), (virPtr), NO_OUT)
{
    double_lock();
    struct segment *s = double_segment_starting((uintptr_t)virPtr, SEGMENT_MAPPED);
    if (s != NULL) {
        double_segment_remove(s);
    }
    double_unlock();
    return s == NULL ? BAD_PARAM("nothing is mapped at %p", virPtr) : 0;
}
