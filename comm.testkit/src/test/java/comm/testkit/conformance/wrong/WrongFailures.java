package comm.testkit.conformance.wrong;

import comm.api.RankStatus;
import comm.api.RankStatus.State;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import comm.testkit.conformance.Rule;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Backends that are wrong about ranks that left. */
final class WrongFailures {

  private WrongFailures() {}

  static Stream<Wrong> all() {
    return Stream.of(
        Wrong.group(
            "nobody notices that a rank has left",
            Rule.F4,
            "must fail with PeerFailed, but failed with TimedOut",
            size ->
                new MemoryGroup(size) {
                  @Override
                  Optional<Failure> failure(
                      MemorySession session, long limit, long start, Predicate<Integer> missing) {
                    return super.failure(
                        session,
                        limit,
                        start,
                        rank -> states[rank] == State.ALIVE && missing.test(rank));
                  }
                }),
        peer(
            "a rank that left is called dead",
            Rule.F4,
            ": the rank that failed ==> expected: <rank 2 left> but was: <rank 2 dead>",
            peer -> WrongBarriers.status(peer.rank(), State.DEAD)),
        peer(
            "another rank is named than the one that left",
            Rule.F5,
            ": the rank that failed ==> expected: <rank 0 left> but was: <rank 1 left>",
            peer -> WrongBarriers.status((peer.rank() + 1) % 3, peer.state())),
        peer(
            "whichever rank left, rank 0 is named",
            Rule.F5,
            ": the rank that failed ==> expected: <rank 1 left> but was: <rank 0 left>",
            peer -> WrongBarriers.status(0, peer.state())),
        Wrong.group(
            "a broken group works again",
            Rule.F6,
            "another barrier of a broken group must fail with Failure, but returned",
            size ->
                new MemoryGroup(size) {
                  @Override
                  boolean isComplete(MemoryRound round, int rank) {
                    return super.isComplete(round, rank) || entered[rank] > 3;
                  }

                  @Override
                  void give(int rank, Failure failure) {
                    wake();
                  }
                }),
        Wrong.group(
            "a broken group waits until its limit",
            Rule.F6,
            "another barrier of a broken group failed only after ",
            Slow::new),
        Wrong.session(
            "peers() after a failure has all ranks alive",
            Rule.F9,
            "expected: <[0 alive, 1 left, 2 alive]> but was: <[0 alive, 1 alive, 2 alive]>",
            (session, request) ->
                new Relay.Session(session) {
                  @Override
                  public List<RankStatus> peers() {
                    return super.peers().stream()
                        .map(one -> WrongBarriers.status(one.rank(), State.ALIVE))
                        .toList();
                  }
                }),
        Wrong.of(
            "a failure breaks all groups of the process", Rule.F10, "PeerFailed", Contagious::new));
  }

  private static Wrong peer(String name, Rule rule, String message, UnaryOperator<RankStatus> lie) {
    return WrongBarriers.barrier(
        name,
        rule,
        message,
        (failure, rank) ->
            Optional.of(
                failure.failure() instanceof Failure.PeerFailed it
                    ? WrongBarriers.again(failure, new Failure.PeerFailed(lie.apply(it.peer())))
                    : failure));
  }

  /** Finds that it is broken only when its time is over. */
  private static final class Slow extends MemoryGroup {
    private final BitSet told = new BitSet();

    Slow(int size) {
      super(size);
    }

    @Override
    synchronized MemoryRound meet(
        MemorySession session, String operation, long value, WaitLimit limit)
        throws BackendFailure {
      long end = System.nanoTime() + limit.nanos();
      try {
        while (told.get(session.rank()) && System.nanoTime() < end) {
          pause(Math.max(1, end - System.nanoTime()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      try {
        return super.meet(session, operation, value, limit);
      } catch (BackendFailure e) {
        told.set(session.rank());
        throw e;
      }
    }
  }

  /** One verdict for everybody. */
  private static final class Contagious extends MemoryBackend {
    private final Queue<MemoryGroup> groups = new ConcurrentLinkedQueue<>();

    @Override
    MemoryGroup newGroup(int size) {
      MemoryGroup group =
          new MemoryGroup(size) {
            @Override
            void give(int rank, Failure failure) {
              for (MemoryGroup one : groups) {
                one.verdict = new Verdict(failure, rank);
                one.wake();
              }
            }
          };
      groups.add(group);
      return group;
    }
  }
}
