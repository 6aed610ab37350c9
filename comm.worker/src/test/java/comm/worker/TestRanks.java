package comm.worker;

import comm.worker.launch.LaunchPath;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The programs that the tests launch, and the path on which they are found. */
final class TestRanks {

  private TestRanks() {}

  /**
   * Everything on the class path: the tests are patched into the module by options that no property
   * shows, so the path of this JVM doesn't have them.
   */
  static LaunchPath path() {
    return new LaunchPath(
        false,
        List.of(),
        Stream.of(
                System.getProperty("jdk.module.path", "").split(File.pathSeparator),
                System.getProperty("java.class.path", "").split(File.pathSeparator),
                new String[] {"target/classes", "target/test-classes"})
            .flatMap(Stream::of)
            .filter(entry -> !entry.isEmpty())
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  static RankLauncher launcher() {
    return new RankLauncher(path());
  }

  static RankJob job(int size, Class<?> program) {
    return RankJob.of(size, RankProgram.parse(program.getName()));
  }

  static int rank() {
    return Integer.parseInt(System.getenv("COMM_RANK"));
  }

  /** Stands still until somebody ends the process. */
  static void waitForTheEnd() {
    System.out.println("ready");
    while (true) {
      LockSupport.park();
    }
  }

  /** Prints its arguments and the variables that the launcher sets. */
  static final class Echo {
    public static void main(String[] args) {
      System.out.println("arguments " + List.of(args));
      for (String name :
          List.of("COMM_RANK", "COMM_SIZE", "COMM_ROOTINFO", "COMM_BACKEND", "COMM_TIMEOUT")) {
        System.out.println(name + "=" + System.getenv(name));
      }
      System.out.println("jna.tmpdir=" + System.getProperty("jna.tmpdir"));
      System.err.println("\u00e9\u4e16 on stderr");
    }
  }

  /** Prints what it can read from standard input. */
  static final class ReadInput {
    public static void main(String[] args) throws java.io.IOException {
      System.out.println("read " + System.in.read());
    }
  }

  /** Prints many lines on both streams and ends in the middle of a line. */
  static final class PrintMuch {
    static final int LINES = 10_000;

    public static void main(String[] args) {
      for (int i = 0; i < LINES; i++) {
        System.out.println("out " + i);
        System.err.println("err " + i);
      }
      System.out.print("no end of line");
      System.out.flush();
    }
  }

  /** Rank 1 throws, the others stand still. */
  static final class RankOneThrows {
    public static void main(String[] args) {
      if (rank() == 1) {
        throw new IllegalStateException("rank 1 has had enough");
      }
      waitForTheEnd();
    }
  }

  /** Ends with the code of its argument. */
  static final class ExitWith {
    public static void main(String[] args) {
      System.exit(Integer.parseInt(args[0]));
    }
  }

  /** Stands still. */
  static final class Stand {
    public static void main(String[] args) {
      waitForTheEnd();
    }
  }

  /** Main returns at once and another thread prints later. */
  static final class LateThread {
    public static void main(String[] args) {
      Thread thread =
          new Thread(
              () -> {
                LockSupport.parkNanos(100_000_000);
                System.out.println("late");
              });
      thread.start();
    }
  }

  /** A launcher: starts two ranks that stand still, and prints its directory and their pids. */
  static final class Launcher {
    public static void main(String[] args) throws Exception {
      LaunchPath path = LaunchPath.ofThisJvm();
      try (RunningJob running =
          new RankLauncher(path).start(job(2, Stand.class), (rank, isError, line) -> {})) {
        System.out.println(running.directory() + " " + running.pid(0) + " " + running.pid(1));
        running.await();
      }
    }
  }
}
