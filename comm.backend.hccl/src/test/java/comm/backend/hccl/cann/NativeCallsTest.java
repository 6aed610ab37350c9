package comm.backend.hccl.cann;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Every method against a library that tells what it was called with. */
class NativeCallsTest {

  private static final PhysicalMemory MEMORY = new PhysicalMemory(CannAbi.ACL_HBM_MEM_HUGE, 7);
  private static final long ADDRESS = 0x1234_5678_9abcL;
  private static final long BIG = 5_000_000_000L;
  private static final byte[] KEY = Arrays.copyOf(CText.bytes("key"), CannAbi.IPC_KEY_BYTES);

  @TempDir private Path home;

  /** What the function says it was called with. */
  private static String told(Executable call) {
    return assertThrows(CannException.class, call).text();
  }

  @Test
  void acl_gets_each_argument_in_its_place() throws IOException, InterruptedException {
    Acl acl = Compiler.recorder(home, 507899).acl();
    byte[] fabric = new byte[128];
    fabric[0] = 1;
    fabric[127] = 2;
    List<String> told = new ArrayList<>();
    for (Executable call :
        List.<Executable>of(
            acl::init,
            acl::finalizeAcl,
            acl::version,
            acl::deviceCount,
            () -> acl.setDevice(3),
            () -> acl.resetDevice(3),
            () -> acl.resetDeviceForce(3),
            acl::createStream,
            () -> acl.destroyStream(ADDRESS),
            () -> acl.destroyStreamForce(ADDRESS),
            () -> acl.synchronizeStream(ADDRESS, -1),
            () -> acl.malloc(BIG, CannAbi.ACL_MEM_MALLOC_HUGE_FIRST_P2P),
            () -> acl.free(ADDRESS),
            () -> acl.mallocHost(BIG),
            () -> acl.freeHost(ADDRESS),
            () -> acl.memcpy(ADDRESS, BIG, 16, 8, CannAbi.ACL_MEMCPY_DEVICE_TO_HOST),
            () -> acl.memset(ADDRESS, BIG, -1, 8),
            () -> acl.memInfo(CannAbi.ACL_HBM_MEM),
            () -> acl.granularity(MEMORY, CannAbi.ACL_RT_MEM_ALLOC_GRANULARITY_RECOMMENDED),
            () -> acl.mallocPhysical(BIG, MEMORY),
            () -> acl.freePhysical(ADDRESS),
            () -> acl.reserve(BIG, CannAbi.HUGE_PAGE_TYPE),
            () -> acl.release(ADDRESS),
            () -> acl.map(ADDRESS, BIG, 16, 32),
            () -> acl.unmap(ADDRESS),
            () ->
                acl.exportShareable(ADDRESS, CannAbi.ACL_RT_VMM_EXPORT_FLAG_DISABLE_PID_VALIDATION),
            () -> acl.importShareable(-2, 3),
            () -> acl.allowPids(-2, new int[] {10, 11}),
            () -> acl.exportFabric(ADDRESS, CannAbi.ACL_RT_VMM_EXPORT_FLAG_DISABLE_PID_VALIDATION),
            () -> acl.importFabric(fabric),
            acl::bareTgid,
            () -> acl.enablePeerAccess(4),
            () ->
                acl.ipcExport(
                    ADDRESS, BIG, CannAbi.ACL_RT_IPC_MEM_EXPORT_FLAG_DISABLE_PID_VALIDATION),
            () -> acl.ipcImport(KEY, CannAbi.ACL_RT_IPC_MEM_IMPORT_FLAG_ENABLE_PEER_ACCESS),
            () -> acl.ipcClose(KEY))) {
      told.add(told(call));
    }

    assertEquals(
        """
        aclInit (nil)
        aclFinalize
        aclrtGetVersion
        aclrtGetDeviceCount
        aclrtSetDevice 3
        aclrtResetDevice 3
        aclrtResetDeviceForce 3
        aclrtCreateStream
        aclrtDestroyStream 0x123456789abc
        aclrtDestroyStreamForce 0x123456789abc
        aclrtSynchronizeStreamWithTimeout 0x123456789abc -1
        aclrtMalloc 5000000000 3
        aclrtFree 0x123456789abc
        aclrtMallocHost 5000000000
        aclrtFreeHost 0x123456789abc
        aclrtMemcpy 0x123456789abc 5000000000 0x10 8 2
        aclrtMemset 0x123456789abc 5000000000 -1 8
        aclrtGetMemInfo 1
        aclrtMemGetAllocationGranularity {0 0 4 {7 1} 0} 1
        aclrtMallocPhysical 5000000000 {0 0 4 {7 1} 0} 0
        aclrtFreePhysical 0x123456789abc
        aclrtReserveMemAddress 5000000000 0 (nil) 1
        aclrtReleaseMemAddress 0x123456789abc
        aclrtMapMem 0x123456789abc 5000000000 16 0x20 0
        aclrtUnmapMem 0x123456789abc
        aclrtMemExportToShareableHandle 0x123456789abc 0 1
        aclrtMemImportFromShareableHandle fffffffffffffffe 3
        aclrtMemSetPidToShareableHandle fffffffffffffffe {10 11} 2
        aclrtMemExportToShareableHandleV2 0x123456789abc 1 2
        aclrtMemImportFromShareableHandleV2 {1 2} 2 0
        aclrtDeviceGetBareTgid
        aclrtDeviceEnablePeerAccess 4 0
        aclrtIpcMemGetExportKey 0x123456789abc 5000000000 65 1
        aclrtIpcMemImportByKey key 1
        aclrtIpcMemClose key"""
            .lines()
            .toList(),
        told);
  }

