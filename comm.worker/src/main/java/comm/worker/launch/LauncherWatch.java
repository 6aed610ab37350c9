package comm.worker.launch;

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

  private final long launcher;
  private final Path directory;

  private LauncherWatch(long launcher, Path directory) {
    this.launcher = launcher;
    this.directory = directory;
  }

  static void start(long launcher, Path directory) {
    Thread thread = new Thread(new LauncherWatch(launcher, directory)::run, "comm-launcher-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (launcherIsParent()) {
      LockSupport.parkNanos(INTERVAL_NANOS);
    }
    try {
      // Nobody else is left to remove it. Every rank tries; whoever is last succeeds.
      JobDirectory.delete(directory);
    } catch (IOException e) {
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
