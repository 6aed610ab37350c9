package comm.testkit.junit;

import comm.api.Communicator;
import comm.testkit.RankBody;
import comm.testkit.TestRank;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.platform.commons.support.ReflectionSupport;
import org.opentest4j.AssertionFailedError;

/**
 * A test method on its way to rank processes.
 *
 * @param type the test class
 * @param name of the method
 * @param parameters names of its parameters' types, separated by commas
 */
record RankMethod(String type, String name, String parameters) implements RankBody {

  static RankMethod of(Class<?> type, Method method) {
    return new RankMethod(
        type.getName(),
        method.getName(),
        Arrays.stream(method.getParameterTypes())
            .map(Class::getName)
            .collect(Collectors.joining(", ")));
  }

  @Override
  public void run(TestRank rank) throws ClassNotFoundException {
    List<Communicator> before = Communicator.unclosed();
    Class<?> test = Class.forName(type, true, ClassLoader.getSystemClassLoader());
    Method method =
        ReflectionSupport.findMethod(test, name, parameters)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        type + " has no method " + name + "(" + parameters + ") here"));
    Object instance;
    try {
      instance = ReflectionSupport.newInstance(test);
    } catch (InaccessibleObjectException e) {
      throw new IllegalStateException(
          "the process of a rank may not reflect on "
              + type
              + ": let its module open the package to org.junit.platform.commons",
          e);
    }
    invoke(method, instance, rank);
    requireClosed(before);
  }

  /** Runs a test method as one rank. */
  static void invoke(Method method, Object instance, TestRank rank) {
    if (Arrays.asList(method.getParameterTypes()).contains(Communicator.class)) {
      try (Communicator communicator = Communicator.open(rank.config())) {
        call(method, instance, rank, communicator);
      }
    } else {
      call(method, instance, rank);
    }
  }

  private static void call(
      Method method, Object instance, TestRank rank, Communicator... communicator) {
    Object[] arguments =
        Arrays.stream(method.getParameterTypes())
            .map(type -> type == TestRank.class ? rank : communicator[0])
            .toArray();
    Object unused = ReflectionSupport.invokeMethod(method, instance, arguments);
  }

  /** Fails if a communicator is open that wasn't before. */
  static void requireClosed(List<Communicator> before) {
    List<Communicator> open = new ArrayList<>(Communicator.unclosed());
    open.removeAll(before);
    if (!open.isEmpty()) {
      throw new AssertionFailedError("left open: " + open);
    }
  }
}
