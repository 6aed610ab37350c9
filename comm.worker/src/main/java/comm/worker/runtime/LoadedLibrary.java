package comm.worker.runtime;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import comm.worker.kernel.ChipException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Libraries that this process has open. JNA gives everyone who opens a path the same object, and
 * whoever closes it closes it for all; so users are counted here.
 */
final class LoadedLibrary implements AutoCloseable {

  private static final int RTLD_LOCAL = 0;
  private static final int RTLD_NOW = 0x2;
  private static final int RTLD_GLOBAL = 0x100;

  private static final Map<Path, LoadedLibrary> OPEN = new HashMap<>();

  /** Never closed: code and data of a runtime may be bound to it as long as the process lives. */
  private static final Map<Path, NativeLibrary> CONTEXTS = new HashMap<>();

  private final Path path;
  private final NativeLibrary library;
  private int users;

  private LoadedLibrary(Path path, NativeLibrary library) {
    this.path = path;
    this.library = library;
  }

  /**
   * Opens a host runtime with its symbols kept apart, so that two runtimes don't collide.
   *
   * @throws ChipException {@code dlopen failed}
   */
  static LoadedLibrary open(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    synchronized (OPEN) {
      LoadedLibrary known = OPEN.get(absolute);
      if (known == null) {
        known =
            new LoadedLibrary(
                absolute,
                load(
                    absolute,
                    RTLD_NOW | RTLD_LOCAL,
                    "dlopen failed",
                    "check the path, and that the runtime was built for this machine; if symbols"
                        + " are missing, a runtime for a simulated chip needs its context library"
                        + " (libcpu_sim_context.so), which was not named or is another one's"));
        OPEN.put(absolute, known);
      }
      known.users++;
      return known;
    }
  }

  /**
   * Opens the library that a runtime for a simulated chip needs before it: globally, once for the
   * process.
   *
   * @throws ChipException {@code dlopen sim_context failed}
   */
  static void openContext(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    synchronized (CONTEXTS) {
      if (!CONTEXTS.containsKey(absolute)) {
        CONTEXTS.put(
            absolute,
            load(
                absolute,
                RTLD_NOW | RTLD_GLOBAL,
                "dlopen sim_context failed",
                "check the path of the simulated chip's context library"));
      }
    }
  }

  private static NativeLibrary load(Path path, int flags, String failure, String advice) {
    try {
      return NativeLibrary.getInstance(path.toString(), Map.of(Library.OPTION_OPEN_FLAGS, flags));
    } catch (UnsatisfiedLinkError e) {
      throw new ChipException(
          "dlopen", 0, failure + ": " + path + ": " + linkersWords(e) + ". To do: " + advice, e);
    } catch (NoClassDefFoundError e) {
      throw new ChipException(
          "dlopen",
          0,
          failure
              + ": "
              + path
              + ": JNA can't be used. To do: put net.java.dev.jna:jna-jpms on the path; on a JDK"
              + " from 24 on run with --enable-native-access=com.sun.jna",
          e);
    }
  }

  /** JNA tells each of its attempts on a line of its own; the first is the one that counts. */
  private static String linkersWords(UnsatisfiedLinkError error) {
    String message = String.valueOf(error.getMessage());
    return message.lines().skip(message.contains("\n") ? 1 : 0).findFirst().orElse(message).strip();
  }

  Path path() {
    return path;
  }

  Optional<Function> function(String symbol) {
    try {
      return Optional.of(library.getFunction(symbol));
    } catch (UnsatisfiedLinkError notThere) {
      return Optional.empty();
    }
  }

  /** One user is done with it; the last one closes it. No function of it is called afterwards. */
  @Override
  public void close() {
    synchronized (OPEN) {
      users--;
      if (users == 0) {
        OPEN.remove(path);
        library.close();
      }
    }
  }
}
