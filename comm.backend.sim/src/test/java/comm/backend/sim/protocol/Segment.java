package comm.backend.sim.protocol;

import java.util.Arrays;

/** A control segment, the locks on it, and the rootinfo file that names it. */
final class Segment {

  static final int NOBODY = -1;

  /** The process that created it. */
  final int creator;

  final long[] cells;

  /** Which process holds the lock of a rank. */
  final int[] holders;

  /** Whether the segment has its name in the file system. */
  boolean named = true;

  /** Which process holds the lock of the rootinfo file. */
  int fileHolder = NOBODY;

  Segment(int creator, int size) {
    this.creator = creator;
    this.cells = new long[Cells.count(size)];
    this.holders = new int[size];
    Arrays.fill(holders, NOBODY);
    set(ControlLayout.SIZE, size);
  }

  private Segment(Segment other) {
    creator = other.creator;
    cells = other.cells.clone();
    holders = other.holders.clone();
    named = other.named;
    fileHolder = other.fileHolder;
  }

  Segment copy() {
    return new Segment(this);
  }

  int size() {
    return holders.length;
  }

  long get(int offset) {
    return cells[Cells.index(offset)];
  }

  void set(int offset, long value) {
    cells[Cells.index(offset)] = value;
  }

  /** Lets go of all that a process holds. */
  void release(int process) {
    for (int i = 0; i < holders.length; i++) {
      if (holders[i] == process) {
        holders[i] = NOBODY;
      }
    }
  }

  boolean isHeldByOther(int process) {
    for (int holder : holders) {
      if (holder != NOBODY && holder != process) {
        return true;
      }
    }
    return false;
  }

  long hash(long seed) {
    long hash = seed;
    for (int i = 0; i < cells.length; i++) {
      // Of a bell it only matters whether it has rung since somebody looked.
      hash = Cells.isBell(i) ? hash : Hash.mix(hash, cells[i]);
    }
    for (int holder : holders) {
      hash = Hash.mix(hash, holder);
    }
    return Hash.mix(hash, (named ? 1 : 0) + 2L * fileHolder);
  }
}
