package comm.worker.wire;

import java.util.Locale;

/**
 * What the process of a chip does, so that one that dies can be said to have died in it. The names
 * are those of the ported system's functions, where it has one.
 */
public enum Step {
  /** Its process begins. */
  START(0),
  /** Its runtime is loaded. */
  INIT(1),
  /** Its device is chosen. */
  SET_DEVICE(2),
  /** It joins its communicator. */
  COMM_INIT(3),
  /** Windows are allocated. */
  COMM_ALLOC_WINDOWS(4),
  /** Buffers are carved out. */
  CARVE(5),
  /** Inputs are loaded. */
  LOAD_FROM_HOST(6),
  /** It waits for requests. */
  IDLE(7),
  /** A task runs. */
  RUN(8),
  /** Outputs are stored. */
  STORE_TO_HOST(9),
  /** A control is done. */
  CONTROL(10),
  /** It leaves its communicator. */
  COMM_DESTROY(11),
  /** It ends. */
  FINALIZE(12);

  private static final Step[] ALL = values();

  private final int number;

  Step(int number) {
    this.number = number;
  }

  /** As a mailbox has it. */
  int number() {
    return number;
  }

  /** The step of a number that a peer wrote; START if there is none. */
  static Step of(int number) {
    for (Step step : ALL) {
      if (step.number == number) {
        return step;
      }
    }
    return START;
  }

  /**
   * The step of a name.
   *
   * @param name as {@link #toString} gives it
   * @return the step
   */
  public static Step named(String name) {
    for (Step step : ALL) {
      if (step.toString().equals(name)) {
        return step;
      }
    }
    throw new IllegalArgumentException("there is no step " + name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
