package comm.testkit.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Programs find ranks that do something wrong, and what is left of them after shrinking is short.
 */
@AddLifecycleHook(
    value = MistakesProperties.Found.class,
    propagateTo = PropagationMode.DIRECT_DESCENDANTS)
@Tag("once")
class MistakesProperties {

  private static final int SHORT = 6;
  private static final int SCHEDULES = 5;

  /** Turns a property that must fail into one that passes if it did. */
  static final class Found implements AroundPropertyHook {
    @Override
    public PropertyExecutionResult aroundProperty(
        PropertyLifecycleContext context, PropertyExecutor property) {
      PropertyExecutionResult result = property.execute();
      assertEquals(PropertyExecutionResult.Status.FAILED, result.status());
      Program shrunk = (Program) result.falsifiedParameters().orElseThrow().get(0);
      assertTrue(shrunk.steps().size() <= SHORT, shrunk::toCode);
      return result.mapToSuccessful();
    }
  }

  @Provide
  Arbitrary<Program> programs() {
    return Programs.upTo(30).withRanks(1, 8).arbitrary();
  }

  private static void run(Program program, Schedule.Mistake mistake) {
    for (int seed = 0; seed < SCHEDULES; seed++) {
      new Schedule(program, mistake, new Random(seed)).check();
    }
  }

  @Property(tries = 100, afterFailure = AfterFailureMode.RANDOM_SEED)
  void a_barrier_that_a_rank_ignores(@ForAll("programs") Program program) {
    run(program, Schedule.Mistake.BARRIER_IGNORED);
  }

  @Property(tries = 100, afterFailure = AfterFailureMode.RANDOM_SEED)
  void a_lost_put(@ForAll("programs") Program program) {
    run(program, Schedule.Mistake.PUT_LOST);
  }

  @Property(tries = 100, afterFailure = AfterFailureMode.RANDOM_SEED)
  void a_get_from_the_wrong_window(@ForAll("programs") Program program) {
    run(program, Schedule.Mistake.GET_FROM_THE_WRONG_WINDOW);
  }

  @Property(tries = 100, afterFailure = AfterFailureMode.RANDOM_SEED)
  void a_lost_addition(@ForAll("programs") Program program) {
    run(program, Schedule.Mistake.ADD_LOST);
  }
}
