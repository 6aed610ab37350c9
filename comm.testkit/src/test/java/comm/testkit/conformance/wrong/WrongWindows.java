package comm.testkit.conformance.wrong;

import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.CommBackend;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.api.spi.WindowMemory;
import comm.testkit.conformance.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Backends whose windows are wrong. */
final class WrongWindows {

  private WrongWindows() {}

  static Stream<Wrong> all() {
    return Stream.of(
        Wrong.of(
            "a new window has old bytes",
            Rule.W2,
            "found 0xA5 at offset 0 of the window of rank ",
            () -> recycling()),
        Wrong.windows(
            "a window is cleared after its rank has it",
            Rule.W2,
            "found 0x00 at offset 0 of the window of rank ",
            (windows, rank) -> {
              LockSupport.parkNanos(2_000_000);
              clear(windows, (rank + 1) % windows.context().rankNum());
              return windows;
            }),
        Wrong.memory(
            "the last byte of a window is lost",
            Rule.W6,
            ", not 0x",
            (right, windows, rank, owner) ->
                new Relay.Memory(right) {
                  @Override
                  public void put(long offset, ByteBuffer source) {
                    int lost = offset + source.remaining() == windows.size() ? 1 : 0;
                    super.put(offset, source.duplicate().limit(source.limit() - lost));
                    source.position(source.limit());
                  }
                }),
        Wrong.memory(
            "bytes at odd offsets go to even ones",
            Rule.W6,
            " bytes at 1 from an array, seed ",
            (right, windows, rank, owner) ->
                new Relay.Memory(right) {
                  @Override
                  public void put(long offset, ByteBuffer source) {
                    super.put(offset == 1 ? 0 : offset, source);
                  }
                }),
        Wrong.of(
            "windows overlap by a byte",
            Rule.W7,
            ", after all were filled",
            () -> withRounds(Overlapping::new)),
        Wrong.windows(
            "an access of rank 0 to the window of rank 1 reaches rank 2",
            Rule.W8,
            " of the window of rank ",
            (windows, rank) ->
                new Relay.Windows(windows) {
                  @Override
                  public WindowMemory memory(int owner, AccessFailures failures) {
                    return super.memory(rank == 0 && owner == 1 ? 2 : owner, failures);
                  }
                }),
        Wrong.windows(
            "a signal to another rank reaches the own window",
            Rule.W8,
            " of the window of rank ",
            (windows, rank) ->
                new Relay.Windows(windows) {
                  @Override
                  public void signal(
                      int owner, long offset, SignalOperation operation, long operand)
                      throws BackendFailure {
                    super.signal(rank, offset, operation, operand);
                  }
                }),
        Wrong.session(
            "sizes of windows are not compared",
            Rule.W9,
            "an allocation with different sizes must fail with Mismatch, but returned",
            (session, request) ->
                new Relay.Session(session) {
                  @Override
                  public BackendWindows allocateWindows(long bytes, WaitLimit limit)
                      throws BackendFailure {
                    return super.allocateWindows((bytes + 8191) / 8192 * 8192, limit);
                  }
                }),
        allocating(
            "a mismatch of window sizes has one size twice",
            Rule.W9,
            " asked for 8192 bytes, the others for 4096, but got Mismatch[",
            failure ->
                failure instanceof Failure.Mismatch it
                    ? new Failure.Mismatch(
                        it.subject(), it.rank(), it.value(), it.otherRank(), it.value())
                    : failure),
        Wrong.session(
            "one rank goes on when there is no memory",
            Rule.W10,
            " bytes must fail with Failure, but returned",
            (session, request) ->
                new Relay.Session(session) {
                  @Override
                  public BackendWindows allocateWindows(long bytes, WaitLimit limit)
                      throws BackendFailure {
                    return super.allocateWindows(bytes > 1 << 28 ? 8 : bytes, limit);
                  }
                }),
        allocating(
            "ranks without memory are said to be late",
            Rule.W10,
            ": no rank is missing, but an allocation of ",
            failure ->
                failure instanceof Failure.Exhausted ? new Failure.TimedOut(List.of()) : failure),
        closing(
            "the windows of all go when one rank closes",
            Rule.W11,
            "after rank 0 closed its windows",
            WrongWindows::clear),
        Wrong.memory(
            "typed accesses are big-endian",
            Rule.W12,
            ", int written by rank ",
            (right, windows, rank, owner) ->
                new Relay.Memory(right) {
                  @Override
                  public void putInt(long offset, int value) {
                    super.putInt(offset, Integer.reverseBytes(value));
                  }

                  @Override
                  public int getInt(long offset) {
                    return Integer.reverseBytes(super.getInt(offset));
                  }
                }),
        Wrong.memory(
            "atomics are big-endian",
            Rule.W12,
            ", released",
            (right, windows, rank, owner) ->
                new Relay.Memory(right) {
                  @Override
                  public void putLongRelease(long offset, long value) {
                    super.putLongRelease(offset, Long.reverseBytes(value));
                  }
                }),
        Wrong.memory(
            "a view is a copy",
            Rule.W13,
            "put through a view by rank ",
            (right, windows, rank, owner) ->
                new Relay.Memory(right) {
                  @Override
                  public ByteBuffer view(long offset, int length) {
                    ByteBuffer copy = ByteBuffer.allocateDirect(length);
                    get(offset, copy);
                    return copy.flip().order(ByteOrder.LITTLE_ENDIAN);
                  }
                }),
        allocating(
            "an allocation that runs out of time names nobody",
            Rule.W16,
            "the missing ranks of an allocation without rank 1 ==> expected: <[1 alive]>",
            failure ->
                failure instanceof Failure.TimedOut ? new Failure.TimedOut(List.of()) : failure),
        Wrong.of(
            "closing one allocation frees the one before it",
            Rule.W17,
            "after the second allocation was closed",
            FreeingOthers::new));
  }

