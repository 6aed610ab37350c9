package comm.backend.hccl.cann;

import java.util.Arrays;
import java.util.Optional;

/**
 * The functions of ACL that are used, one method each. Addresses, handles and sizes are {@code
 * long}; what is said of threads and devices holds: most need {@link #setDevice} on the same
 * thread.
 */
public final class Acl {

  private static final int NO_FLAGS = 0;

  private final Invoker invoker;

  Acl(Invoker invoker) {
    this.invoker = invoker;
  }

  /** Initialises ACL for the process; gives false if somebody had done so before. */
  public boolean init() throws CannException {
    int code = invoker.code(CannFunction.ACL_INIT, Invoker.NULL);
    if (code == AclCode.REPEAT_INITIALIZE) {
      return false;
    }
    if (code != 0) {
      throw invoker.failed(CannFunction.ACL_INIT, code);
    }
    return true;
  }

  /**
   * Takes one {@link #init} back; the last one ends ACL for the process. Before CANN 8.5 this ends
   * it, whoever else uses it.
   */
  public void finalizeAcl() throws CannException {
    if (invoker.has(CannFunction.ACL_FINALIZE_REFERENCE)) {
      invoker.call(CannFunction.ACL_FINALIZE_REFERENCE, Invoker.NULL);
    } else {
      invoker.call(CannFunction.ACL_FINALIZE);
    }
  }

  /** Version of ACL, which isn't CANN's: major, minor, patch. */
  public int[] version() throws CannException {
    int[] major = new int[1];
    int[] minor = new int[1];
    int[] patch = new int[1];
    invoker.call(CannFunction.GET_VERSION, major, minor, patch);
    return new int[] {major[0], minor[0], patch[0]};
  }

  /** Name of the SoC; empty if the library doesn't know it. */
  public Optional<String> socName() throws CannException {
    return Optional.of(CText.at(invoker.address(CannFunction.GET_SOC_NAME)))
        .filter(name -> !name.isEmpty());
  }

  public int deviceCount() throws CannException {
    int[] count = new int[1];
    invoker.call(CannFunction.GET_DEVICE_COUNT, count);
    return count[0];
  }

  /** Chooses the device of the calling thread, and counts one use of it. */
  public void setDevice(int device) throws CannException {
    invoker.call(CannFunction.SET_DEVICE, device);
  }

  /** Takes one use of the device back; the last one frees what the process has there. */
  public void resetDevice(int device) throws CannException {
    invoker.call(CannFunction.RESET_DEVICE, device);
  }

  /** Frees what the process has on the device, however often it was set. */
  public void resetDeviceForce(int device) throws CannException {
    invoker.call(CannFunction.RESET_DEVICE_FORCE, device);
  }

  public long createStream() throws CannException {
    long[] stream = new long[1];
    invoker.call(CannFunction.CREATE_STREAM, stream);
    return stream[0];
  }

  /** Waits for the stream's work, without a limit, and destroys it. */
  public void destroyStream(long stream) throws CannException {
    invoker.call(CannFunction.DESTROY_STREAM, stream);
  }

  /** Destroys a stream and drops its work. */
  public void destroyStreamForce(long stream) throws CannException {
    invoker.call(CannFunction.DESTROY_STREAM_FORCE, stream);
  }

  /**
   * Waits for the stream's work.
   *
   * @param millis the limit, or -1 for none; 0 is refused
   */
  public void synchronizeStream(long stream, int millis) throws CannException {
    invoker.call(CannFunction.SYNCHRONIZE_STREAM, stream, millis);
  }

  public long malloc(long bytes, int policy) throws CannException {
    long[] address = new long[1];
    invoker.call(CannFunction.MALLOC, address, bytes, policy);
    return address[0];
  }

  public void free(long address) throws CannException {
    invoker.call(CannFunction.FREE, address);
  }

  public long mallocHost(long bytes) throws CannException {
    long[] address = new long[1];
    invoker.call(CannFunction.MALLOC_HOST, address, bytes);
    return address[0];
  }

  /** Frees host memory; must come before the device is reset. */
  public void freeHost(long address) throws CannException {
    invoker.call(CannFunction.FREE_HOST, address);
  }

  /**
   * Copies and waits for it.
   *
   * @param destMax bytes there are at {@code dst}
   * @param kind such as {@link CannAbi#ACL_MEMCPY_HOST_TO_DEVICE}
   */
  public void memcpy(long dst, long destMax, long src, long count, int kind) throws CannException {
    invoker.call(CannFunction.MEMCPY, dst, destMax, src, count, kind);
  }

  /** Fills with a byte; {@code max} is at most what is mapped at the address. */
  public void memset(long address, long max, int value, long count) throws CannException {
    invoker.call(CannFunction.MEMSET, address, max, value, count);
  }

  /** Device memory in bytes: free, total. */
  public long[] memInfo(int attr) throws CannException {
    long[] free = new long[1];
    long[] total = new long[1];
    invoker.call(CannFunction.GET_MEM_INFO, attr, free, total);
    return new long[] {free[0], total[0]};
  }