  @Test
  void acl_gives_what_the_library_gave() throws IOException, InterruptedException, CannException {
    Acl acl = Compiler.recorder(home, 0).acl();

    assertTrue(acl.init());
    assertArrayEquals(new int[] {1, 17, 3}, acl.version());
    assertEquals(Optional.of("Ascend910_9392"), acl.socName());
    assertEquals(8, acl.deviceCount());
    assertEquals(0x1_0000_0001L, acl.createStream());
    assertEquals(0x1_0000_0002L, acl.malloc(8, 0));
    assertEquals(0x1_0000_0003L, acl.mallocHost(8));
    assertArrayEquals(new long[] {1L << 35, 1L << 36}, acl.memInfo(0));
    assertEquals(2 << 20, acl.granularity(MEMORY, 0));
    assertEquals(0x1_0000_0004L, acl.mallocPhysical(8, MEMORY));
    assertEquals(0x1_0000_0005L, acl.reserve(8, 0));
    assertEquals(0x8000_0000_0000_0006L, acl.exportShareable(1, 0));
    assertEquals(0x1_0000_0007L, acl.importShareable(1, 0));
    byte[] fabric = acl.exportFabric(1, 0);
    assertEquals((byte) 0xa5, fabric[127]);
    assertEquals(0x1_0000_0008L, acl.importFabric(fabric));
    assertEquals(4711, acl.bareTgid());
    byte[] key = acl.ipcExport(1, 1, 0);
    assertEquals('k', key[63]);
    assertEquals(0x1_0000_0009L, acl.ipcImport(key, 0));
  }

  @Test
  void hccl_gets_each_argument_in_its_place() throws IOException, InterruptedException {
    Hccl hccl = Compiler.recorder(home, 4).hccl();
    byte[] rootInfo = new byte[CannAbi.HCCL_ROOT_INFO_BYTES];
    rootInfo[4107] = 9;
    CommSettings settings = new CommSettings(OptionalInt.of(64), Optional.of("world"));
    byte[] tiling = new Tiling("world", Tiling.FULL_MESH, CannAbi.COMM_TOPO_910_93).encode();
    List<String> told = new ArrayList<>();
    for (Executable call :
        List.<Executable>of(
            hccl::getRootInfo,
            () -> hccl.commInit(4, rootInfo, 3, settings),
            () -> hccl.commInit(4, rootInfo, 3, CommSettings.DEFAULTS),
            () -> hccl.commDestroy(ADDRESS),
            () -> hccl.barrier(ADDRESS, 16),
            () -> hccl.commName(ADDRESS),
            () -> hccl.commByGroup("world"),
            () -> hccl.topology("world"),
            () -> hccl.allocComResource(ADDRESS, 16, tiling))) {
      told.add(told(call));
    }

    assertEquals(
        """
        HcclGetRootInfo
        HcclCommInitRootInfoConfig 4 {9} 3 {300 0 f0f0f0f0 5 64 world}
        HcclCommInitRootInfoConfig 4 {9} 3 {300 0 f0f0f0f0 5 -1 }
        HcclCommDestroy 0x123456789abc
        HcclBarrier 0x123456789abc 0x10
        HcclGetCommName 0x123456789abc
        HcclCommGetHandleWithName world
        HcomGetL0TopoTypeEx world 0
        HcclAllocComResourceByTiling 0x123456789abc 0x10 {100}"""
            .lines()
            .map(String::strip)
            .toList(),
        told);
  }

  @Test
  void hccl_gives_what_the_library_gave() throws IOException, InterruptedException, CannException {
    Hccl hccl = Compiler.recorder(home, 0).hccl();

    byte[] rootInfo = hccl.getRootInfo();
    assertEquals(0x5a, rootInfo[4107]);
    assertEquals(0x1_0000_000aL, hccl.commInit(4, rootInfo, 3, CommSettings.DEFAULTS));
    assertEquals("n".repeat(127), hccl.commName(1));
    assertEquals(0x1_0000_000bL, hccl.commByGroup("world"));
    assertEquals(CannAbi.COMM_TOPO_910_93, hccl.topology("world"));
    assertEquals(0x1_0000_000cL, hccl.allocComResource(1, 1, new byte[576]));
  }

  @Test
  void keys_and_handles_of_a_wrong_length_are_refused() throws IOException, InterruptedException {
    Cann cann = Compiler.recorder(home, 0);

    assertThrows(IllegalArgumentException.class, () -> cann.acl().importFabric(new byte[127]));
    assertThrows(IllegalArgumentException.class, () -> cann.acl().ipcClose(new byte[64]));
    assertThrows(
        IllegalArgumentException.class,
        () -> cann.hccl().commInit(1, new byte[4107], 0, CommSettings.DEFAULTS));
  }

  @Test
  void a_second_initialisation_is_no_failure()
      throws IOException, InterruptedException, CannException {
    assertFalse(Compiler.recorder(home, 100002).acl().init());
  }

  @Test
  void knows_which_functions_are_there() throws IOException, InterruptedException {
    Cann cann = Compiler.recorder(home, 0);

    assertTrue(cann.has("aclrtIpcMemClose"));
    assertTrue(cann.has("HcclCommGetHandleWithName"));
    assertFalse(cann.has("HcomGetCommHandleByGroup"));
    assertFalse(cann.has("puts"));
  }
}
