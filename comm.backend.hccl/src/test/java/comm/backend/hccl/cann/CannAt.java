package comm.backend.hccl.cann;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** CANN in a directory of a test, and nowhere else. */
final class CannAt {

  private CannAt() {}

  static Cann home(Path home) {
    return new Cann(libraries(Map.of("ASCEND_HOME_PATH", home.toString())));
  }

  static CannLibraries libraries(Map<String, String> environment) {
    return new CannLibraries(environment, List.of());
  }
}
