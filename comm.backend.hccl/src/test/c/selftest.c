/* Checks of the double itself: each scenario runs in processes of its own, one per rank. */
#define _GNU_SOURCE
#include <acl/acl.h>
#include <dlfcn.h>
#include <hccl/hccl.h>
#include <mc2.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern void double_faults(const char *text);
extern int64_t double_live(const char *kind);
extern void double_reset(void);
extern void double_configure(const char *key, const char *value);

#define MIB (1UL << 20)

static struct {
    _Atomic int arrived[64];
    HcclRootInfo root;
    uint64_t handles[8];
    aclrtMemFabricHandle fabric[8];
    char key[65];
    int32_t tgid[8];
} *common;
static int rank, ranks;
static const char *scenario;

#define CHECK(actual, expected)                                                                               \
    do {                                                                                                      \
        long long a_ = (long long)(actual), e_ = (long long)(expected);                                       \
        if (a_ != e_) {                                                                                       \
            const char *t_ = aclGetRecentErrMsg();                                                            \
            fprintf(stderr, "%s rank %d line %d: %s is %lld, not %lld; %s\n", scenario, rank, __LINE__, #actual, a_, e_, \
                    t_ == NULL ? "no text" : t_);                                                             \
            _exit(1);                                                                                         \
        }                                                                                                     \
    } while (0)
#define OK(call) CHECK(call, 0)

/* Host barrier of the scenario; each place in the program uses a number of its own. */
static void meet(int place)
{
    common->arrived[place]++;
    while (common->arrived[place] < ranks) {
        usleep(500);
    }
}

static aclrtStream begin(int device)
{
    aclrtStream s;
    OK(aclInit(NULL));
    OK(aclrtSetDevice(device));
    OK(aclrtCreateStream(&s));
    return s;
}

static void all_zero(void)
{
    static const char *const kinds[] = {"contexts", "streams", "device_allocations", "host_allocations", "physical",
                                        "imported", "reservations", "mappings", "ipc_exported", "ipc_imported",
                                        "communicators", "leaked", "premature_free", "violations"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (double_live(kinds[i]) != 0) {
            fprintf(stderr, "%s rank %d: %s is %lld\n", scenario, rank, kinds[i], (long long)double_live(kinds[i]));
            _exit(1);
        }
    }
}

static void end(aclrtStream s, int device)
{
    OK(aclrtDestroyStream(s));
    OK(aclrtResetDevice(device));
    OK(aclFinalize());
    all_zero();
}

static HcclComm join(void)
{
    if (rank == 0) {
        OK(HcclGetRootInfo(&common->root));
    }
    meet(60);
    HcclComm comm;
    OK(HcclCommInitRootInfo((uint32_t)ranks, &common->root, (uint32_t)rank, &comm));
    return comm;
}

