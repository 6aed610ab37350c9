package comm.testkit.conformance.wrong;

import comm.api.RankStatus;
import comm.api.RankStatus.State;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the ranks of one group share, under its monitor. */
class MemoryGroup {

  final int size;
  final State[] states;
  final long[] entered;
  @Nullable Verdict verdict;
  private final String[] operations;
  private final Map<Long, MemoryRound> rounds = new HashMap<>();
  private final BitSet asked = new BitSet();
  private final BitSet expected = new BitSet();

  /** Why the group broke, and which rank found it. */
  record Verdict(Failure failure, int by) {}

  MemoryGroup(int size) {
    this.size = size;
    this.states = new State[size];
    Arrays.fill(states, State.NEVER_JOINED);
    this.entered = new long[size];
    this.operations = new String[size];
    Arrays.fill(operations, "");
    expected.set(0, size);
  }

  // ---- joining

  /** Whether a rank that comes to the place where this group formed wants another group. */
  synchronized boolean isHistoryFor(int rank) {
    return verdict != null && asked.get(rank);
  }

  /** Whether no rank can come that must still learn why the group didn't form. */
  synchronized boolean isForgotten() {
    expected.andNot(asked);
    return verdict == null
        || !(verdict.failure() instanceof Failure.Mismatch)
        || expected.isEmpty();
  }

  synchronized void join(int rank, int ofSize) throws BackendFailure {
    boolean twice = asked.get(rank);
    asked.set(rank);
    expected.set(0, Math.max(size, ofSize));
    if (verdict == null && ofSize != size) {
      int other = asked.nextSetBit(0) == rank ? asked.nextSetBit(rank + 1) : asked.nextSetBit(0);
      give(rank, new Failure.Mismatch("size", rank, ofSize + "", Math.max(other, 0), size + ""));
    } else if (verdict == null && twice) {
      String thread = Thread.currentThread().getName();
      give(rank, new Failure.Mismatch("rank", rank, "another thread", rank, thread));
    }
    Verdict known = verdict;
    if (known != null) {
      throw failure(known, rank, Duration.ZERO);
    }
    states[rank] = State.ALIVE;
  }

  synchronized void leave(MemorySession session) {
    states[session.rank()] = State.LEFT;
    wake();
  }

  synchronized List<RankStatus> peers() {
    return statuses(rank -> true);
  }

  private List<RankStatus> statuses(Predicate<Integer> which) {
    List<RankStatus> statuses = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      if (which.test(rank)) {
        statuses.add(status(rank));
      }
    }
    return statuses;
  }

  RankStatus status(int rank) {
    OptionalLong pid =
        states[rank] == State.NEVER_JOINED
            ? OptionalLong.empty()
            : OptionalLong.of(ProcessHandle.current().pid());
    return new RankStatus(rank, states[rank], pid, operations[rank], "");
  }

  // ---- collectives

  synchronized MemoryRound meet(
      MemorySession session, String operation, long value, WaitLimit limit) throws BackendFailure {
    int rank = session.rank();
    Verdict known = verdict;
    if (known != null) {
      throw failure(known, rank, Duration.ZERO);
    }
    long number = ++entered[rank];
    operations[rank] = operation;
    MemoryRound round = rounds.computeIfAbsent(number, any -> newRound());
    if (round.enter(rank, operation, value)) {
      rounds.remove(number);
      Optional<Failure> failure = round.finish();
      if (failure.isPresent()) {
        round.failed = true;
        give(rank, failure.get());
      }
      wake();
    }
    await(
        session,
        limit,
        () -> !round.failed && isComplete(round, rank),
        () -> !isComplete(round, rank),
        other -> !round.came.get(other));
    return round;
  }

  MemoryRound newRound() {
    return new MemoryRound(size);
  }

  /** Whether a rank may go on; a round that was complete stays so for all. */
  boolean isComplete(MemoryRound round, int rank) {
    return round.came.cardinality() == size;
  }

  // ---- waiting

  /**
   * Waits for a condition. Who finds that it can't come true gives the verdict for all.
   *
   * @param missing which ranks are waited for
   */
  synchronized void await(
      MemorySession session,
      WaitLimit limit,
      BooleanSupplier holds,
      BooleanSupplier breaks,
      Predicate<Integer> missing)
      throws BackendFailure {
    long start = System.nanoTime();
    while (!holds.getAsBoolean()) {
      Verdict known = verdict;
      if (known == null || session.cancelled) {
        Optional<Failure> failure = failure(session, limit.nanos(), start, missing);
        if (failure.isEmpty()) {
          continue;
        }
        known = new Verdict(failure.get(), session.rank());
        if (verdict == null && breaks.getAsBoolean()) {
          give(session.rank(), forOthers(session.rank(), failure.get()));
        }
      }
      throw failure(known, session.rank(), Duration.ofNanos(System.nanoTime() - start));
    }
  }

  /** Sleeps until something has changed, unless there is a reason to give up. */
  Optional<Failure> failure(
      MemorySession session, long limit, long start, Predicate<Integer> missing) {
    if (session.cancelled) {
      return Optional.of(new Failure.Cancelled());
    }
    for (int rank = 0; rank < size; rank++) {
      if (states[rank] == State.LEFT && missing.test(rank)) {
        return Optional.of(new Failure.PeerFailed(status(rank)));
      }
    }
    long left = limit - (System.nanoTime() - start);
    if (left <= 0) {
      return Optional.of(new Failure.TimedOut(statuses(missing)));
    }
    try {
      pause(left);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(new Failure.Interrupted());
    }
  }

  /** Sleeps until it is woken or time is over; callers look again. */
  @SuppressWarnings("WaitNotInLoop")
  void pause(long nanos) throws InterruptedException {
    wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
  }

  /** Wakes all who wait. */
  synchronized void wake() {
    notifyAll();
  }

  /** What others learn: a rank that was cancelled is about to leave. */
  private Failure forOthers(int rank, Failure failure) {
    return failure instanceof Failure.Cancelled
        ? new Failure.PeerFailed(
            new RankStatus(rank, State.LEFT, OptionalLong.empty(), operations[rank], ""))
        : failure;
  }

  /** Whether all other ranks have left, so that no signal can come. */
  boolean isAlone(int rank) {
    for (int other = 0; other < size; other++) {
      if (other != rank && states[other] != State.LEFT) {
        return false;
      }
    }
    return true;
  }

  /** Breaks the group. */
  void give(int rank, Failure failure) {
    verdict = new Verdict(failure, rank);
    wake();
  }

  BackendFailure failure(Verdict known, int rank, Duration waited) {
    OptionalInt by = known.by() == rank ? OptionalInt.empty() : OptionalInt.of(known.by());
    return new BackendFailure(known.failure(), by, waited);
  }
}
