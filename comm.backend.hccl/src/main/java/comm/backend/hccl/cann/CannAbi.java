package comm.backend.hccl.cann;

import java.util.ArrayList;
import java.util.List;

/**
 * What CANN's headers fix and this backend relies on: sizes, offsets and values. Whatever touches a
 * native structure takes them from here; a test compares each with headers. {@link CannFunction}
 * has the functions.
 *
 * <p>All of it holds for CANN 8.1 to 9.2, on x86-64 and AArch64.
 */
public final class CannAbi {

  /** Which headers define something. */
  enum Header {
    /** {@code acl/acl.h} */
    ACL,
    /** {@code hccl/hccl.h} */
    HCCL,
    /** Not published with CANN; read from its sources. */
    PRIVATE
  }

  /**
   * A macro or an enumerator.
   *
   * @param header where it is defined
   * @param name its name there
   * @param value its value
   */
  record Constant(Header header, String name, long value) {}

  private static final List<Constant> CONSTANTS = new ArrayList<>();
  private static final List<Struct> ACL_STRUCTS = new ArrayList<>();
  private static final List<Struct> HCCL_STRUCTS = new ArrayList<>();
  private static final List<Struct> PRIVATE_STRUCTS = new ArrayList<>();

  // Codes that decide what is done next; AclCode and HcclCode explain all
  public static final int ACL_ERROR_BAD_ALLOC = acl("ACL_ERROR_BAD_ALLOC", 200000);
  public static final int ACL_ERROR_API_NOT_SUPPORT = acl("ACL_ERROR_API_NOT_SUPPORT", 200001);
  public static final int ACL_ERROR_RT_FEATURE_NOT_SUPPORT =
      acl("ACL_ERROR_RT_FEATURE_NOT_SUPPORT", 207000);
  public static final int ACL_ERROR_RT_MEMORY_ALLOCATION =
      acl("ACL_ERROR_RT_MEMORY_ALLOCATION", 207001);
  public static final int ACL_ERROR_RT_DEVICE_OOM = acl("ACL_ERROR_RT_DEVICE_OOM", 207018);
  public static final int ACL_ERROR_RT_STREAM_SYNC_TIMEOUT =
      acl("ACL_ERROR_RT_STREAM_SYNC_TIMEOUT", 507046);
  public static final int ACL_ERROR_RT_DRV_INTERNAL_ERROR =
      acl("ACL_ERROR_RT_DRV_INTERNAL_ERROR", 507899);
  public static final int HCCL_E_NOT_SUPPORT = hccl("HCCL_E_NOT_SUPPORT", 5);
  public static final int HCCL_E_AGAIN = hccl("HCCL_E_AGAIN", 20);

  // Copying: the last argument of aclrtMemcpy
  public static final int ACL_MEMCPY_HOST_TO_DEVICE = acl("ACL_MEMCPY_HOST_TO_DEVICE", 1);
  public static final int ACL_MEMCPY_DEVICE_TO_HOST = acl("ACL_MEMCPY_DEVICE_TO_HOST", 2);

  // Policies of aclrtMalloc
  public static final int ACL_MEM_MALLOC_HUGE_FIRST = acl("ACL_MEM_MALLOC_HUGE_FIRST", 0);
  public static final int ACL_MEM_MALLOC_HUGE_FIRST_P2P = acl("ACL_MEM_MALLOC_HUGE_FIRST_P2P", 3);

  // Kinds of device memory, for aclrtGetMemInfo and aclrtMallocPhysical
  public static final int ACL_HBM_MEM = acl("ACL_HBM_MEM", 1);
  public static final int ACL_HBM_MEM_HUGE = acl("ACL_HBM_MEM_HUGE", 4);
  public static final int ACL_HBM_MEM_NORMAL = acl("ACL_HBM_MEM_NORMAL", 5);

