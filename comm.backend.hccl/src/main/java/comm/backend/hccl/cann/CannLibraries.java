package comm.backend.hccl.cann;

import com.sun.jna.Function;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds CANN's libraries and looks functions up in them. Nothing is loaded before the first
 * function is needed, because loading starts threads and reads drivers.
 *
 * <p>Directories, first to last: that of {@code ASCEND_HOME_PATH}, since it was chosen by name;
 * those of {@code LD_LIBRARY_PATH}; those of default installations. All libraries of a family come
 * from one directory, so that versions are never mixed.
 */
public final class CannLibraries {

  private static final List<Path> PREFIXES =
      List.of(
          Path.of("/usr/local/Ascend/ascend-toolkit/latest"),
          Path.of("/usr/local/Ascend/cann"),
          Path.of("/usr/local/Ascend/latest"));

  private final List<Path> directories = new ArrayList<>();
  private final List<Path> stubs = new ArrayList<>();
  private final Map<Path, LoadedLibrary> loaded = new ConcurrentHashMap<>();
  private final Map<CannFunction, Function> functions = new ConcurrentHashMap<>();

  /** Looks where the environment says, and in the directories of default installations. */
  public CannLibraries(Map<String, String> environment) {
    this(environment, PREFIXES);
  }

  CannLibraries(Map<String, String> environment, List<Path> prefixes) {
    String home = environment.getOrDefault("ASCEND_HOME_PATH", "");
    if (!home.isBlank()) {
      add(Path.of(home, "lib64"));
    }
    searchPath(environment).forEach(this::add);
    prefixes.forEach(prefix -> add(prefix.resolve("lib64")));
  }

  /** The directories of {@code LD_LIBRARY_PATH}. */
  static List<Path> searchPath(Map<String, String> environment) {
    List<Path> path = new ArrayList<>();
    for (String entry : environment.getOrDefault("LD_LIBRARY_PATH", "").split(":", -1)) {
      if (!entry.isBlank()) {
        path.add(Path.of(entry).toAbsolutePath().normalize());
      }
    }
    return path;
  }

  private void add(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    List<Path> target = isStub(absolute) ? stubs : directories;
    if (!target.contains(absolute)) {
      target.add(absolute);
    }
  }

  /**
   * Whether a directory is one of those that hold libraries to link with only: {@code devlib}, or
   * {@code stub}, below which there may be one for each system and processor.
   */
  static boolean isStub(Path directory) {
    int names = directory.getNameCount();
    for (int i = Math.max(0, names - 3); i < names; i++) {
      String name = directory.getName(i).toString();
      if (name.equals("devlib") || name.equals("stub")) {
        return true;
      }
    }
    return false;
  }

  /** The libraries of a family that are there, in the order in which they are opened. */
  public List<Path> find(Family family) {
    for (Path directory : directories) {
      List<Path> found =
          family.names().stream().map(directory::resolve).filter(Files::isRegularFile).toList();
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  /** What is wrong with a family without loading it: no library of it is there. */
  public Optional<CannException> missing(Family family) {
    CannFunction first = family == Family.ACL ? CannFunction.ACL_INIT : CannFunction.GET_ROOT_INFO;
    return find(family).isEmpty()
        ? Optional.of(Missing.library(first.symbol(), family, this))
        : Optional.empty();
  }

  /** Where libraries are looked for. */
  public List<Path> directories() {
    return List.copyOf(directories);
  }

  /** Directories that would have been looked into, but hold stubs only. */
  public List<Path> stubs() {
    return List.copyOf(stubs);
  }

  /** Whether a function can be called; loads libraries, and never throws. */
  boolean has(CannFunction function) {
    try {
      function(function);
      return true;
    } catch (CannException missing) {
      return false;
    }
  }

  /**
   * Looks a function up, in the first library of its family that has it.
   *
   * @throws CannException if there is none, with what to install
   */
  Function function(CannFunction wanted) throws CannException {
    Function known = functions.get(wanted);
    if (known != null) {
      return known;
    }
    List<Path> paths = find(wanted.family());
    if (paths.isEmpty()) {
      throw Missing.library(wanted.symbol(), wanted.family(), this);
    }
    List<LoadedLibrary> failed = new ArrayList<>();
    for (Path path : paths) {
      LoadedLibrary library = loaded.computeIfAbsent(path, LoadedLibrary::new);
      if (library.problem().isPresent()) {
        failed.add(library);
        continue;
      }
      Optional<Function> function = library.function(wanted.symbol());
      if (function.isPresent()) {
        functions.put(wanted, function.get());
        return function.get();
      }
    }
    throw failed.isEmpty()
        ? Missing.symbol(wanted, paths)
        : Missing.unloadable(wanted.symbol(), failed.get(0));
  }
}
