package comm.tests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The compiled classes of this project's modules, as ArchUnit sees them. */
final class ClassesOfModules {

  private final Map<String, Path> locations = new TreeMap<>();
  private final JavaClasses everything;

  ClassesOfModules() {
    for (ModuleReference module : Project.modules().values()) {
      locations.put(module.descriptor().name(), Path.of(module.location().orElseThrow()));
    }
    everything = importedFrom(locations.values());
  }

  static JavaClasses importedFrom(Collection<Path> jarsAndFolders) {
    return new ClassFileImporter()
        .importLocations(
            jarsAndFolders.stream()
                .map(
                    path ->
                        Files.isDirectory(path)
                            ? Location.of(path)
                            : Location.of(URI.create("jar:" + path.toUri() + "!/")))
                .toList());
  }

  Set<String> names() {
    return locations.keySet();
  }

  JavaClasses everything() {
    return everything;
  }

  /** The classes of one module; they are in packages that begin with its name. */
  JavaClasses of(String module) {
    assumeTrue(locations.containsKey(module), module + " has not been compiled");
    return everything.that(resideInAPackage(module + ".."));
  }

  JavaClasses without(String... modules) {
    return everything.that(
        not(
            resideInAnyPackage(
                Stream.of(modules).map(name -> name + "..").toArray(String[]::new))));
  }

  /** Whether a class of a module has a package's name in it, be it in a string. */
  boolean mentions(String module, String packageName) {
    ModuleReference reference = ModuleFinder.of(locations.get(module)).find(module).orElseThrow();
    try (ModuleReader reader = reference.open()) {
      for (String entry : reader.list().filter(name -> name.endsWith(".class")).toList()) {
        byte[] bytes = reader.open(entry).orElseThrow().readAllBytes();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.contains(packageName) || text.contains(packageName.replace('.', '/'))) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
