package comm.testkit.program;

import java.io.Serializable;

/**
 * Which rank accesses which window, and where.
 *
 * @param rank who accesses
 * @param set number of the window set, in the order of allocation, from 0
 * @param target whose window it is
 * @param offset of the first byte
 */
public record Place(int rank, int set, int target, long offset) implements Serializable {

  /** The offset as an index into memory that is small enough to be an array. */
  int index() {
    return Math.toIntExact(offset);
  }

  /** {@return the four numbers as they stand in code} */
  @Override
  public String toString() {
    return rank + ", " + set + ", " + target + ", " + offset;
  }
}
