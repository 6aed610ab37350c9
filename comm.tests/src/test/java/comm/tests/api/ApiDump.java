package comm.tests.api;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReader;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The exported API of a module as text: its directives, and of each exported package the types that
 * others can see. Sorted, and the same on every JDK.
 */
final class ApiDump {

  private final Module module;
  private final Set<String> exported = new TreeSet<>();

  ApiDump(Module module) {
    this.module = module;
    module.getDescriptor().exports().stream()
        .filter(exports -> !exports.isQualified())
        .forEach(exports -> exported.add(exports.source()));
  }

  /** All of it, one line for each directive, type and member. */
  String text() {
    List<String> lines = new ArrayList<>(directives());
    for (Class<?> type : types()) {
      lines.add("");
      lines.addAll(new TypeDump(type, this::isVisible).lines());
    }
    return String.join("\n", lines) + "\n";
  }

  private List<String> directives() {
    ModuleDescriptor descriptor = module.getDescriptor();
    Set<String> directives = new TreeSet<>();
    descriptor
        .requires()
        .forEach(
            requires ->
                directives.add("requires " + words(requires.modifiers()) + requires.name()));
    descriptor
        .exports()
        .forEach(exports -> directives.add("exports " + exports.source() + to(exports.targets())));
    descriptor
        .opens()
        .forEach(opens -> directives.add("opens " + opens.source() + to(opens.targets())));
    descriptor.uses().forEach(service -> directives.add("uses " + service));
    descriptor
        .provides()
        .forEach(
            provides ->
                directives.add(
                    "provides "
                        + provides.service()
                        + " with "
                        + provides.providers().stream().sorted().collect(joining(", "))));
    List<String> lines = new ArrayList<>();
    lines.add((descriptor.isOpen() ? "open " : "") + "module " + descriptor.name());
    // The compiler adds it, and says so with a modifier that differs between versions.
    directives.removeIf(directive -> directive.endsWith(" java.base"));
    directives.forEach(directive -> lines.add("  " + directive));
    return lines;
  }

  private static String words(Set<? extends Enum<?>> modifiers) {
    return modifiers.stream()
        .map(modifier -> modifier.name().toLowerCase(Locale.ROOT) + " ")
        .sorted()
        .collect(joining());
  }

  private static String to(Set<String> targets) {
    return targets.isEmpty() ? "" : targets.stream().sorted().collect(joining(", ", " to ", ""));
  }

  private List<Class<?>> types() {
    try (ModuleReader reader =
        module
            .getLayer()
            .configuration()
            .findModule(module.getName())
            .orElseThrow()
            .reference()
            .open()) {
      Stream<Class<?>> all =
          reader
              .list()
              .filter(entry -> entry.endsWith(".class") && !entry.endsWith("-info.class"))
              .map(entry -> entry.substring(0, entry.length() - ".class".length()))
              .map(entry -> load(entry.replace('/', '.')));
      return all.filter(this::isVisible)
          .sorted(Comparator.<Class<?>, String>comparing(Class::getName))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Class<?> load(String name) {
    Class<?> type = Class.forName(module, name);
    if (type == null) {
      throw new AssertionError(name + " can't be loaded from " + module);
    }
    return type;
  }

  /** Whether others can name a type: it and all around it are public, or protected and open. */
  private boolean isVisible(Class<?> type) {
    if (type.isAnonymousClass()
        || type.isLocalClass()
        || !exported.contains(type.getPackageName())) {
      return false;
    }
    Class<?> outer = type.getDeclaringClass();
    int modifiers = type.getModifiers();
    boolean inherited =
        Modifier.isProtected(modifiers) && outer != null && !Modifier.isFinal(outer.getModifiers());
    return (Modifier.isPublic(modifiers) || inherited) && (outer == null || isVisible(outer));
  }
}
