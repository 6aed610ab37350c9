package comm.testkit.program;

import comm.api.CommContext;
import java.io.Serializable;
import java.util.BitSet;
import java.util.List;

/**
 * A program of several ranks: steps in one order, of which each rank does its own. However fast the
 * ranks are, it ends, and its results are the ones that the order of the steps gives, because:
 *
 * <ul>
 *   <li>of two accesses to the same bytes, one of them a write, the first happens before the second
 *       by the memory model: program order, barriers, and signals that were awaited. Additions by
 *       atomics, and additions by signals, needn't be ordered among themselves;
 *   <li>an await waits for steps before it, no later step can take away what it waits for, and it
 *       is known which signals it has seen when it ends;
 *   <li>a rank writes to a peer's window only if it knows that the peer has allocated it, and
 *       closes its windows only after it has met all others since it wrote to theirs.
 * </ul>
 *
 * <p>An immutable value, which can be sent to ranks that are processes.
 */
public final class Program implements Serializable {

  /** The most window sets of a program. */
  public static final int MAX_SETS = 16;

  /** The most bytes of a window. */
  public static final long MAX_BYTES = 1 << 20;

  private final int size;
  private final List<Step> steps;
  private final BitSet inexact;

  Program(int size, Assembly assembly) {
    this.size = size;
    this.steps = assembly.steps();
    this.inexact = assembly.inexact();
  }

  /**
   * Begins a program in code.
   *
   * @param size number of ranks, 1 to 64
   * @return to add steps to
   * @throws IllegalArgumentException if there can't be so many ranks
   */
  public static ProgramBuilder of(int size) {
    return new ProgramBuilder(checked(size));
  }

  /**
   * Makes a program of any steps. Ranks and sets are taken modulo their number, offsets and lengths
   * are cut to the window, an await of what doesn't come waits for what does; barriers are put
   * where they are missing. What then still makes no sense is left out. The steps of a program come
   * out as they are.
   *
   * @param size number of ranks, 1 to 64
   * @param raw any steps
   * @return a program
   * @throws IllegalArgumentException if there can't be so many ranks
   */
  public static Program fitted(int size, List<Step> raw) {
    Assembly assembly = new Assembly(checked(size));
    raw.forEach(assembly::addFitted);
    return new Program(size, assembly);
  }

  private static int checked(int size) {
    if (size < 1 || size > CommContext.MAX_RANKS) {
      throw new IllegalArgumentException(
          "size must be 1 to " + CommContext.MAX_RANKS + ", but is " + size);
    }
    return size;
  }

  /**
   * The number of ranks.
   *
   * @return 1 to 64
   */
  public int size() {
    return size;
  }

  /**
   * The steps of all ranks.
   *
   * @return in an order in which they could be done one after the other
   */
  public List<Step> steps() {
    return steps;
  }

  /**
   * Whether a step's result is the same in every run. It isn't for an addition while another rank
   * adds, nor for an await that other signals than those it waits for may overtake; of such an
   * await the result satisfies its comparison.
   *
   * @param step its number, from 0
   * @return true if it is
   */
  public boolean isExact(int step) {
    return !inexact.get(step);
  }

  /**
   * The program as Java. Needs imports of this class and of {@code comm.api.Comparison}.
   *
   * @return an expression whose value equals this, with the number of each step in a comment
   */
  public String toCode() {
    StringBuilder code = new StringBuilder("Program.of(").append(size).append(")\n");
    for (int i = 0; i < steps.size(); i++) {
      code.append("    .").append(steps.get(i)).append(" // ").append(i).append('\n');
    }
    return code.append("    .end()").toString();
  }

  /** {@return whether the other is a program of as many ranks and the same steps} */
  @Override
  public boolean equals(Object other) {
    return other instanceof Program program && size == program.size && steps.equals(program.steps);
  }

  /** {@return a hash of size and steps} */
  @Override
  public int hashCode() {
    return 31 * size + steps.hashCode();
  }

  /** {@return the program as Java, see {@link #toCode}} */
  @Override
  public String toString() {
    return toCode();
  }
}
