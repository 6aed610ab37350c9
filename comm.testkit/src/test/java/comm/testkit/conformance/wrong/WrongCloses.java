package comm.testkit.conformance.wrong;

import comm.api.Comparison;
import comm.api.RankStatus;
import comm.api.RankStatus.State;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.api.spi.WaitLimit;
import comm.testkit.conformance.Rule;
import java.io.FileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Backends that close wrongly. */
final class WrongCloses {

  private WrongCloses() {}

  static Stream<Wrong> all() {
    return Stream.of(
        Wrong.session(
            "close() waits until all ranks close",
            Rule.C1,
            Wrong.HANGS,
            (session, request) ->
                new Relay.Session(session) {
                  @Override
                  public void close(WaitLimit limit) throws BackendFailure {
                    super.close(limit);
                    while (!allLeft(right.peers())) {
                      if (Thread.interrupted()) {
                        return;
                      }
                      LockSupport.parkNanos(1_000_000);
                    }
                  }
                }),
        closing(
            "close() fails as soon as others are there",
            Rule.C1,
            "must return or fail with TimedOut, but failed with Interrupted",
            (session, limit) -> {
              session.close(limit);
              throw new BackendFailure(new Failure.Interrupted(), Duration.ZERO);
            }),
        new Wrong(
            "a file is left in a place that is declared",
            Rule.C2,
            "nothing must be left in ",
            place ->
                closingBackend(
                    (session, limit) -> {
                      session.close(limit);
                      Wrong.litter(place, "segment");
                    })),
        Wrong.session(
            "a file is left beside the root info file",
            Rule.C2,
            "nothing must be left beside the root info files, but there is [lock",
            (session, request) -> {
              Wrong.litter(request.rootInfo().resolveSibling(""), "lock");
              return session;
            }),
        closing(
            "each session leaves a thread",
            Rule.C3,
            "opening and closing 30 times must leave nothing",
            (session, limit) -> {
              WrongAnswers.thread();
              session.close(limit);
            }),
        closing(
            "each session leaves a descriptor",
            Rule.C3,
            "opening and closing 30 times must" + " leave nothing",
            leavingDescriptors()),
        new Wrong(
            "windows that were not closed stay mapped",
            Rule.C4,
            "opening and closing with windows that stay open 30 times must leave nothing",
            place -> new Mapping()),
        Wrong.session(
            "close() throws after a failure",
            Rule.C5,
            "IllegalStateException: broken",
            (session, request) ->
                new Relay.Session(session) {
                  private boolean broken;

                  @Override
                  public void barrier(WaitLimit limit) throws BackendFailure {
                    try {
                      super.barrier(limit);
                    } catch (BackendFailure e) {
                      broken = true;
                      throw e;
                    }
                  }

                  @Override
                  public void close(WaitLimit limit) throws BackendFailure {
                    super.close(limit);
                    if (broken) {
                      throw new IllegalStateException("broken");
                    }
                  }
                }),
        Wrong.session(
            "a rank that has closed is dead for the others",
            Rule.C6,
            "expected: <[0 alive, 1 left, 2 alive]> but was: <[0 alive, 1 dead, 2 alive]>",
            (session, request) ->
                new Relay.Session(session) {
                  @Override
                  public List<RankStatus> peers() {
                    return super.peers().stream()
                        .map(
                            one ->
                                one.state() == State.LEFT
                                    ? WrongBarriers.status(one.rank(), State.DEAD)
                                    : one)
                        .toList();
                  }
                }),
        Wrong.of(
            "memory that a view still shows is used again",
            Rule.C7,
            "'s window after close() ==> expected: ",
            () -> WrongWindows.recycling()),
        Wrong.windows(
            "cancel() doesn't end await()",
            Rule.C8,
            "await() of a group that is closed meanwhile must ",
            (windows, rank) ->
                new Relay.Windows(windows) {
                  @Override
                  public long await(
                      int owner, long offset, Comparison comparison, long operand, WaitLimit limit)
                      throws BackendFailure {
                    try {
                      return super.await(owner, offset, comparison, operand, limit);
                    } catch (BackendFailure e) {
                      WrongAnswers.sleep();
                      throw e;
                    }
                  }
                }));
  }

  private static boolean allLeft(List<RankStatus> peers) {
    return peers.stream().allMatch(one -> one.state() == State.LEFT);
  }

  private interface Close {
    void of(BackendSession session, WaitLimit limit) throws BackendFailure;
  }

  private static Wrong closing(String name, Rule rule, String message, Close close) {
    return Wrong.of(name, rule, message, () -> closingBackend(close));
  }

  private static MemoryBackend closingBackend(Close close) {
    return new MemoryBackend() {
      @Override
      public BackendSession open(SessionRequest request) throws BackendFailure {
        return new Relay.Session(super.open(request)) {
          @Override
          public void close(WaitLimit limit) throws BackendFailure {
            close.of(right, limit);
          }
        };
      }
    };
  }

  private static Close leavingDescriptors() {
    Queue<FileReader> kept = new ConcurrentLinkedQueue<>();
    return (session, limit) -> {
      session.close(limit);
      try {
        kept.add(new FileReader("/dev/null", StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (kept.size() > 1_000) {
        throw new IllegalStateException("too many files are open");
      }
    };
  }

  /** Keeps a shared mapping for each allocation until its windows are closed. */
  private static final class Mapping extends MemoryBackend {
    @Override
    public BackendSession open(SessionRequest request) throws BackendFailure {
      return new Relay.Session(super.open(request)) {
        @Override
        BackendWindows windows(BackendWindows windows) {
          return new Relay.Windows(windows) {
            private ByteBuffer mapped = map();

            @Override
            public Map<String, String> attributes() {
              return Map.of("mapped", String.valueOf(mapped.capacity()));
            }

            @Override
            public void close(WaitLimit limit) throws BackendFailure {
              mapped = ByteBuffer.allocate(0);
              super.close(limit);
            }
          };
        }
      };
    }

    private static ByteBuffer map() {
      try {
        Path file = Files.createTempFile("mapped", "");
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          return channel.map(FileChannel.MapMode.READ_WRITE, 0, 1 << 17);
        } finally {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
