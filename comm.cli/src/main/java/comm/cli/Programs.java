package comm.cli;

import comm.worker.RankProgram;
import java.io.File;
import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the program that a name on the command line means. */
final class Programs {

  private static final String EXAMPLES = "comm.examples";

  /** The classes of the module that are programs: other packages have what programs share. */
  private static final String PROGRAM = "(migration\\.)?[A-Za-z0-9]+";

  private Programs() {}

  /**
   * The program of a name.
   *
   * @param name an example, {@code module/class} or {@code class}
   * @param hasOwnPath whether the user gave a path where a class without a package may be
   */
  static RankProgram find(String name, boolean hasOwnPath) throws IOException {
    if (name.contains("/") || name.contains(".")) {
      return RankProgram.parse(name);
    }
    Optional<ModuleReference> examples = examples();
    List<String> names = examples.isPresent() ? classes(examples.get()) : List.of();
    for (String example : names) {
      if (plain(example).equals(plain(name))) {
        String found = EXAMPLES + "." + example;
        // On the class path there are no modules, whatever the descriptors say.
        return Programs.class.getModule().isNamed()
            ? new RankProgram(Optional.of(EXAMPLES), found)
            : RankProgram.parse(found);
      }
    }
    if (hasOwnPath) {
      return RankProgram.parse(name);
    }
    throw new Ranks.UserError(
        "there is no example \""
            + name
            + "\"; "
            + (names.isEmpty()
                ? "the module " + EXAMPLES + " is not on the path"
                : "there are: " + String.join(", ", names.stream().map(Programs::plain).toList()))
            + ". A program of your own is given as module/package.Class with --module-path, or as"
            + " package.Class with --class-path");
  }

  private static Optional<ModuleReference> examples() {
    String path =
        System.getProperty("jdk.module.path", "")
            + File.pathSeparator
            + System.getProperty("java.class.path", "");
    return Stream.concat(
            Stream.of(path.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> ModuleFinder.of(Path.of(entry))),
            Stream.of(ModuleFinder.ofSystem()))
        .flatMap(finder -> find(finder).stream())
        .findFirst();
  }

  private static Optional<ModuleReference> find(ModuleFinder finder) {
    try {
      return finder.find(EXAMPLES);
    } catch (FindException e) {
      // An entry of a class path need not be a module.
      return Optional.empty();
    }
  }

  private static List<String> classes(ModuleReference module) throws IOException {
    String prefix = EXAMPLES.replace('.', '/') + "/";
    try (ModuleReader reader = module.open();
        Stream<String> resources = reader.list()) {
      return new ArrayList<>(
          resources
              .filter(name -> name.startsWith(prefix) && name.endsWith(".class"))
              .map(name -> name.substring(prefix.length(), name.length() - ".class".length()))
              .map(name -> name.replace('/', '.'))
              .filter(name -> name.matches(PROGRAM))
              .sorted(Comparator.comparing(Programs::plain))
              .toList());
    }
  }

  /** A name as it is compared: without package, case, and what separates words. */
  private static String plain(String name) {
    return name.substring(name.lastIndexOf('.') + 1)
        .replace("-", "")
        .replace("_", "")
        .toLowerCase(Locale.ROOT);
  }
}
