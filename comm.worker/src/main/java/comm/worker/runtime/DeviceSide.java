package comm.worker.runtime;

import comm.api.spi.BackendFailure;
import comm.api.spi.WaitLimit;
import comm.worker.kernel.ChipException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The device of a session whose windows are in device memory: a context of its own, and a thread of
 * its own for copies, so that they neither wait for a barrier nor disturb it.
 */
final class DeviceSide {

  /** Copies don't wait for other ranks; only a broken driver holds them up. */
  private static final WaitLimit COPY_LIMIT =
      new WaitLimit(Duration.ofMinutes(2), "the limit for a copy");

  private final HostLibrary library;
  private final HostCalls calls;
  private final int device;
  private final NativeThread thread;
  private volatile long context;

  DeviceSide(HostLibrary library, int device, NativeThread thread) {
    this.library = library;
    this.calls = new HostCalls(library);
    this.device = device;
    this.thread = thread;
  }

  int device() {
    return device;
  }

  long context() {
    return context;
  }

  private String where() {
    return "device " + device + ", host runtime " + library.path();
  }

  void open(WaitLimit limit) throws BackendFailure {
    thread.run(
        "set_device",
        () -> {
          context = calls.createDeviceContext();
          choose();
        },
        limit);
  }

  private void choose() {
    if (context == 0) {
      throw new ChipException(
          "create_device_context", 0, "create_device_context returned null: " + where());
    }
    int code = calls.setDevice(context, device);
    if (code != 0) {
      throw new ChipException(
          "set_device",
          code,
          "set_device failed with code "
              + code
              + ": "
              + where()
              + ". To do: check that there is such a device, or choose one by runtime.device");
    }
  }

  /** Fills the target. */
  void get(ByteBuffer target, long address) throws BackendFailure {
    // A position of its own: should this call be given up, the thread moves that one.
    ByteBuffer rest = target.duplicate();
    thread.run("copy_from", () -> copies().from(rest, address), COPY_LIMIT);
    target.position(target.limit());
  }

  /** Writes what remains in the source. */
  void put(long address, ByteBuffer source) throws BackendFailure {
    ByteBuffer rest = source.duplicate();
    thread.run("copy_to", () -> copies().to(address, rest), COPY_LIMIT);
    source.position(source.limit());
  }

  private DeviceCopies copies() {
    return new DeviceCopies(calls, context, where());
  }

  void cancel() {
    thread.cancel();
  }

  /**
   * Gives the device up and then does the rest, on the thread, which ends.
   *
   * @param rest told what the runtime said against it, if it did; the context is gone in any case
   */
  void close(Consumer<Optional<ChipException>> rest) {
    thread.last(
        "finalize_device",
        () -> {
          int code = 0;
          try {
            if (context != 0) {
              code = calls.finalizeDevice(context);
              calls.destroyDeviceContext(context);
            }
          } finally {
            rest.accept(code == 0 ? Optional.empty() : Optional.of(notFinalized(code)));
          }
        });
  }

  private ChipException notFinalized(int code) {
    return new ChipException(
        "finalize_device",
        code,
        "finalize_device failed with code "
            + code
            + ": "
            + where()
            + ". To do: nothing here; if the device stays busy, end this process");
  }
}
