package comm.testkit.program;

import comm.api.Window;
import java.nio.ByteBuffer;

/** A step that changes a signal word and wakes who awaits it. */
public sealed interface Signalling extends Access {

  /**
   * What the word becomes.
   *
   * @param before what it was
   * @return the new value
   */
  long next(long before);

  @Override
  default byte[] apply(ByteBuffer memory) {
    int index = place().index();
    memory.putLong(index, next(memory.getLong(index)));
    return NOTHING;
  }

  /**
   * Sets a signal word.
   *
   * @param place where; a multiple of 8
   * @param value the new value
   */
  record Signal(Place place, long value) implements Signalling {

    @Override
    public Signal at(Place other) {
      return new Signal(other, value);
    }

    @Override
    public long next(long before) {
      return value;
    }

    @Override
    public byte[] perform(Window window) {
      window.signal(place.offset(), value);
      return NOTHING;
    }

    @Override
    public String deed() {
      return "signalled " + value + " to";
    }

    /** {@return the call} */
    @Override
    public String toString() {
      return "signal(" + place + ", " + value + "L)";
    }
  }

  /**
   * Adds to a signal word.
   *
   * @param place where; a multiple of 8
   * @param delta what is added
   */
  record SignalAdd(Place place, long delta) implements Signalling {

    @Override
    public SignalAdd at(Place other) {
      return new SignalAdd(other, delta);
    }

    @Override
    public long next(long before) {
      return before + delta;
    }

    @Override
    public byte[] perform(Window window) {
      window.signalAdd(place.offset(), delta);
      return NOTHING;
    }

    @Override
    public String deed() {
      return "signalled +" + delta + " to";
    }

    /** {@return the call} */
    @Override
    public String toString() {
      return "signalAdd(" + place + ", " + delta + "L)";
    }
  }
}
