package comm.backend.hccl.cann;

/**
 * Every native function that is called, as the headers declare it. A declaration never changed
 * between the version that first had it and the last one read (9.2), so that one table is enough.
 */
enum CannFunction {
  ACL_INIT("aclError aclInit(const char *configPath)"),
  ACL_FINALIZE("aclError aclFinalize()"),
  ACL_FINALIZE_REFERENCE("aclError aclFinalizeReference(uint64_t *refCount)", Since.CANN_8_5),
  ACL_GET_RECENT_ERR_MSG("const char *aclGetRecentErrMsg()"),
  GET_VERSION(
      "aclError aclrtGetVersion(int32_t *majorVersion, int32_t *minorVersion,"
          + " int32_t *patchVersion)"),
  GET_DEVICE_COUNT("aclError aclrtGetDeviceCount(uint32_t *count)"),
  SET_DEVICE("aclError aclrtSetDevice(int32_t deviceId)"),
  RESET_DEVICE("aclError aclrtResetDevice(int32_t deviceId)"),
  RESET_DEVICE_FORCE("aclError aclrtResetDeviceForce(int32_t deviceId)"),
  GET_SOC_NAME("const char *aclrtGetSocName()"),
  CREATE_STREAM("aclError aclrtCreateStream(aclrtStream *stream)"),
  DESTROY_STREAM("aclError aclrtDestroyStream(aclrtStream stream)"),
  DESTROY_STREAM_FORCE("aclError aclrtDestroyStreamForce(aclrtStream stream)"),
  SYNCHRONIZE_STREAM(
      "aclError aclrtSynchronizeStreamWithTimeout(aclrtStream stream, int32_t timeout)"),
  MALLOC("aclError aclrtMalloc(void **devPtr, size_t size, aclrtMemMallocPolicy policy)"),
  FREE("aclError aclrtFree(void *devPtr)"),
  MALLOC_HOST("aclError aclrtMallocHost(void **hostPtr, size_t size)"),
  FREE_HOST("aclError aclrtFreeHost(void *hostPtr)"),
  MEMCPY(
      "aclError aclrtMemcpy(void *dst, size_t destMax, const void *src, size_t count,"
          + " aclrtMemcpyKind kind)"),
  MEMSET("aclError aclrtMemset(void *devPtr, size_t maxCount, int32_t value, size_t count)"),
  GET_MEM_INFO("aclError aclrtGetMemInfo(aclrtMemAttr attr, size_t *free, size_t *total)"),
  GET_GRANULARITY(
      "aclError aclrtMemGetAllocationGranularity(aclrtPhysicalMemProp *prop,"
          + " aclrtMemGranularityOptions option, size_t *granularity)"),
  MALLOC_PHYSICAL(
      "aclError aclrtMallocPhysical(aclrtDrvMemHandle *handle, size_t size,"
          + " const aclrtPhysicalMemProp *prop, uint64_t flags)"),
  FREE_PHYSICAL("aclError aclrtFreePhysical(aclrtDrvMemHandle handle)"),
  RESERVE(
      "aclError aclrtReserveMemAddress(void **virPtr, size_t size, size_t alignment,"
          + " void *expectPtr, uint64_t flags)"),
  RELEASE("aclError aclrtReleaseMemAddress(void *virPtr)"),
  MAP(
      "aclError aclrtMapMem(void *virPtr, size_t size, size_t offset, aclrtDrvMemHandle handle,"
          + " uint64_t flags)"),
  UNMAP("aclError aclrtUnmapMem(void *virPtr)"),
  EXPORT(
      "aclError aclrtMemExportToShareableHandle(aclrtDrvMemHandle handle,"
          + " aclrtMemHandleType handleType, uint64_t flags, uint64_t *shareableHandle)"),
  IMPORT(
      "aclError aclrtMemImportFromShareableHandle(uint64_t shareableHandle, int32_t deviceId,"
          + " aclrtDrvMemHandle *handle)"),
  ALLOW_PIDS(
      "aclError aclrtMemSetPidToShareableHandle(uint64_t shareableHandle, int32_t *pid,"
          + " size_t pidNum)"),
  EXPORT_V2(
      "aclError aclrtMemExportToShareableHandleV2(aclrtDrvMemHandle handle, uint64_t flags,"
          + " aclrtMemSharedHandleType shareType, void *shareableHandle)",
      Since.CANN_8_5),
  IMPORT_V2(
      "aclError aclrtMemImportFromShareableHandleV2(void *shareableHandle,"
          + " aclrtMemSharedHandleType shareType, uint64_t flags, aclrtDrvMemHandle *handle)",
      Since.CANN_8_5),
  GET_BARE_TGID("aclError aclrtDeviceGetBareTgid(int32_t *pid)"),
  ENABLE_PEER_ACCESS("aclError aclrtDeviceEnablePeerAccess(int32_t peerDeviceId, uint32_t flags)"),
  IPC_EXPORT(
      "aclError aclrtIpcMemGetExportKey(void *devPtr, size_t size, char *key, size_t len,"
          + " uint64_t flags)",
      Since.CANN_8_5),
  IPC_IMPORT(
      "aclError aclrtIpcMemImportByKey(void **devPtr, const char *key, uint64_t flags)",
      Since.CANN_8_5),
  IPC_CLOSE("aclError aclrtIpcMemClose(const char *key)", Since.CANN_8_5),

