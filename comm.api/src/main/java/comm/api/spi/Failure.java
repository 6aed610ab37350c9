package comm.api.spi;

import static java.util.Objects.requireNonNull;

import comm.api.RankStatus;
import java.nio.file.Path;
import java.util.List;

/** Why a call of a backend failed: facts only, the words of the error are made from them. */
public sealed interface Failure {

  /**
   * The limit passed before every rank had come.
   *
   * @param missing the ranks that were waited for; none if what was awaited was a signal, or
   *     something of the backend's own that the note names
   * @param note what else a person must know, such as the native call that has not returned and the
   *     limits it has of its own; may be empty
   */
  record TimedOut(List<RankStatus> missing, String note) implements Failure {
    /** Copies the list and checks that nothing is null. */
    public TimedOut {
      missing = List.copyOf(missing);
      requireNonNull(note, "note");
    }

    /**
     * Ranks that did not come, and nothing to add.
     *
     * @param missing the ranks that were waited for; none if what was awaited was a signal
     */
    public TimedOut(List<RankStatus> missing) {
      this(missing, "");
    }
  }

  /**
   * A rank died, or left while others waited for it.
   *
   * @param peer that rank, {@link RankStatus.State#DEAD} or {@link RankStatus.State#LEFT}
   */
  record PeerFailed(RankStatus peer) implements Failure {
    /** Checks that nothing is null. */
    public PeerFailed {
      requireNonNull(peer, "peer");
    }
  }

  /**
   * Two ranks were called with values that don't fit together, or two processes came as one rank.
   *
   * @param subject what differs, such as {@code window size}
   * @param rank one rank
   * @param value its value
   * @param otherRank the other rank; the same one if it is there twice
   * @param otherValue its value
   */
  record Mismatch(String subject, int rank, String value, int otherRank, String otherValue)
      implements Failure {
    /** Checks that nothing is null. */
    public Mismatch {
      requireNonNull(subject, "subject");
      requireNonNull(value, "value");
      requireNonNull(otherValue, "otherValue");
    }
  }

  /**
   * The rendezvous can't be used as it is.
   *
   * @param path the rendezvous file
   * @param problem what is wrong with it
   * @param advice what a person can do
   */
  record Rendezvous(Path path, String problem, String advice) implements Failure {
    /** Checks that nothing is null. */
    public Rendezvous {
      requireNonNull(path, "path");
      requireNonNull(problem, "problem");
      requireNonNull(advice, "advice");
    }
  }

  /**
   * Memory or another resource is short.
   *
   * @param resource what is short and where, such as {@code /dev/shm}
   * @param needed bytes needed
   * @param available bytes there are
   * @param advice what a person can do
   */
  record Exhausted(String resource, long needed, long available, String advice) implements Failure {
    /** Checks that nothing is null. */
    public Exhausted {
      requireNonNull(resource, "resource");
      requireNonNull(advice, "advice");
    }
  }

  /**
   * A native function failed in a way the backend has no other word for.
   *
   * @param function its name
   * @param code what it returned
   * @param codeName the name of the code, or the empty string
   * @param message the library's own words, or the empty string
   * @param advice what a person can do, or the empty string
   */
  record NativeCall(String function, int code, String codeName, String message, String advice)
      implements Failure {
    /** Checks that nothing is null. */
    public NativeCall {
      requireNonNull(function, "function");
      requireNonNull(codeName, "codeName");
      requireNonNull(message, "message");
      requireNonNull(advice, "advice");
    }
  }

  /** The waiting thread was interrupted; its interrupt flag is set. */
  record Interrupted() implements Failure {}

  /**
   * The session was closed by another thread of this process, see {@link BackendSession#cancel}.
   */
  record Cancelled() implements Failure {}
}
