package comm.backend.sim;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import comm.backend.sim.Ranks.Operation;
import comm.backend.sim.protocol.Barrier;
import comm.backend.sim.protocol.ControlLayout;
import comm.backend.sim.protocol.Signal;
import comm.backend.sim.protocol.Words;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One rank of a communicator. */
final class SimSession implements BackendSession {

  private final ControlSegment control;
  private final Words words;
  private final Barrier barrier;
  private final SystemWait wait;
  private final Ranks ranks;
  private final int rank;
  private final int size;
  private final Set<SimWindows> open = ConcurrentHashMap.newKeySet();

  /**
   * What this rank's slot says, so that repeating it costs nothing; threads may overtake others.
   */
  private Operation recorded = Operation.OPEN;

  SimSession(ControlSegment control, Barrier barrier, Ranks ranks, int rank, int size) {
    this.control = control;
    this.words = control.words();
    this.barrier = barrier;
    this.wait = control.waiting();
    this.ranks = ranks;
    this.rank = rank;
    this.size = size;
  }

  private void record(Operation operation) {
    if (recorded != operation) {
      recorded = operation;
      words.write(ControlLayout.operation(rank), operation.code());
    }
  }

  @Override
  public void barrier(WaitLimit limit) throws BackendFailure {
    record(Operation.BARRIER);
    wait.limit(limit);
    meet();
  }

  private void meet() throws BackendFailure {
    if (!barrier.await(wait)) {
      throw ranks.failure(wait.waited());
    }
  }

  @Override
  public SimWindows allocateWindows(long bytes, WaitLimit limit) throws BackendFailure {
    record(Operation.ALLOCATE_WINDOWS);
    wait.limit(limit);
    SimWindows windows = new Allocation(words, rank, size, bytes, this::meet).run(this);
    open.add(windows);
    return windows;
  }

  /** Whether these windows were still open; they aren't any more. */
  boolean forget(SimWindows windows) {
    return open.remove(windows);
  }

  int spins() {
    return control.policy().spins();
  }

  void ringIfAsleep(int owner) {
    if (words.read(ControlLayout.signalSleepers(owner)) != 0) {
      Signal.ring(words, wait, owner);
    }
  }

  void awaitSignal(int owner, BooleanSupplier condition, WaitLimit limit) throws BackendFailure {
    record(Operation.AWAIT);
    SystemWait own = control.newWait(limit);
    Signal.Outcome outcome = Signal.await(words, own, rank, size, owner, condition);
    Duration waited = own.waited();
    switch (outcome) {
      case SATISFIED -> {}
      case POISONED -> throw ranks.failure(waited);
      case TIMED_OUT -> throw new BackendFailure(new Failure.TimedOut(List.of()), waited);
      case INTERRUPTED -> throw new BackendFailure(new Failure.Interrupted(), waited);
      case CANCELLED -> throw new BackendFailure(new Failure.Cancelled(), waited);
      case ALONE -> throw new BackendFailure(new Failure.PeerFailed(lastToLeave()), waited);
    }
  }

  private RankStatus lastToLeave() {
    int other = rank == 0 ? size - 1 : 0;
    RankStatus status = ranks.status(other);
    return new RankStatus(
        other, RankStatus.State.LEFT, OptionalLong.of(status.pid().orElse(0)), "", "");
  }

  @Override
  public List<RankStatus> peers() {
    return ranks.all();
  }

  @Override
  public void cancel() {
    control.cancel();
    Barrier.wakeEverybody(words, control.newWait(new WaitLimit(Duration.ofSeconds(1), "")), size);
  }

  @Override
  public void close(WaitLimit limit) throws BackendFailure {
    // Whoever waits for this rank must find that it left before its lock is free.
    words.publish(ControlLayout.state(rank), ControlLayout.LEFT);
    Barrier.wakeEverybody(words, wait, size);
    @Nullable BackendFailure first = null;
    for (SimWindows windows : open) {
      try {
        windows.close(limit);
      } catch (BackendFailure e) {
        first = first == null ? e : first;
      }
    }
    control.close();
    if (first != null) {
      throw first;
    }
  }
}
