package comm.testkit.conformance;

import comm.api.Comparison;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.SignalOperation;
import comm.api.spi.WindowMemory;
import comm.testkit.TestRank;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.opentest4j.AssertionFailedError;

/** The windows of one allocation as one rank has them, with the words for what is wrong there. */
final class Allocated implements AutoCloseable {

  private final TestRank rank;
  private final BackendWindows windows;
  private final List<WindowMemory> memories;
  private boolean open = true;

  private Allocated(TestRank rank, BackendWindows windows) {
    this.rank = rank;
    this.windows = windows;
    this.memories =
        IntStream.range(0, rank.size()).mapToObj(owner -> Joined.memory(windows, owner)).toList();
  }

  static Allocated of(TestRank rank, Joined joined, long bytes) throws BackendFailure {
    return new Allocated(rank, joined.allocate(bytes));
  }

  /** {@return the same bytes for the same seed on every rank} */
  static byte[] pattern(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  BackendWindows windows() {
    return windows;
  }

  /** {@return the window of a rank} */
  WindowMemory of(int owner) {
    return memories.get(owner);
  }

  void put(int owner, long offset, byte[] bytes) {
    of(owner).put(offset, bytes, 0, bytes.length);
  }

  byte[] get(int owner, long offset, int length) {
    byte[] found = new byte[length];
    of(owner).get(offset, found, 0, length);
    return found;
  }

  void set(int owner, long offset, long value) throws BackendFailure {
    windows.signal(owner, offset, SignalOperation.SET, value);
  }

  void add(int owner, long offset, long value) throws BackendFailure {
    windows.signal(owner, offset, SignalOperation.ADD, value);
  }

  long await(int owner, long offset, Comparison comparison, long operand) throws BackendFailure {
    return windows.await(owner, offset, comparison, operand, Joined.limit(Joined.LONG));
  }

  /** Fails if bytes in a window are others. */
  void expect(int owner, long offset, byte[] expected, String when) {
    expect(owner, offset, expected, get(owner, offset, expected.length), when);
  }

  /** Fails if bytes that were read from a window are others. */
  void expect(int owner, long offset, byte[] expected, byte[] found, String when) {
    int at = Arrays.mismatch(expected, found);
    if (at >= 0) {
      HexFormat hex = HexFormat.of().withUpperCase();
      throw wrong(
          owner,
          offset + at,
          "0x" + hex.toHexDigits(expected[at]),
          "0x" + hex.toHexDigits(found[at]),
          when);
    }
  }

  /** Fails if bytes in a window are not all zero. */
  void expectZero(int owner, long offset, int length, String when) {
    expect(owner, offset, new byte[length], when);
  }

  /** Fails if a word in a window is another. */
  void expectLong(int owner, long offset, long expected, String when) {
    expectLong(owner, offset, expected, of(owner).getLong(offset), when);
  }

  /** Fails if a word that was read from a window is another. */
  void expectLong(int owner, long offset, long expected, long found, String when) {
    if (found != expected) {
      throw wrong(owner, offset, Long.toString(expected), Long.toString(found), when);
    }
  }

  /** {@return the error for a value that must not be there} */
  AssertionFailedError wrong(int owner, long offset, String expected, String found, String when) {
    return new AssertionFailedError(
        rank
            + " found "
            + found
            + " at offset "
            + offset
            + " of the window of rank "
            + owner
            + ", not "
            + expected
            + ", "
            + when);
  }

  /** Frees the windows before the block that holds them ends. */
  void closeEarly() throws BackendFailure {
    if (open) {
      open = false;
      windows.close(Joined.limit(Joined.LONG));
    }
  }

  @Override
  public void close() throws BackendFailure {
    closeEarly();
  }
}
