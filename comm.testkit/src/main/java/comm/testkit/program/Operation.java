package comm.testkit.program;

/** What a backend may refuse, so that a program for it must do without. */
public enum Operation {
  /** {@code getAndAddLong}, {@code getAndSetLong} and {@code compareAndSetLong}. */
  ATOMICS,
  /** {@code signalAdd}. */
  SIGNAL_ADD
}
