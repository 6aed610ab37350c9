package comm.worker.runtime;

import com.sun.jna.Memory;
import comm.api.WindowSet;
import comm.worker.device.Device;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.ChipException;
import comm.worker.kernel.HostRuntime;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A chip that a native host runtime drives. Addresses are the runtime's own, those of windows
 * included, so nothing needs to be told of them.
 */
public final class NativeDevice implements Device {

  private static final int NO_DEVICE = -1;

  private final HostRuntime runtime;
  private final HostLibrary library;
  private final HostCalls calls;
  private final HostCalls.Binaries binaries;
  private final long context;
  private final Set<Long> allocated = new HashSet<>();
  private int device = NO_DEVICE;
  private boolean closed;

  private NativeDevice(
      HostRuntime runtime, HostLibrary library, HostCalls.Binaries binaries, long context) {
    this.runtime = runtime;
    this.library = library;
    this.calls = new HostCalls(library);
    this.binaries = binaries;
    this.context = context;
  }

  /**
   * Loads a runtime and makes a context of it.
   *
   * @param runtime the library and what belongs to it
   * @return the device, which the caller closes
   * @throws ChipException if that is not possible; nothing is left then, but for the context
   *     library, which is never unloaded
   */
  public static NativeDevice open(HostRuntime runtime) {
    HostLibrary library = HostLibrary.open(runtime.library(), runtime.simContext());
    boolean opened = false;
    try {
      // read before there is a context, which a missing file would leave behind
      HostCalls.Binaries binaries =
          new HostCalls.Binaries(
              runtime.aicpu().flatMap(NativeDevice::read),
              runtime.aicore().flatMap(NativeDevice::read));
      long context = new HostCalls(library).createDeviceContext();
      if (context == 0) {
        throw new ChipException(
            "create_device_context",
            0,
            "create_device_context returned null: host runtime "
                + library.path()
                + ". To do: look at what the runtime wrote to the error stream of this process");
      }
      opened = true;
      return new NativeDevice(runtime, library, binaries, context);
    } finally {
      if (!opened) {
        library.close();
      }
    }
  }

  private static Optional<Memory> read(Path path) {
    try {
      byte[] bytes = Files.readAllBytes(path);
      return bytes.length == 0 ? Optional.empty() : Optional.of(copy(bytes));
    } catch (IOException e) {
      throw new ChipException(
          "open",
          0,
          "Failed to open binary file: "
              + path
              + " ("
              + e
              + "). To do: check the path of the binaries for the device, and who may read them",
          e);
    }
  }

  private String where() {
    return (device == NO_DEVICE ? "no device" : "device " + device)
        + ", host runtime "
        + library.path();
  }

  private void check(String name, int code, String advice) {
    if (code != 0) {
      throw new ChipException(
          name, code, name + " failed with code " + code + ": " + where() + ". To do: " + advice);
    }
  }

  @Override
  public String describe() {
    return "host runtime " + library.path();
  }

  @Override
  public Optional<String> backend() {
    return Optional.of(RuntimeBackend.NAME);
  }

  @Override
  public Map<String, String> backendProperties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("runtime.library", library.path().toString());
    runtime
        .simContext()
        .ifPresent(path -> properties.put("runtime.simContext", path.toAbsolutePath().toString()));
    return properties;
  }

  @Override
  public void setDevice(int deviceId) {
    int code = calls.setDevice(context, deviceId);
    if (code != 0) {
      throw new ChipException(
          "set_device",
          code,
          "set_device failed with code "
              + code
              + ": device "
              + deviceId
              + ", host runtime "
              + library.path()
              + ". To do: check that there is such a device and that nobody else holds it");
    }
    device = deviceId;
  }

  @Override
  public long malloc(long bytes) {
    long address = calls.deviceMalloc(context, bytes);
    if (address == 0) {
      throw new ChipException(
          "malloc",
          0,
          "malloc failed: "
              + bytes
              + " bytes, "
              + where()
              + "; "
              + allocated.size()
              + " blocks are allocated already. To do: free some, or look who else uses the device");
    }
    allocated.add(address);
    return address;
  }

  @Override
  public void free(long address) {
    if (!allocated.remove(address)) {
      // the runtime would corrupt its memory
      throw new IllegalArgumentException(
          "free was given 0x"
              + Long.toHexString(address)
              + ", which malloc did not give or which was freed before: "
              + where());
    }
    calls.deviceFree(context, address);
  }

  @Override
  public void copyTo(long target, ByteBuffer source) {
    new DeviceCopies(calls, context, where()).to(target, source);
  }

  @Override
  public void copyFrom(ByteBuffer target, long source) {
    new DeviceCopies(calls, context, where()).from(target, source);
  }

  @Override
  public void run(ChipCallable callable, TaskArgs args, RunConfig config, int deviceId) {
    if (!(callable instanceof ChipCallable.Binary binary)) {
      throw new IllegalArgumentException(
          "callable "
              + callable
              + " is a kernel in Java, but the host runtime "
              + library.path()
              + " needs one that was compiled for it: use ChipCallable.Binary");
    }
    library.require(Symbol.Group.KERNEL);
    ByteBuffer encoded = ByteBuffer.allocate(args.encodedLength());
    args.encode(encoded);
    try (Memory object = new Memory(Math.max(1, calls.getRuntimeSize()));
        Memory code = copy(binary.bytes());
        Memory arguments = copy(encoded.array())) {
      object.clear();
      int result = calls.runRuntime(context, object, code, arguments, config, deviceId, binaries);
      if (result != 0) {
        throw new ChipException(
            "run_runtime",
            result,
            "run_runtime failed with code "
                + result
                + ": callable "
                + callable
                + ", "
                + where()
                + ". To do: look at what the runtime wrote to the error stream of this process");
      }
    }
  }

  private static Memory copy(byte[] bytes) {
    Memory memory = new Memory(bytes.length);
    memory.write(0, bytes, 0, bytes.length);
    return memory;
  }

  @Override
  public OptionalLong createStream(int deviceId) {
    library.require(Symbol.Group.STREAM);
    check(
        "ensure_acl_ready",
        calls.ensureAclReady(context, deviceId),
        "check that the driver runs and that device " + deviceId + " is there");
    long stream = calls.createCommStream(context);
    return stream == 0 ? OptionalLong.empty() : OptionalLong.of(stream);
  }

  @Override
  public void destroyStream(long stream) {
    check(
        "destroy_comm_stream",
        calls.destroyCommStream(context, stream),
        "nothing; the stream goes with the device at the latest");
  }

  @Override
  public void attach(WindowSet windows) {}

  @Override
  public void detach(WindowSet windows) {}

  @Override
  public void finalizeDevice() {
    int code = calls.finalizeDevice(context);
    // whatever it returned, the runtime gives no promise for them any more
    allocated.clear();
    check("finalize_device", code, "nothing here; if the device stays busy, end this process");
    device = NO_DEVICE;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      calls.destroyDeviceContext(context);
    } finally {
      allocated.clear();
      binaries.close();
      library.close();
    }
  }
}
