package comm.testkit.junit;

import comm.testkit.RankMode;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * One test whose method runs once per rank, at the same time.
 *
 * <pre>{@code
 * @RankTest(ranks = 4)
 * void every_rank_sees_its_neighbour(Communicator communicator) {
 *   try (WindowSet windows = communicator.allocateWindows(8)) {
 *     windows.local().putLong(0, communicator.rank());
 *     communicator.barrier();
 *     int right = (communicator.rank() + 1) % communicator.size();
 *     assertEquals(right, windows.of(right).getLong(0));
 *     communicator.barrier();
 *   }
 * }
 * }</pre>
 *
 * <p>The method's parameters are any of {@link comm.api.Communicator}, which has been opened and is
 * closed afterwards, and {@link comm.testkit.TestRank}.
 *
 * <p><b>Threads.</b> All ranks share the test's instance.
 *
 * <p><b>Processes.</b> Each rank makes an instance of its own, by the constructor without
 * parameters; it need not be public, and the class may be nested but not inner. Methods such as
 * {@code @BeforeEach} run in the test's JVM alone, on another instance. The processes serve one
 * test after another until the last test has ended, so statics keep what a test has left in them.
 *
 * <p><b>Failing.</b> The test fails if the method throws on any rank. The message begins with the
 * first cause, then says how every rank ended, and has the last lines of the ranks that failed. If
 * a rank does not end in time, the stacks of it are there too. It also fails if a communicator
 * can't be closed or was left open, and if a {@link comm.testkit.fault.Fault} did not happen. A
 * failed assumption on a rank aborts the test.
 *
 * <p>Each line that a rank prints is passed on with {@code [rank 2]} in front.
 *
 * <p>No two such tests run at once, since there is one standard output. In JVMs that run tests
 * concurrently, a test with threads must not run beside others that open communicators in the JVM.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@SuppressWarnings("exports") // JUnit makes the extension, nobody else
@Test
@ExtendWith(RankTestExtension.class)
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
public @interface RankTest {

  /**
   * How many ranks there are.
   *
   * @return 1 to 64
   */
  int ranks();

  /**
   * The backend.
   *
   * @return its name; if empty, that of the system property {@code comm.backend}, or of the
   *     environment variable {@code COMM_BACKEND}, or of the only one that is usable
   */
  String backend() default "";

  /**
   * What the ranks are.
   *
   * @return threads, unless said otherwise
   */
  RankMode mode() default RankMode.THREADS;

  /**
   * How long the test may take, once its ranks are asked to run.
   *
   * @return seconds, scaled by {@link comm.testkit.TimeScale}
   */
  long timeoutSeconds() default 60;
}
