package comm.testkit.program;

import comm.api.Comparison;

/**
 * A program in code, step by step. Each method adds a step, or throws {@link
 * IllegalArgumentException} if the program would no longer be one, and says why. Not for several
 * threads.
 */
public final class ProgramBuilder {

  private final int size;
  private final Assembly assembly;

  ProgramBuilder(int size) {
    this.size = size;
    this.assembly = new Assembly(size);
  }

  private ProgramBuilder add(Step step) {
    assembly.addExactly(step);
    return this;
  }

  /**
   * Every rank allocates windows: the next set.
   *
   * @param bytes of each window, 1 to {@value Program#MAX_BYTES}
   * @return this
   */
  public ProgramBuilder allocate(long bytes) {
    return add(new Step.Allocate(bytes));
  }

  /**
   * All ranks meet.
   *
   * @return this
   */
  public ProgramBuilder barrier() {
    return add(new Step.Barrier());
  }

  /**
   * One rank closes its own set.
   *
   * @param rank who
   * @param set number of the set, from 0
   * @return this
   */
  public ProgramBuilder close(int rank, int set) {
    return add(new CloseSet(rank, set));
  }

  /**
   * A rank writes bytes that count up.
   *
   * @param rank who
   * @param set number of the set, from 0
   * @param target whose window
   * @param offset of the first byte
   * @param length number of bytes
   * @param first the first of them
   * @return this
   */
  public ProgramBuilder put(int rank, int set, int target, long offset, int length, int first) {
    return add(new Access.Put(new Place(rank, set, target, offset), length, first));
  }

  /**
   * A rank reads bytes.
   *
   * @param rank who
   * @param set number of the set, from 0
   * @param target whose window
   * @param offset of the first byte
   * @param length number of bytes
   * @return this
   */
  public ProgramBuilder get(int rank, int set, int target, long offset, int length) {
    return add(new Access.Get(new Place(rank, set, target, offset), length));
  }

  /**
   * A rank adds to a long atomically.
   *
   * @param rank who
   * @param set number of the set, from 0
   * @param target whose window
   * @param offset of the long, a multiple of 8
   * @param delta what is added
   * @return this
   */
  public ProgramBuilder add(int rank, int set, int target, long offset, long delta) {
    return add(new Atomic.Add(new Place(rank, set, target, offset), delta));
  }

  /**
   * A rank exchanges a long atomically.
   *
   * @param rank who
   * @param set number of the set, from 0
   * @param target whose window
   * @param offset of the long, a multiple of 8
   * @param value the new value
   * @return this
   */
  public ProgramBuilder getAndSet(int rank, int set, int target, long offset, long value) {
    return add(new Atomic.GetAndSet(new Place(rank, set, target, offset), value));
  }

  /**
   * A rank replaces a long atomically if it is as expected.
   *
   * @param rank who
   * @param set number of the set, from 0
   * @param target whose window
   * @param offset of the long, a multiple of 8
   * @param expected what it must be
   * @param value the new value
   * @return this
   */
  public ProgramBuilder compareAndSet(
      int rank, int set, int target, long offset, long expected, long value) {
    return add(new Atomic.CompareAndSet(new Place(rank, set, target, offset), expected, value));
  }

  /**
   * A rank sets a signal word.
   *
   * @param rank who
   * @param set number of the set, from 0
   * @param target whose window
   * @param offset of the long, a multiple of 8
   * @param value the new value
   * @return this
   */
  public ProgramBuilder signal(int rank, int set, int target, long offset, long value) {
    return add(new Signalling.Signal(new Place(rank, set, target, offset), value));
  }

  /**
   * A rank adds to a signal word.
   *
   * @param rank who
   * @param set number of the set, from 0
   * @param target whose window
   * @param offset of the long, a multiple of 8
   * @param delta what is added
   * @return this
   */
  public ProgramBuilder signalAdd(int rank, int set, int target, long offset, long delta) {
    return add(new Signalling.SignalAdd(new Place(rank, set, target, offset), delta));
  }

  /**
   * A rank waits for a signal word.
   *
   * @param rank who
   * @param set number of the set, from 0
   * @param target whose window
   * @param offset of the long, a multiple of 8
   * @param comparison between the word, on the left, and the operand
   * @param operand right side of the comparison
   * @return this
   */
  public ProgramBuilder await(
      int rank, int set, int target, long offset, Comparison comparison, long operand) {
    return add(new Await(new Place(rank, set, target, offset), comparison, operand));
  }

  /**
   * The program so far.
   *
   * @return a value of its own
   */
  public Program end() {
    return new Program(size, assembly);
  }
}
