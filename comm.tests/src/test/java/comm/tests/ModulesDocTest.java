package comm.tests;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Opens;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/modules.md} says against the descriptors. */
class ModulesDocTest {

  private static final String SERVICES = "META-INF/services/";
  private static final Pattern DECLARATION = Pattern.compile("(?m)^(?:open )?module (\\S+) \\{");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern EDGE = Pattern.compile("(?m)^ *(comm\\.\\S+) --> (comm\\.\\S+)$");

  private static final String DOCUMENT = Project.document("modules.md");
  private static final Map<String, ModuleReference> MODULES = Project.modules();
  private static final Map<String, List<String>> PURPOSES = rows("| module | folder |");
  private static final Map<String, List<String>> DESCRIPTORS = rows("| module | exports |");
  private static final Map<String, List<String>> UNPUBLISHED = rows("| not published |");

  private static Map<String, List<String>> rows(String heading) {
    Map<String, List<String>> rows = new TreeMap<>();
    for (List<String> row : Project.table(DOCUMENT, heading)) {
      rows.put(code(row.get(0)).get(0), row);
    }
    return rows;
  }

  private static List<String> code(String cell) {
    return CODE.matcher(cell).results().map(result -> result.group(1)).toList();
  }

  static Set<String> documented() {
    return DESCRIPTORS.keySet();
  }

  private static ModuleReference module(String name) {
    ModuleReference module = MODULES.get(name);
    assumeTrue(module != null, name + " has not been compiled");
    return module;
  }

