package comm.worker.launch;

import java.io.File;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a rank's JVM finds its classes.
 *
 * @param modular whether {@code comm.worker} itself is a named module there
 * @param modulePath absolute entries of the module path; empty in a run-time image that has
 *     everything inside
 * @param classPath absolute entries of the class path
 */
public record LaunchPath(boolean modular, List<String> modulePath, List<String> classPath) {

  /** Copies the lists. */
  public LaunchPath {
    modulePath = List.copyOf(modulePath);
    classPath = List.copyOf(classPath);
  }

  /**
   * The path of this JVM. Entries are made absolute, since the properties have them as they were
   * typed.
   *
   * @return the path
   */
  public static LaunchPath ofThisJvm() {
    boolean modular = LaunchPath.class.getModule().isNamed();
    String classPath = System.getProperty("java.class.path", "");
    return new LaunchPath(
        modular,
        entries(System.getProperty("jdk.module.path", "")),
        modular && classPath.isEmpty()
            ? List.of()
            : entries(classPath.isEmpty() ? "." : classPath));
  }

  private static List<String> entries(String path) {
    return Stream.of(path.split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> absolute(Path.of(entry)))
        .toList();
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }

  /**
   * This path with more entries behind its own.
   *
   * @param moreClassPath for the class path
   * @param moreModulePath for the module path
   * @return the longer path
   */
  public LaunchPath plus(List<Path> moreClassPath, List<Path> moreModulePath) {
    return new LaunchPath(
        modular, joined(modulePath, moreModulePath), joined(classPath, moreClassPath));
  }

  private static List<String> joined(List<String> own, List<Path> more) {
    List<String> all = new ArrayList<>(own);
    more.forEach(path -> all.add(absolute(path)));
    return all;
  }

  /**
   * Whether a module can be found here, on the module path or in the run-time image.
   *
   * @param name the module's name
   * @return true if it can
   * @throws java.lang.module.FindException if an entry of the module path is broken
   */
  public boolean hasModule(String name) {
    ModuleFinder onPath = ModuleFinder.of(modulePath.stream().map(Path::of).toArray(Path[]::new));
    return onPath.find(name).isPresent() || ModuleFinder.ofSystem().find(name).isPresent();
  }
}
