package comm.backend.hccl;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the CANN libraries lie. They are looked for as files only; loading them is left to the call
 * that needs them, because it starts threads and reads drivers.
 */
final class CannLibraries {

  /** ACL: one library up to CANN 8.3, and a smaller one beside it from 8.5 on. */
  static final List<String> ACL = List.of("libascendcl.so", "libacl_rt.so");

  /** Communicators: in libhccl.so up to CANN 8.3, in libhcomm.so from 8.5 on. */
  static final List<String> HCCL = List.of("libhccl.so", "libhcomm.so");

  private static final List<String> PREFIXES =
      List.of(
          "/usr/local/Ascend/ascend-toolkit/latest",
          "/usr/local/Ascend/latest",
          "/usr/local/Ascend/cann");

  private final List<Path> directories = new ArrayList<>();

  CannLibraries(Map<String, String> environment) {
    for (String entry : environment.getOrDefault("LD_LIBRARY_PATH", "").split(":", -1)) {
      if (!entry.isBlank()) {
        directories.add(Path.of(entry));
      }
    }
    String home = environment.getOrDefault("ASCEND_HOME_PATH", "");
    if (!home.isBlank()) {
      directories.add(Path.of(home, "lib64"));
    }
    PREFIXES.forEach(prefix -> directories.add(Path.of(prefix, "lib64")));
  }

  /** The first of the names that is there, in the order of the directories. */
  Optional<Path> find(List<String> names) {
    for (String name : names) {
      for (Path directory : directories) {
        Path library = directory.resolve(name);
        if (Files.isRegularFile(library)) {
          return Optional.of(library);
        }
      }
    }
    return Optional.empty();
  }

  List<Path> directories() {
    return List.copyOf(directories);
  }
}
