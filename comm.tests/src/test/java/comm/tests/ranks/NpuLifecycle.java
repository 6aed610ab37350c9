package comm.tests.ranks;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import comm.api.CommConfig;
import comm.api.CommContext;
import comm.api.CommException;
import comm.api.Communicator;
import comm.api.Comparison;
import comm.api.NativeCallException;
import comm.api.Window;
import comm.api.WindowSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The whole life of a rank on an NPU, as a program has it that brings its own stream: set device,
 * create stream, open, allocate, look at everything, reach the other ranks' windows, barrier,
 * close, finalize. Reads the device context back by itself, past this library. Each stage is
 * printed; a barrier that fails with 507018 is a warning with what was found out, everything else
 * decides. Args: the devices, separated by commas.
 */
public final class NpuLifecycle {

  private static final int BYTES = 4096;
  private static final int AI_CPU_EXCEPTION = 507018;
  private static final int DEVICE_TO_HOST = 2;
  private static final int LAZY_AND_GLOBAL = 0x101;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final NativeLibrary acl;

  private NpuLifecycle(NativeLibrary acl) {
    this.acl = acl;
  }

  public static void main(String[] args) {
    CommConfig config = CommConfig.fromEnvironment();
    String[] devices = args[0].split(",", -1);
    int device = Integer.parseInt(devices[config.rank() % devices.length]);
    new NpuLifecycle(library()).run(config.withProperty("hccl.devices", args[0]), device);
  }

  private static NativeLibrary library() {
    Path lib = Path.of(System.getenv().getOrDefault("ASCEND_HOME_PATH", ""), "lib64");
    Path found =
        Stream.of("libascendcl.so", "libacl_rt.so")
            .map(lib::resolve)
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(() -> new AssertionError("no ACL in " + lib + "; source set_env.sh"));
    return NativeLibrary.getInstance(
        found.toString(), Map.of(Library.OPTION_OPEN_FLAGS, LAZY_AND_GLOBAL));
  }

  private void call(String function, Object... arguments) {
    int code = acl.getFunction(function).invokeInt(arguments);
    if (code != 0) {
      Function recent = acl.getFunction("aclGetRecentErrMsg");
      Pointer text = recent.invokePointer(new Object[0]);
      throw new AssertionError(
          function + " gave " + code + ": " + (text == null ? "" : text.getString(0)));
    }
  }

  private static void stage(String name) {
    System.out.println("stage " + name);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private void run(CommConfig config, int device) {
    call("aclInit", Pointer.NULL);
    stage("init");
    call("aclrtSetDevice", device);
    stage("set_device");
    PointerByReference stream = new PointerByReference();
    call("aclrtCreateStream", stream);
    stage("create_stream");
    boolean barrierWorked = use(config.withStream(Pointer.nativeValue(stream.getValue())));
    if (barrierWorked) {
      call("aclrtDestroyStream", stream.getValue());
      call("aclrtResetDevice", device);
    } else {
      // A device that had a fault answers to nothing else; its streams go with it.
      call("aclrtResetDeviceForce", device);
    }
    call("aclFinalize");
    stage("finalize");
  }

  private boolean use(CommConfig config) {
    Communicator communicator = Communicator.open(config);
    stage("open");
    WindowSet windows = communicator.allocateWindows(BYTES);
    stage("allocate " + windows.attributes());
    check(windows.size() >= BYTES, "size is " + windows.size());
    CommContext context = windows.context();
    check(context.rankId() == config.rank(), "rankId in " + context);
    check(context.rankNum() == config.size(), "rankNum in " + context);
    check(context.winSize() == windows.size(), "winSize in " + context);
    check(windows.local().address() != 0, "base is 0");
    check(
        context.windowsIn().get(config.rank()) == windows.local().address(),
        "own window in " + context);
    check(context.windowsIn().stream().allMatch(address -> address != 0), "zero in " + context);
    stage("query");
    byte[] onDevice = readBack(windows.deviceContext());
    check(CommContext.decode(onDevice).equals(context), "device has another context");
    stage("ctx_fields_ok");
    crossRank(communicator, windows);
    stage("cross_rank");
    boolean worked = barrier(communicator);
    close(windows, worked);
    close(communicator, worked);
    stage("close");
    return worked;
  }

  private static void close(AutoCloseable closeable, boolean worked) {
    try {
      closeable.close();
    } catch (CommException e) {
      check(!worked, String.valueOf(e.getMessage()));
      System.out.println("warning: after the failed barrier: " + e.getMessage());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private byte[] readBack(long address) {
    try (Memory host = new Memory(CommContext.BYTES)) {
      call(
          "aclrtMemcpy",
          host,
          (long) CommContext.BYTES,
          new Pointer(address),
          (long) CommContext.BYTES,
          DEVICE_TO_HOST);
      return host.getByteArray(0, CommContext.BYTES);
    }
  }

  /** Without a barrier, so that it decides also where the device's barrier fails. */
  private static void crossRank(Communicator communicator, WindowSet windows) {
    int size = communicator.size();
    int rank = communicator.rank();
    int data = size * Long.BYTES;
    for (int peer = 0; peer < size; peer++) {
      Window window = windows.of(peer);
      byte[] mine = new byte[64];
      Arrays.fill(mine, (byte) (rank + 1));
      window.put(data + 64L * rank, mine);
      window.signal((long) rank * Long.BYTES, 1);
    }
    for (int peer = 0; peer < size; peer++) {
      windows.local().await((long) peer * Long.BYTES, Comparison.EQ, 1, PATIENCE);
      byte[] theirs = new byte[64];
      windows.local().get(data + 64L * peer, theirs);
      for (byte found : theirs) {
        check(found == peer + 1, "rank " + peer + " wrote " + found);
      }
    }
  }

  private static boolean barrier(Communicator communicator) {
    try {
      communicator.barrier(PATIENCE);
      stage("barrier");
      return true;
    } catch (NativeCallException e) {
      check(e.code() == AI_CPU_EXCEPTION, String.valueOf(e.getMessage()));
      System.out.println("warning: " + e.getMessage());
      return false;
    }
  }
}
