package comm.worker.chip;

import static java.util.Objects.requireNonNull;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.WindowSet;
import comm.worker.device.Device;
import comm.worker.device.HostDevice;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.ChipException;
import comm.worker.kernel.HostRuntime;
import comm.worker.kernel.Kernel;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import comm.worker.runtime.NativeDevice;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Drives one chip from this process: brings it up, moves data, runs kernels, and makes it a rank of
 * a communicator. The calls and their order are those of the ported system's {@code ChipWorker}.
 *
 * <pre>{@code
 * try (ChipWorker chip = new ChipWorker(config -> config.withBackend("sim"))) {
 *   chip.init();
 *   chip.setDevice(0);
 *   long comm = chip.commInit(rank, nranks, Path.of("/tmp/job-17.rootinfo"));
 *   long deviceContext = chip.commAllocWindows(comm, 4096);
 *   chip.copyTo(chip.commGetLocalWindowBase(comm), ByteBuffer.wrap(input));
 *   chip.commBarrier(comm);
 *   chip.run(ChipCallable.of(Sum.class), TaskArgs.of(deviceContext), RunConfig.DEFAULT);
 * }
 * }</pre>
 *
 * <p>Wrong order of calls is {@link IllegalStateException} and wrong arguments are {@link
 * IllegalArgumentException}, both thrown before anything is touched. No backend is needed until
 * {@link #commInit}: one that is missing, or lacks a function, fails only the call that needs it.
 *
 * <p>Any thread may call any method. Calls that use the device come one after the other; those that
 * wait for other ranks don't keep others from the device, and {@link #close} ends them.
 */
public final class ChipWorker implements AutoCloseable {

  private final UnaryOperator<CommConfig> settings;
  private final ChipLife life = new ChipLife();

  /** Held while the device is used, which may take long. */
  private final Object deviceLock = new Object();

  /** A worker whose communicators are opened with the defaults of {@link CommConfig#of}. */
  public ChipWorker() {
    this(UnaryOperator.identity());
  }

  /**
   * A worker with settings for its communicators.
   *
   * @param settings changes the configuration with which {@link #commInit} opens a communicator,
   *     such as {@code config -> config.withBackend("sim").withTimeout(limit)}
   */
  public ChipWorker(UnaryOperator<CommConfig> settings) {
    this.settings = requireNonNull(settings, "settings");
  }

  /**
   * Brings up a chip in this JVM: host memory is its device memory, and its kernels are written in
   * Java.
   *
   * @throws IllegalStateException if this worker was initialised or closed before
   */
  public void init() {
    start(HostDevice::new);
  }

  /**
   * Brings up a chip on a native host runtime.
   *
   * @param runtime its libraries
   * @throws IllegalStateException if this worker was initialised or closed before
   * @throws ChipException if a library can't be loaded or lacks a function that every runtime has,
   *     a binary can't be read, or the runtime gives no context; nothing is kept of it
   */
  public void init(HostRuntime runtime) {
    requireNonNull(runtime, "runtime");
    start(() -> NativeDevice.open(runtime));
  }

  private void start(Supplier<Device> opener) {
    synchronized (deviceLock) {
      life.beginInit();
      Device opened = opener.get();
      if (!life.initialized(opened)) {
        opened.close();
        throw new IllegalStateException("ChipWorker was closed while it was initialized");
      }
    }
  }

  /**
   * Chooses the device.
   *
   * @param id its number, at least 0
   * @throws IllegalArgumentException if the number is negative
   * @throws IllegalStateException if the worker isn't initialised, or has a device
   * @throws ChipException if the runtime refuses the device
   */
  public void setDevice(int id) {
    if (id < 0) {
      throw new IllegalArgumentException("device id must be at least 0, but is " + id);
    }
    synchronized (deviceLock) {
      life.beginSetDevice().setDevice(id);
      life.deviceIsSet(id);
    }
  }

  /**
   * Gives up the device, with all memory on it. Does nothing where no device is set.
   *
   * @throws IllegalStateException if a communicator's session is active
   * @throws ChipException if the runtime fails; the device is given up all the same
   */
  public void resetDevice() {
    synchronized (deviceLock) {
      life.resetDevice().ifPresent(Device::finalizeDevice);
    }
  }

  /**
   * Allocates memory on the device.
   *
   * @param bytes at least 1
   * @return its address, never 0
   * @throws IllegalArgumentException if the size is less than 1
   * @throws IllegalStateException if no device is set
   * @throws ChipException if there isn't that much memory
   */
  public long malloc(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("malloc needs at least 1 byte, but got " + bytes);
    }
    synchronized (deviceLock) {
      return life.onDevice().malloc(bytes);
    }
  }

  /**
   * Frees memory of {@link #malloc}. Freeing address 0 does nothing.
   *
   * @param address what malloc gave
   * @throws IllegalArgumentException if malloc didn't give this address, or it has been freed
   * @throws IllegalStateException if no device is set
   */
  public void free(long address) {
    synchronized (deviceLock) {
      Device target = life.onDevice();
      if (address != 0) {
        target.free(address);
      }
    }
  }

  /**
   * Copies to the device.
   *
   * @param target address on the device: of allocated memory or in a window
   * @param source what remains in it is copied; its position moves to its limit
   * @throws IllegalArgumentException if the bytes can't all go there, where that can be told
   * @throws IllegalStateException if no device is set
   * @throws ChipException if the runtime fails
   */
  public void copyTo(long target, ByteBuffer source) {
    synchronized (deviceLock) {
      life.onDevice().copyTo(target, source);
    }
  }

  /**
   * Copies from the device.
   *
   * @param target filled from its position to its limit; its position moves to its limit
   * @param source address on the device: of allocated memory, in a window, or of a device context
   * @throws IllegalArgumentException if there are not so many bytes, where that can be told
   * @throws IllegalStateException if no device is set
   * @throws ChipException if the runtime fails
   */
  public void copyFrom(ByteBuffer target, long source) {
    synchronized (deviceLock) {
      life.onDevice().copyFrom(target, source);
    }
  }

  /**
   * Runs a callable to its end, however long that takes. Each wait of a kernel in Java for its
   * peers has a limit that the kernel gives, and ends when this worker is closed.
   *
   * @param callable what to run
   * @param args its arguments
   * @param config how to run it
   * @throws IllegalArgumentException if there is no such kernel, or the chip can't run its kind
   * @throws IllegalStateException if no device is set
   * @throws ChipException if it fails
   */
  public void run(ChipCallable callable, TaskArgs args, RunConfig config) {
    synchronized (deviceLock) {
      Device target = life.onDevice();
      target.run(callable, args, config, deviceId());
    }
  }

  /**
   * Makes a kernel known on a chip in this JVM.
   *
   * @param name the name by which tasks choose it
   * @param kernel the kernel
   * @throws IllegalArgumentException if the name is taken
   * @throws IllegalStateException if the worker isn't initialised, or its chip is on a host runtime
   */
  public void register(String name, Kernel kernel) {
    Device device = life.initialized();
    if (!(device instanceof HostDevice host)) {
      throw new IllegalStateException(
          "register: "
              + device.describe()
              + " runs compiled callables; kernels in Java need a chip in this JVM, see init()");
    }
    host.register(name, kernel);
  }

  /**
   * Joins a communicator as a rank, on a stream that is made for it where the chip needs one.
   * Collective: returns once all ranks have joined.
   *
   * @param rank 0 ≤ rank &lt; nranks
   * @param nranks number of ranks, 1 to 64
   * @param rootInfo the file through which the ranks find each other
   * @return the handle of the session
   * @throws IllegalArgumentException if a number is out of its range
   * @throws IllegalStateException if no device is set, or a session is active
   * @throws ChipException if there is no stream to be had
   * @throws comm.api.CommException if there is no usable backend, or joining fails
   */
  public long commInit(int rank, int nranks, Path rootInfo) {
    return join(CommConfig.of(rank, nranks, rootInfo), true);
  }

  /**
   * Joins a communicator as a rank, on a stream of the caller's, which is never destroyed here.
   * Collective: returns once all ranks have joined.
   *
   * @param rank 0 ≤ rank &lt; nranks
   * @param nranks number of ranks, 1 to 64
   * @param stream the stream's native address
   * @param rootInfo the file through which the ranks find each other
   * @return the handle of the session
   * @throws IllegalArgumentException if a number is out of its range
   * @throws IllegalStateException if no device is set, or a session is active
   * @throws comm.api.CommException if there is no usable backend, or joining fails
   */
  public long commInit(int rank, int nranks, long stream, Path rootInfo) {
    return join(CommConfig.of(rank, nranks, rootInfo).withStream(stream), false);
  }

  private long join(CommConfig plain, boolean ownsStream) {
    Device target = life.beginJoin();
    try {
      CommSession opened = open(target, plain, ownsStream);
      Optional<Long> handle = life.joined(opened);
      if (handle.isPresent()) {
        return handle.get();
      }
      opened.close();
      throw new IllegalStateException("commInit: ChipWorker was closed meanwhile");
    } finally {
      life.endJoin().ifPresent(device -> end(device, true));
    }
  }

  private void end(Device device, boolean isSet) {
    Closing steps = new Closing();
    synchronized (deviceLock) {
      if (isSet) {
        steps.run(device::finalizeDevice);
      }
      steps.run(device::close);
    }
    steps.finish();
  }

  private CommSession open(Device target, CommConfig plain, boolean ownsStream) {
    CommConfig config = plain;
    Optional<String> backend = target.backend();
    if (backend.isPresent()) {
      config = config.withBackend(backend.get());
    }
    for (Map.Entry<String, String> property : target.backendProperties().entrySet()) {
      config = config.withProperty(property.getKey(), property.getValue());
    }
    OptionalLong stream;
    synchronized (deviceLock) {
      stream = ownsStream ? target.createStream(deviceId()) : OptionalLong.empty();
    }
    try {
      if (stream.isPresent()) {
        config = config.withStream(stream.getAsLong());
      }
      return new CommSession(
          Communicator.open(settings.apply(config)), target, () -> destroy(target, stream));
    } catch (RuntimeException e) {
      try {
        destroy(target, stream);
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private void destroy(Device target, OptionalLong stream) {
    synchronized (deviceLock) {
      stream.ifPresent(target::destroyStream);
    }
  }

  /**
   * Allocates a window on every rank. Collective. A session may do so several times; the calls that
   * ask for a window mean the last one.
   *
   * @param handle the session
   * @param bytes of each window, at least 1; the same on every rank
   * @return the address of the device context, valid until the session is destroyed
   * @throws IllegalArgumentException if the size is less than 1, or the handle isn't of this worker
   * @throws IllegalStateException if the session was destroyed
   * @throws comm.api.CommException if it fails, on every rank
   */
  public long commAllocWindows(long handle, long bytes) {
    CommSession active = life.session(handle, "commAllocWindows");
    WindowSet windows = active.communicator().allocateWindows(bytes);
    active.add(windows);
    return windows.deviceContext();
  }

  /**
   * The address of this rank's window.
   *
   * @param handle the session
   * @return the address on the device
   * @throws IllegalArgumentException if the handle isn't of this worker
   * @throws IllegalStateException if the session was destroyed or has no windows
   */
  public long commGetLocalWindowBase(long handle) {
    WindowSet windows =
        life.session(handle, "commGetLocalWindowBase").windows("commGetLocalWindowBase");
    return windows.local().address();
  }

  /**
   * The size of each window, at least what was asked for.
   *
   * @param handle the session
   * @return bytes
   * @throws IllegalArgumentException if the handle isn't of this worker
   * @throws IllegalStateException if the session was destroyed or has no windows
   */
  public long commGetWindowSize(long handle) {
    return life.session(handle, "commGetWindowSize").windows("commGetWindowSize").size();
  }

  /**
   * Waits until every rank has called it. Collective.
   *
   * @param handle the session
   * @throws IllegalArgumentException if the handle isn't of this worker
   * @throws IllegalStateException if the session was destroyed
   * @throws comm.api.CommException if it fails, on every rank
   */
  public void commBarrier(long handle) {
    life.session(handle, "commBarrier").communicator().barrier();
  }

  /**
   * Leaves the communicator, and destroys the stream that was made for it. Kernels and copies don't
   * reach its windows any more. The handle is stale afterwards, also when this throws.
   *
   * @param handle the session
   * @throws IllegalArgumentException if the handle isn't of this worker
   * @throws IllegalStateException if the session was destroyed before
   * @throws comm.api.CommException if something could not be freed; everything else has been
   * @throws ChipException if the stream could not be destroyed
   */
  public void commDestroy(long handle) {
    life.endSession(handle).close();
  }

  /**
   * Where this worker is in its life.
   *
   * @return the state
   */
  public ChipState state() {
    return life.state();
  }

  /**
   * The device.
   *
   * @return its number, -1 while none is set
   */
  public int deviceId() {
    return life.deviceId();
  }

  /**
   * Ends this worker for good: leaves the communicator, gives up the device, ends the runtime's
   * context. The ported system calls it {@code finalize}. Idempotent. A call of another thread that
   * waits for other ranks ends with {@link IllegalStateException}, or in {@link #commInit} when
   * that has ended, and the device with it; one that uses the device is waited for.
   *
   * @throws RuntimeException what failed first, with what failed then suppressed in it; everything
   *     has been tried
   */
  @Override
  public void close() {
    Optional<ChipLife.Ending> ending = life.end();
    if (ending.isPresent()) {
      Closing steps = new Closing();
      // First, since kernels that wait for peers hold the device until their windows break.
      ending.get().session().ifPresent(session -> steps.run(session::close));
      ending.get().device().ifPresent(device -> steps.run(() -> end(device, ending.get().isSet())));
      steps.finish();
    }
  }

  /** {@return the state and the device} */
  @Override
  public String toString() {
    return "ChipWorker " + life;
  }
}
