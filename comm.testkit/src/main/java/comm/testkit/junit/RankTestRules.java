package comm.testkit.junit;

import comm.api.CommContext;
import comm.api.Communicator;
import comm.testkit.RankMode;
import comm.testkit.TestRank;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Set;

/** What a rank test must be like. */
final class RankTestRules {

  /** What a test's method may take. */
  static final Set<Class<?>> PARAMETERS = Set.of(Communicator.class, TestRank.class);

  /** As many ranks as a communicator can have. */
  static final int MOST = CommContext.MAX_RANKS;

  private RankTestRules() {}

  /**
   * Checks a test.
   *
   * @throws IllegalArgumentException if it breaks a rule
   */
  static void require(Class<?> type, Method method, RankTest test) {
    String name = type.getSimpleName() + "." + method.getName();
    if (test.ranks() < 1 || test.ranks() > MOST) {
      throw new IllegalArgumentException(
          name + " needs 1 to " + MOST + " ranks, not " + test.ranks());
    }
    if (test.timeoutSeconds() < 1) {
      throw new IllegalArgumentException(
          name + " needs a timeout of at least 1 s, not " + test.timeoutSeconds());
    }
    for (Parameter parameter : method.getParameters()) {
      if (!PARAMETERS.contains(parameter.getType())) {
        throw new IllegalArgumentException(
            name
                + " takes a "
                + parameter.getType().getSimpleName()
                + ", but a rank test may take a Communicator and a TestRank only");
      }
    }
    if (test.mode() == RankMode.PROCESSES) {
      requireInstances(type);
    }
  }

  private static void requireInstances(Class<?> type) {
    if (type.isMemberClass() && !Modifier.isStatic(type.getModifiers())) {
      throw new IllegalArgumentException(
          type.getSimpleName()
              + " is an inner class, and ranks are processes that each make an instance of their"
              + " own; let it be static, or let ranks be threads");
    }
    if (Arrays.stream(type.getDeclaredConstructors())
        .noneMatch(constructor -> constructor.getParameterCount() == 0)) {
      throw new IllegalArgumentException(
          type.getSimpleName()
              + " has no constructor without parameters, and ranks are processes that each make an"
              + " instance of their own");
    }
  }
}
