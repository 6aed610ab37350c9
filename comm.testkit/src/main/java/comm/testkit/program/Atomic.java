package comm.testkit.program;

import comm.api.Window;
import java.nio.ByteBuffer;

/** An atomic access to a long. The operations that {@link Operation#ATOMICS} stands for. */
public sealed interface Atomic extends Access {

  /**
   * Adds to a long atomically. The result is the long before.
   *
   * @param place where; a multiple of 8
   * @param delta what is added
   */
  record Add(Place place, long delta) implements Atomic {

    @Override
    public Add at(Place other) {
      return new Add(other, delta);
    }

    @Override
    public byte[] apply(ByteBuffer memory) {
      int index = place.index();
      long before = memory.getLong(index);
      memory.putLong(index, before + delta);
      return Results.of(before);
    }

    @Override
    public byte[] perform(Window window) {
      return Results.of(window.getAndAddLong(place.offset(), delta));
    }

    @Override
    public String deed() {
      return "added " + delta + " to";
    }

    /** {@return the call} */
    @Override
    public String toString() {
      return "add(" + place + ", " + delta + "L)";
    }
  }

  /**
   * Exchanges a long atomically. The result is the long before.
   *
   * @param place where; a multiple of 8
   * @param value the new value
   */
  record GetAndSet(Place place, long value) implements Atomic {

    @Override
    public GetAndSet at(Place other) {
      return new GetAndSet(other, value);
    }

    @Override
    public byte[] apply(ByteBuffer memory) {
      int index = place.index();
      long before = memory.getLong(index);
      memory.putLong(index, value);
      return Results.of(before);
    }

    @Override
    public byte[] perform(Window window) {
      return Results.of(window.getAndSetLong(place.offset(), value));
    }

    @Override
    public String deed() {
      return "exchanged for " + value;
    }

    /** {@return the call} */
    @Override
    public String toString() {
      return "getAndSet(" + place + ", " + value + "L)";
    }
  }

  /**
   * Replaces a long atomically if it is as expected. The result is whether it was replaced.
   *
   * @param place where; a multiple of 8
   * @param expected what it must be
   * @param value the new value
   */
  record CompareAndSet(Place place, long expected, long value) implements Atomic {

    @Override
    public CompareAndSet at(Place other) {
      return new CompareAndSet(other, expected, value);
    }

    @Override
    public byte[] apply(ByteBuffer memory) {
      int index = place.index();
      boolean equal = memory.getLong(index) == expected;
      if (equal) {
        memory.putLong(index, value);
      }
      return Results.of(equal);
    }

    @Override
    public byte[] perform(Window window) {
      return Results.of(window.compareAndSetLong(place.offset(), expected, value));
    }

    @Override
    public String deed() {
      return "replaced " + expected + " by " + value + " in";
    }

    @Override
    public String show(byte[] result) {
      return Boolean.toString(result[0] != 0);
    }

    /** {@return the call} */
    @Override
    public String toString() {
      return "compareAndSet(" + place + ", " + expected + "L, " + value + "L)";
    }
  }
}
