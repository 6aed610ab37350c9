package comm.testkit.program;

/** That a rank of a {@link Program} got something else than the program says, or an exception. */
public final class ProgramFailure extends AssertionError {

  /**
   * A wrong result.
   *
   * @param message which step, what was expected and what there was
   */
  public ProgramFailure(String message) {
    super(message);
  }

  /**
   * A step that threw.
   *
   * @param message which step
   * @param cause what it threw
   */
  public ProgramFailure(String message, RuntimeException cause) {
    super(message, cause);
  }
}
