package comm.tests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** This project as its tests find it: folders, documents and modules. */
public final class Project {

  private static final String TESTS = "comm.tests";

  private Project() {}

  /** The folder that has all modules, above the one this test was started in. */
  public static Path root() {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath().normalize();
    Path root = module.getParent();
    if (root == null || !Files.isDirectory(root.resolve("docs"))) {
      throw new AssertionError("no folder docs beside " + module);
    }
    return root;
  }

  /** The text of a document in docs. */
  static String document(String name) {
    return text(root().resolve("docs").resolve(name));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cells of the table in a document whose heading begins so. */
  static List<List<String>> table(String document, String heading) {
    return document
        .lines()
        .dropWhile(line -> !line.startsWith(heading))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList())
        .toList();
  }

  /** Folders of modules, those that are published and the others. */
  static List<Path> folders() {
    try (Stream<Path> entries = Files.list(root())) {
      return entries.filter(entry -> Files.exists(entry.resolve("pom.xml"))).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The entries of this JVM's module path, absolute. */
  static List<Path> modulePath() {
    return Arrays.stream(System.getProperty("jdk.module.path", "").split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath().normalize())
        .toList();
  }

  /** Where a module on this JVM's module path lies. */
  static Path location(String module) {
    return ModuleFinder.of(modulePath().toArray(Path[]::new))
        .find(module)
        .flatMap(ModuleReference::location)
        .map(Path::of)
        .orElseThrow(() -> new AssertionError("no module " + module + " on the module path"));
  }

  /**
   * The project's own modules but this one: those on the module path, and what has been compiled in
   * the other folders.
   */
  static Map<String, ModuleReference> modules() {
    Map<String, ModuleReference> modules = new TreeMap<>();
    ModuleFinder finder =
        ModuleFinder.compose(
            ModuleFinder.of(modulePath().toArray(Path[]::new)),
            ModuleFinder.of(
                folders().stream()
                    .map(folder -> folder.resolve("target").resolve("classes"))
                    .filter(classes -> Files.exists(classes.resolve("module-info.class")))
                    .toArray(Path[]::new)));
    for (ModuleReference reference : finder.findAll()) {
      String name = reference.descriptor().name();
      if (name.startsWith("comm.") && !name.equals(TESTS)) {
        modules.put(name, reference);
      }
    }
    return modules;
  }
}