  @Test
  void both_tables_have_every_module_that_has_a_descriptor_and_no_other() {
    Map<String, String> declared = new TreeMap<>();
    for (Path folder : Project.folders()) {
      Path source = folder.resolve("src/main/java/module-info.java");
      if (Files.exists(source)) {
        Matcher declaration = DECLARATION.matcher(Project.text(source));
        assertTrue(declaration.find(), source::toString);
        declared.put(declaration.group(1), "`" + folder.getFileName() + "`");
      }
    }

    assertEquals(declared.keySet(), DESCRIPTORS.keySet());
    assertEquals(
        declared,
        PURPOSES.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, row -> row.getValue().get(1), (a, b) -> a, TreeMap::new)));
    assertTrue(declared.keySet().containsAll(MODULES.keySet()), MODULES::toString);
    assertTrue(MODULES.containsKey("comm.api"), "comm.api is on the module path");
  }

  @Test
  void the_folders_that_are_never_published_are_those_whose_deployment_is_skipped() {
    Set<String> skipped = new TreeSet<>();
    for (Path folder : Project.folders()) {
      if (Project.text(folder.resolve("pom.xml"))
          .contains("<maven.deploy.skip>true</maven.deploy.skip>")) {
        skipped.add(String.valueOf(folder.getFileName()));
      }
    }

    assertEquals(skipped, UNPUBLISHED.keySet());
  }

  @ParameterizedTest
  @MethodSource("documented")
  void a_row_says_what_the_descriptor_says(String name) {
    ModuleDescriptor actual = module(name).descriptor();
    List<String> row = DESCRIPTORS.get(name);

    assertEquals(exports(actual), row.get(1), name + " exports");
    assertEquals(opens(actual), row.get(2), name + " opens");
    assertEquals(requires(actual), row.get(3), name + " requires");
    assertEquals(cell(actual.uses().stream().map(ModulesDocTest::quoted)), row.get(4), name);
    assertEquals(provides(actual), row.get(5), name + " provides");
  }

  @ParameterizedTest
  @MethodSource("documented")
  void begins_with_a_type_that_is_there(String name) throws IOException {
    List<String> types = code(PURPOSES.get(name).get(3));

    assertTrue(!types.isEmpty(), name);
    try (ModuleReader reader = module(name).open()) {
      for (String type : types) {
        assertTrue(reader.find(type.replace('.', '/') + ".class").isPresent(), type);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documented")
  void the_class_path_finds_the_same_providers_as_the_module_path(String name) throws IOException {
    Map<String, Set<String>> provided = new TreeMap<>();
    module(name)
        .descriptor()
        .provides()
        .forEach(service -> provided.put(service.service(), new TreeSet<>(service.providers())));
    Map<String, Set<String>> listed = new TreeMap<>();
    try (ModuleReader reader = module(name).open()) {
      for (String entry : reader.list().toList()) {
        if (entry.startsWith(SERVICES) && !entry.equals(SERVICES)) {
          listed.put(entry.substring(SERVICES.length()), lines(reader, entry));
        }
      }
    }

    assertEquals(provided, listed);
  }

  private static Set<String> lines(ModuleReader reader, String entry) throws IOException {
    byte[] bytes = reader.open(entry).orElseThrow().readAllBytes();
    return new String(bytes, StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void a_backend_exports_nothing_opens_nothing_to_everybody_and_provides_itself() {
    List<ModuleDescriptor> backends =
        MODULES.values().stream()
            .map(ModuleReference::descriptor)
            .filter(descriptor -> descriptor.name().startsWith("comm.backend."))
            .toList();

    assertEquals(2, backends.size(), "sim and hccl");
    for (ModuleDescriptor backend : backends) {
      assertEquals(Set.of(), backend.exports(), backend.name());
      assertTrue(!backend.isOpen(), backend.name());
      assertTrue(backend.opens().stream().allMatch(Opens::isQualified), backend.name());
      assertEquals(
          List.of("comm.api.spi.CommBackend"),
          backend.provides().stream().map(ModuleDescriptor.Provides::service).toList(),
          backend.name());
    }
  }

  @Test
  void the_picture_has_an_arrow_for_each_requirement_among_the_modules() {
    Set<String> drawn = new TreeSet<>();
    EDGE.matcher(DOCUMENT)
        .results()
        .filter(edge -> MODULES.containsKey(edge.group(1)))
        .forEach(edge -> drawn.add(edge.group(1) + " --> " + edge.group(2)));
    Set<String> required = new TreeSet<>();
    for (ModuleReference module : MODULES.values()) {
      module.descriptor().requires().stream()
          .filter(requires -> DESCRIPTORS.containsKey(requires.name()))
          .forEach(
              requires -> required.add(module.descriptor().name() + " --> " + requires.name()));
    }

    assertEquals(required, drawn);
  }

  private static String exports(ModuleDescriptor module) {
    return cell(
        module.exports().stream().map(exports -> quoted(exports.source()) + to(exports.targets())));
  }

  private static String opens(ModuleDescriptor module) {
    return module.isOpen()
        ? "everything"
        : cell(module.opens().stream().map(opens -> quoted(opens.source()) + to(opens.targets())));
  }

  private static String to(Collection<String> targets) {
    return targets.isEmpty()
        ? ""
        : targets.stream().sorted().map(ModulesDocTest::quoted).collect(joining(", ", " to ", ""));
  }

  private static String requires(ModuleDescriptor module) {
    return cell(
        module.requires().stream()
            .filter(requires -> !requires.name().equals("java.base"))
            .map(
                requires ->
                    quoted(requires.name())
                        + requires.modifiers().stream()
                            .map(Requires.Modifier::name)
                            .sorted()
                            .map(modifier -> " " + modifier.toLowerCase(Locale.ROOT))
                            .collect(joining())));
  }

  private static String provides(ModuleDescriptor module) {
    return cell(
        module.provides().stream()
            .map(
                provides ->
                    quoted(provides.service())
                        + " with "
                        + provides.providers().stream()
                            .map(ModulesDocTest::quoted)
                            .collect(joining(", "))));
  }

  private static String quoted(String name) {
    return "`" + name + "`";
  }

  private static String cell(Stream<String> items) {
    String text =
        items.sorted(Comparator.comparing(item -> item.replace("`", ""))).collect(joining(", "));
    return text.isEmpty() ? "nothing" : text;
  }
}
