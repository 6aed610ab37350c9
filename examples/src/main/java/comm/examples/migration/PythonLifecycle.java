package comm.examples.migration;

import comm.api.CommConfig;
import comm.api.CommContext;
import comm.worker.chip.ChipWorker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A chip that is a rank, from {@code init} to {@code finalize}, in the calls of the ported system's
 * Python API: it copies numbers into its window, reads the device context, and copies its
 * neighbour's numbers back.
 */
final class PythonLifecycle {

  private static final int WINDOW_BYTES = 4096;
  private static final int COUNT = WINDOW_BYTES / Float.BYTES;

  private PythonLifecycle() {}

  /** Runs one rank; the launcher has said which one. */
  public static void main(String[] args) {
    // @start region="lifecycle"
    CommConfig launched = CommConfig.fromEnvironment();
    int rank = launched.rank();
    int nranks = launched.size();
    try (ChipWorker chip = new ChipWorker(plain -> plain.withTimeout(launched.timeout()))) {
      chip.init(); // a chip in this JVM; init(HostRuntime) is one on a libhost_runtime.so
      chip.setDevice(rank);
      long comm = chip.commInit(rank, nranks, launched.rootInfo());
      long deviceContext = chip.commAllocWindows(comm, WINDOW_BYTES);
      long base = chip.commGetLocalWindowBase(comm);
      long size = chip.commGetWindowSize(comm);

      ByteBuffer context = ByteBuffer.allocate(CommContext.BYTES);
      chip.copyFrom(context, deviceContext);
      List<Long> windowsIn = CommContext.decode(context.array()).windowsIn();
      check(size >= WINDOW_BYTES, "the window has " + size + " bytes");
      check(windowsIn.get(rank) == base, "the context has another base");

      chip.copyTo(base, numbersOf(rank));
      chip.commBarrier(comm); // all numbers are there
      int right = (rank + 1) % nranks;
      ByteBuffer theirs = ByteBuffer.allocate(WINDOW_BYTES);
      chip.copyFrom(theirs, windowsIn.get(right));
      check(theirs.flip().equals(numbersOf(right)), "wrong numbers of rank " + right);
      chip.commBarrier(comm); // all have read; commDestroy is no barrier

      chip.commDestroy(comm);
      chip.resetDevice();
    } // finalize
    // @end
    System.out.printf("OK: rank %d of %d read its neighbour's %d floats%n", rank, nranks, COUNT);
  }

  private static ByteBuffer numbersOf(int rank) {
    ByteBuffer numbers = ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < COUNT; i++) {
      numbers.putFloat(100 * rank + i);
    }
    return numbers.flip();
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