  GET_ROOT_INFO("HcclResult HcclGetRootInfo(HcclRootInfo *rootInfo)"),
  COMM_INIT(
      "HcclResult HcclCommInitRootInfo(uint32_t nRanks, const HcclRootInfo *rootInfo,"
          + " uint32_t rank, HcclComm *comm)"),
  COMM_INIT_CONFIG(
      "HcclResult HcclCommInitRootInfoConfig(uint32_t nRanks, const HcclRootInfo *rootInfo,"
          + " uint32_t rank, const HcclCommConfig *config, HcclComm *comm)",
      Since.CANN_8_1_OPTIONAL),
  COMM_DESTROY("HcclResult HcclCommDestroy(HcclComm comm)"),
  BARRIER("HcclResult HcclBarrier(HcclComm comm, aclrtStream stream)"),
  COMM_NAME("HcclResult HcclGetCommName(HcclComm comm, char *commName)"),
  COMM_BY_GROUP(
      "HcclResult HcomGetCommHandleByGroup(const char *group, HcclComm *commHandle)",
      Since.CANN_8_1_OPTIONAL),
  COMM_BY_NAME(
      "HcclResult HcclCommGetHandleWithName(const char *commName, HcclComm *comm)", Since.CANN_9_0),
  TOPOLOGY(
      "HcclResult HcomGetL0TopoTypeEx(const char *group, CommTopo *topoType, uint32_t flag)",
      Since.CANN_8_1_OPTIONAL),
  ALLOC_COM_RESOURCE(
      "HcclResult HcclAllocComResourceByTiling(HcclComm comm, void *stream, void *Mc2Tiling,"
          + " void **commContext)",
      Since.CANN_8_1_OPTIONAL);

  /** In which version a function first was, and whether the backend can do without it. */
  private enum Since {
    CANN_8_1("8.1.RC1", true),
    CANN_8_1_OPTIONAL("8.1.RC1", false),
    CANN_8_5("8.5.0", false),
    CANN_9_0("9.0.0", false);

    private final String version;
    private final boolean required;

    Since(String version, boolean required) {
      this.version = version;
      this.required = required;
    }
  }

  private final String prototype;
  private final String symbol;
  private final Since since;

  CannFunction(String prototype) {
    this(prototype, Since.CANN_8_1);
  }

  CannFunction(String prototype, Since since) {
    this.prototype = prototype;
    String head = prototype.substring(0, prototype.indexOf('('));
    this.symbol = head.substring(Math.max(head.lastIndexOf(' '), head.lastIndexOf('*')) + 1);
    this.since = since;
  }

  /** The name that is looked up. */
  String symbol() {
    return symbol;
  }

  /** The declaration in C, without its semicolon. */
  String prototype() {
    return prototype;
  }

  Family family() {
    return familyOf(symbol);
  }

  static Family familyOf(String symbol) {
    return symbol.startsWith("acl") ? Family.ACL : Family.HCCL;
  }

  /** The first CANN version that has it, as far as public headers and libraries tell. */
  String since() {
    return since.version;
  }

  /** Whether the backend needs it in any case; what isn't required has a way around it. */
  boolean required() {
    return since.required;
  }
}
