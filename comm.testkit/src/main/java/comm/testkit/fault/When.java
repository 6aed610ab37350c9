package comm.testkit.fault;

import java.util.Locale;

/** On which side of an operation a fault happens. */
public enum When {
  /** Before the operation begins. */
  BEFORE,
  /** After it has returned; never if it throws. */
  AFTER;

  /** {@return the side as it stands in the text of a plan} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
