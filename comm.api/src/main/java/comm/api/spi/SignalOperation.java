package comm.api.spi;

/** How a signal changes its word. */
public enum SignalOperation {
  /** The word becomes the operand. */
  SET,
  /** The operand is added to the word in one atomic step; the sum wraps. */
  ADD
}
