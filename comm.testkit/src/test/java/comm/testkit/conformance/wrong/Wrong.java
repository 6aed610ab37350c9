package comm.testkit.conformance.wrong;

import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.CommBackend;
import comm.api.spi.SessionRequest;
import comm.api.spi.WindowMemory;
import comm.testkit.BackendUnderTest;
import comm.testkit.Capability;
import comm.testkit.conformance.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A backend with one fault.
 *
 * @param name what is wrong with it
 * @param rule the rule that it breaks
 * @param message what the first line of the error must have in it
 * @param backend a new one
 */
public record Wrong(String name, Rule rule, String message, Function<Path, CommBackend> backend) {

  /** How it looks where a rank doesn't come back. */
  static final String HANGS = "did not end within ";

  /**
   * All of them.
   *
   * @return section by section
   */
  public static Stream<Wrong> all() {
    return Stream.of(
            WrongAnswers.all(),
            WrongSessions.all(),
            WrongContexts.all(),
            WrongWindows.all(),
            WrongMemory.all(),
            WrongBarriers.all(),
            WrongFailures.all(),
            WrongCloses.all())
        .flatMap(list -> list);
  }

  /**
   * A backend without a fault.
   *
   * @return a new one
   */
  public static BackendUnderTest none() {
    return asThreads(new MemoryBackend());
  }

  /**
   * The backend with the fault.
   *
   * @param place a directory where it must leave nothing
   * @return a new one
   */
  public BackendUnderTest underTest(Path place) {
    return asThreads(backend.apply(place)).labelled(name).withPlace(place);
  }

  /** Threads can't be killed, but they can leave. */
  private static BackendUnderTest asThreads(CommBackend backend) {
    return BackendUnderTest.object(backend).without(Capability.RANKS_AS_PROCESSES);
  }

  static Wrong of(String name, Rule rule, String message, Supplier<CommBackend> backend) {
    return new Wrong(name, rule, message, place -> backend.get());
  }

  /** A fault of what the ranks share. */
  static Wrong group(String name, Rule rule, String message, IntFunction<MemoryGroup> group) {
    return of(
        name,
        rule,
        message,
        () ->
            new MemoryBackend() {
              @Override
              MemoryGroup newGroup(int size) {
                return group.apply(size);
              }
            });
  }

  /** What makes a session wrong. */
  interface SessionFault {
    BackendSession of(BackendSession right, SessionRequest request) throws BackendFailure;
  }

  /** A fault of sessions. */
  static Wrong session(String name, Rule rule, String message, SessionFault fault) {
    return of(
        name,
        rule,
        message,
        () ->
            new MemoryBackend() {
              @Override
              public BackendSession open(SessionRequest request) throws BackendFailure {
                return fault.of(super.open(request), request);
              }
            });
  }

  /** What makes windows wrong. */
  interface WindowsFault {
    BackendWindows of(BackendWindows right, int rank) throws BackendFailure;
  }

  /** A fault of windows. */
  static Wrong windows(String name, Rule rule, String message, WindowsFault fault) {
    return session(
        name,
        rule,
        message,
        (session, request) ->
            new Relay.Session(session) {
              @Override
              BackendWindows windows(BackendWindows right) throws BackendFailure {
                return fault.of(right, request.rank());
              }
            });
  }

  /** What makes the memory of a window wrong. */
  interface MemoryFault {
    WindowMemory of(WindowMemory right, BackendWindows windows, int rank, int owner);
  }

  /** A fault of a window's memory. */
  static Wrong memory(String name, Rule rule, String message, MemoryFault fault) {
    return windows(
        name,
        rule,
        message,
        (windows, rank) ->
            new Relay.Windows(windows) {
              @Override
              WindowMemory memory(WindowMemory right, int owner) {
                return fault.of(right, windows, rank, owner);
              }
            });
  }

  /** Writes a file that nobody removes. */
  static void litter(Path directory, String name) {
    try {
      Files.write(directory.resolve(name + System.nanoTime()), new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return what is wrong} */
  @Override
  public String toString() {
    return rule + " " + name;
  }
}
