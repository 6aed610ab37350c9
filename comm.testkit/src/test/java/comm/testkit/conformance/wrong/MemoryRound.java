package comm.testkit.conformance.wrong;

import comm.api.spi.Failure;
import comm.api.spi.HostMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** One collective of a group: who has come and with what. Under the group's monitor. */
class MemoryRound {

  private static final int PAGE = 4096;
  private static final long MOST = 1 << 28;

  /** No window is really there: addresses only need to be apart, and the same on all ranks. */
  private static final AtomicLong ADDRESS = new AtomicLong(0x7000_0000_0000L);

  final BitSet came = new BitSet();
  boolean failed;
  final List<HostMemory> windows = new ArrayList<>();
  final List<Long> addresses = new ArrayList<>();
  private final int size;
  private final String[] operations;
  private final long[] values;

  MemoryRound(int size) {
    this.size = size;
    this.operations = new String[size];
    this.values = new long[size];
  }

  /** One more rank; true if it was the last one. */
  boolean enter(int rank, String operation, long value) {
    operations[rank] = operation;
    values[rank] = value;
    came.set(rank);
    return came.cardinality() == size;
  }

  /** Does what all have come for. */
  Optional<Failure> finish() {
    for (int rank = 1; rank < size; rank++) {
      if (!operations[rank].equals(operations[0])) {
        return Optional.of(
            new Failure.Mismatch("operation", 0, operations[0], rank, operations[rank]));
      }
      if (values[rank] != values[0]) {
        return Optional.of(
            new Failure.Mismatch(
                "window size", 0, Long.toString(values[0]), rank, Long.toString(values[rank])));
      }
    }
    return operations[0].equals("allocateWindows") ? allocate(values[0]) : Optional.empty();
  }

  private Optional<Failure> allocate(long bytes) {
    if (bytes > MOST) {
      return Optional.of(
          new Failure.Exhausted("the JVM's direct memory", bytes, MOST, "ask for less"));
    }
    long pages = (bytes + PAGE - 1) / PAGE;
    for (ByteBuffer memory : memories((int) bytes, size)) {
      windows.add(new HostMemory(bytes, new Bytes(memory)));
      addresses.add(ADDRESS.getAndAdd(pages * PAGE));
    }
    return Optional.empty();
  }

  /** New memory for all windows, zero. */
  List<ByteBuffer> memories(int bytes, int count) {
    List<ByteBuffer> memories = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      memories.add(ByteBuffer.allocateDirect(bytes));
    }
    return memories;
  }

  private record Bytes(ByteBuffer memory) implements HostMemory.Mapping {
    @Override
    public ByteBuffer map(long offset, int length) {
      return memory.slice((int) offset, length);
    }

    @Override
    public ByteBuffer share(long offset, int length) {
      return map(offset, length);
    }
  }
}
