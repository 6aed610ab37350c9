/*
 * Every function that is called, with its arguments told: built with CODE=0 each succeeds and gives values of its own,
 * built with another CODE each fails, and the error text is what it was called with.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifndef CODE
#define CODE 0
#endif

typedef int aclError;
typedef int HcclResult;
typedef int Enum;

static char text[1024];

#define TOLD(...) (snprintf(text, sizeof text, __VA_ARGS__), CODE)
#define LL long long

const char *aclGetRecentErrMsg(void) { return text; }
const char *aclrtGetSocName(void) { return "Ascend910_9392"; }
aclError aclInit(const char *c) { return TOLD("aclInit %p", (const void *)c); }
aclError aclFinalize(void) { return TOLD("aclFinalize"); }
aclError aclrtGetVersion(int32_t *a, int32_t *b, int32_t *c) { *a = 1; *b = 17; *c = 3; return TOLD("aclrtGetVersion"); }
aclError aclrtGetDeviceCount(uint32_t *n) { *n = 8; return TOLD("aclrtGetDeviceCount"); }
aclError aclrtSetDevice(int32_t d) { return TOLD("aclrtSetDevice %d", d); }
aclError aclrtResetDevice(int32_t d) { return TOLD("aclrtResetDevice %d", d); }
aclError aclrtResetDeviceForce(int32_t d) { return TOLD("aclrtResetDeviceForce %d", d); }
aclError aclrtCreateStream(void **s) { *s = (void *)0x100000001; return TOLD("aclrtCreateStream"); }
aclError aclrtDestroyStream(void *s) { return TOLD("aclrtDestroyStream %p", s); }
aclError aclrtDestroyStreamForce(void *s) { return TOLD("aclrtDestroyStreamForce %p", s); }
aclError aclrtSynchronizeStreamWithTimeout(void *s, int32_t t) { return TOLD("aclrtSynchronizeStreamWithTimeout %p %d", s, t); }
aclError aclrtMalloc(void **p, size_t n, Enum k) { *p = (void *)0x100000002; return TOLD("aclrtMalloc %zu %d", n, k); }
aclError aclrtFree(void *p) { return TOLD("aclrtFree %p", p); }
aclError aclrtMallocHost(void **p, size_t n) { *p = (void *)0x100000003; return TOLD("aclrtMallocHost %zu", n); }
aclError aclrtFreeHost(void *p) { return TOLD("aclrtFreeHost %p", p); }
aclError aclrtMemcpy(void *d, size_t m, const void *s, size_t n, Enum k) { return TOLD("aclrtMemcpy %p %zu %p %zu %d", d, m, s, n, k); }
aclError aclrtMemset(void *p, size_t m, int32_t v, size_t n) { return TOLD("aclrtMemset %p %zu %d %zu", p, m, v, n); }
aclError aclrtGetMemInfo(Enum a, size_t *f, size_t *t) { *f = 1ULL << 35; *t = 1ULL << 36; return TOLD("aclrtGetMemInfo %d", a); }

typedef struct { int32_t handleType, allocationType, memAttr; struct { uint32_t id; int32_t type; } location; uint64_t reserve; } Prop;
#define PROP "{%d %d %d {%u %d} %llu}"
#define PROP_OF(p) (p)->handleType, (p)->allocationType, (p)->memAttr, (p)->location.id, (p)->location.type, (unsigned LL)(p)->reserve
aclError aclrtMemGetAllocationGranularity(Prop *p, Enum o, size_t *g) { *g = 2 << 20; return TOLD("aclrtMemGetAllocationGranularity " PROP " %d", PROP_OF(p), o); }
aclError aclrtMallocPhysical(void **h, size_t n, const Prop *p, uint64_t f) { *h = (void *)0x100000004; return TOLD("aclrtMallocPhysical %zu " PROP " %llu", n, PROP_OF(p), (unsigned LL)f); }
aclError aclrtFreePhysical(void *h) { return TOLD("aclrtFreePhysical %p", h); }
aclError aclrtReserveMemAddress(void **v, size_t n, size_t a, void *e, uint64_t f) { *v = (void *)0x100000005; return TOLD("aclrtReserveMemAddress %zu %zu %p %llu", n, a, e, (unsigned LL)f); }
aclError aclrtReleaseMemAddress(void *v) { return TOLD("aclrtReleaseMemAddress %p", v); }
aclError aclrtMapMem(void *v, size_t n, size_t o, void *h, uint64_t f) { return TOLD("aclrtMapMem %p %zu %zu %p %llu", v, n, o, h, (unsigned LL)f); }
aclError aclrtUnmapMem(void *v) { return TOLD("aclrtUnmapMem %p", v); }
aclError aclrtMemExportToShareableHandle(void *h, Enum t, uint64_t f, uint64_t *s) { *s = 0x8000000000000006; return TOLD("aclrtMemExportToShareableHandle %p %d %llu", h, t, (unsigned LL)f); }
aclError aclrtMemImportFromShareableHandle(uint64_t s, int32_t d, void **h) { *h = (void *)0x100000007; return TOLD("aclrtMemImportFromShareableHandle %llx %d", (unsigned LL)s, d); }
aclError aclrtMemSetPidToShareableHandle(uint64_t s, int32_t *p, size_t n) { return TOLD("aclrtMemSetPidToShareableHandle %llx {%d %d} %zu", (unsigned LL)s, p[0], p[1], n); }
aclError aclrtMemExportToShareableHandleV2(void *h, uint64_t f, Enum t, void *s) { memset(s, 0xa5, 128); return TOLD("aclrtMemExportToShareableHandleV2 %p %llu %d", h, (unsigned LL)f, t); }
aclError aclrtMemImportFromShareableHandleV2(void *s, Enum t, uint64_t f, void **h) { *h = (void *)0x100000008; return TOLD("aclrtMemImportFromShareableHandleV2 {%u %u} %d %llu", ((uint8_t *)s)[0], ((uint8_t *)s)[127], t, (unsigned LL)f); }
aclError aclrtDeviceGetBareTgid(int32_t *p) { *p = 4711; return TOLD("aclrtDeviceGetBareTgid"); }
aclError aclrtDeviceEnablePeerAccess(int32_t p, uint32_t f) { return TOLD("aclrtDeviceEnablePeerAccess %d %u", p, f); }
aclError aclrtIpcMemGetExportKey(void *p, size_t n, char *k, size_t l, uint64_t f) { memset(k, 'k', 64); k[64] = 0; return TOLD("aclrtIpcMemGetExportKey %p %zu %zu %llu", p, n, l, (unsigned LL)f); }
aclError aclrtIpcMemImportByKey(void **p, const char *k, uint64_t f) { *p = (void *)0x100000009; return TOLD("aclrtIpcMemImportByKey %.3s %llu", k, (unsigned LL)f); }
aclError aclrtIpcMemClose(const char *k) { return TOLD("aclrtIpcMemClose %.3s", k); }

HcclResult HcclGetRootInfo(void *r) { memset(r, 0x5a, 4108); return TOLD("HcclGetRootInfo"); }
HcclResult HcclCommInitRootInfoConfig(uint32_t n, const char *i, uint32_t r, const char *c, void **h)
{
    uint32_t words[4];
    memcpy(words, c, sizeof words);
    *h = (void *)0x10000000a;
    return TOLD("HcclCommInitRootInfoConfig %u {%u} %u {%u %u %x %u %d %s}", n, (uint8_t)i[4107], r, words[0], words[1],
                 words[2], words[3], *(const int32_t *)(const void *)(c + 24), c + 32);
}
HcclResult HcclCommDestroy(void *h) { return TOLD("HcclCommDestroy %p", h); }
HcclResult HcclBarrier(void *h, void *s) { return TOLD("HcclBarrier %p %p", h, s); }
HcclResult HcclGetCommName(void *h, char *n) { memset(n, 'n', 127); n[127] = 0; return TOLD("HcclGetCommName %p", h); }
HcclResult HcclCommGetHandleWithName(const char *g, void **h) { *h = (void *)0x10000000b; return TOLD("HcclCommGetHandleWithName %s", g); }
HcclResult HcomGetL0TopoTypeEx(const char *g, Enum *t, uint32_t f) { *t = 2; return TOLD("HcomGetL0TopoTypeEx %s %u", g, f); }
HcclResult HcclAllocComResourceByTiling(void *h, void *s, void *t, void **c) { *c = (void *)0x10000000c; return TOLD("HcclAllocComResourceByTiling %p %p {%u}", h, s, *(uint32_t *)t); }
