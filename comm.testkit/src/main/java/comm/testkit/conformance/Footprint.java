package comm.testkit.conformance;

import comm.testkit.TimeScale;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.AssertionFailedError;

/**
 * What this process holds now.
 *
 * @param descriptors open ones
 * @param threads those of the JVM too
 * @param mappings shared ones; private ones come and go with the JVM's own memory
 * @param shared bytes of them that others can have as well
 */
record Footprint(long descriptors, long threads, long mappings, long shared) {

  private static final Pattern SHARED = Pattern.compile("(\\p{XDigit}+)-(\\p{XDigit}+) ...s ");
  private static final Path SELF = Path.of("/proc/self");
  private static final Duration SETTLING = TimeScale.scaled(Duration.ofSeconds(5));
  private static final long PAUSE_NANOS = 10_000_000;

  /** Looks; skips the test where the system doesn't tell. */
  static Footprint now() {
    Assumptions.assumeTrue(
        Files.isDirectory(SELF.resolve("fd")) && Files.isReadable(SELF.resolve("maps")),
        "this system has no " + SELF);
    try {
      List<String> maps = Files.readAllLines(SELF.resolve("maps"));
      return new Footprint(
          entries("fd"),
          entries("task"),
          maps.stream().filter(line -> sharedBytes(line) > 0).count(),
          maps.stream().mapToLong(Footprint::sharedBytes).sum());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a line such as {@code 7f3a1000-7f3a2000 rw-s 00000000 ...}: 0 if the memory is private. */
  private static long sharedBytes(String line) {
    Matcher matcher = SHARED.matcher(line);
    return matcher.lookingAt()
        ? Long.parseUnsignedLong(matcher.group(2), 16)
            - Long.parseUnsignedLong(matcher.group(1), 16)
        : 0;
  }

  private static long entries(String directory) throws IOException {
    try (Stream<Path> list = Files.list(SELF.resolve(directory))) {
      return list.count();
    }
  }

  /**
   * Fails if anything has grown by one or more with each of some calls. What is freed with objects
   * that nobody reaches any more is given the time for it.
   */
  void holdsAfter(int calls, String what) {
    settles(
        calls,
        what,
        now ->
            now.descriptors - descriptors < calls
                && now.threads - threads < calls
                && now.mappings - mappings < calls);
  }

  /**
   * Fails if as many more bytes are shared with each of some calls. Less may stay for as long as
   * something that belongs to it is reachable.
   */
  void sharesNoMoreAfter(int calls, long bytes, String what) {
    settles(calls, what, now -> now.shared - shared < calls * bytes);
  }

  private void settles(int calls, String what, Predicate<Footprint> settled) {
    long start = System.nanoTime();
    Footprint now = now();
    while (!settled.test(now)) {
      if (System.nanoTime() - start > SETTLING.toNanos()) {
        throw new AssertionFailedError(
            what
                + " "
                + calls
                + " times must leave nothing: before it was "
                + this
                + ", now "
                + now);
      }
      System.gc();
      LockSupport.parkNanos(PAUSE_NANOS);
      now = now();
    }
  }

  /** {@return the numbers in words} */
  @Override
  public String toString() {
    return descriptors
        + " descriptors, "
        + threads
        + " threads, "
        + mappings
        + " mappings ("
        + shared
        + " bytes shared)";
  }
}
