package comm.testkit.conformance.wrong;

import comm.api.spi.Availability;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.CommBackend;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import comm.testkit.conformance.Rule;
import java.io.FileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;

/** Backends that answer wrongly before anybody opens them. */
final class WrongAnswers {

  private static final Availability YES = new Availability.Available("this JVM's memory");

  private WrongAnswers() {}

  static Stream<Wrong> all() {
    return Stream.of(
        name(
            "name() changes from call to call",
            "rank 0 of 1: name() when it is called again ==> expected: <memory",
            call -> "memory" + call),
        name(
            "name() has capital letters",
            "name() must be of a-z, 0-9, '-' and '.', but is \"Memory\"",
            call -> "Memory"),
        availability(
            "availability() throws",
            Rule.A3,
            "rank 0 of 1: availability() must not throw, but threw"
                + " java.lang.IllegalStateException: no library",
            call -> {
              throw new IllegalStateException("no library");
            }),
        availability(
            "availability() says no without a reason",
            Rule.A3,
            "rank 0 of 1: availability() must have a reason and advice, but is Unavailable",
            call -> new Availability.Unavailable(" ", "install it")),
        availability(
            "availability() says yes to one thread and no to another",
            Rule.A4,
            "rank 0 of 1: the answers of two threads that ask at once",
            call -> call % 2 == 0 ? YES : new Availability.Unavailable("it is in use", "wait")),
        Wrong.of(
            "availability() waits until nobody is in open()",
            Rule.A4,
            "availability() while rank 0 waits in open() must end within ",
            Locked::new),
        availability(
            "availability() leaves a thread",
            Rule.A5,
            "rank 0 of 1: availability() 20 times must leave nothing",
            call -> {
              thread();
              return YES;
            }),
        new Wrong(
            "availability() leaves a file",
            Rule.A5,
            "nothing must be left in ",
            place ->
                answering(
                    any -> {
                      Wrong.litter(place, "probe");
                      return YES;
                    },
                    any -> Map.of())),
        Wrong.of(
            "availability(settings) throws what a path throws",
            Rule.A6,
            "availability(settings) with example 5 must not throw, but threw"
                + " java.nio.file.InvalidPathException: Nul character not allowed",
            () ->
                new MemoryBackend() {
                  @Override
                  public Availability availability(Map<String, String> properties) {
                    for (String value : properties.values()) {
                      Path unused = Path.of(value);
                    }
                    return YES;
                  }
                }),
        describe(
            "describe() throws",
            "rank 0 of 1: describe() must not throw, but threw"
                + " java.lang.UnsupportedOperationException: later",
            call -> {
              throw new UnsupportedOperationException("later");
            }),
        describe(
            "describe() leaves a descriptor",
            "rank 0 of 1: describe() 6 times must leave nothing",
            descriptors()),
        describe(
            "describe() doesn't end",
            "rank 0 of 1: describe() must end within ",
            call -> {
              sleep();
              return Map.of();
            }),
        sweep(
            "sweep() breaks groups that live",
            "",
            groups -> groups.forEach(WrongAnswers::breakGroup)),
        sweep(
            "sweep() throws",
            "sweep() in a group must not throw, but threw",
            groups -> {
              throw new IllegalStateException(groups.size() + " groups are there");
            }),
        sweep("sweep() waits", "sweep() in a group must end within ", groups -> sleep()));
  }

  private static void breakGroup(MemoryGroup group) {
    group.give(0, new Failure.NativeCall("unlink", 0, "", "swept", ""));
  }

  /** Leaves a thread behind. */
  static void thread() {
    Thread thread = new Thread(LockSupport::park, "left behind");
    thread.setDaemon(true);
    thread.start();
    // The start of a thread shows in the system only when it runs.
    while (thread.getState() == Thread.State.NEW) {
      Thread.onSpinWait();
    }
  }

  /** Waits until the test gives the thread up. */
  static void sleep() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Function<Integer, Map<String, String>> descriptors() {
    List<FileReader> kept = new ArrayList<>();
    return call -> {
      try {
        kept.add(new FileReader("/dev/null", StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Map.of("files", kept.size() + "");
    };
  }

  private static Wrong name(String name, String message, Function<Integer, String> answer) {
    return Wrong.of(
        name,
        Rule.A1,
        message,
        () -> {
          AtomicInteger calls = new AtomicInteger();
          return new MemoryBackend() {
            @Override
            public String name() {
              return answer.apply(calls.incrementAndGet());
            }
          };
        });
  }

  private static Wrong availability(
      String name, Rule rule, String message, Function<Integer, Availability> answer) {
    return Wrong.of(name, rule, message, () -> answering(answer, any -> Map.of()));
  }

  private static Wrong describe(
      String name, String message, Function<Integer, Map<String, String>> answer) {
    return Wrong.of(name, Rule.A7, message, () -> answering(any -> YES, answer));
  }

  private static CommBackend answering(
      Function<Integer, Availability> availability,
      Function<Integer, Map<String, String>> describe) {
    AtomicInteger calls = new AtomicInteger();
    return new MemoryBackend() {
      @Override
      public Availability availability() {
        return availability.apply(calls.incrementAndGet());
      }

      @Override
      public Map<String, String> describe() {
        return describe.apply(calls.incrementAndGet());
      }
    };
  }

  private interface Sweep {
    void of(Queue<MemoryGroup> groups);
  }

  private static Wrong sweep(String name, String message, Sweep sweep) {
    return Wrong.of(
        name,
        Rule.A8,
        message,
        () -> {
          Queue<MemoryGroup> groups = new ConcurrentLinkedQueue<>();
          return new MemoryBackend() {
            @Override
            MemoryGroup newGroup(int size) {
              MemoryGroup group = super.newGroup(size);
              groups.add(group);
              return group;
            }

            @Override
            public void sweep() {
              sweep.of(groups);
            }
          };
        });
  }

  /** One lock for all that can be asked. */
  private static final class Locked extends MemoryBackend {
    private final AtomicInteger opening = new AtomicInteger();

    @Override
    public Availability availability() {
      while (opening.get() > 0) {
        LockSupport.parkNanos(1_000_000);
      }
      return YES;
    }

    @Override
    public BackendSession open(SessionRequest request) throws BackendFailure {
      opening.incrementAndGet();
      try {
        return super.open(request);
      } finally {
        opening.decrementAndGet();
      }
    }
  }
}
