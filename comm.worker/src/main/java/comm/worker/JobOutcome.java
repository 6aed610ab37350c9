package comm.worker;

/** How a job ended. */
public enum JobOutcome {
  /** Every rank ended with exit code 0. */
  SUCCEEDED,
  /** A rank failed; the others failed after it or were stopped. */
  FAILED,
  /** The job's time limit expired and what still ran was stopped. */
  TIME_LIMIT,
  /** The job was closed, or its launcher was told to end, before the ranks had ended. */
  STOPPED
}
