package comm.testkit.conformance.wrong;

import comm.api.RankStatus;
import comm.api.RankStatus.State;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.api.spi.WaitLimit;
import comm.testkit.conformance.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Backends whose barrier is wrong. */
final class WrongBarriers {

  private WrongBarriers() {}

  static Stream<Wrong> all() {
    return Stream.of(
        Wrong.group(
            "a barrier lets one rank through early",
            Rule.B1,
            "has left barrier ",
            size ->
                new MemoryGroup(size) {
                  @Override
                  boolean isComplete(MemoryRound round, int rank) {
                    return super.isComplete(round, rank)
                        || (rank == 1 && entered[1] > 1 && round.came.cardinality() == size - 1);
                  }
                }),
        Wrong.group(
            "a barrier wakes only one of those who wait",
            Rule.B2,
            Wrong.HANGS,
            size ->
                new MemoryGroup(size) {
                  @Override
                  @SuppressWarnings("NotifyNotAll")
                  synchronized void wake() {
                    notify();
                  }

                  @Override
                  @SuppressWarnings("WaitNotInLoop")
                  void pause(long nanos) throws InterruptedException {
                    wait();
                  }
                }),
        barrier(
            "a barrier that ran out of time returns",
            Rule.B3,
            "a barrier without rank 1 must fail with TimedOut, but returned",
            (failure, rank) -> Optional.empty()),
        Wrong.group(
            "a barrier runs out of time too early",
            Rule.B3,
            ": a barrier with a limit of ",
            size ->
                new MemoryGroup(size) {
                  @Override
                  Optional<Failure> failure(
                      MemorySession session, long limit, long start, Predicate<Integer> missing) {
                    return super.failure(session, limit / 50, start, missing);
                  }
                }),
        missing(
            "a barrier names another rank than the one that is missing",
            "the missing ranks of a barrier without rank 1 ==> expected: <1 alive> but was: <2 alive>",
            one -> status(2, State.ALIVE)),
        missing(
            "a barrier says that a rank that lives is dead",
            "the missing ranks of a barrier without rank 1 ==> expected: <1 alive> but was: <1 dead>",
            one -> status(one.rank(), State.DEAD)),
        missing(
            "a barrier says that a rank that lives never joined",
            "==> expected: <1 alive> but was: <1 never joined>",
            one -> status(one.rank(), State.NEVER_JOINED)),
        barrier(
            "a barrier names one of two missing ranks",
            Rule.B3,
            "==> expected: <1 alive, 3 alive> but was: <1 alive>",
            (failure, rank) ->
                Optional.of(
                    failure.failure() instanceof Failure.TimedOut late
                        ? again(failure, new Failure.TimedOut(late.missing().subList(0, 1)))
                        : failure)),
        Wrong.group(
            "only the rank that finds it learns that a barrier broke",
            Rule.B4,
            "the barrier of the rank that comes after the others have given up",
            size ->
                new MemoryGroup(size) {
                  @Override
                  void give(int rank, Failure failure) {
                    if (!(failure instanceof Failure.TimedOut)) {
                      super.give(rank, failure);
                    }
                  }
                }),
        Wrong.session(
            "a barrier's limit counts from the last barrier",
            Rule.B5,
            "TimedOut",
            (session, request) -> new Impatient(session)),
        Wrong.group(
            "a barrier of one rank waits",
            Rule.B6,
            "TimedOut",
            size ->
                new MemoryGroup(size) {
                  @Override
                  boolean isComplete(MemoryRound round, int rank) {
                    return super.isComplete(round, rank) && (size > 1 || entered[0] < 3);
                  }
                }),
        Wrong.session(
            "a barrier clears the flag of its interrupted thread",
            Rule.B7,
            "rank 0: the flag of the interrupted thread has been cleared",
            (session, request) ->
                new Relay.Session(session) {
                  @Override
                  public void barrier(WaitLimit limit) throws BackendFailure {
                    try {
                      super.barrier(limit);
                    } finally {
                      boolean unused = Thread.interrupted();
                    }
                  }
                }),
        Wrong.group(
            "a barrier goes on when its thread is interrupted",
            Rule.B7,
            "interrupted",
            size ->
                new MemoryGroup(size) {
                  @Override
                  void pause(long nanos) {
                    try {
                      super.pause(nanos);
                    } catch (InterruptedException e) {
                      interrupts++;
                    }
                  }

                  private int interrupts;
                }),
        Wrong.group(
            "an interrupted barrier leaves the others waiting",
            Rule.B7,
            "the barrier of a rank whose peer was interrupted must break, but ran out of time",
            size ->
                new MemoryGroup(size) {
                  @Override
                  void give(int rank, Failure failure) {
                    if (!(failure instanceof Failure.Interrupted)) {
                      super.give(rank, failure);
                    }
                  }
                }),
        Wrong.session(
            "cancel() does nothing",
            Rule.B8,
            "the barrier of a cancelled session must fail with Cancelled, but failed with TimedOut",
            (session, request) ->
                new Relay.Session(session) {
                  @Override
                  public void cancel() {}
                }),
        Wrong.of(
            "two groups of the same ranks share their barriers",
            Rule.B9,
            "rank 0 has left the first group's barrier, which rank 1 has not entered",
            MixedBarriers::new),
        Wrong.session(
            "a barrier needs windows",
            Rule.B10,
            "NativeCall[function=barrier",
            (session, request) -> new Bare(session)));
  }

