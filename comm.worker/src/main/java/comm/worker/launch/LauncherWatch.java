package comm.worker.launch;

import comm.api.Communicator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends this rank when its launcher has died, so that no rank is left running without anybody who
 * sees it. A launcher that died before this process began is noticed too: a process whose parent is
 * dead has another parent at once.
 */
final class LauncherWatch {

  /** The exit code of a rank whose launcher died. */
  static final int EXIT_CODE = 71;

  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** How long the program may take to leave what it waits for; all is over within a second. */
  private static final long LEAVING_MILLIS = 600;

  private static final long LONGEST_END_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final long launcher;
  private final Path directory;
  private final Thread program;

  private LauncherWatch(long launcher, Path directory, Thread program) {
    this.launcher = launcher;
    this.directory = directory;
    this.program = program;
  }

  /**
   * Begins to watch.
   *
   * @param program the thread that runs the program
   */
  static void start(long launcher, Path directory, Thread program) {
    Thread thread =
        new Thread(new LauncherWatch(launcher, directory, program)::run, "comm-launcher-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for the watch to end this process, where something else knew of the death before it. */
  static void awaitEnd() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < LONGEST_END_NANOS) {
      // The watch interrupts this thread, which has nothing to leave any more.
      boolean unused = Thread.interrupted();
      LockSupport.parkNanos(INTERVAL_NANOS);
    }
    Runtime.getRuntime().halt(EXIT_CODE);
  }

  private void run() {
    while (launcherIsParent()) {
      LockSupport.parkNanos(INTERVAL_NANOS);
    }
    try {
      // A rank that waits for others to join leaves nothing behind when it is interrupted.
      program.interrupt();
      program.join(LEAVING_MILLIS);
      Communicator.sweep();
      // Nobody else is left to remove it. Every rank tries; whoever is last succeeds.
      JobDirectory.delete(directory);
    } catch (IOException | InterruptedException e) {
      System.err.println("the directory of the job of the dead launcher " + launcher + ": " + e);
    } finally {
      // Not exit: hooks of the program could keep this process alive.
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  private boolean launcherIsParent() {
    return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L) == launcher;
  }
}
