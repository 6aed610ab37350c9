package comm.worker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Whatever was thrown is sent in the room there is, and shows the same on the other side. */
class RemoteFailureProperties {

  private static final int MOST_FRAMES = 48;
  private static final int MOST_CAUSES = 6;
  private static final int LONGEST_MESSAGE = 2000;
  private static final int LONGEST_NAME = 150;

  /** Something to throw whose trace is given. */
  private static class Made extends Exception {
    private static final long serialVersionUID = 1;

    Made(@Nullable String message, @Nullable Throwable cause, List<StackTraceElement> trace) {
      super(message, cause);
      setStackTrace(trace.toArray(new StackTraceElement[0]));
    }
  }

  private static final class Other extends Made {
    private static final long serialVersionUID = 1;

    Other(@Nullable String message, @Nullable Throwable cause, List<StackTraceElement> trace) {
      super(message, cause, trace);
    }
  }

  @Property
  void whatever_was_thrown_is_sent_within_the_bound(@ForAll("thrown") Throwable thrown) {
    byte[] bytes = RemoteFailure.of(thrown).encode();

    assertTrue(bytes.length <= Mailbox.FAILURE_BYTES, () -> bytes.length + " bytes");
    RemoteFailure failure = RemoteFailure.decode(bytes).orElseThrow();
    assertSameBeginning(thrown, failure);
  }

  @Property
  void what_fits_is_sent_whole(@ForAll("small") Throwable thrown) {
    byte[] bytes = RemoteFailure.of(thrown).encode();

    RemoteFailure failure = RemoteFailure.decode(bytes).orElseThrow();
    Optional<Throwable> next = Optional.of(thrown);
    for (int depth = 0; depth <= MOST_CAUSES && next.isPresent(); depth++) {
      Throwable expected = next.get();
      int frames = Math.min(MOST_FRAMES, expected.getStackTrace().length);
      assertEquals(frames, failure.trace().size());
      assertSameBeginning(expected, failure);
      next = Optional.ofNullable(expected.getCause());
      assertEquals(next.isPresent() && depth < MOST_CAUSES, failure.cause().isPresent());
      failure = failure.cause().orElse(failure);
    }
  }

  /** All that came is what was thrown; something behind it may be missing. */
  private static void assertSameBeginning(Throwable thrown, RemoteFailure failure) {
    assertEquals(thrown.getClass().getName(), failure.type());
    String message = thrown.getMessage() == null ? "" : thrown.getMessage();
    assertEquals(
        message.length() <= LONGEST_MESSAGE
            ? message
            : message.substring(0, LONGEST_MESSAGE - 1) + "…",
        failure.message());
    for (int i = 0; i < failure.trace().size(); i++) {
      StackTraceElement expected = thrown.getStackTrace()[i];
      StackTraceElement found = failure.trace().get(i);
      assertEquals(cut(expected.getClassName()), found.getClassName());
      assertEquals(cut(expected.getMethodName()), found.getMethodName());
      assertEquals(expected.getLineNumber(), found.getLineNumber());
      if (expected.getFileName() != null) {
        assertEquals(cut(expected.getFileName()), found.getFileName());
      }
    }
    assertEquals(
        failure.message().isEmpty() ? failure.type() : failure.type() + ": " + failure.message(),
        failure.toThrowable().toString());
    if (failure.cause().isPresent()) {
      Throwable cause = thrown.getCause();
      assertTrue(cause != null, "a cause from nowhere");
      if (cause != null) {
        assertSameBeginning(cause, failure.cause().get());
      }
    }
  }

  private static String cut(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
  }

  @Property
  void any_bytes_are_a_failure_or_none(@ForAll @Size(max = 2000) byte[] garbage) {
    RemoteFailure.decode(garbage)
        .ifPresent(failure -> assertEquals(failure.toString(), failure.toThrowable().toString()));
  }

  @Property
  void damaged_bytes_are_a_failure_or_none(
      @ForAll("small") Throwable thrown, @ForAll int place, @ForAll byte value) {
    byte[] bytes = RemoteFailure.of(thrown).encode();
    bytes[Math.floorMod(place, bytes.length)] = value;
    RemoteFailure.decode(bytes)
        .ifPresent(failure -> assertEquals(failure.toString(), failure.toThrowable().toString()));
  }

  @Example
  void what_causes_itself_is_sent() {
    Made first = new Made("first", null, List.of());
    Made second = new Made("second", first, List.of());
    // No cause was given, and then one is that it is a cause of itself.
    Exception loop = new IllegalStateException("loop");
    loop.initCause(second);
    IllegalStateException outer = new IllegalStateException("outer", loop);

    assertSameBeginning(
        outer, RemoteFailure.decode(RemoteFailure.of(outer).encode()).orElseThrow());
  }

  @Example
  void a_deep_stack_is_sent_from_its_top() {
    Throwable thrown = overflow();

    RemoteFailure failure = RemoteFailure.decode(RemoteFailure.of(thrown).encode()).orElseThrow();

    assertEquals("java.lang.StackOverflowError", failure.type());
    assertEquals(MOST_FRAMES, failure.trace().size());
    assertSameBeginning(thrown, failure);
  }

  private static Throwable overflow() {
    try {
      return new IllegalStateException("depth " + depth(0));
    } catch (StackOverflowError e) {
      return e;
    }
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int depth(int above) {
    return depth(above + 1) + 1;
  }

  @Provide
  Arbitrary<Throwable> thrown() {
    Arbitrary<String> messages =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.strings()),
            Tuple.of(1, Arbitraries.strings().ofMinLength(1990).ofMaxLength(2010)),
            Tuple.of(1, Arbitraries.of("\u20ac".repeat(40_000), "\0".repeat(2000))));
    Arbitrary<String> names =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.strings().ofMaxLength(20)),
            Tuple.of(1, Arbitraries.of("x".repeat(150), "y".repeat(151), "\u20ac".repeat(400))));
    return throwables(messages, names, 200, 10);
  }

  @Provide
  Arbitrary<Throwable> small() {
    return throwables(
        Arbitraries.strings().ofMaxLength(50), Arbitraries.strings().ofMaxLength(6), 55, 8);
  }

  private static Arbitrary<Throwable> throwables(
      Arbitrary<String> messages, Arbitrary<String> names, int mostFrames, int mostCauses) {
    Arbitrary<StackTraceElement> frame =
        Combinators.combine(names, names, names.injectNull(0.1), Arbitraries.integers())
            .as(StackTraceElement::new);
    Arbitrary<List<StackTraceElement>> frames =
        Arbitraries.frequencyOf(
            Tuple.of(3, frame.list().ofMaxSize(5)),
            Tuple.of(
                1,
                Combinators.combine(frame, Arbitraries.integers().between(0, mostFrames))
                    .as(
                        (one, count) -> {
                          List<StackTraceElement> many = new ArrayList<>();
                          for (int i = 0; i < count; i++) {
                            many.add(one);
                          }
                          return many;
                        })));
    return Combinators.combine(messages.injectNull(0.1), frames, Arbitraries.of(true, false))
        .as(Part::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(mostCauses + 1)
        .map(RemoteFailureProperties::chain);
  }

  private record Part(@Nullable String message, List<StackTraceElement> trace, boolean isOther) {}

  private static Throwable chain(List<Part> parts) {
    Made made = new Made(parts.get(0).message(), null, parts.get(0).trace());
    for (Part part : parts.subList(1, parts.size())) {
      made =
          part.isOther()
              ? new Other(part.message(), made, part.trace())
              : new Made(part.message(), made, part.trace());
    }
    return made;
  }
}
