package comm.backend.hccl.cann;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A library that was opened, or that couldn't be. */
final class LoadedLibrary {

  private static final int RTLD_LAZY = 0x1;
  // the libraries of CANN find each other's symbols through the global scope
  private static final int RTLD_GLOBAL = 0x100;

  /**
   * JNA closes a library that nobody refers to any more. CANN has threads of its own, whose code
   * must stay, so what was opened once is kept as long as the process lives.
   */
  private static final Queue<NativeLibrary> KEPT = new ConcurrentLinkedQueue<>();

  private final Path path;
  private final @Nullable NativeLibrary library;
  private final String problem;

  /** Opens the library, or keeps the reason why that is not possible. */
  LoadedLibrary(Path path) {
    this.path = path;
    NativeLibrary opened = null;
    String reason = "";
    try {
      opened =
          NativeLibrary.getInstance(
              path.toString(), Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY | RTLD_GLOBAL));
      KEPT.add(opened);
    } catch (UnsatisfiedLinkError e) {
      reason = linkersWords(e);
    }
    this.library = opened;
    this.problem = reason;
  }

  /** JNA tells each of its attempts on a line of its own; the first is the one that counts. */
  private static String linkersWords(UnsatisfiedLinkError error) {
    String message = String.valueOf(error.getMessage());
    return message.lines().skip(message.contains("\n") ? 1 : 0).findFirst().orElse(message).strip();
  }

  Path path() {
    return path;
  }

  /** Why it couldn't be opened, in the words of the dynamic linker. */
  Optional<String> problem() {
    return library == null ? Optional.of(problem) : Optional.empty();
  }

  /** A function of it, or of a library it needs. */
  Optional<Function> function(String symbol) {
    if (library == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(library.getFunction(symbol));
    } catch (UnsatisfiedLinkError notThere) {
      return Optional.empty();
    }
  }
}