  private static Wrong allocating(
      String name, Rule rule, String message, UnaryOperator<Failure> lie) {
    return Wrong.session(
        name,
        rule,
        message,
        (session, request) ->
            new Relay.Session(session) {
              @Override
              public BackendWindows allocateWindows(long bytes, WaitLimit limit)
                  throws BackendFailure {
                try {
                  return super.allocateWindows(bytes, limit);
                } catch (BackendFailure e) {
                  throw WrongBarriers.again(e, lie.apply(e.failure()));
                }
              }
            });
  }

  private interface Closing {
    void of(BackendWindows windows, int owner);
  }

  private static Wrong closing(String name, Rule rule, String message, Closing closing) {
    return Wrong.windows(
        name,
        rule,
        message,
        (windows, rank) ->
            new Relay.Windows(windows) {
              @Override
              public void close(WaitLimit limit) throws BackendFailure {
                for (int owner = 0; owner < windows.context().rankNum(); owner++) {
                  closing.of(windows, owner);
                }
                super.close(limit);
              }
            });
  }

  private static void clear(BackendWindows windows, int owner) {
    byte[] zeros = new byte[(int) windows.size()];
    WindowMemory memory =
        windows.memory(owner, (operation, failure) -> new IllegalStateException(failure));
    memory.put(0, zeros, 0, zeros.length);
  }

  /** Clears what was allocated before when something is closed. */
  private static final class FreeingOthers extends MemoryBackend {
    @Override
    public BackendSession open(SessionRequest request) throws BackendFailure {
      return new Relay.Session(super.open(request)) {
        private Optional<BackendWindows> before = Optional.empty();

        @Override
        BackendWindows windows(BackendWindows windows) {
          Optional<BackendWindows> victim = before;
          before = Optional.of(windows);
          return new Relay.Windows(windows) {
            @Override
            public void close(WaitLimit limit) throws BackendFailure {
              victim.ifPresent(one -> clear(one, request.rank()));
              super.close(limit);
            }
          };
        }
      };
    }
  }

  static CommBackend withRounds(IntFunction<MemoryRound> round) {
    return new MemoryBackend() {
      @Override
      MemoryGroup newGroup(int size) {
        return new MemoryGroup(size) {
          @Override
          MemoryRound newRound() {
            return round.apply(size);
          }
        };
      }
    };
  }

  /** Gives memory out again as it was left. */
  static CommBackend recycling() {
    List<ByteBuffer> used = new ArrayList<>();
    return withRounds(
        size ->
            new MemoryRound(size) {
              @Override
              List<ByteBuffer> memories(int bytes, int count) {
                synchronized (used) {
                  if (used.isEmpty()) {
                    used.addAll(super.memories(1 << 17, count));
                  }
                  return List.copyOf(used);
                }
              }
            });
  }

  private static final class Overlapping extends MemoryRound {
    Overlapping(int size) {
      super(size);
    }

    @Override
    List<ByteBuffer> memories(int bytes, int count) {
      int apart = Math.max(8, bytes - bytes % 8) - (bytes % 8 == 0 ? 8 : 0);
      ByteBuffer all = ByteBuffer.allocateDirect(apart * (count - 1) + bytes);
      List<ByteBuffer> memories = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        memories.add(all.slice(apart * i, bytes));
      }
      return memories;
    }
  }
}
