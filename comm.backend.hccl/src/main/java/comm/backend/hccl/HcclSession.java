package comm.backend.hccl;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.api.spi.WaitLimit;
import comm.backend.hccl.cann.CannAbi;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.cann.HcclEnvironment;
import comm.backend.hccl.device.DeviceThread;
import comm.backend.hccl.device.DeviceWork;
import comm.backend.hccl.rendezvous.Operation;
import comm.backend.hccl.rendezvous.Run;
import comm.backend.hccl.rendezvous.Self;
import comm.backend.hccl.rendezvous.Step;
import comm.backend.hccl.rendezvous.Wait;
import comm.backend.hccl.window.Allocation;
import comm.backend.hccl.window.Departures;
import comm.backend.hccl.window.HcclWindows;
import comm.backend.hccl.window.Strategies;
import comm.backend.hccl.window.StrategyName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One rank of a communicator: what it has of CANN, and its part in the run of all ranks. */
final class HcclSession implements BackendSession {

  private static final System.Logger LOGGER = System.getLogger(HcclSession.class.getName());

  private static final byte[] NOTHING = new byte[0];

  /** So long a device is asked to wait for its stream before this rank looks around. */
  private static final int SLICE_MILLIS = 50;

  /** The same while another thread wants the device. */
  private static final int SHORT_SLICE_MILLIS = 1;

  /** Joining has failed already; its caller should not wait long for the rest. */
  private static final Duration ABANDON_LIMIT = Duration.ofSeconds(2);

  private static final WaitLimit LOST_LIMIT = new WaitLimit(Duration.ofSeconds(2), "a lost device");

  private static final Duration LATE_LIMIT = Duration.ofSeconds(3);

  private static final long HANDOVER_NANOS = 1_000_000;

  private final Connection connection;
  private final Run run;
  private final DeviceWork work;
  private final Departures departures;
  private final SessionRequest request;
  private final HcclSettings settings;
  private final Map<StrategyName, String> objections;
  private final List<HcclWindows> openMc2 = new ArrayList<>();
  private volatile boolean cancelled;
  private volatile boolean broken;

  private HcclSession(
      Connection connection,
      Run run,
      DeviceWork work,
      Departures departures,
      SessionRequest request,
      HcclSettings settings,
      Map<StrategyName, String> objections) {
    this.connection = connection;
    this.run = run;
    this.work = work;
    this.departures = departures;
    this.request = request;
    this.settings = settings;
    this.objections = objections;
  }

  /**
   * Joins a communicator: first the ranks find each other by files, then their devices by HCCL.
   * When it throws, what this rank has is given back, and the others fail too.
   */
  static HcclSession open(
      SessionRequest request,
      HcclSettings settings,
      Connection connection,
      HcclEnvironment environment)
      throws BackendFailure {
    warnOfShorterLimits(request, environment);
    Wait wait = new Wait(request.limit(), () -> false);
    @Nullable Run run = null;
    boolean done = false;
    try {
      Self self = Self.of(request.rank(), request.size(), settings.host());
      run = Run.join(self, request.rootInfo(), () -> rootInfo(connection, wait), wait);
      Run joined = run;
      DeviceWork work =
          new DeviceWork(connection.thread(), joined, connection.cann().calls(), environment);
      byte[] rootInfo = joined.rootInfo();
      Map<StrategyName, String> objections =
          work.perform(
              () -> {
                connection.open();
                return Strategies.objections(
                    connection.cann(),
                    connection.cann().acl().socName().orElse(""),
                    joined.onOneHost());
              },
              wait);
      // HCCL waits for all ranks and can't be told that one has failed, so all must be ready for
      // it.
      joined.begin(Operation.OPEN, NOTHING).awaitAll(wait);
      work.perform(
          () -> {
            connection.connect(rootInfo);
            return true;
          },
          wait);
      joined.begin(Operation.OPEN, NOTHING).awaitAll(wait);
      done = true;
      return new HcclSession(
          connection,
          joined,
          work,
          new Departures(joined, request.size()),
          request,
          settings,
          objections);
    } finally {
      if (!done) {
        abandon(connection, run);
      }
    }
  }