  // Physical memory, its handles and its addresses
  static final int ACL_MEM_HANDLE_TYPE_NONE = acl("ACL_MEM_HANDLE_TYPE_NONE", 0);
  static final int ACL_MEM_ALLOCATION_TYPE_PINNED = acl("ACL_MEM_ALLOCATION_TYPE_PINNED", 0);
  static final int ACL_MEM_LOCATION_TYPE_DEVICE = acl("ACL_MEM_LOCATION_TYPE_DEVICE", 1);
  static final int ACL_MEM_SHARE_HANDLE_TYPE_FABRIC = acl("ACL_MEM_SHARE_HANDLE_TYPE_FABRIC", 2);
  public static final int ACL_RT_MEM_ALLOC_GRANULARITY_MINIMUM =
      acl("ACL_RT_MEM_ALLOC_GRANULARITY_MINIMUM", 0);
  public static final int ACL_RT_MEM_ALLOC_GRANULARITY_RECOMMENDED =
      acl("ACL_RT_MEM_ALLOC_GRANULARITY_RECOMMENDED", 1);
  public static final long ACL_RT_VMM_EXPORT_FLAG_DEFAULT =
      acl("ACL_RT_VMM_EXPORT_FLAG_DEFAULT", 0);
  public static final long ACL_RT_VMM_EXPORT_FLAG_DISABLE_PID_VALIDATION =
      acl("ACL_RT_VMM_EXPORT_FLAG_DISABLE_PID_VALIDATION", 1);
  public static final long ACL_RT_IPC_MEM_EXPORT_FLAG_DISABLE_PID_VALIDATION =
      acl("ACL_RT_IPC_MEM_EXPORT_FLAG_DISABLE_PID_VALIDATION", 1);
  public static final long ACL_RT_IPC_MEM_IMPORT_FLAG_ENABLE_PEER_ACCESS =
      acl("ACL_RT_IPC_MEM_IMPORT_FLAG_ENABLE_PEER_ACCESS", 1);

  /** Pages of a reserved range of addresses; no header has a name for these in every version. */
  public static final long NORMAL_PAGE_TYPE = hidden("NORMAL_PAGE_TYPE", 0);

  public static final long HUGE_PAGE_TYPE = hidden("HUGE_PAGE_TYPE", 1);

  /** Bytes of a key of aclrtIpcMemGetExportKey, its zero byte included; no header names it. */
  public static final int IPC_KEY_BYTES = hidden("IPC_KEY_BYTES", 65);

  // Communicators
  public static final int HCCL_ROOT_INFO_BYTES = hccl("HCCL_ROOT_INFO_BYTES", 4108);
  static final int COMM_NAME_MAX_LENGTH = hccl("COMM_NAME_MAX_LENGTH", 128);
  static final int HCCL_COMM_CONFIG_MAGIC_WORD = hccl("HCCL_COMM_CONFIG_MAGIC_WORD", 0xf0f0f0f0);
  static final int HCCL_COMM_CONFIG_NOT_SET = hccl("HCCL_COMM_BUFFSIZE_CONFIG_NOT_SET", 0xffffffff);

  /** The oldest form, of 8.1: every later library takes it, and reads no further than its size. */
  static final int COMM_CONFIG_VERSION = hidden("COMM_CONFIG_VERSION", 5);

  // Topologies of HcomGetL0TopoTypeEx
  public static final int COMM_TOPO_1DMESH = hidden("COMM_TOPO_1DMESH", 1);
  public static final int COMM_TOPO_910_93 = hidden("COMM_TOPO_910_93", 2);

  // MC2: what a kernel that communicates by itself is prepared with
  static final int DEV_TYPE_910B = hidden("DEV_TYPE_910B", 2);
  static final int DEV_TYPE_910_93 = hidden("DEV_TYPE_910_93", 4);
  static final int INIT_TILING_VERSION = hidden("INIT_TILING_VERSION", 100);
  static final int INNER_TILING_VERSION = hidden("INNER_TILING_VERSION", 1);
  static final int MC2_COMM_BLOCKS = hidden("MC2_COMM_BLOCKS", 48);
  static final int HCCL_CMD_BATCH_WRITE = hidden("HCCL_CMD_BATCH_WRITE", 18);
  static final int COMM_ENGINE_AICPU_TS = hidden("COMM_ENGINE_AICPU_TS", 3);

  /** Ranks in the context of a 910B. */
  static final int MC2_RANK_NUM = hidden("RANK_NUM", 32);

  /** Ranks in the context of a 910_93. */
  static final int AICPU_MAX_RANK_NUM = hidden("AICPU_MAX_RANK_NUM", 131072);

  // aclrtMemLocation lies in aclrtPhysicalMemProp at 12
  static final Struct MEM_LOCATION = whole(ACL_STRUCTS, "aclrtMemLocation", 8);
  static final Field LOCATION_ID = MEM_LOCATION.field("id", 0, 4);
  static final Field LOCATION_TYPE = MEM_LOCATION.field("type", 4, 4);