  static RankStatus status(int rank, State state) {
    return new RankStatus(rank, state, OptionalLong.empty(), "", "");
  }

  static BackendFailure again(BackendFailure failure, Failure facts) {
    return new BackendFailure(facts, failure.reportedBy(), failure.waited());
  }

  private static Wrong missing(String name, String message, UnaryOperator<RankStatus> lie) {
    return barrier(
        name,
        Rule.B3,
        message,
        (failure, rank) ->
            Optional.of(
                failure.failure() instanceof Failure.TimedOut late
                    ? again(
                        failure, new Failure.TimedOut(late.missing().stream().map(lie).toList()))
                    : failure));
  }

  /** What becomes of a barrier's failure. */
  interface Lie {
    Optional<BackendFailure> of(BackendFailure failure, int rank);
  }

  static Wrong barrier(String name, Rule rule, String message, Lie lie) {
    return Wrong.session(
        name,
        rule,
        message,
        (session, request) ->
            new Relay.Session(session) {
              @Override
              public void barrier(WaitLimit limit) throws BackendFailure {
                try {
                  super.barrier(limit);
                } catch (BackendFailure e) {
                  Optional<BackendFailure> told = lie.of(e, request.rank());
                  if (told.isPresent()) {
                    throw told.get();
                  }
                }
              }
            });
  }

  private static final class Impatient extends Relay.Session {
    private long last = System.nanoTime();

    Impatient(BackendSession right) {
      super(right);
    }

    @Override
    public void barrier(WaitLimit limit) throws BackendFailure {
      long used = System.nanoTime() - last;
      if (used >= limit.nanos()) {
        throw new BackendFailure(
            new Failure.TimedOut(List.of()), OptionalInt.empty(), Duration.ofNanos(used));
      }
      super.barrier(limit);
      last = System.nanoTime();
    }
  }

  private static final class Bare extends Relay.Session {
    private boolean ready;

    Bare(BackendSession right) {
      super(right);
    }

    @Override
    BackendWindows windows(BackendWindows windows) {
      ready = true;
      return windows;
    }

    @Override
    public void barrier(WaitLimit limit) throws BackendFailure {
      if (!ready) {
        throw new BackendFailure(
            new Failure.NativeCall("barrier", 3, "", "no windows", ""), Duration.ZERO);
      }
      super.barrier(limit);
    }
  }

  /** Barriers of all groups of this backend go through the first one. */
  private static final class MixedBarriers extends MemoryBackend {
    private final BackendSession[] first = new BackendSession[64];

    @Override
    public BackendSession open(SessionRequest request) throws BackendFailure {
      BackendSession session = super.open(request);
      synchronized (first) {
        if (first[request.rank()] == null) {
          first[request.rank()] = session;
        }
      }
      BackendSession barriers = first[request.rank()];
      return new Relay.Session(session) {
        @Override
        public void barrier(WaitLimit limit) throws BackendFailure {
          barriers.barrier(limit);
        }
      };
    }
  }
}
