package comm.testkit.conformance.wrong;

import comm.api.Comparison;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.api.spi.WindowMemory;
import comm.testkit.conformance.Rule;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Backends that show writes wrongly. */
final class WrongMemory {

  private WrongMemory() {}

  static Stream<Wrong> all() {
    return Stream.of(
        late(
            "a barrier delivers what was put before the last one",
            Rule.M1,
            "after the barrier of round 1",
            1,
            false),
        Wrong.group(
            "a rank writes while others are still before the barrier",
            Rule.M2,
            ", before the barrier of round ",
            size ->
                new MemoryGroup(size) {
                  @Override
                  boolean isComplete(MemoryRound round, int rank) {
                    return super.isComplete(round, rank) || (rank == 1 && entered[1] > 2);
                  }
                }),
        late("a signal is there before the data", Rule.M3, ", after await(), round 1", 0, false),
        late(
            "a chain of signals outruns the data",
            Rule.M4,
            ", at the end of the chain, round 1",
            0,
            true),
        late(
            "a release is there before the data", Rule.M5, ", after an acquire, round 1", 0, false),
        Wrong.memory(
            "additions are a read and a write",
            Rule.M6,
            " times getAndAddLong(1)",
            (right, windows, rank, owner) ->
                new Relay.Memory(right) {
                  @Override
                  public long getAndAddLong(long offset, long delta) {
                    long before = getLongAcquire(offset);
                    gap(before);
                    putLongRelease(offset, before + delta);
                    return before;
                  }
                }),
        Wrong.memory(
            "a compare-and-set is a read and a write",
            Rule.M6,
            " times compareAndSetLong(+3)",
            (right, windows, rank, owner) ->
                new Relay.Memory(right) {
                  @Override
                  public boolean compareAndSetLong(long offset, long expected, long value) {
                    boolean same = getLongAcquire(offset) == expected;
                    gap(expected);
                    if (same) {
                      putLongRelease(offset, value);
                    }
                    return same;
                  }
                }),
        Wrong.memory(
            "an exchange is a read and a write",
            Rule.M6,
            "the sum of what getAndSetLong() returned",
            (right, windows, rank, owner) ->
                new Relay.Memory(right) {
                  @Override
                  public long getAndSetLong(long offset, long value) {
                    long before = getLongAcquire(offset);
                    gap(value);
                    putLongRelease(offset, value);
                    return before;
                  }
                }),
        awaiting(
            "await() returns the operand",
            Rule.M7,
            ", by await(!= 10)",
            (windows, owner, offset, comparison, operand, limit) -> {
              long unused = windows.await(owner, offset, comparison, operand, limit);
              return operand;
            }),
        awaiting(
            "await() takes > for >=",
            Rule.M7,
            ", by await(> 10)",
            (windows, owner, offset, comparison, operand, limit) ->
                windows.await(
                    owner,
                    offset,
                    comparison == Comparison.GT ? Comparison.GE : comparison,
                    operand,
                    limit)),
        Wrong.group(
            "a signal doesn't wake who has just looked",
            Rule.M8,
            Wrong.HANGS,
            size ->
                new MemoryGroup(size) {
                  @Override
                  @SuppressWarnings("WaitNotInLoop")
                  void pause(long nanos) throws InterruptedException {
                    wait(0, 1);
                    wait();
                  }
                }),
        Wrong.windows(
            "signals that add are a read and a write",
            Rule.M9,
            "comm.api.spi.BackendFailure: ",
            (windows, rank) ->
                new Relay.Windows(windows) {
                  @Override
                  public void signal(
                      int owner, long offset, SignalOperation operation, long operand)
                      throws BackendFailure {
                    if (operation == SignalOperation.SET) {
                      super.signal(owner, offset, operation, operand);
                      return;
                    }
                    long before =
                        memory(owner, (what, failure) -> new IllegalStateException(failure))
                            .getLongAcquire(offset);
                    gap(before);
                    super.signal(owner, offset, SignalOperation.SET, before + operand);
                  }
                }),
        awaiting(
            "await() ignores its limit",
            Rule.M10,
            Wrong.HANGS,
            (windows, owner, offset, comparison, operand, limit) ->
                windows.await(
                    owner,
                    offset,
                    comparison,
                    operand,
                    new WaitLimit(Duration.ofDays(1), "forever"))),
        Wrong.session(
            "await() that runs out of time breaks the group",
            Rule.M10,
            "broken by await()",
            (session, request) -> new Brittle(session)),
        awaiting(
            "await() runs out of time too early",
            Rule.M10,
            ": an await() with a limit of ",
            (windows, owner, offset, comparison, operand, limit) ->
                windows.await(
                    owner,
                    offset,
                    comparison,
                    operand,
                    new WaitLimit(limit.duration().dividedBy(50), "less"))),
        Wrong.memory(
            "bytes that are being put are something else for a while",
            Rule.M11,
            ", while ranks 0 and 1 were putting, get ",
            (right, windows, rank, owner) ->
                new Relay.Memory(right) {
                  @Override
                  public void put(long offset, ByteBuffer source) {
                    ByteBuffer inverted = ByteBuffer.allocate(source.remaining());
                    for (int i = 0; i < inverted.capacity(); i++) {
                      inverted.put(i, (byte) ~source.get(source.position() + i));
                    }
                    super.put(offset, inverted);
                    LockSupport.parkNanos(50_000);
                    super.put(offset, source);
                  }
                }));
  }

