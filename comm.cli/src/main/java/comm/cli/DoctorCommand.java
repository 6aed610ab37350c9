package comm.cli;

import comm.api.BackendUnavailableException.Candidate;
import comm.api.Communicator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ranks doctor}: what ranks would find on this machine. */
@Command(
    name = "doctor",
    header = "Looks at this machine and says what ranks can use here.",
    description = {
      "",
      "Joins no communicator and changes nothing. A backend may load its libraries and ask a"
          + " device, which takes seconds. Ends with 1 if no backend is usable.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {"  ranks doctor", "  ranks doctor --json"})
final class DoctorCommand implements Callable<Integer> {

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** One thing found: as people read it, and as scripts do. */
  private record Fact(String label, String text, String key, Object value) {
    Fact(String label, String key, String value) {
      this(label, value, key, value);
    }

    static Fact bytes(String label, String key, long bytes) {
      return new Fact(label, (bytes >> 20) + " MiB", key, bytes);
    }
  }

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    List<Candidate> backends = Communicator.backends();
    List<Fact> facts = facts();
    out.println(json ? asJson(facts, backends) : asTable(facts, backends));
    return backends.stream().anyMatch(Candidate::usable) ? 0 : 1;
  }

  private static String asJson(List<Fact> facts, List<Candidate> backends) {
    Map<String, Object> all = new LinkedHashMap<>();
    facts.forEach(fact -> all.put(fact.key(), fact.value()));
    all.put("backends", backends.stream().map(DoctorCommand::asMap).toList());
    return Json.of(all);
  }

  private static String asTable(List<Fact> facts, List<Candidate> backends) {
    Table table = new Table();
    facts.forEach(fact -> table.row(List.of(fact.label(), fact.text())));
    for (Candidate backend : backends) {
      table.row(
          List.of(
              "backend " + backend.name(),
              (backend.usable() ? "usable: " : "not usable: ") + backend.reason()));
      Communicator.describe(backend.name())
          .forEach((name, value) -> table.row(List.of("  " + name, value)));
    }
    if (backends.isEmpty()) {
      table.row(
          List.of("backends", "none on the path; add the jar of one, such as comm.backend.*"));
    }
    return table.text();
  }

  private static List<Fact> facts() {
    Runtime runtime = Runtime.getRuntime();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("version", "version", Versions.own()));
    facts.add(
        new Fact("java", "java", Runtime.version() + ", " + System.getProperty("java.vm.name")));
    facts.add(new Fact("java home", "javaHome", System.getProperty("java.home")));
    facts.add(
        new Fact(
            "system",
            "system",
            String.join(
                " ",
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"))));
    // What the JVM may use: affinity and the limits of a container are taken off already.
    int processors = runtime.availableProcessors();
    facts.add(new Fact("processors for this process", processors + "", "processors", processors));
    facts.add(Fact.bytes("max heap of a rank", "maxHeapBytes", runtime.maxMemory()));
    facts.add(
        new Fact(
            "temporary directory", "temporaryDirectory", System.getProperty("java.io.tmpdir")));
    if (Files.isDirectory(SHARED_MEMORY)) {
      addSharedMemory(facts);
    }
    for (String name : variables()) {
      facts.add(new Fact(name, name, System.getenv(name)));
    }
    return facts;
  }

  private static void addSharedMemory(List<Fact> facts) {
    try {
      FileStore store = Files.getFileStore(SHARED_MEMORY);
      facts.add(Fact.bytes(SHARED_MEMORY + " in all", "sharedMemoryBytes", store.getTotalSpace()));
      facts.add(
          Fact.bytes(SHARED_MEMORY + " free", "sharedMemoryFreeBytes", store.getUsableSpace()));
    } catch (IOException e) {
      facts.add(new Fact(SHARED_MEMORY.toString(), "sharedMemoryProblem", e.toString()));
    }
  }

  private static List<String> variables() {
    List<String> names = new ArrayList<>(System.getenv().keySet());
    names.removeIf(name -> !name.startsWith("COMM_"));
    names.sort(null);
    return names;
  }

  private static Map<String, Object> asMap(Candidate backend) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", backend.name());
    map.put("usable", backend.usable());
    map.put("reason", backend.reason());
    map.put("facts", Communicator.describe(backend.name()));
    return map;
  }
}
