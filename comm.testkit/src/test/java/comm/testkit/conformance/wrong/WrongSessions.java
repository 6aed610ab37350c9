package comm.testkit.conformance.wrong;

import comm.api.RankStatus;
import comm.api.RankStatus.State;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.api.spi.WaitLimit;
import comm.testkit.conformance.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Backends whose groups form wrongly. */
final class WrongSessions {

  private WrongSessions() {}

  static Stream<Wrong> all() {
    return Stream.of(
        opening(
            "open() returns a session that is broken",
            Rule.S1,
            "NativeCall",
            (open, request) -> {
              BackendSession session = open.of(request);
              return new Relay.Session(session) {
                @Override
                public void barrier(WaitLimit limit) throws BackendFailure {
                  throw new BackendFailure(
                      new Failure.NativeCall("barrier", 7, "", "", ""), Duration.ZERO);
                }
              };
            }),
        Wrong.group(
            "open() returns before all ranks have come",
            Rule.S2,
            "but returned before it came",
            size ->
                new MemoryGroup(size) {
                  @Override
                  boolean isComplete(MemoryRound round, int rank) {
                    return super.isComplete(round, rank) || entered[rank] == 1;
                  }
                }),
        Wrong.group(
            "open() ignores its limit",
            Rule.S3,
            Wrong.HANGS,
            size ->
                new MemoryGroup(size) {
                  @Override
                  Optional<Failure> failure(
                      MemorySession session, long limit, long start, Predicate<Integer> missing) {
                    return super.failure(session, Long.MAX_VALUE, start, missing);
                  }
                }),
        Wrong.group(
            "open() runs out of time too early",
            Rule.S3,
            " must wait for ",
            size ->
                new MemoryGroup(size) {
                  @Override
                  Optional<Failure> failure(
                      MemorySession session, long limit, long start, Predicate<Integer> missing) {
                    return super.failure(session, limit / 50, start, missing);
                  }
                }),
        opening(
            "open() that runs out of time says that all ranks are missing",
            Rule.S3,
            "the missing ranks ==> expected: <[2 never joined]> but was: <[0 never joined, 1",
            lying(
                failure ->
                    failure instanceof Failure.TimedOut
                        ? new Failure.TimedOut(List.of(never(0), never(1), never(2)))
                        : failure)),
        opening(
            "open() accepts another size",
            Rule.S4,
            "while others say otherwise must fail with Mismatch, but ",
            (open, request) ->
                open.of(
                    new SessionRequest(
                        request.rank(),
                        Math.max(2, request.rank() + 1),
                        request.rootInfo(),
                        request.stream(),
                        request.properties(),
                        request.limit()))),
        opening(
            "a mismatch of sizes has no values",
            Rule.S4,
            "the sizes ==> expected: ",
            lying(
                failure ->
                    failure instanceof Failure.Mismatch it
                        ? new Failure.Mismatch("size", it.rank(), "a", it.otherRank(), "b")
                        : failure)),
        Wrong.group(
            "only the second rank learns that sizes differ",
            Rule.S4,
            "must fail with Mismatch, but failed with TimedOut",
            size -> new Tolerant(size, false)),
        Wrong.group(
            "a rank that comes twice is let in",
            Rule.S5,
            "like another one must fail with Mismatch, but ",
            size -> new Tolerant(size, true)),
        Wrong.session(
            "peers() has the ranks of all groups", Rule.S6, ": the ranks of group ", ofAllGroups()),
        Wrong.of(
            "a second group at a path gets the windows of the first",
            Rule.S7,
            "the first byte of its window that isn't 0 ==> expected: <-1> but was: <0>",
            () -> WrongWindows.recycling()),
        Wrong.session(
            "a group at a path that was used before has its dead",
            Rule.S7,
            "group 1 at one path: its ranks ==> expected: <[0 alive, 1 alive, 2 alive]>",
            rememberingTheDead()),
        peers(
            "peers() is in the wrong order",
            "==> expected: <[0 alive, 1 alive, 2 alive]> but was: <[2 alive, 1 alive, 0 alive]>",
            (peers, request) -> Collections.reverse(peers)),
        peers(
            "peers() lacks the rank itself",
            "rank 1 of 3: peers() while nobody answers ==> expected: <[0 alive, 1 alive, 2 alive]>"
                + " but was: <[0 alive, 2 alive]>",
            (peers, request) -> {
              if (request.rank() == 1) {
                peers.remove(1);
              }
            }),
        peers("peers() waits", ": peers() while ", (peers, request) -> WrongAnswers.sleep()),
        Wrong.group(
            "a group that didn't form stays at its path",
            Rule.S9,
            "TimedOut",
            size ->
                new MemoryGroup(size) {
                  @Override
                  synchronized boolean isHistoryFor(int rank) {
                    return false;
                  }

                  @Override
                  synchronized boolean isForgotten() {
                    return false;
                  }
                }),
        opening(
            "open() that fails leaves a file",
            Rule.S9,
            "what is beside the root info file after open() has failed ==> expected: <[]>",
            (open, request) -> {
              try {
                return open.of(request);
              } catch (BackendFailure e) {
                if (e.failure() instanceof Failure.TimedOut) {
                  Wrong.litter(request.rootInfo().resolveSibling(""), "part" + request.rank());
                }
                throw e;
              }
            }),
        opening(
            "a group of one rank waits for a second",
            Rule.S10,
            "TimedOut",
            (open, request) ->
                open.of(
                    new SessionRequest(
                        request.rank(),
                        Math.max(2, request.size()),
                        request.rootInfo(),
                        request.stream(),
                        request.properties(),
                        request.limit()))),
        opening(
            "a group has at most 8 ranks",
            Rule.S11,
            "Exhausted",
            (open, request) -> {
              if (request.size() > 8) {
                throw new BackendFailure(
                    new Failure.Exhausted("slots", request.size(), 8, ""), Duration.ZERO);
              }
              return open.of(request);
            }),
        opening(
            "open() clears the flag of its interrupted thread",
            Rule.S12,
            "the flag of the interrupted thread must be set",
            (open, request) -> {
              try {
                return open.of(request);
              } finally {
                boolean unused = Thread.interrupted();
              }
            }),
        opening(
            "open() ends as out of time when it is interrupted",
            Rule.S12,
            "must fail with Interrupted, but failed with TimedOut",
            lying(
                failure ->
                    failure instanceof Failure.Interrupted
                        ? new Failure.TimedOut(List.of())
                        : failure)),
        opening(
            "open() throws when it can't read what is at the path",
            Rule.S13,
            "open() with garbage at the path (directory) must lead to Rendezvous, TimedOut or a"
                + " group, but threw java.io.UncheckedIOException",
            (open, request) -> {
              try {
                if (Files.exists(request.rootInfo())) {
                  byte[] unused = Files.readAllBytes(request.rootInfo());
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return open.of(request);
            }));
  }

  private static RankStatus never(int rank) {
    return WrongBarriers.status(rank, State.NEVER_JOINED);
  }

  /** The right way to open. */
  private interface Open {
    BackendSession of(SessionRequest request) throws BackendFailure;
  }

  private interface Opening {
    BackendSession of(Open open, SessionRequest request) throws BackendFailure;
  }

  private static Opening lying(UnaryOperator<Failure> lie) {
    return (open, request) -> {
      try {
        return open.of(request);
      } catch (BackendFailure e) {
        throw WrongBarriers.again(e, lie.apply(e.failure()));
      }
    };
  }

  private static Wrong opening(String name, Rule rule, String message, Opening opening) {
    return Wrong.of(
        name,
        rule,
        message,
        () ->
            new MemoryBackend() {
              @Override
              public BackendSession open(SessionRequest request) throws BackendFailure {
                return opening.of(super::open, request);
              }
            });
  }

  private interface PeersFault {
    void of(List<RankStatus> peers, SessionRequest request);
  }

  private static Wrong peers(String name, String message, PeersFault fault) {
    return Wrong.session(
        name,
        Rule.S8,
        message,
        (session, request) ->
            new Relay.Session(session) {
              @Override
              public List<RankStatus> peers() {
                List<RankStatus> peers = new ArrayList<>(super.peers());
                fault.of(peers, request);
                return peers;
              }
            });
  }

  private static Wrong.SessionFault ofAllGroups() {
    Queue<BackendSession> all = new ConcurrentLinkedQueue<>();
    return (session, request) -> {
      if (request.rank() == 0) {
        all.add(session);
      }
      return new Relay.Session(session) {
        @Override
        public List<RankStatus> peers() {
          return all.stream().flatMap(one -> one.peers().stream()).toList();
        }
      };
    };
  }

  private static Wrong.SessionFault rememberingTheDead() {
    AtomicInteger opened = new AtomicInteger();
    return (session, request) -> {
      int before = opened.getAndIncrement();
      return new Relay.Session(session) {
        @Override
        public List<RankStatus> peers() {
          return super.peers().stream()
              .map(
                  one ->
                      before < request.size() ? one : WrongBarriers.status(one.rank(), State.LEFT))
              .toList();
        }
      };
    };
  }

  /** Checks less of who joins. */
  private static final class Tolerant extends MemoryGroup {
    private final boolean twice;

    Tolerant(int size, boolean twice) {
      super(size);
      this.twice = twice;
    }

    @Override
    synchronized void join(int rank, int ofSize) throws BackendFailure {
      if (twice && states[rank] != State.NEVER_JOINED) {
        return;
      }
      try {
        super.join(rank, ofSize);
      } finally {
        verdict = null;
      }
    }
  }
}
