package comm.testkit.conformance;

import comm.testkit.Capability;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** A test of one rule. */
@Test
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Checks {

  /**
   * The rule.
   *
   * @return the rule
   */
  Rule value();

  /**
   * What a backend must be able to do for the rule to make sense.
   *
   * @return the capabilities; without all of them the test is skipped
   */
  Capability[] needs() default {};
}
