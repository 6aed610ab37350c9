package comm.api;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * No backend could be chosen, or the chosen one can't be used here. Nothing has been opened. The
 * message lists every candidate on the path and why it is or isn't usable.
 */
public final class BackendUnavailableException extends CommException {

  private final transient List<Candidate> candidates;

  /**
   * One backend on the path.
   *
   * @param name its name, or {@code unknown} if it could not be asked
   * @param usable whether it can be used on this machine
   * @param reason what it would use, or why it can't be used and what to do
   */
  public record Candidate(String name, boolean usable, String reason) {
    /** Checks that nothing is null. */
    public Candidate {
      requireNonNull(name, "name");
      requireNonNull(reason, "reason");
    }

    /** {@return the candidate in words, as error messages show it} */
    @Override
    public String toString() {
      return name + " (" + (usable ? "usable: " : "not usable: ") + reason + ")";
    }
  }

  BackendUnavailableException(Call call, String message, List<Candidate> candidates) {
    super(call, message, null);
    this.candidates = List.copyOf(candidates);
  }

  /**
   * Every backend on the path.
   *
   * @return the candidates, in the order in which they were found
   */
  public List<Candidate> candidates() {
    return candidates;
  }
}
