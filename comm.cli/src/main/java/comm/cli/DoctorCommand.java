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
      "Opens nothing and changes nothing. Ends with 1 if no backend is usable.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {"  ranks doctor", "  ranks doctor --json"})
final class DoctorCommand implements Callable<Integer> {

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    List<Candidate> backends = Communicator.backends();
    Map<String, Object> facts = facts();
    if (json) {
      facts.put("backends", backends.stream().map(DoctorCommand::asMap).toList());
      out.println(Json.of(facts));
    } else {
      Table table = new Table();
      facts.forEach((name, value) -> table.row(List.of(name, value.toString())));
      for (Candidate backend : backends) {
        table.row(
            List.of(
                "backend " + backend.name(),
                (backend.usable() ? "usable: " : "not usable: ") + backend.reason()));
      }
      if (backends.isEmpty()) {
        table.row(
            List.of("backends", "none on the path; add the jar of one, such as comm.backend.*"));
      }
      out.println(table.text());
    }
    return backends.stream().anyMatch(Candidate::usable) ? 0 : 1;
  }

  private static Map<String, Object> facts() {
    Runtime runtime = Runtime.getRuntime();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("version", Versions.own());
    facts.put("java", Runtime.version() + ", " + System.getProperty("java.vm.name"));
    facts.put("java home", System.getProperty("java.home"));
    facts.put(
        "system",
        String.join(
            " ",
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch")));
    // What the JVM may use: affinity and the limits of a container are taken off already.
    facts.put("cpus for this process", runtime.availableProcessors());
    facts.put("max heap of a rank", mebibytes(runtime.maxMemory()));
    facts.put("temporary directory", System.getProperty("java.io.tmpdir"));
    if (Files.isDirectory(SHARED_MEMORY)) {
      facts.put("shared memory", sharedMemory());
    }
    for (String name : variables()) {
      facts.put(name, System.getenv(name));
    }
    return facts;
  }

  private static List<String> variables() {
    List<String> names = new ArrayList<>(System.getenv().keySet());
    names.removeIf(name -> !name.startsWith("COMM_"));
    names.sort(null);
    return names;
  }

  private static String sharedMemory() {
    try {
      FileStore store = Files.getFileStore(SHARED_MEMORY);
      return SHARED_MEMORY
          + ", "
          + mebibytes(store.getTotalSpace())
          + ", free "
          + mebibytes(store.getUsableSpace())
          + (Files.isWritable(SHARED_MEMORY) ? "" : ", not writable for this user");
    } catch (IOException e) {
      return SHARED_MEMORY + " can't be examined: " + e.getMessage();
    }
  }

  private static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }

  private static Map<String, Object> asMap(Candidate backend) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", backend.name());
    map.put("usable", backend.usable());
    map.put("reason", backend.reason());
    return map;
  }
}