  /** Time between a read and a write for others to write; now and then, to keep tests short. */
  private static void gap(long seed) {
    if (seed % 16 == 0) {
      LockSupport.parkNanos(1_000);
    }
  }

  private interface Await {
    long of(
        BackendWindows windows,
        int owner,
        long offset,
        Comparison comparison,
        long operand,
        WaitLimit limit)
        throws BackendFailure;
  }

  private static Wrong awaiting(String name, Rule rule, String message, Await await) {
    return Wrong.windows(
        name,
        rule,
        message,
        (windows, rank) ->
            new Relay.Windows(windows) {
              @Override
              public long await(
                  int owner, long offset, Comparison comparison, long operand, WaitLimit limit)
                  throws BackendFailure {
                return await.of(windows, owner, offset, comparison, operand, limit);
              }
            });
  }

  /** What is put into windows of others arrives some barriers later. */
  private static Wrong late(
      String name, Rule rule, String message, int barriers, boolean onlyRank0) {
    return Wrong.session(
        name, rule, message, (session, request) -> new Late(session, request, barriers, onlyRank0));
  }

  private static final class Late extends Relay.Session {
    private final Deque<List<Runnable>> batches = new ArrayDeque<>();
    private final SessionRequest request;
    private final boolean onlyRank0;
    private List<Runnable> batch = new ArrayList<>();

    Late(BackendSession right, SessionRequest request, int barriers, boolean onlyRank0) {
      super(right);
      this.request = request;
      this.onlyRank0 = onlyRank0;
      for (int i = 0; i < barriers; i++) {
        batches.add(List.of());
      }
    }

    @Override
    BackendWindows windows(BackendWindows windows) {
      return new Relay.Windows(windows) {
        @Override
        WindowMemory memory(WindowMemory memory, int owner) {
          boolean isLate = owner != request.rank() && (request.rank() == 0 || !onlyRank0);
          return isLate ? new LateMemory(memory) : memory;
        }
      };
    }

    @Override
    public void barrier(WaitLimit limit) throws BackendFailure {
      batches.add(batch);
      batch = new ArrayList<>();
      batches.removeFirst().forEach(Runnable::run);
      super.barrier(limit);
    }

    private final class LateMemory extends Relay.Memory {
      LateMemory(WindowMemory right) {
        super(right);
      }

      @Override
      public void put(long offset, ByteBuffer source) {
        ByteBuffer copy = ByteBuffer.allocate(source.remaining()).put(source).flip();
        batch.add(() -> right.put(offset, copy));
      }
    }
  }

  /** Breaks when an await runs out of time. */
  private static final class Brittle extends Relay.Session {
    private volatile boolean broken;

    Brittle(BackendSession right) {
      super(right);
    }

    @Override
    BackendWindows windows(BackendWindows windows) {
      return new Relay.Windows(windows) {
        @Override
        public long await(
            int owner, long offset, Comparison comparison, long operand, WaitLimit limit)
            throws BackendFailure {
          try {
            return super.await(owner, offset, comparison, operand, limit);
          } catch (BackendFailure e) {
            broken = true;
            throw e;
          }
        }
      };
    }

    @Override
    public void barrier(WaitLimit limit) throws BackendFailure {
      if (broken) {
        throw new BackendFailure(
            new Failure.NativeCall("barrier", 1, "", "broken by await()", ""), Duration.ZERO);
      }
      super.barrier(limit);
    }
  }
}
