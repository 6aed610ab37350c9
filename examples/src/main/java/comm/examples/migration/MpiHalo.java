package comm.examples.migration;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.Window;
import comm.api.WindowSet;
import java.util.Arrays;

/**
 * Heat spreads on a ring of cells that the ranks share among them. Each rank puts its outer cells
 * into the halos of its neighbours, as with {@code MPI_Put} between two fences, and compares its
 * cells with what one process alone computes.
 */
final class MpiHalo {

  private static final int CELLS = 16;
  private static final int STEPS = 200;

  private MpiHalo() {}

  /** Runs one rank; the launcher has said which one. */
  public static void main(String[] args) {
    double[] cells;
    int rank;
    int size;
    // @start region="halo"
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment());
        WindowSet windows = communicator.allocateWindows((CELLS + 2L) * Double.BYTES)) {
      rank = communicator.rank();
      size = communicator.size();
      Window mine = windows.local();
      Window left = windows.of((rank + size - 1) % size);
      Window right = windows.of((rank + 1) % size);
      double[] u = new double[CELLS + 2]; // u[0] and u[CELLS + 1] are the halos
      mine.put(at(1), start(rank), 0, CELLS);
      communicator.barrier(); // MPI_Win_fence

      for (int step = 0; step < STEPS; step++) {
        left.putDouble(at(CELLS + 1), mine.getDouble(at(1))); // MPI_Put
        right.putDouble(at(0), mine.getDouble(at(CELLS)));
        communicator.barrier(); // MPI_Win_fence: the halos are there
        mine.get(0, u);
        mine.put(at(1), next(u), 0, CELLS);
        communicator.barrier(); // MPI_Win_fence: all have read their halos
      }
      cells = new double[CELLS];
      mine.get(at(1), cells);
      communicator.barrier(); // MPI_Win_free is one too, close is not
    }
    // @end
    double[] expected = alone(size);
    for (int i = 0; i < CELLS; i++) {
      if (cells[i] != expected[rank * CELLS + i]) {
        throw new IllegalStateException(
            "cell " + i + " is " + cells[i] + ", expected " + expected[rank * CELLS + i]);
      }
    }
    System.out.printf(
        "OK: rank %d of %d has the %d cells after %d steps that one process computes%n",
        rank, size, CELLS, STEPS);
  }

  private static long at(int cell) {
    return (long) cell * Double.BYTES;
  }

  private static double[] start(int rank) {
    double[] cells = new double[CELLS];
    Arrays.setAll(cells, i -> 100 * rank + i * i);
    return cells;
  }

  /** One step for all cells of an array but the first and the last. */
  private static double[] next(double[] u) {
    double[] next = new double[u.length - 2];
    Arrays.setAll(next, i -> 0.25 * u[i] + 0.5 * u[i + 1] + 0.25 * u[i + 2]);
    return next;
  }

  private static double[] alone(int size) {
    int all = size * CELLS;
    double[] u = new double[all + 2];
    for (int rank = 0; rank < size; rank++) {
      System.arraycopy(start(rank), 0, u, 1 + rank * CELLS, CELLS);
    }
    for (int step = 0; step < STEPS; step++) {
      u[0] = u[all];
      u[all + 1] = u[1];
      System.arraycopy(next(u), 0, u, 1, all);
    }
    return Arrays.copyOfRange(u, 1, all + 1);
  }
}