static void basics(void)
{
    CHECK(aclrtSetDevice(0), 100001);
    CHECK(aclFinalize(), 100001);
    CHECK(aclrtGetSocName() == NULL, 1);
    OK(aclInit(NULL));
    CHECK(aclInit(NULL), 100002);
    CHECK(strncmp(aclGetRecentErrMsg(), "EE1001: ", 8), 0);
    CHECK(aclGetRecentErrMsg() == NULL, 1);
    aclrtStream s, t;
    CHECK(aclrtCreateStream(&s), 107002);
    CHECK(aclrtSetDevice(99), 107001);
    uint32_t devices;
    OK(aclrtGetDeviceCount(&devices));
    CHECK(devices, 8);
    OK(aclrtSetDevice(1));
    OK(aclrtSetDevice(1));
    OK(aclrtCreateStream(&s));
    void *d, *h;
    OK(aclrtMalloc(&d, 3 * MIB, ACL_MEM_MALLOC_HUGE_FIRST));
    CHECK(aclrtMalloc(&h, 1100 * MIB, ACL_MEM_MALLOC_HUGE_FIRST), 207001);
    OK(aclrtMallocHost(&h, MIB));
    memset(h, 7, MIB);
    OK(aclrtMemcpy((char *)d + MIB, MIB, h, MIB, ACL_MEMCPY_HOST_TO_DEVICE));
    CHECK(aclrtMemcpy((char *)d + 3 * MIB - 1, 2, h, 2, ACL_MEMCPY_HOST_TO_DEVICE), 507899);
    CHECK(aclrtMemcpy(d, 1, h, 2, ACL_MEMCPY_HOST_TO_DEVICE), 107000);
    CHECK(aclrtMemcpy(d, 2, h, 2, ACL_MEMCPY_DEVICE_TO_HOST), 107000);
    OK(aclrtMemset(d, MIB, 9, MIB));
    OK(aclrtMemcpyAsync(h, MIB, (char *)d + MIB - 1, 2, ACL_MEMCPY_DEVICE_TO_HOST, s));
    OK(aclrtSynchronizeStream(s));
    CHECK(((char *)h)[0], 9);
    CHECK(((char *)h)[1], 7);
    size_t left, total;
    OK(aclrtGetMemInfo(ACL_HBM_MEM, &left, &total));
    CHECK(total - left, 3 * MIB);
    CHECK(aclrtSynchronizeStreamWithTimeout(s, 0), 107000);
    double_faults("aclrtMemsetAsync=stall:300");
    OK(aclrtMemsetAsync(d, 8, 1, 8, s));
    CHECK(aclrtSynchronizeStreamWithTimeout(s, 20), 507046);
    OK(aclrtSynchronizeStreamWithTimeout(s, 5000));
    OK(aclrtCreateStream(&t));
    OK(aclrtSetDevice(2));
    CHECK(aclrtMemsetAsync(d, 8, 1, 8, s), 107003);
    CHECK(aclrtDestroyStream(t), 107003);
    OK(aclrtSetDevice(1));
    OK(aclrtDestroyStream(t));
    CHECK(aclrtSynchronizeStream(t), 107017);
    OK(aclrtFreeHost(h));
    CHECK(aclrtFreeHost(h), 107000);
    OK(aclrtFree(d));
    CHECK(aclrtFree(d), 107000);
    CHECK(aclrtMemset(d, 8, 1, 8), 507899);
    CHECK(aclrtDeviceEnablePeerAccess(1, 0), 107000);
    OK(aclrtResetDevice(2));
    OK(aclrtResetDevice(1));
    OK(aclrtResetDevice(1));
    OK(aclrtSetDevice(1));
    CHECK(double_live("contexts"), 2);
    OK(aclrtResetDevice(1));
    OK(aclrtDestroyStream(s));
    OK(aclrtResetDevice(1));
    CHECK(aclrtResetDevice(1), 107002);
    CHECK(aclrtCreateStream(&s), 107002);
    OK(aclFinalize());
    CHECK(aclFinalize(), 100037);
    all_zero();
}

static aclrtPhysicalMemProp prop(int device)
{
    aclrtPhysicalMemProp p = {.memAttr = ACL_HBM_MEM_HUGE, .location = {(uint32_t)device, ACL_MEM_LOCATION_TYPE_DEVICE}};
    return p;
}

/* Maps a handle, checks or writes a byte. */
static void *mapped(aclrtDrvMemHandle handle)
{
    void *va;
    CHECK(aclrtReserveMemAddress(&va, 4 * MIB, 2, NULL, 1), 107000);
    OK(aclrtReserveMemAddress(&va, 4 * MIB, 0, NULL, 1));
    CHECK(aclrtMapMem(va, 2 * MIB, 0, handle, 0), 107000);
    OK(aclrtMapMem(va, 4 * MIB, 0, handle, 0));
    CHECK(aclrtFreePhysical(handle), 507899);
    CHECK(aclrtReleaseMemAddress(va), 507899);
    return va;
}

static void unmapped(void *va, aclrtDrvMemHandle handle)
{
    OK(aclrtUnmapMem(va));
    OK(aclrtReleaseMemAddress(va));
    OK(aclrtFreePhysical(handle));
}

