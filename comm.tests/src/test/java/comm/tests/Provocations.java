package comm.tests;

import comm.api.CommConfig;
import comm.api.CommException;
import comm.api.Communicator;
import comm.api.Comparison;
import comm.api.WindowSet;
import comm.testkit.Eventually;
import comm.testkit.RankThreads;
import comm.testkit.RankThreads.Opening;
import comm.tests.ranks.Barriers;
import comm.tests.ranks.OpenAlone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * One way to meet each error of {@code docs/errors.md}, by the heading it has there. All on the sim
 * backend, with ranks as threads, but for a rank that is killed and a path without JNA, which need
 * processes of their own.
 */
final class Provocations {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(500);

  private final Path directory;
  private final RankThreads ranks;

  /** Something that fails. */
  @FunctionalInterface
  interface Provocation {
    /** What a caller gets: the type and the message. */
    Met provoke(Provocations with) throws Exception;
  }

  /** What a caller gets. */
  record Met(String type, String message) {

    static Met of(Throwable thrown) {
      return new Met(thrown.getClass().getSimpleName(), String.valueOf(thrown.getMessage()));
    }

    /** From the line {@code type: message}. */
    static Met of(String line) {
      int colon = line.indexOf(": ");
      return new Met(line.substring(0, colon), line.substring(colon + 2));
    }
  }

  static final Map<String, Provocation> ALL = all();

  private static Map<String, Provocation> all() {
    Map<String, Provocation> all = new LinkedHashMap<>();
    all.put("A backend that isn't on the path", with -> with.open(with.alone().withBackend("mpi")));
    all.put(
        "A backend that can't be used here", with -> with.open(with.alone().withBackend("hccl")));
    all.put("Ranks that were never started", Provocations::neverStarted);
    all.put("Rank 0 was never started", Provocations::withoutRank0);
    all.put("A rank that lives but doesn't come", with -> with.late(0));
    all.put("The same, on the rank that came too late", with -> with.late(1));
    all.put("A signal that nobody sends", Provocations::noSignal);
    all.put("A rank that was killed", Provocations::killed);
    all.put("A rank that left", Provocations::left);
    all.put("Different window sizes", Provocations::windowSizes);
    all.put("Different numbers of ranks", Provocations::numbersOfRanks);
    all.put("Two processes with one rank", Provocations::twice);
    all.put("A directory that doesn't exist", Provocations::noDirectory);
    all.put("A symbolic link", Provocations::symbolicLink);
    all.put("A file that is something else", Provocations::otherFile);
    all.put("Windows larger than the memory", Provocations::largeWindows);
    all.put("This thread was interrupted", with -> with.interrupted(0));
    all.put("A thread of another rank was interrupted", with -> with.interrupted(1));
    all.put("A call after a failure", Provocations::broken);
    all.put("JNA is not on the class path", Provocations::withoutJna);
    all.put("A name that is too long", Provocations::longName);
    all.put("No launcher", with -> met(() -> CommConfig.from(Map.of(), Map.of())));
    all.put("A rank that can't be", with -> met(() -> CommConfig.of(4, 4, with.rootInfo())));
    all.put(
        "A window of nothing",
        with -> with.inUse((communicator, windows) -> communicator.allocateWindows(0)));
    all.put(
        "An address that isn't aligned",
        with -> with.inUse((communicator, windows) -> windows.local().getLongAcquire(4)));
    all.put(
        "A setting that the backend doesn't have",
        with -> with.open(with.alone().withProperty("sim.speed", "11")));
    all.put("A call after close", Provocations::closed);
    all.put("Windows after close", with -> with.inUse(Provocations::closedWindows));
    all.put("Two threads in collectives", with -> with.beside(Communicator::barrier, 1));
    all.put("Closed while another thread waited", with -> with.beside(Communicator::close, 0));
    all.put(
        "Outside of the window",
        with -> with.inUse((communicator, windows) -> windows.local().getLong(windows.size())));
    all.put(
        "A rank that there isn't", with -> with.inUse((communicator, windows) -> windows.of(2)));
    return all;
  }

  Provocations(Path directory) {
    this.directory = directory;
    this.ranks = new RankThreads("sim", directory);
  }

  private Path rootInfo() {
    return directory.resolve("ranks.rootinfo");
  }

  private CommConfig alone() {
    return ranks.config(0, 1);
  }

  private static Met met(Runnable failing) {
    try {
      failing.run();
    } catch (RuntimeException e) {
      return Met.of(e);
    }
    throw new AssertionError("nothing was thrown");
  }

  private Met open(CommConfig config) {
    return met(() -> openAndClose(config));
  }

  private Met rank(int rank, int size, Opening opening) {
    Optional<Throwable> thrown = ranks.outcomes(size, opening).get(rank);
    return Met.of(thrown.orElseThrow(() -> new AssertionError("nothing was thrown")));
  }

  private static void await(CountDownLatch latch) {
    Eventually.holds("the other rank is done", PATIENCE, () -> latch.getCount() == 0);
  }

  private Met neverStarted() {
    return open(ranks.config(0, 3).withTimeout(SHORT));
  }

  private Met withoutRank0() {
    return open(ranks.config(1, 2).withTimeout(SHORT));
  }

