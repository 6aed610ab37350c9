package comm.testkit.program;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a program means: its steps, one after the other, on plain arrays. Not for several threads.
 */
public final class ReferenceModel {

  private final int size;
  private final List<ByteBuffer[]> sets = new ArrayList<>();

  /**
   * Ranks that have done nothing.
   *
   * @param size number of ranks
   */
  public ReferenceModel(int size) {
    this.size = size;
  }

  /**
   * Does the next step.
   *
   * @param step of whichever rank
   * @return its result; empty if it has none
   * @throws IllegalStateException if it is an await that would never end
   */
  public byte[] run(Step step) {
    if (step instanceof Step.Allocate allocate) {
      ByteBuffer[] windows = new ByteBuffer[size];
      for (int rank = 0; rank < size; rank++) {
        windows[rank] = Results.littleEndian(new byte[Math.toIntExact(allocate.bytes())]);
      }
      sets.add(windows);
    } else if (step instanceof Access access) {
      return access.apply(memory(access.place().set(), access.place().target()));
    }
    return Access.NOTHING;
  }

  /**
   * The bytes of a window now.
   *
   * @param set number of the set
   * @param rank whose window
   * @return the bytes themselves, little-endian, not a copy
   */
  public ByteBuffer memory(int set, int rank) {
    return sets.get(set)[rank];
  }
}
