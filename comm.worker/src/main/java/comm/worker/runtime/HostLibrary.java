package comm.worker.runtime;

import com.sun.jna.Function;
import comm.worker.kernel.ChipException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An open host runtime. What every use needs is checked when it is opened; the rest when it is
 * called, so that a runtime without communicators still runs callables.
 */
final class HostLibrary implements AutoCloseable {

  private static final String ADVICE =
      ". To do: rebuild the module that links the runtime, or use a newer runtime";

  private final LoadedLibrary library;
  private final Map<Symbol, Function> functions = new EnumMap<>(Symbol.class);

  private HostLibrary(LoadedLibrary library) {
    this.library = library;
    for (Symbol symbol : Symbol.values()) {
      library.function(symbol.symbol()).ifPresent(found -> functions.put(symbol, found));
    }
  }

  /**
   * Opens a runtime.
   *
   * @throws ChipException if it or its context can't be loaded, or is no host runtime; nothing is
   *     left open then, but for the context
   */
  static HostLibrary open(Path path, Optional<Path> simContext) {
    simContext.ifPresent(LoadedLibrary::openContext);
    HostLibrary opened = new HostLibrary(LoadedLibrary.open(path));
    List<Symbol> missing = opened.missing(Symbol.Group.CORE);
    if (!missing.isEmpty()) {
      opened.close();
      throw new ChipException(
          "dlsym",
          0,
          "dlsym failed for "
              + names(missing)
              + ": "
              + opened.path()
              + " lacks them, and no chip can be driven without "
              + Symbol.Group.CORE
              + ADVICE);
    }
    return opened;
  }

  private static String names(List<Symbol> symbols) {
    return symbols.stream()
        .map(symbol -> "'" + symbol.symbol() + "'")
        .collect(Collectors.joining(", "));
  }

  private List<Symbol> missing(Symbol.Group group) {
    return Stream.of(Symbol.values())
        .filter(symbol -> symbol.group() == group && !functions.containsKey(symbol))
        .toList();
  }

  Path path() {
    return library.path();
  }

  /** Whether a function is there. */
  boolean has(Symbol symbol) {
    return functions.containsKey(symbol);
  }

  /** Whether everything of a group is there. */
  boolean has(Symbol.Group group) {
    return missing(group).isEmpty();
  }

  /**
   * Checks that everything of a group is there.
   *
   * @throws ChipException if not, naming all that lacks
   */
  void require(Symbol.Group group) {
    List<Symbol> missing = missing(group);
    if (!missing.isEmpty()) {
      throw lacking(missing, group);
    }
  }

  private ChipException lacking(List<Symbol> missing, Symbol.Group group) {
    return new ChipException(
        missing.get(0).symbol(),
        0,
        "dlsym failed for "
            + names(missing)
            + ": "
            + path()
            + " is a host runtime without "
            + group
            + ADVICE);
  }

  private Function function(Symbol symbol) {
    Function found = functions.get(symbol);
    if (found == null) {
      throw lacking(List.of(symbol), symbol.group());
    }
    return found;
  }

  /** Calls a function that returns a code. */
  int code(Symbol symbol, Object... arguments) {
    return function(symbol).invokeInt(arguments);
  }

  /** Calls a function that returns an address or a size. */
  long address(Symbol symbol, Object... arguments) {
    return function(symbol).invokeLong(arguments);
  }

  /** Calls a function that returns nothing. */
  void call(Symbol symbol, Object... arguments) {
    function(symbol).invokeVoid(arguments);
  }

  /** Closes the library. No thread may be inside one of its functions. */
  @Override
  public void close() {
    library.close();
  }
}