  private Met late(int asked) {
    CountDownLatch over = new CountDownLatch(1);
    return rank(
        asked,
        2,
        config -> {
          try (Communicator communicator = Communicator.open(config)) {
            if (config.rank() == 1) {
              await(over);
            }
            communicator.barrier(SHORT);
          } finally {
            over.countDown();
          }
        });
  }

  private Met noSignal() {
    return inUse((communicator, windows) -> windows.local().await(0, Comparison.NE, 0, SHORT));
  }

  private Met killed() throws IOException, InterruptedException {
    try (Jobs job = Jobs.start(2, Barriers.class, "1")) {
      job.awaitLineOfAll("ready");
      job.process(1).destroyForcibly();
      job.result();
      List<String> lines = job.lines(0);
      // it may have died just before it said that it waits for its signal
      String line = lines.get(lines.size() - 1);
      return Met.of(line.replace("last operation barrier", "last operation await"));
    }
  }

  private Met left() {
    return rank(
        0,
        2,
        config -> {
          try (Communicator communicator = Communicator.open(config)) {
            if (config.rank() == 0) {
              communicator.barrier();
            }
          }
        });
  }

  private Met windowSizes() {
    return rank(
        0,
        2,
        config -> {
          try (Communicator communicator = Communicator.open(config)) {
            communicator.allocateWindows(config.rank() == 0 ? 4096 : 8192).close();
          }
        });
  }

  private Met numbersOfRanks() {
    return rank(1, 2, config -> openAndClose(config.rank() == 0 ? config : ranks.config(1, 3)));
  }

  private static void openAndClose(CommConfig config) {
    Communicator.open(config).close();
  }

  private Met twice() {
    return rank(2, 3, config -> openAndClose(ranks.config(Math.min(1, config.rank()), 3)));
  }

  private Met noDirectory() {
    return open(CommConfig.of(0, 1, directory.resolve("jobs").resolve("ranks.rootinfo")));
  }

  private Met symbolicLink() throws IOException {
    Files.createSymbolicLink(rootInfo(), directory.resolve("elsewhere"));
    return open(alone());
  }

  private Met otherFile() throws IOException {
    Files.writeString(rootInfo(), "my notes");
    return open(alone());
  }

  private Met largeWindows() {
    return rank(
        0,
        2,
        config -> {
          try (Communicator communicator = Communicator.open(config)) {
            communicator.allocateWindows(1L << 60).close();
          }
        });
  }

  private Met interrupted(int asked) {
    CountDownLatch over = new CountDownLatch(1);
    return rank(
        asked,
        2,
        config -> {
          try (Communicator communicator = Communicator.open(config)) {
            if (config.rank() == 1) {
              await(over);
            } else {
              Thread.currentThread().interrupt();
            }
            communicator.barrier();
          } finally {
            over.countDown();
          }
        });
  }

  private Met broken() {
    return rank(
        0,
        2,
        config -> {
          try (Communicator communicator = Communicator.open(config)) {
            if (config.rank() == 0) {
              try {
                communicator.barrier();
              } catch (CommException first) {
                communicator.barrier();
              }
            }
          }
        });
  }

  private Met withoutJna() throws IOException, InterruptedException {
    ChildJvm.Ended ended =
        new ChildJvm(directory)
            .without("com.sun.jna")
            .runClass(OpenAlone.class.getName(), rootInfo().toString(), "sim");
    return Met.of(ended.lastLine());
  }

  private Met longName() {
    return open(CommConfig.of(0, 1, directory.resolve("x".repeat(250))).withBackend("sim"));
  }

  private Met closed() {
    Communicator communicator = Communicator.open(alone());
    communicator.close();
    return met(communicator::barrier);
  }

  /** Something that is done with a communicator and its windows. */
  private interface Use {
    void with(Communicator communicator, WindowSet windows);
  }

  private static void closedWindows(Communicator communicator, WindowSet windows) {
    windows.close();
    windows.local().getLong(0);
  }

  /** The first of two ranks uses its windows of 64 bytes, while the second one is there. */
  private Met inUse(Use use) {
    CountDownLatch over = new CountDownLatch(1);
    return rank(
        0,
        2,
        config -> {
          try (Communicator communicator = Communicator.open(config);
              WindowSet windows = communicator.allocateWindows(64)) {
            if (config.rank() == 0) {
              use.with(communicator, windows);
            } else {
              await(over);
            }
          } finally {
            if (config.rank() == 0) {
              over.countDown();
            }
          }
        });
  }

  /** While a thread of rank 0 waits in a barrier another one does something; who is asked. */
  private Met beside(Consumer<Communicator> action, int asked) {
    AtomicReference<Met> waiting = new AtomicReference<>();
    AtomicReference<Met> acting = new AtomicReference<>();
    inUse(
        (communicator, windows) -> {
          Thread waiter = new Thread(() -> waiting.set(met(communicator::barrier)), "waiter");
          waiter.start();
          Eventually.holds(
              "the other thread is inside",
              PATIENCE,
              () -> communicator.peers().get(0).lastOperation().equals("barrier"));
          try {
            action.accept(communicator);
          } catch (RuntimeException e) {
            acting.set(Met.of(e));
          }
          communicator.close();
          Eventually.holds("the other thread is out", PATIENCE, () -> !waiter.isAlive());
          throw new IllegalStateException("done");
        });
    return Objects.requireNonNull(asked == 0 ? waiting.get() : acting.get());
  }
}
