package comm.testkit.run;

import java.time.Duration;
import java.util.Optional;

/** A rank's way to the test that runs it, without the backend. */
interface RankLink {

  /**
   * Writes on the board.
   *
   * @param key what
   * @param value its value
   */
  void post(String key, String value);

  /**
   * Waits for something on the board.
   *
   * @param key what
   * @return its value
   */
  String await(String key);

  /**
   * Looks at the board.
   *
   * @param key what
   * @return its value, if it is there
   */
  Optional<String> peek(String key);

  /** Kills this rank's process. */
  void die();

  /**
   * Stops this rank's process for a time.
   *
   * @param time how long
   */
  void freeze(Duration time);
}
