package comm.testkit.conformance;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGenerator;

/** Names tests by the rule that they check. JUnit makes it. */
public final class RuleNames extends DisplayNameGenerator.Simple {

  /** For JUnit. */
  public RuleNames() {}

  /** {@return the rule's id, and what the method says of it} */
  @Override
  public String generateDisplayNameForMethod(
      List<Class<?>> enclosing, Class<?> testClass, Method method) {
    Checks checks = method.getAnnotation(Checks.class);
    String words = method.getName().replace('_', ' ');
    return checks == null ? words : checks.value() + " " + words;
  }
}