static void vmm(void)
{
    aclrtStream s = begin(rank);
    aclrtPhysicalMemProp p = prop(rank);
    aclrtDrvMemHandle own, peer;
    size_t page;
    OK(aclrtMemGetAllocationGranularity(&p, ACL_RT_MEM_ALLOC_GRANULARITY_MINIMUM, &page));
    CHECK(page, 2 * MIB);
    CHECK(aclrtMallocPhysical(&own, MIB, &p, 0), 107000);
    p.location.id++;
    CHECK(aclrtMallocPhysical(&own, 4 * MIB, &p, 0), 107000);
    p.location.id--;
    OK(aclrtMallocPhysical(&own, 4 * MIB, &p, 0));
    void *va = mapped(own);
    OK(aclrtMemset(va, 4 * MIB, 10 + rank, 4 * MIB));
    uint64_t shareable;
    OK(aclrtMemExportToShareableHandle(own, 0, 0, &shareable));
    CHECK(aclrtMemImportFromShareableHandle(shareable, rank, &peer), 207000);
    OK(aclrtDeviceGetBareTgid(&common->tgid[rank]));
    common->handles[rank] = shareable;
    meet(1);
    int other = (rank + 1) % ranks;
    CHECK(aclrtMemImportFromShareableHandle(common->handles[other], rank, &peer), 507899);
    meet(2);
    OK(aclrtMemSetPidToShareableHandle(shareable, common->tgid, (size_t)ranks));
    meet(3);
    OK(aclrtMemImportFromShareableHandle(common->handles[other], rank, &peer));
    void *theirs = mapped(peer);
    char byte;
    OK(aclrtMemcpy(&byte, 1, (char *)theirs + 4 * MIB - 1, 1, ACL_MEMCPY_DEVICE_TO_HOST));
    CHECK(byte, 10 + other);
    unmapped(theirs, peer);
#if CANN_SPLIT >= 805
    OK(aclrtMemExportToShareableHandleV2(own, 1, ACL_MEM_SHARE_HANDLE_TYPE_FABRIC, &common->fabric[rank]));
    meet(4);
    CHECK(aclrtMemImportFromShareableHandleV2(&common->fabric[rank], ACL_MEM_SHARE_HANDLE_TYPE_FABRIC, 0, &peer), 207000);
    OK(aclrtMemImportFromShareableHandleV2(&common->fabric[other], ACL_MEM_SHARE_HANDLE_TYPE_FABRIC, 0, &peer));
    theirs = mapped(peer);
    OK(aclrtMemset((char *)theirs + rank, 1, 77, 1));
    meet(5);
    OK(aclrtMemcpy(&byte, 1, (char *)va + (rank + ranks - 1) % ranks, 1, ACL_MEMCPY_DEVICE_TO_HOST));
    CHECK(byte, 77);
    unmapped(theirs, peer);
#endif
    meet(6);
    unmapped(va, own);
    end(s, rank);
}

/* Rank 0 frees while rank 1 still maps. */
static void premature(void)
{
    aclrtStream s = begin(rank);
    aclrtDrvMemHandle handle;
    if (rank == 0) {
        aclrtPhysicalMemProp p = prop(0);
        OK(aclrtMallocPhysical(&handle, 4 * MIB, &p, 0));
        OK(aclrtMemExportToShareableHandle(handle, 0, 1, &common->handles[0]));
        meet(1);
        meet(2);
        OK(aclrtFreePhysical(handle));
        meet(3);
        CHECK(double_live("premature_free"), 1);
        CHECK(double_live("violations"), 1);
    } else {
        meet(1);
        OK(aclrtMemImportFromShareableHandle(common->handles[0], 1, &handle));
        void *va = mapped(handle);
        meet(2);
        meet(3);
        OK(aclrtMemset(va, 8, 1, 8));
        unmapped(va, handle);
    }
    OK(aclrtDestroyStream(s));
    OK(aclrtResetDevice(rank));
    CHECK(double_live("physical") + double_live("imported") + double_live("leaked"), 0);
}

