package comm.testkit.program;

/**
 * One rank closes its window set. The others go on using all windows of theirs, this rank's too.
 *
 * @param rank who closes
 * @param set number of the set
 */
public record CloseSet(int rank, int set) implements Step {

  /** {@return the call} */
  @Override
  public String toString() {
    return "close(" + rank + ", " + set + ")";
  }
}
