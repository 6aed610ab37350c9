package comm.worker.launch;

import java.util.Map;
import java.util.Optional;

/** Names of the signals that exit codes stand for. */
public final class Signals {

  /** The JDK, as a shell does, reports a process that a signal killed with this plus its number. */
  private static final int SIGNALLED = 128;

  /** Only numbers that are the same on Linux and macOS, so that no name is wrong. */
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(5, "SIGTRAP"),
          Map.entry(6, "SIGABRT"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"),
          Map.entry(24, "SIGXCPU"),
          Map.entry(25, "SIGXFSZ"));

  private Signals() {}

  /**
   * The signal that an exit code stands for.
   *
   * @param code an exit code
   * @return the signal's name, or empty if the code stands for none that is known
   */
  public static Optional<String> ofExitCode(int code) {
    return Optional.ofNullable(NAMES.get(code - SIGNALLED));
  }
}
