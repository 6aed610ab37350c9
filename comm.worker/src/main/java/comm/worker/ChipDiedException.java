package comm.worker;

/**
 * The process of a chip ended without being told to. The worker can't be used any more: close it.
 */
public final class ChipDiedException extends WorkerException {

  private static final long serialVersionUID = 1;

  private final int chip;
  private final long pid;
  private final int exitCode;
  private final String step;

  ChipDiedException(int chip, long pid, int exitCode, String step, String message) {
    super(message, null);
    this.chip = chip;
    this.pid = pid;
    this.exitCode = exitCode;
    this.step = step;
  }

  /**
   * The chip that died.
   *
   * @return its index among the worker's chips
   */
  public int chip() {
    return chip;
  }

  /**
   * Its process.
   *
   * @return the process id it had
   */
  public long pid() {
    return pid;
  }

  /**
   * How the process ended.
   *
   * @return its exit code; 128 plus the number of the signal that killed it
   */
  public int exitCode() {
    return exitCode;
  }

  /**
   * What the chip was doing.
   *
   * @return such as {@code comm_init} or {@code run}
   */
  public String step() {
    return step;
  }
}