  static final Struct PHYSICAL_MEM_PROP = whole(ACL_STRUCTS, "aclrtPhysicalMemProp", 32);
  static final Field PROP_HANDLE_TYPE = PHYSICAL_MEM_PROP.field("handleType", 0, 4);
  static final Field PROP_ALLOCATION_TYPE = PHYSICAL_MEM_PROP.field("allocationType", 4, 4);
  static final Field PROP_MEM_ATTR = PHYSICAL_MEM_PROP.field("memAttr", 8, 4);
  static final Field PROP_LOCATION_ID = PHYSICAL_MEM_PROP.field("location.id", 12, 4);
  static final Field PROP_LOCATION_TYPE = PHYSICAL_MEM_PROP.field("location.type", 16, 4);

  /** Opaque; from CANN 8.5 on. */
  static final Struct FABRIC_HANDLE = whole(ACL_STRUCTS, "aclrtMemFabricHandle", 128);

  static final Struct ROOT_INFO = whole(HCCL_STRUCTS, "HcclRootInfo", HCCL_ROOT_INFO_BYTES);

  static final Struct COMM_CONFIG = part(HCCL_STRUCTS, "HcclCommConfig", 300);

  /** In the headers {@code reserved[24]}; inside it is a size, a magic word and a version. */
  static final Field CONFIG_INFO = COMM_CONFIG.field("reserved", 0, 24);

  static final Field CONFIG_BUFFER_SIZE = COMM_CONFIG.field("hcclBufferSize", 24, 4);
  static final Field CONFIG_DETERMINISTIC = COMM_CONFIG.field("hcclDeterministic", 28, 4);
  static final Field CONFIG_COMM_NAME = COMM_CONFIG.field("hcclCommName", 32, 128);
  static final Field CONFIG_UDI = COMM_CONFIG.field("hcclUdi", 160, 128);
  static final Field CONFIG_EXPANSION_MODE = COMM_CONFIG.field("hcclOpExpansionMode", 288, 4);
  static final Field CONFIG_TRAFFIC_CLASS = COMM_CONFIG.field("hcclRdmaTrafficClass", 292, 4);
  static final Field CONFIG_SERVICE_LEVEL = COMM_CONFIG.field("hcclRdmaServiceLevel", 296, 4);

  /** What lies in {@link #CONFIG_INFO}; the headers give it no type. */
  static final Struct COMM_CONFIG_INFO = new Struct("reserved of HcclCommConfig", 24, true);

  static final Field INFO_SIZE = COMM_CONFIG_INFO.field("size", 0, 8);
  static final Field INFO_MAGIC = COMM_CONFIG_INFO.field("magic", 8, 4);
  static final Field INFO_VERSION = COMM_CONFIG_INFO.field("version", 12, 4);

  static final Struct INIT_TILING = whole(PRIVATE_STRUCTS, "Mc2InitTilingInner", 64);
  static final Field TILING_VERSION = INIT_TILING.field("version", 0, 4);
  static final Field TILING_COMMS = INIT_TILING.field("mc2HcommCnt", 4, 4);
  static final Field TILING_OFFSETS = INIT_TILING.field("offset", 8, 32);
  static final Field TILING_COMM_BLOCKS = INIT_TILING.field("commBlockNum", 44, 2);
  static final Field TILING_DEV_TYPE = INIT_TILING.field("devType", 46, 1);

  /** 280 bytes in 8.1; from 8.5 on 512, of which what is behind 280 is reserved. */
  static final Struct CC_TILING = part(PRIVATE_STRUCTS, "Mc2CcTilingInner", 280);

  static final Field CC_VERSION = CC_TILING.field("version", 3, 1);
  static final Field CC_COMM_ENGINE = CC_TILING.field("commEngine", 13, 1);
  static final Field CC_GROUP_NAME = CC_TILING.field("groupName", 16, 128);
  static final Field CC_ALG_CONFIG = CC_TILING.field("algConfig", 144, 128);
  static final Field CC_OP_TYPE = CC_TILING.field("opType", 272, 4);
  static final Field CC_REDUCE_TYPE = CC_TILING.field("reduceType", 276, 4);
  static final int CC_TILING_LONGEST = hidden("CC_TILING_LONGEST", 512);

