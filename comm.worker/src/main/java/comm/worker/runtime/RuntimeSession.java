package comm.worker.runtime;

import comm.api.CommContext;
import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.api.spi.WaitLimit;
import comm.worker.kernel.ChipException;
import comm.worker.kernel.HostRuntime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A rank's part in a communicator of a host runtime. When a call fails here, the other ranks learn
 * of it by their own limits only: the runtime has no way to tell them.
 */
final class RuntimeSession implements BackendSession {

  private static final System.Logger LOGGER = System.getLogger(RuntimeSession.class.getName());

  /** So that nothing is left when a failure is reported, unless a call is stuck. */
  private static final Duration SHORT_WAIT = Duration.ofSeconds(1);

  private static final long PAGE = 4096;

  private final SessionRequest request;
  private final HostLibrary library;
  private final NativeThread thread;
  private final Communicator communicator;
  private final Optional<DeviceSide> device;
  private final List<RuntimeWindows> windows = new ArrayList<>();
  private volatile String lastOperation = "";

  private RuntimeSession(SessionRequest request, HostLibrary library, Optional<Integer> device) {
    this.request = request;
    this.library = library;
    String name = "comm-runtime-rank-" + request.rank();
    String path = library.path().toString();
    thread = new NativeThread(name, path);
    communicator = new Communicator(library, request);
    this.device =
        device.map(
            number -> new DeviceSide(library, number, new NativeThread(name + "-copy", path)));
  }

  /** Joins, or leaves nothing behind but a call that has not returned yet. */
  static RuntimeSession open(SessionRequest request, RuntimeSettings settings, HostRuntime runtime)
      throws BackendFailure {
    RuntimeSession session =
        new RuntimeSession(
            request,
            load(runtime),
            settings.deviceMemory() ? Optional.of(settings.device()) : Optional.empty());
    boolean stuck = false;
    boolean joined = false;
    try {
      if (session.device.isPresent()) {
        session.device.get().open(request.limit());
      }
      session.thread.run(
          "comm_init", () -> session.communicator.join(session.device), request.limit());
      joined = true;
      return session;
    } catch (BackendFailure e) {
      stuck = !(e.failure() instanceof Failure.NativeCall);
      throw e;
    } finally {
      if (!joined) {
        session.leaveQuietly(stuck ? Duration.ZERO : SHORT_WAIT);
      }
    }
  }

  private static HostLibrary load(HostRuntime runtime) throws BackendFailure {
    try {
      return HostLibrary.open(runtime.library(), runtime.simContext());
    } catch (ChipException e) {
      BackendFailure failure =
          NativeThread.failed(
              e.function(), e.code(), String.valueOf(e.getMessage()), "", Duration.ZERO);
      failure.initCause(e);
      throw failure;
    }
  }

  @Override
  public BackendWindows allocateWindows(long bytes, WaitLimit limit) throws BackendFailure {
    lastOperation = "comm_alloc_windows";
    long start = System.nanoTime();
    // A runtime may put windows one behind the other, and words must stay aligned in all of them.
    long whole = bytes > Long.MAX_VALUE - PAGE ? bytes : (bytes + PAGE - 1) / PAGE * PAGE;
    Communicator.Allocation allocation =
        thread.call("comm_alloc_windows", () -> communicator.allocate(whole), limit);
    WindowCheck check =
        new WindowCheck(request, allocation, communicator.where(), NativeThread.since(start));
    CommContext context = check.context(read(allocation.context(), check), whole);
    WindowAccess access =
        device.isPresent()
            ? new DeviceAccess(device.get(), context)
            : HostAccess.map(context, check);
    RuntimeWindows made =
        new RuntimeWindows(
            context, allocation.context(), access, thread::isCancelled, attributes());
    synchronized (windows) {
      windows.add(made);
    }
    return made;
  }

  private byte[] read(long address, WindowCheck check) throws BackendFailure {
    if (address == 0) {
      throw check.wrong("device_ctx_out", "it is null");
    }
    if (device.isEmpty()) {
      return check.ownBytes(address, CommContext.BYTES);
    }
    byte[] bytes = new byte[CommContext.BYTES];
    device.get().get(ByteBuffer.wrap(bytes), address);
    return bytes;
  }

  private Map<String, String> attributes() {
    return Map.of(
        "library", library.path().toString(), "memory", device.isPresent() ? "device" : "host");
  }

  @Override
  public void barrier(WaitLimit limit) throws BackendFailure {
    lastOperation = "comm_barrier";
    thread.run("comm_barrier", communicator::barrier, limit);
  }

  @Override
  public List<RankStatus> peers() {
    List<RankStatus> all = new ArrayList<>();
    for (int rank = 0; rank < request.size(); rank++) {
      boolean self = rank == request.rank();
      all.add(
          new RankStatus(
              rank,
              RankStatus.State.ALIVE,
              self ? OptionalLong.of(ProcessHandle.current().pid()) : OptionalLong.empty(),
              self ? lastOperation : "",
              self ? "" : "the host runtime does not say"));
    }
    return all;
  }

  @Override
  public void cancel() {
    thread.cancel();
    device.ifPresent(DeviceSide::cancel);
  }

  /**
   * Leaves after joining failed, whose reason is told; what fails here can only be its consequence.
   */
  private void leaveQuietly(Duration wait) {
    try {
      leave().get(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "leaving after joining failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Destroys the communicator, then the device's context, and closes the library when no thread can
   * be inside it any more: all after the call that a thread may still be in.
   */
  private CompletableFuture<Void> leave() {
    CompletableFuture<Void> left = new CompletableFuture<>();
    thread.last(
        "comm_destroy",
        () -> {
          Optional<ChipException> failure = Optional.empty();
          try {
            communicator.leave();
          } catch (ChipException e) {
            failure = Optional.of(e);
          }
          afterwards(failure, left);
        });
    return left;
  }

  /** The first failure is told, and the other one in it. */
  private void afterwards(Optional<ChipException> ofLeaving, CompletableFuture<Void> left) {
    Consumer<Optional<ChipException>> end =
        ofDevice -> {
          library.close();
          ofLeaving.ifPresent(first -> ofDevice.ifPresent(first::addSuppressed));
          ofLeaving
              .or(() -> ofDevice)
              .ifPresentOrElse(left::completeExceptionally, () -> left.complete(null));
        };
    device.ifPresentOrElse(side -> side.close(end), () -> end.accept(Optional.empty()));
  }

  /**
   * Leaves. Views that callers keep stay readable: they are mappings of this session, and not the
   * runtime's, which are gone afterwards.
   */
  @Override
  public void close(WaitLimit limit) throws BackendFailure {
    long start = System.nanoTime();
    synchronized (windows) {
      windows.forEach(RuntimeWindows::release);
    }
    CompletableFuture<Void> left = leave();
    try {
      left.get(limit.nanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new BackendFailure(
          new Failure.TimedOut(List.of(), thread.stuck()), NativeThread.since(start));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendFailure(new Failure.Interrupted(), NativeThread.since(start));
    } catch (ExecutionException e) {
      throw NativeThread.failure(e.getCause(), NativeThread.since(start));
    }
  }
}