#if CANN_SPLIT >= 805
static void ipc(void)
{
    aclrtStream s = begin(rank);
    void *d;
    char byte;
    if (rank == 0) {
        OK(aclrtMalloc(&d, MIB, ACL_MEM_MALLOC_HUGE_FIRST));
        OK(aclrtMemset(d, MIB, 42, MIB));
        CHECK(aclrtIpcMemGetExportKey(d, MIB, common->key, 64, 0), 107000);
        OK(aclrtIpcMemGetExportKey(d, MIB, common->key, 65, 0));
    }
    OK(aclrtDeviceGetBareTgid(&common->tgid[rank]));
    meet(1);
    if (rank == 1) {
        CHECK(aclrtIpcMemImportByKey(&d, common->key, 1), 507899);
    }
    meet(2);
    if (rank == 0) {
        OK(aclrtIpcMemSetImportPid(common->key, &common->tgid[1], 1));
    }
    meet(3);
    if (rank == 1) {
        CHECK(aclrtIpcMemImportByKey(&d, common->key, 0), 507899);
        OK(aclrtIpcMemImportByKey(&d, common->key, 1));
        OK(aclrtMemcpy(&byte, 1, (char *)d + MIB - 1, 1, ACL_MEMCPY_DEVICE_TO_HOST));
        CHECK(byte, 42);
        OK(aclrtIpcMemClose(common->key));
        CHECK(aclrtMemset(d, 1, 1, 1), 507899);
        OK(aclrtDeviceEnablePeerAccess(0, 0));
        OK(aclrtIpcMemImportByKey(&d, common->key, 0));
        OK(aclrtIpcMemClose(common->key));
        double_configure("COMM_DOUBLE_PCIE", "1");
        CHECK(aclrtIpcMemImportByKey(&d, common->key, 1), 507899);
    }
    meet(4);
    if (rank == 0) {
        OK(aclrtIpcMemClose(common->key));
        OK(aclrtFree(d));
    }
    end(s, rank);
}

static void renumbered(void)
{
    setenv("ASCEND_RT_VISIBLE_DEVICES", "4,6", 1);
    aclrtStream s = begin(1);
    CHECK(aclrtSetDevice(2), 107001);
    int32_t id;
    OK(aclrtGetLogicDevIdByUserDevId(1, &id));
    CHECK(id, 6);
    aclrtPhysicalMemProp p = prop(1);
    aclrtDrvMemHandle handle;
    OK(aclrtMallocPhysical(&handle, 4 * MIB, &p, 0));
    void *va = mapped(handle);
    aclrtMemAccessDesc desc = {.flags = ACL_RT_MEM_ACCESS_FLAGS_READWRITE, .location = p.location};
    CHECK(aclrtMemSetAccess(va, 4 * MIB, &desc, 1), 507899);
    desc.location.id = 6;
    OK(aclrtMemSetAccess(va, 4 * MIB, &desc, 1));
    unmapped(va, handle);
    end(s, 1);
}
#endif

