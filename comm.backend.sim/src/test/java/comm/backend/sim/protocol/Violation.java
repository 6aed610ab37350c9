package comm.backend.sim.protocol;

import java.util.List;

/**
 * A counter-example.
 *
 * @param invariant name of what was broken
 * @param trace what happened, one move a line
 */
record Violation(String invariant, String message, List<String> trace) {

  @Override
  public String toString() {
    return invariant + ": " + message + "\n    " + String.join("\n    ", trace);
  }
}
