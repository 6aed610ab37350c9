package comm.testkit.program;

import comm.api.Comparison;
import comm.api.Window;
import java.nio.ByteBuffer;

/**
 * Waits for a signal word. The result is the value that ended the wait.
 *
 * @param place where; a multiple of 8
 * @param comparison between the word, on the left, and the operand
 * @param operand right side of the comparison
 */
public record Await(Place place, Comparison comparison, long operand) implements Access {

  @Override
  public Await at(Place other) {
    return new Await(other, comparison, operand);
  }

  /**
   * Whether the wait would end.
   *
   * @param word the word's 8 bytes, little-endian
   * @return true if it would
   */
  public boolean holds(byte[] word) {
    return comparison.holds(Results.longOf(word), operand);
  }

  @Override
  public byte[] apply(ByteBuffer memory) {
    byte[] word = Results.of(memory.getLong(place.index()));
    if (!holds(word)) {
      throw new IllegalStateException(this + " waits for ever");
    }
    return word;
  }

  @Override
  public byte[] perform(Window window) {
    return Results.of(window.await(place.offset(), comparison, operand));
  }

  @Override
  public String deed() {
    return "awaited " + comparison + " " + operand + " in";
  }

  /** {@return the call} */
  @Override
  public String toString() {
    return "await(" + place + ", Comparison." + comparison.name() + ", " + operand + "L)";
  }
}
