package comm.worker.runtime;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import comm.worker.kernel.RunConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The functions of a host runtime, one method each. Addresses, handles and sizes are {@code long},
 * codes are returned as they are.
 *
 * <p>Addresses are passed as {@code Long}, 32-bit numbers as {@code Integer} and out-parameters as
 * arrays, which JNA copies in and out; so no class needs to be opened to it.
 */
final class HostCalls {

  private final HostLibrary library;

  HostCalls(HostLibrary library) {
    this.library = library;
  }

  /** A new context, 0 if there is none. */
  long createDeviceContext() {
    return library.address(Symbol.CREATE_DEVICE_CONTEXT);
  }

  void destroyDeviceContext(long context) {
    library.call(Symbol.DESTROY_DEVICE_CONTEXT, context);
  }

  int setDevice(long context, int device) {
    return library.code(Symbol.SET_DEVICE, context, device);
  }

  int finalizeDevice(long context) {
    return library.code(Symbol.FINALIZE_DEVICE, context);
  }

  /** New memory, 0 if there is none. */
  long deviceMalloc(long context, long bytes) {
    return library.address(Symbol.DEVICE_MALLOC_CTX, context, bytes);
  }

  void deviceFree(long context, long address) {
    library.call(Symbol.DEVICE_FREE_CTX, context, address);
  }

  int copyToDevice(long context, long device, Pointer host, long bytes) {
    return library.code(Symbol.COPY_TO_DEVICE_CTX, context, device, host, bytes);
  }

  int copyFromDevice(long context, Pointer host, long device, long bytes) {
    return library.code(Symbol.COPY_FROM_DEVICE_CTX, context, host, device, bytes);
  }

  long getRuntimeSize() {
    return library.address(Symbol.GET_RUNTIME_SIZE);
  }

  /** The binaries for the device that go with each run. */
  record Binaries(Optional<Memory> aicpu, Optional<Memory> aicore) {
    private static Pointer pointer(Optional<Memory> binary) {
      return binary.<Pointer>map(memory -> memory).orElse(Pointer.createConstant(0));
    }

    private static long size(Optional<Memory> binary) {
      return binary.map(Memory::size).orElse(0L);
    }

    void close() {
      aicpu.ifPresent(Memory::close);
      aicore.ifPresent(Memory::close);
    }
  }

  int runRuntime(
      long context,
      Pointer runtime,
      Pointer callable,
      Pointer args,
      RunConfig config,
      int device,
      Binaries binaries) {
    return library.code(
        Symbol.RUN_RUNTIME,
        context,
        runtime,
        callable,
        args,
        config.blockDim(),
        config.aicpuThreads(),
        device,
        Binaries.pointer(binaries.aicpu()),
        Binaries.size(binaries.aicpu()),
        Binaries.pointer(binaries.aicore()),
        Binaries.size(binaries.aicore()),
        config.profiling() ? 1 : 0,
        config.dumpTensors() ? 1 : 0);
  }

  int ensureAclReady(long context, int device) {
    return library.code(Symbol.ENSURE_ACL_READY_CTX, context, device);
  }

  /** A new stream, 0 if the chip has none. */
  long createCommStream(long context) {
    return library.address(Symbol.CREATE_COMM_STREAM_CTX, context);
  }

  int destroyCommStream(long context, long stream) {
    return library.code(Symbol.DESTROY_COMM_STREAM_CTX, context, stream);
  }

  /** A new communicator, 0 if there is none. */
  long commInit(int rank, int size, long stream, Path rootInfo) {
    return library.address(
        Symbol.COMM_INIT, rank, size, stream, Native.toByteArray(rootInfo.toString()));
  }

  int commAllocWindows(long communicator, long bytes, long[] context) {
    return library.code(Symbol.COMM_ALLOC_WINDOWS, communicator, bytes, context);
  }

  int commGetLocalWindowBase(long communicator, long[] base) {
    return library.code(Symbol.COMM_GET_LOCAL_WINDOW_BASE, communicator, base);
  }

  int commGetWindowSize(long communicator, long[] size) {
    return library.code(Symbol.COMM_GET_WINDOW_SIZE, communicator, size);
  }

  int commBarrier(long communicator) {
    return library.code(Symbol.COMM_BARRIER, communicator);
  }

  int commDestroy(long communicator) {
    return library.code(Symbol.COMM_DESTROY, communicator);
  }
}
