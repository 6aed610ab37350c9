package comm.testkit.fault;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A fault of a {@link comm.testkit.junit.RankTest}. The test fails if a rank never comes to the
 * point, and if a rank that should be killed lives.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Faults.class)
public @interface Fault {

  /**
   * Whom it happens to.
   *
   * @return a rank of the test
   */
  int rank();

  /**
   * Where it happens.
   *
   * @return one of {@link At#OPERATIONS}, or a name that the test gives to {@link
   *     comm.testkit.TestRank#reach}
   */
  String at();

  /**
   * At which call of that rank.
   *
   * @return from 1 on
   */
  int nth() default 1;

  /**
   * Before or after the call.
   *
   * @return before, unless said otherwise
   */
  When when() default When.BEFORE;

  /**
   * What happens.
   *
   * @return the action; {@link FaultAction#KILL} and {@link FaultAction#STOP} need processes
   */
  FaultAction action();

  /**
   * How long the rank is stopped or waits.
   *
   * @return milliseconds, at least 1; not looked at for {@link FaultAction#KILL}
   */
  long millis() default 200;
}
