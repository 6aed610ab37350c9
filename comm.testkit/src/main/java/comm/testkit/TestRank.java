package comm.testkit;

import comm.api.CommConfig;
import comm.api.spi.CommBackend;
import comm.api.spi.SessionRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One rank of a test, as its body sees it: who it is, the backend, and a way to the other ranks
 * that doesn't lead through the backend. Any thread of the rank may use it.
 */
public interface TestRank {

  /**
   * This rank.
   *
   * @return 0 ≤ rank &lt; size
   */
  int rank();

  /**
   * The number of ranks.
   *
   * @return 1 to 64
   */
  int size();

  /**
   * What the ranks are.
   *
   * @return threads or processes
   */
  RankMode mode();

  /**
   * The backend under test.
   *
   * @return the same object for each call of one rank
   */
  CommBackend backend();

  /**
   * The configuration with which this rank opens a communicator.
   *
   * @return with the backend's name and settings, and a timeout of 30 s, scaled; in a run with
   *     faults the name is {@code testkit}, a backend around the one under test
   */
  CommConfig config();

  /**
   * What this rank asks the backend for.
   *
   * @param limit of joining
   * @return for the run's own root info file
   */
  SessionRequest request(Duration limit);

  /**
   * What this rank could ask the backend for in another group of ranks.
   *
   * @param group tells root info files apart; the empty string is the run's own
   * @param asRank the rank in the group
   * @param ofSize the group's size
   * @param limit of joining
   * @return the request
   */
  SessionRequest request(String group, int asRank, int ofSize, Duration limit);

  /**
   * The root info file of a group.
   *
   * @param group the empty string for the run's own
   * @return absolute; it doesn't exist when the run begins
   */
  Path rootInfo(String group);

  /**
   * Writes something on the run's board, where every rank can read it. What this rank did before is
   * done when a rank reads it.
   *
   * @param key what it is; written once
   * @param value anything
   */
  void post(String key, String value);

  /**
   * Waits until something stands on the board. Ends with the run's time limit.
   *
   * @param key what
   * @return its value
   */
  String await(String key);

  /**
   * Looks whether something stands on the board. Never waits for another rank.
   *
   * @param key what
   * @return its value, or empty
   */
  Optional<String> peek(String key);

  /**
   * Meets all ranks of the run, without the backend. Ends with the run's time limit.
   *
   * @param point its name; used once in a run
   */
  void meet(String point);

  /**
   * Says that this rank has come to a point at which a {@link comm.testkit.fault.FaultPlan} may let
   * something happen. Returns at once where nothing is planned.
   *
   * @param point its name, as {@link comm.testkit.fault.At} allows it
   * @throws IllegalArgumentException if it isn't such a name, or is that of an operation
   */
  void reach(String point);

  /**
   * Kills this rank's process by SIGKILL. Never returns.
   *
   * @throws UnsupportedOperationException if ranks are threads
   */
  void die();

  /**
   * Stops this rank's process by SIGSTOP, and lets it go on by SIGCONT. Returns after that.
   *
   * @param time how long it stands still
   * @throws UnsupportedOperationException if ranks are threads
   */
  void freeze(Duration time);
}
