package comm.testkit;

import java.io.Serializable;

/**
 * What every rank of a test does. Where ranks are processes it travels to them by Java
 * serialization: a lambda may use its parameters, static members, and local variables that are
 * serializable, but no field or method of the test's instance.
 */
@FunctionalInterface
public interface RankBody extends Serializable {

  /**
   * Runs in the rank's own thread or process.
   *
   * @param rank who runs it
   * @throws Exception to fail
   */
  void run(TestRank rank) throws Exception;
}