  /** What the size of physical memory must be a multiple of. */
  public long granularity(PhysicalMemory memory, int option) throws CannException {
    long[] granularity = new long[1];
    invoker.call(CannFunction.GET_GRANULARITY, memory.encode(), option, granularity);
    return granularity[0];
  }

  /** Allocates memory without an address; gives its handle. */
  public long mallocPhysical(long bytes, PhysicalMemory memory) throws CannException {
    long[] handle = new long[1];
    invoker.call(CannFunction.MALLOC_PHYSICAL, handle, bytes, memory.encode(), 0L);
    return handle[0];
  }

  /** Gives back memory that was allocated or imported. */
  public void freePhysical(long handle) throws CannException {
    invoker.call(CannFunction.FREE_PHYSICAL, handle);
  }

  /**
   * Reserves addresses without memory.
   *
   * @param flags {@link CannAbi#HUGE_PAGE_TYPE} or {@link CannAbi#NORMAL_PAGE_TYPE}
   */
  public long reserve(long bytes, long flags) throws CannException {
    long[] address = new long[1];
    invoker.call(CannFunction.RESERVE, address, bytes, 0L, Invoker.NULL, flags);
    return address[0];
  }

  public void release(long address) throws CannException {
    invoker.call(CannFunction.RELEASE, address);
  }

  /** Puts memory at reserved addresses. */
  public void map(long address, long bytes, long offset, long handle) throws CannException {
    invoker.call(CannFunction.MAP, address, bytes, offset, handle, 0L);
  }

  public void unmap(long address) throws CannException {
    invoker.call(CannFunction.UNMAP, address);
  }

  /** Makes a handle by which other processes of this host import the memory. */
  public long exportShareable(long handle, long flags) throws CannException {
    long[] shareable = new long[1];
    invoker.call(CannFunction.EXPORT, handle, CannAbi.ACL_MEM_HANDLE_TYPE_NONE, flags, shareable);
    return shareable[0];
  }

  /** Imports another process's memory; the handle is given back by {@link #freePhysical}. */
  public long importShareable(long shareable, int device) throws CannException {
    long[] handle = new long[1];
    invoker.call(CannFunction.IMPORT, shareable, device, handle);
    return handle[0];
  }

  /** Lets processes import; the numbers are those of {@link #bareTgid} there. */
  public void allowPids(long shareable, int[] pids) throws CannException {
    invoker.call(CannFunction.ALLOW_PIDS, shareable, pids, (long) pids.length);
  }

  /** Makes a handle by which processes of any host of an A3 import the memory. */
  public byte[] exportFabric(long handle, long flags) throws CannException {
    byte[] fabric = CannAbi.FABRIC_HANDLE.zeros();
    invoker.call(
        CannFunction.EXPORT_V2, handle, flags, CannAbi.ACL_MEM_SHARE_HANDLE_TYPE_FABRIC, fabric);
    return fabric;
  }

  /** Imports by a handle of {@link #exportFabric}. */
  public long importFabric(byte[] fabric) throws CannException {
    byte[] copy = exactly(fabric, CannAbi.FABRIC_HANDLE.size(), "fabric handle");
    long[] handle = new long[1];
    invoker.call(
        CannFunction.IMPORT_V2, copy, CannAbi.ACL_MEM_SHARE_HANDLE_TYPE_FABRIC, 0L, handle);
    return handle[0];
  }

  /** Number of this process outside of any container, which is what the driver knows it by. */
  public int bareTgid() throws CannException {
    int[] pid = new int[1];
    invoker.call(CannFunction.GET_BARE_TGID, pid);
    return pid[0];
  }

  /** Lets the thread's device reach a peer; only in this direction. */
  public void enablePeerAccess(int peer) throws CannException {
    invoker.call(CannFunction.ENABLE_PEER_ACCESS, peer, NO_FLAGS);
  }

  /** Makes a key by which other processes of this host import memory of {@link #malloc}. */
  public byte[] ipcExport(long address, long bytes, long flags) throws CannException {
    byte[] key = new byte[CannAbi.IPC_KEY_BYTES];
    invoker.call(CannFunction.IPC_EXPORT, address, bytes, key, (long) key.length, flags);
    return key;
  }

  public long ipcImport(byte[] key, long flags) throws CannException {
    long[] address = new long[1];
    invoker.call(
        CannFunction.IPC_IMPORT, address, exactly(key, CannAbi.IPC_KEY_BYTES, "key"), flags);
    return address[0];
  }

  /** Ends an import or an export; importers come first. */
  public void ipcClose(byte[] key) throws CannException {
    invoker.call(CannFunction.IPC_CLOSE, exactly(key, CannAbi.IPC_KEY_BYTES, "key"));
  }

  /** The library reads as many bytes as it expects, so fewer would be read past their end. */
  static byte[] exactly(byte[] bytes, int length, String what) {
    if (bytes.length != length) {
      throw new IllegalArgumentException(
          "a " + what + " has " + length + " bytes, not " + bytes.length);
    }
    return Arrays.copyOf(bytes, length);
  }
}
