package comm.testkit.fault;

import java.util.Locale;

/** What a fault does to a rank. */
public enum FaultAction {
  /** The rank's process is killed by SIGKILL. Needs ranks that are processes. */
  KILL,
  /**
   * The rank's process is stopped by SIGSTOP and goes on after the fault's time, by SIGCONT. Needs
   * ranks that are processes.
   */
  STOP,
  /** The calling thread of the rank waits for the fault's time. */
  DELAY;

  /** {@return the action as it stands in the text of a plan} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