  static final Struct REMOTE_RES_PTR = whole(PRIVATE_STRUCTS, "RemoteResPtr", 16);
  static final Field REMOTE_HOST_PTR = REMOTE_RES_PTR.field("nextHostPtr", 0, 8);
  static final Field REMOTE_DEVICE_PTR = REMOTE_RES_PTR.field("nextDevicePtr", 8, 8);

  static final Struct RANK_RELATION = whole(PRIVATE_STRUCTS, "HcclRankRelationResV2", 64);
  static final Field RELATION_USER_RANK = RANK_RELATION.field("remoteUsrRankId", 0, 4);
  static final Field RELATION_WORLD_RANK = RANK_RELATION.field("remoteWorldRank", 4, 4);
  static final Field RELATION_WINDOWS_IN = RANK_RELATION.field("windowsIn", 8, 8);
  static final Field RELATION_WINDOWS_OUT = RANK_RELATION.field("windowsOut", 16, 8);

  /** The context of a 910_93; behind it lies one {@link #REMOTE_RES_PTR} a rank. */
  static final Struct OP_RES_PARAM = part(PRIVATE_STRUCTS, "HcclOpResParam", 2984);

  static final Field OP_WORK_SPACE = OP_RES_PARAM.field("mc2WorkSpace.workSpace", 0, 8);
  static final Field OP_WORK_SPACE_SIZE = OP_RES_PARAM.field("mc2WorkSpace.workSpaceSize", 8, 8);
  static final Field OP_RANK = OP_RES_PARAM.field("localUsrRankId", 16, 4);
  static final Field OP_RANK_SIZE = OP_RES_PARAM.field("rankSize", 20, 4);
  static final Field OP_WIN_SIZE = OP_RES_PARAM.field("winSize", 24, 8);
  static final Field OP_WINDOWS_IN = OP_RES_PARAM.field("localWindowsIn", 32, 8);
  static final Field OP_WINDOWS_OUT = OP_RES_PARAM.field("localWindowsOut", 40, 8);
  static final int OP_REMOTE_RES = hidden("offsetof(HcclOpResParam, remoteRes)", 2984);

  /** The context of a 910B. */
  static final Struct COMBIN_OP_PARAM = part(PRIVATE_STRUCTS, "HcclCombinOpParam", 544);

  static final Field COMBIN_WORK_SPACE = COMBIN_OP_PARAM.field("mc2WorkSpace.workSpace", 0, 8);
  static final Field COMBIN_WORK_SPACE_SIZE =
      COMBIN_OP_PARAM.field("mc2WorkSpace.workSpaceSize", 8, 8);
  static final Field COMBIN_RANK = COMBIN_OP_PARAM.field("rankId", 16, 4);
  static final Field COMBIN_RANK_NUM = COMBIN_OP_PARAM.field("rankNum", 20, 4);
  static final Field COMBIN_WIN_SIZE = COMBIN_OP_PARAM.field("winSize", 24, 8);
  static final Field COMBIN_WINDOWS_IN = COMBIN_OP_PARAM.field("windowsIn", 32, 256);
  static final Field COMBIN_WINDOWS_OUT = COMBIN_OP_PARAM.field("windowsOut", 288, 256);

  private CannAbi() {}

  private static int acl(String name, int value) {
    CONSTANTS.add(new Constant(Header.ACL, name, value));
    return value;
  }

  private static int hccl(String name, int value) {
    // macros of 32 bits without a sign
    CONSTANTS.add(new Constant(Header.HCCL, name, Integer.toUnsignedLong(value)));
    return value;
  }

  private static int hidden(String name, int value) {
    CONSTANTS.add(new Constant(Header.PRIVATE, name, value));
    return value;
  }

  private static Struct whole(List<Struct> header, String name, int size) {
    return added(header, new Struct(name, size, true));
  }

  private static Struct part(List<Struct> header, String name, int size) {
    return added(header, new Struct(name, size, false));
  }

  private static Struct added(List<Struct> header, Struct struct) {
    header.add(struct);
    return struct;
  }

  static List<Constant> constants() {
    return List.copyOf(CONSTANTS);
  }

  static List<Struct> structs(Header header) {
    return switch (header) {
      case ACL -> List.copyOf(ACL_STRUCTS);
      case HCCL -> List.copyOf(HCCL_STRUCTS);
      case PRIVATE -> List.copyOf(PRIVATE_STRUCTS);
    };
  }
}
