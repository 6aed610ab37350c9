package comm.worker.device;

import comm.api.CommContext;
import comm.api.WindowSet;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.ChipException;
import comm.worker.kernel.Kernel;
import comm.worker.kernel.KernelContext;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A chip in this JVM: host memory is its device memory, and its kernels are written in Java. Needs
 * nothing installed.
 */
public final class HostDevice implements Device {

  /**
   * Where allocations begin: no process has memory there on any 64-bit machine, so they can't be
   * mistaken for windows, and a kernel that runs off the one does not end in the other.
   */
  private static final long FIRST_ADDRESS = 1L << 56;

  private static final long ALIGNMENT = 512;

  /** What one buffer of the JDK can hold with room for the largest value behind it. */
  private static final long MOST_BYTES = 1L << 30;

  private final AddressSpace memory = new AddressSpace();
  private final Kernels kernels = new Kernels();
  private final Set<Long> allocations = new HashSet<>();
  private final Map<WindowSet, List<Long>> attached = new ConcurrentHashMap<>();
  private long nextAddress = FIRST_ADDRESS;

  /** Makes a kernel known under a name. */
  public void register(String name, Kernel kernel) {
    kernels.register(name, kernel);
  }

  @Override
  public String describe() {
    return "a chip in this JVM";
  }

  @Override
  public Optional<String> backend() {
    return Optional.empty();
  }

  @Override
  public Map<String, String> backendProperties() {
    return Map.of();
  }

  @Override
  public void setDevice(int deviceId) {
    // Any number will do: there is one device, and it is this JVM.
  }

  @Override
  public long malloc(long bytes) {
    if (bytes > MOST_BYTES) {
      throw new ChipException(
          "malloc",
          0,
          "malloc failed: "
              + bytes
              + " bytes in one piece, but a chip in this JVM has at most "
              + MOST_BYTES);
    }
    HostRegion region;
    try {
      region = HostRegion.allocation((int) bytes);
    } catch (OutOfMemoryError e) {
      throw new ChipException(
          "malloc",
          0,
          "malloc failed: no room for "
              + bytes
              + " bytes ("
              + e.getMessage()
              + "); free some, or raise -XX:MaxDirectMemorySize",
          e);
    }
    long address = nextAddress;
    // An address is never used twice, and something is free behind each allocation.
    nextAddress += (bytes + 2 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    memory.add(address, region);
    allocations.add(address);
    return address;
  }

  @Override
  public void free(long address) {
    if (!allocations.remove(address)) {
      throw new IllegalArgumentException(
          "0x"
              + Long.toHexString(address)
              + " was not allocated on this chip, or has been freed before");
    }
    memory.remove(address);
  }

  @Override
  public void copyTo(long target, ByteBuffer source) {
    memory.put(target, source);
  }

  @Override
  public void copyFrom(ByteBuffer target, long source) {
    memory.get(source, target);
  }

  @Override
  public void run(ChipCallable callable, TaskArgs args, RunConfig config, int deviceId) {
    if (!(callable instanceof ChipCallable.Named named)) {
      throw new IllegalArgumentException(
          "callable "
              + callable
              + " was compiled for a host runtime, but this is "
              + describe()
              + ", which runs kernels written in Java");
    }
    Kernel kernel = kernels.find(named.name());
    try {
      kernel.run(new KernelContext(args, config, deviceId, memory));
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChipException("run", 0, "kernel " + named.name() + " was interrupted", e);
    } catch (Exception e) {
      throw new ChipException("run", 0, "kernel " + named.name() + " failed: " + e, e);
    }
  }

  @Override
  public OptionalLong createStream(int deviceId) {
    return OptionalLong.empty();
  }

  @Override
  public void destroyStream(long stream) {
    throw new IllegalStateException("there are no streams here");
  }

  @Override
  public void attach(WindowSet windows) {
    CommContext context = windows.context();
    List<Long> addresses = new ArrayList<>(context.windowsIn());
    addresses.add(windows.deviceContext());
    for (int rank = 0; rank < context.rankNum(); rank++) {
      memory.add(addresses.get(rank), new WindowRegion(windows.of(rank)));
    }
    memory.add(windows.deviceContext(), HostRegion.deviceContext(context.encode()));
    attached.put(windows, addresses);
  }

  @Override
  public void detach(WindowSet windows) {
    // Remembered, because broken windows don't say their addresses any more.
    List<Long> addresses = attached.remove(windows);
    if (addresses != null) {
      addresses.forEach(memory::remove);
    }
  }

  @Override
  public void finalizeDevice() {
    allocations.forEach(memory::remove);
    allocations.clear();
  }

  @Override
  public void close() {
    finalizeDevice();
  }
}