  /** A limit that can't be reached would mislead whoever set it. */
  private static void warnOfShorterLimits(SessionRequest request, HcclEnvironment environment) {
    warnOfShorterLimit(
        request,
        "HCCL's own for connecting (HCCL_CONNECT_TIMEOUT + 20 s)",
        environment.connectDeadline());
    Duration exec = environment.execTimeout();
    if (!exec.isZero()) {
      warnOfShorterLimit(request, "HCCL's own for an operation (HCCL_EXEC_TIMEOUT)", exec);
    }
  }

  private static void warnOfShorterLimit(SessionRequest request, String beneath, Duration limit) {
    if (request.limit().duration().compareTo(limit) > 0) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "rank {0}: the limit of {1} s ({2}) is longer than {3}, {4} s: HCCL gives up first",
          request.rank(),
          request.limit().duration().toSeconds(),
          request.limit().source(),
          beneath,
          limit.toSeconds());
    }
  }

  /** On rank 0, before anybody can join it. */
  private static byte[] rootInfo(Connection connection, Wait wait) throws BackendFailure {
    try {
      return connection.thread().call(connection::rootInfo, () -> checkAlone(connection, wait));
    } catch (CannException e) {
      throw DeviceWork.because(new BackendFailure(e.toFailure(), wait.waited()), e);
    }
  }

  private static void checkAlone(Connection connection, Wait wait) throws BackendFailure {
    if (Thread.currentThread().isInterrupted()) {
      throw new BackendFailure(new Failure.Interrupted(), wait.waited());
    }
    if (wait.isOver()) {
      throw new BackendFailure(
          new Failure.TimedOut(
              List.of(),
              connection.cann().calls().current().orElse("the device") + " has not returned"),
          wait.waited());
    }
  }

  /** Handed over and not waited for: the thread may hang in the call that failed. */
  private static void abandon(Connection connection, @Nullable Run run) {
    if (run != null) {
      run.leave();
    }
    Wait wait = new Wait(new WaitLimit(ABANDON_LIMIT, "giving up to join"), () -> false);
    connection
        .thread()
        .submit(
            () -> {
              try {
                connection.disconnect(true, null, wait, null);
              } catch (CannException e) {
                // The failure of joining is on its way to the caller.
                LOGGER.log(System.Logger.Level.DEBUG, "can't give everything back", e);
              }
            });
    connection.thread().end();
    connection.thread().awaitEnd(wait.left());
    if (run != null) {
      run.close();
    }
  }

  @Override
  public void barrier(WaitLimit limit) throws BackendFailure {
    Wait wait = new Wait(limit, () -> cancelled);
    try {
      Step step = run.begin(Operation.BARRIER, NOTHING);
      if (settings.hostBarrier()) {
        step.awaitAll(wait);
      } else {
        barrierOnDevice(step, wait);
      }
    } catch (BackendFailure e) {
      broken = true;
      throw e;
    }
  }

  private void barrierOnDevice(Step step, Wait wait) throws BackendFailure {
    DeviceThread thread = connection.thread();
    DeviceThread.Watch watch = () -> look(step, wait);
    try {
      thread.call(
          () -> {
            connection
                .cann()
                .hccl()
                .barrier(connection.communicator(), connection.device().stream());
            return true;
          },
          watch);
      // In slices, so that the thread is free soon after this rank has given up.
      while (!thread.call(this::synchronizeForAWhile, watch)) {
        watch.look();
        if (thread.isWanted()) {
          LockSupport.parkNanos(HANDOVER_NANOS);
        }
      }
    } catch (CannException e) {
      throw DeviceWork.because(step.fail(e.toFailure(), wait), e);
    }
    step.hold(wait);
  }

  /** Whether the stream is done. */
  private boolean synchronizeForAWhile() throws CannException {
    try {
      int slice = connection.thread().isWanted() ? SHORT_SLICE_MILLIS : SLICE_MILLIS;
      connection.cann().acl().synchronizeStream(connection.device().stream(), slice);
      return true;
    } catch (CannException e) {
      if (e.code() == CannAbi.ACL_ERROR_RT_STREAM_SYNC_TIMEOUT) {
        return false;
      }
      throw e;
    }
  }

  private void look(Step step, Wait wait) throws BackendFailure {
    if (wait.isOver() && step.missing().isEmpty() && !isOnlyLate(step, wait)) {
      throw step.fail(
          new Failure.TimedOut(
              List.of(),
              "all ranks have called it, but HcclBarrier is not done on the device; "
                  + work.stuck()),
          wait);
    }
    step.check(wait);
  }

  /** What held for another rank must not break for this one because its device is slower. */
  private static boolean isOnlyLate(Step step, Wait wait) throws BackendFailure {
    return wait.overdue().compareTo(LATE_LIMIT) < 0 && step.isHeld();
  }

  @Override
  public HcclWindows allocateWindows(long bytes, WaitLimit limit) throws BackendFailure {
    Wait wait = new Wait(limit, () -> cancelled);
    openMc2.removeIf(HcclWindows::isClosed);
    Map<StrategyName, String> now = new EnumMap<>(objections);
    if (!openMc2.isEmpty()) {
      now.put(StrategyName.MC2, "other windows of this communicator that are still open have them");
    }
    try {
      HcclWindows windows =
          new Allocation(
                  connection.device(),
                  work,
                  run,
                  departures,
                  request.rank(),
                  request.size(),
                  settings.strategy(),
                  now,
                  request.limit(),
                  () -> cancelled)
              .run(bytes, connection.communicator(), wait);
      if (windows.strategy() == StrategyName.MC2) {
        openMc2.add(windows);
      }
      return windows;
    } catch (BackendFailure e) {
      broken = true;
      throw e;
    }
  }

  @Override
  public List<RankStatus> peers() {
    return run.peers();
  }

  @Override
  public void cancel() {
    cancelled = true;
  }

  @Override
  public void close(WaitLimit limit) throws BackendFailure {
    Wait wait = new Wait(limit, () -> false);
    DeviceThread thread = connection.thread();
    run.leave();
    try {
      // Behind what was handed over and not waited for, such as the undoing of an allocation.
      boolean lost = onDeviceToClose(() -> connection.device().isLost(), wait);
      if (!lost) {
        run.releaseAll();
      }
      // A lost device lets go of the others' windows only by its reset, which they must not await.
      @Nullable CannException early = letOthersGo(lost ? new Wait(LOST_LIMIT, () -> false) : wait);
      onDeviceToClose(
          () -> {
            connection.disconnect(broken, departures, wait, early);
            return true;
          },
          wait);
    } catch (CannException e) {
      throw DeviceWork.because(new BackendFailure(e.toFailure(), wait.waited()), e);
    } finally {
      run.releaseAll();
      thread.end();
      run.close();
    }
  }

  /**
   * Waits until no other rank has a window of this one attached, as long as closing may take.
   *
   * @return the first failure to free one
   */
  private @Nullable CannException letOthersGo(Wait wait) throws BackendFailure {
    @Nullable CannException first = null;
    while (true) {
      try {
        if (onDeviceToClose(this::collect, wait)) {
          return first;
        }
      } catch (CannException e) {
        first = first == null ? e : first;
      }
      if (wait.isOver()) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "rank {0}: ranks {1} still had its window after {2}; it is freed now, and what they do"
                + " with it fails",
            request.rank(),
            departures.holders(),
            wait.waited());
        return first;
      }
      wait.pause();
    }
  }

  private boolean collect() throws CannException {
    departures.collect();
    return departures.isEmpty();
  }

  private <T> T onDeviceToClose(DeviceThread.Task<T> task, Wait wait)
      throws CannException, BackendFailure {
    return connection.thread().call(task, () -> work.giveUpClosing(wait));
  }
}
