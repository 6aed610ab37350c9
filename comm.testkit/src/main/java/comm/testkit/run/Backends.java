package comm.testkit.run;

import comm.api.spi.CommBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Finds backends on the path. */
public final class Backends {

  private Backends() {}

  /**
   * The backend of a name.
   *
   * @param name its name
   * @return a new object of it
   * @throws IllegalStateException if there is none or more than one
   */
  public static CommBackend named(String name) {
    List<CommBackend> found = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (CommBackend backend : ServiceLoader.load(CommBackend.class)) {
      if (backend.name().equals(name)) {
        found.add(backend);
      } else {
        others.add(backend.name());
      }
    }
    if (found.size() != 1) {
      throw new IllegalStateException(
          (found.isEmpty() ? "no backend" : "more than one backend")
              + " \""
              + name
              + "\" is on the path; others there are "
              + others);
    }
    return found.get(0);
  }
}
