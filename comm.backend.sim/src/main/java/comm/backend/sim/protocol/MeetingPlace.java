package comm.backend.sim.protocol;

import comm.api.spi.BackendFailure;
import org.jspecify.annotations.Nullable;

/**
 * Where ranks that know nothing but a path find each other. In production this is the rootinfo file
 * and a shared-memory object; a test puts a model in its place.
 */
public interface MeetingPlace {

  /** A control segment that this rank has attached to. */
  interface Control {

    Words words();

    /** How waits on the segment's words pass the time. */
    Wait waiting();

    /**
     * Takes the kernel lock of a rank, which this process holds until it closes the segment or
     * ends.
     *
     * @return false if somebody else holds it
     */
    boolean claim(int rank) throws BackendFailure;

    /** Whether somebody else holds the lock of a rank. */
    boolean isHeld(int rank);

    /** Detaches and releases the lock. */
    void close();
  }

  /** Makes a new control segment, filled but for the slots, and claims rank 0 of it. */
  Control create() throws BackendFailure;

  /**
   * Makes a segment known under the path. What a dead run left there is replaced.
   *
   * @return false if a live run is known there
   */
  boolean offer(Control control) throws BackendFailure;

  /** Attaches to the run that is known under the path; null if there is none, or it is dead. */
  @Nullable Control visit() throws BackendFailure;

  /** Takes the names of a segment away again: the path's, if it is this run's, and its own. */
  void retract(Control control);

  /** Passes a short time until it is worth to {@link #visit} again. */
  void idle();

  /** Whether to stop looking. */
  Wait.Ending ending();
}
