package comm.testkit.run;

import comm.testkit.RankMode;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;

/**
 * Who a rank is and where it meets the others.
 *
 * @param rank 0 ≤ rank &lt; size
 * @param size number of ranks
 * @param mode what they are
 * @param directory of the run, absolute
 * @param backend name of the backend
 * @param properties its settings
 * @param faults the plan of the run, as text
 */
record RankPlace(
    int rank,
    int size,
    RankMode mode,
    String directory,
    String backend,
    Map<String, String> properties,
    String faults)
    implements Serializable {

  /** Copies the settings. */
  public RankPlace {
    properties = Map.copyOf(properties);
  }

  /**
   * The root info file of a group of ranks.
   *
   * @param group the empty string for the run itself
   * @return absolute
   */
  public Path rootInfo(String group) {
    return Path.of(directory, group.isEmpty() ? "rootinfo" : "rootinfo-" + group);
  }
}