static void windows(void)
{
    setenv("HCCL_BUFFSIZE", "1", 1);
    aclrtStream s = begin(rank);
    HcclComm comm = join(), same;
    char name[128];
    OK(HcclGetCommName(comm, name));
    OK(HcomGetCommHandleByGroup(name, &same));
    CHECK(same == comm, 1);
    CommTopo topo;
    OK(HcomGetL0TopoTypeEx(name, &topo, 0));
    struct {
        Mc2InitTilingInner init;
        char inner[280];
    } tiling = {.init = {.version = 99, .mc2HcommCnt = 1, .offset = {64}}};
    void *ctx, *again;
    CHECK(HcclAllocComResourceByTiling(comm, s, &tiling, &ctx), HCCL_E_PARA);
    tiling.init.version = MC2_TILING_VERSION;
    strcpy(tiling.inner + 16, name);
    uint32_t type = MC2_OP_BATCH_WRITE;
    memcpy(tiling.inner + 272, &type, 4);
    CHECK(HcclAllocComResourceByTiling(comm, s, &tiling, &ctx), HCCL_E_PARA);
    strcpy(tiling.inner + 144, "BatchWrite=level0:fullmesh");
    OK(HcclAllocComResourceByTiling(comm, s, &tiling, &ctx));
    OK(HcclAllocComResourceByTiling(comm, s, &tiling, &again));
    CHECK(again == ctx, 1);
    int other = (rank + 1) % ranks;
    uint64_t theirs, own;
    if (topo == COMM_TOPO_910_93) {
        uint64_t size = mc2_a3_size(CANN_SPLIT);
        HcclOpResParam *p = malloc(size + 1);
        CHECK(aclrtMemcpy(p, size + 1, ctx, size + 1, ACL_MEMCPY_DEVICE_TO_HOST), 507899);
        OK(aclrtMemcpy(p, size, ctx, size, ACL_MEMCPY_DEVICE_TO_HOST));
        HcclRankRelationResV2 link;
        OK(aclrtMemcpy(&link, 64, (void *)(uintptr_t)p->remoteRes[other].nextDevicePtr, 64, ACL_MEMCPY_DEVICE_TO_HOST));
        CHECK(link.remoteUsrRankId, other);
        CHECK(p->rankSize, ranks);
        CHECK(p->winSize, MIB);
        theirs = link.windowsIn;
        own = p->localWindowsIn;
        free(p);
    } else {
        CHECK(topo, COMM_TOPO_1DMESH);
        HcclCombinOpParam p;
        OK(aclrtMemcpy(&p, sizeof p, ctx, sizeof p, ACL_MEMCPY_DEVICE_TO_HOST));
        CHECK(p.rankNum, ranks);
        theirs = p.windowsIn[other];
        own = p.windowsIn[rank];
    }
    OK(aclrtMemset((void *)(uintptr_t)theirs, MIB, 50 + rank, MIB));
    OK(HcclBarrier(comm, s));
    OK(aclrtSynchronizeStream(s));
    char byte;
    OK(aclrtMemcpy(&byte, 1, (void *)(uintptr_t)(own + MIB - 1), 1, ACL_MEMCPY_DEVICE_TO_HOST));
    CHECK(byte, 50 + (rank + ranks - 1) % ranks);
    void *d;
    float value = 1.5f + (float)rank, sum = 0;
    OK(aclrtMalloc(&d, 8, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMemcpy(d, 4, &value, 4, ACL_MEMCPY_HOST_TO_DEVICE));
    OK(HcclAllReduce(d, d, 1, HCCL_DATA_TYPE_FP32, HCCL_REDUCE_SUM, comm, s));
    OK(aclrtSynchronizeStream(s));
    OK(aclrtMemcpy(&sum, 4, d, 4, ACL_MEMCPY_DEVICE_TO_HOST));
    CHECK((int)(sum * 2), 3 * ranks + ranks * (ranks - 1));
    OK(aclrtFree(d));
    OK(HcclCommDestroy(comm));
    CHECK(aclrtMemset((void *)(uintptr_t)own, 1, 1, 1), 507899);
    end(s, rank);
}

static void windows_a2(void)
{
    setenv("COMM_DOUBLE_SOC", "Ascend910B1", 1);
    windows();
}

static void joining(void)
{
    setenv("COMM_DOUBLE_CONNECT_SECONDS", "0.4", 1);
    aclrtStream s = begin(rank);
    HcclComm comm;
    if (rank == 0) {
        OK(HcclGetRootInfo(&common->root));
    }
    meet(1);
    if (rank == 0) {
        /* Alone for two ranks. */
        CHECK(HcclCommInitRootInfo(2, &common->root, 0, &comm), HCCL_E_TIMEOUT);
        CHECK(strncmp(aclGetRecentErrMsg(), "EI0006: ", 8), 0);
        HcclRootInfo cut = common->root;
        memset(cut.internal + 4096, 0, 12);
        CHECK(HcclCommInitRootInfo(2, &cut, 0, &comm), HCCL_E_PARA);
    }
    meet(2);
    if (rank == 0) {
        OK(HcclGetRootInfo(&common->root));
    }
    meet(3);
    HcclCommConfig config;
    memset(&config, 0xff, sizeof config);
    memset(&config, 0, 24);
    memset(config.hcclCommName, 0, 256);
    config.hcclOpExpansionMode = 0;
    CHECK(HcclCommInitRootInfoConfig((uint32_t)ranks, &common->root, (uint32_t)rank, &config, &comm), HCCL_E_PARA);
    uint64_t size = 300;
    uint32_t words[2] = {HCCL_COMM_CONFIG_MAGIC_WORD, 5};
    memcpy(config.reserved, &size, 8);
    memcpy(config.reserved + 8, words, 8);
    strcpy(config.hcclCommName, "named");
    setenv("COMM_DOUBLE_CONNECT_SECONDS", "20", 1);
    OK(HcclCommInitRootInfoConfig((uint32_t)ranks, &common->root, (uint32_t)rank, &config, &comm));
    CHECK(HcclCommInitRootInfo((uint32_t)ranks, &common->root, (uint32_t)rank, &comm), HCCL_E_PARA);
    meet(4);
    if (rank == 0) {
        OK(HcclBarrier(comm, s));
        CHECK(HcclCommDestroy(comm), HCCL_E_AGAIN);
        CHECK(aclrtSynchronizeStreamWithTimeout(s, 50), 507046);
    }
    meet(5);
    if (rank != 0) {
        OK(HcclBarrier(comm, s));
    }
    OK(aclrtSynchronizeStreamWithTimeout(s, 10000));
    OK(HcclCommDestroy(comm));
    end(s, rank);
}

/* One rank dies in the middle; the others see a time-out, not a hang, and can clean up. */
static void death(void)
{
    aclrtStream s = begin(rank);
    HcclComm comm = join();
    if (rank == 1) {
        double_faults("HcclBarrier#3=kill");
    }
    OK(HcclBarrier(comm, s));
    OK(HcclBarrier(comm, s));
    OK(HcclBarrier(comm, s));
    CHECK(aclrtSynchronizeStreamWithTimeout(s, 300), 507046);
    OK(aclrtDestroyStreamForce(s));
    OK(HcclCommDestroy(comm));
    OK(aclrtResetDevice(rank));
    all_zero();
}

static void faults(void)
{
    aclrtStream s = begin(0);
    double_faults("aclrtMalloc#2=code:507899; aclrtFree@9=code:1;aclrtGetDevice=code-after:5;aclrtCreateStream=null");
    void *d, *e;
    OK(aclrtMalloc(&d, 8, ACL_MEM_MALLOC_HUGE_FIRST));
    CHECK(aclrtMalloc(&e, 8, ACL_MEM_MALLOC_HUGE_FIRST), 507899);
    CHECK(strstr(aclGetRecentErrMsg(), "aclrtMalloc") != NULL, 1);
    int32_t device = -1;
    CHECK(aclrtGetDevice(&device), 5);
    CHECK(device, 0);
    aclrtStream none = s;
    OK(aclrtCreateStream(&none));
    CHECK(none == NULL, 1);
    double_faults("aclrtMemsetAsync=device:507018");
    OK(aclrtMemsetAsync(d, 8, 1, 8, s));
    CHECK(aclrtSynchronizeStreamWithTimeout(s, 1000), 507018);
    CHECK(aclrtFree(d), 507899);
    CHECK(aclrtSynchronizeStream(s), 507899);
    CHECK(aclrtResetDevice(0), 507899);
    OK(aclrtSynchronizeDeviceWithTimeout(10));
    CHECK(aclrtGetSocName() != NULL, 1);
    OK(aclrtResetDeviceForce(0));
    CHECK(aclrtFree(d), 107002);
    OK(aclFinalize());
    all_zero();
    double_reset();
    CHECK(aclInit(NULL), 0);
    OK(aclrtSetDevice(3));
    OK(aclrtMalloc(&d, 8, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtResetDevice(3));
    CHECK(double_live("leaked"), 1);
}

static void no_directory(void)
{
    unsetenv("COMM_DOUBLE_DIR");
    CHECK(aclInit(NULL), 507899);
    const char *text = aclGetRecentErrMsg();
    CHECK(text != NULL && strstr(text, "COMM_DOUBLE_DIR") != NULL, 1);
}

/* Processes killed at any instruction must leave a state that the survivors can use. */
static void killed(void)
{
    if (rank != 0) {
        aclrtStream s = begin(rank);
        (void)s;
        common->arrived[10]++;
        for (;;) {
            void *d;
            OK(aclrtMalloc(&d, MIB, ACL_MEM_MALLOC_HUGE_FIRST));
            OK(aclrtFree(d));
        }
    }
    aclrtStream s = begin(0);
    for (int i = 0; i < 200; i++) {
        void *d;
        OK(aclrtMalloc(&d, MIB, ACL_MEM_MALLOC_HUGE_FIRST));
        OK(aclrtFree(d));
        usleep(2000);
    }
    size_t left, total;
    OK(aclrtGetMemInfo(ACL_HBM_MEM, &left, &total));
    CHECK(left, total);
    end(s, 0);
}

static int run(const char *name, int n, void (*body)(void), int expected_killed)
{
    char dir[] = "/tmp/double-selftest-XXXXXX";
    if (mkdtemp(dir) == NULL) {
        return 1;
    }
    memset(common, 0, sizeof *common);
    scenario = name;
    ranks = n;
    fflush(NULL);
    pid_t children[8];
    for (rank = 0; rank < n; rank++) {
        if ((children[rank] = fork()) == 0) {
            char text[8];
            snprintf(text, sizeof text, "%d", rank);
            setenv("COMM_RANK", text, 1);
            setenv("COMM_DOUBLE_DIR", dir, 1);
            setenv("COMM_DOUBLE_LOG", "1", 1);
            alarm(100);
            body();
            exit(0);
        }
    }
    if (body == killed) {
        while (common->arrived[10] < n - 1) {
            usleep(1000);
        }
        srand((unsigned)time(NULL));
        for (int i = 1; i < n; i++) {
            usleep((useconds_t)(rand() % 60000));
            kill(children[i], SIGKILL);
        }
    }
    int failed = 0, dead = 0;
    for (int i = 0; i < n; i++) {
        int status;
        waitpid(children[i], &status, 0);
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
            dead++;
        } else if (status != 0) {
            failed = 1;
        }
    }
    failed |= dead != expected_killed;
    printf("%s %s\n", failed ? "FAILED" : "ok    ", name);
    char command[128];
    snprintf(command, sizeof command, failed ? "ls %s; tail -n 3 %s/calls-*" : "rm -rf %s", dir, dir);
    return system(command) != 0 || failed;
}

/* Every function has to obey a fault before it looks at its arguments, so it can be called without any. */
static int every_function(int n, char **names)
{
    int failed = 0;
    char dir[] = "/tmp/double-selftest-XXXXXX";
    setenv("COMM_DOUBLE_DIR", mkdtemp(dir), 1);
    for (int i = 0; i < n; i++) {
        char fault[128];
        snprintf(fault, sizeof fault, "%s=code:4711", names[i]);
        double_faults(fault);
        long (*function)(long, long, long, long, long, long) =
            (long (*)(long, long, long, long, long, long))dlsym(RTLD_DEFAULT, names[i]);
        long code = function == NULL ? -1 : (int)function(0, 0, 0, 0, 0, 0);
        bool text = strcmp(names[i], "aclGetRecentErrMsg") == 0 || strcmp(names[i], "aclrtGetSocName") == 0 ||
                    strcmp(names[i], "HcclGetErrorString") == 0;
        if (code != (text ? 0 : 4711)) {
            printf("FAILED fault of %s: %ld\n", names[i], code);
            failed = 1;
        }
    }
    printf("%s a fault in each of %d functions\n", failed ? "FAILED" : "ok    ", n);
    double_reset();
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command) != 0 || failed;
}

int main(int argc, char **argv)
{
    common = mmap(NULL, sizeof *common, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int failed = 0;
    failed |= run("no directory", 1, no_directory, 0);
    failed |= run("basics", 1, basics, 0);
    failed |= run("vmm", 3, vmm, 0);
    failed |= run("premature free", 2, premature, 0);
#if CANN_SPLIT >= 805
    failed |= run("ipc", 2, ipc, 0);
    failed |= run("renumbered devices", 1, renumbered, 0);
#endif
    failed |= run("windows on A3", 3, windows, 0);
    failed |= run("windows on A2", 2, windows_a2, 0);
    failed |= run("joining", 3, joining, 0);
    failed |= run("death in a barrier", 3, death, 1);
    failed |= run("faults", 1, faults, 0);
    failed |= run("killed anywhere", 8, killed, 7);
    failed |= every_function(argc - 1, argv + 1);
    return failed;
}
