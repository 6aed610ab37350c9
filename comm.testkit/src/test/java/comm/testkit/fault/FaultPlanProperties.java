package comm.testkit.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The text of plans, and what no plan can be. */
class FaultPlanProperties {

  @Provide
  Arbitrary<FaultPlan> plans() {
    return faults().list().uniqueElements().ofMaxSize(8).map(FaultPlan::new);
  }

  private static Arbitrary<PlannedFault> faults() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 63),
            points(),
            Arbitraries.of(FaultAction.class),
            Arbitraries.longs().between(1, 365L * 24 * 3600 * 1000))
        .as(
            (rank, at, action, millis) ->
                new PlannedFault(
                    rank,
                    at,
                    action,
                    action == FaultAction.KILL ? Duration.ZERO : Duration.ofMillis(millis)));
  }

  private static Arbitrary<At> points() {
    Arbitrary<Integer> nth = Arbitraries.integers().between(1, 999_999_999);
    Arbitrary<String> names =
        Combinators.combine(
                Arbitraries.chars().range('a', 'z').range('A', 'Z'),
                Arbitraries.strings().alpha().numeric().withChars("_.-").ofMaxLength(9))
            .as((first, rest) -> first + rest);
    return Arbitraries.oneOf(
        Combinators.combine(Arbitraries.of(When.class), Arbitraries.of(At.OPERATIONS), nth)
            .as(At::new),
        Combinators.combine(names, nth).as(At::before));
  }

  @Property
  void a_plan_is_what_its_text_says(@ForAll("plans") FaultPlan plan) {
    assertEquals(plan, FaultPlan.parse(plan.toString()));
  }

  @Property
  void a_text_that_is_read_is_written_the_same(
      @ForAll("plans") FaultPlan plan, @ForAll int at, @ForAll char put) {
    String text = plan.toString();
    int index = Math.floorMod(at, text.length() + 1);
    String changed = text.substring(0, index) + put + text.substring(index);
    try {
      assertEquals(changed, FaultPlan.parse(changed).toString());
    } catch (IllegalArgumentException e) {
      // It isn't a plan's text, which is all that may be said.
      assertEquals(IllegalArgumentException.class, e.getClass(), e::toString);
    }
  }

  @Property
  void any_text_is_a_plan_or_refused(@ForAll String text) {
    try {
      assertEquals(text, FaultPlan.parse(text).toString());
    } catch (IllegalArgumentException e) {
      assertEquals(IllegalArgumentException.class, e.getClass(), e::toString);
    }
  }

  @Example
  void reads_as_documented() {
    FaultPlan plan =
        FaultPlan.none()
            .kill(2, At.before("barrier", 3))
            .stop(1, At.after("open", 1), Duration.ofSeconds(2))
            .delay(0, At.before("halfway", 1), Duration.ofMillis(50));

    assertEquals(
        "kill rank 2 before barrier 3; stop rank 1 after open 1 for 2000 ms;"
            + " delay rank 0 before halfway 1 for 50 ms",
        plan.toString());
    assertEquals(Set.of(2), plan.killed());
  }

  private static void refused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Example
  void refuses_what_makes_no_sense() {
    refused("not a fault: \"kill rank 2\"", () -> FaultPlan.parse("kill rank 2"));
    refused(
        "\"kill rank 02 before barrier 3\" is written \"kill rank 2 before barrier 3\"",
        () -> FaultPlan.parse("kill rank 02 before barrier 3"));
    refused(
        "twice in one plan: kill rank 2 before barrier 3",
        () -> FaultPlan.parse("kill rank 2 before barrier 3; kill rank 2 before barrier 3"));
    refused("nth must be 1 to 999999999, but is 0", () -> At.before("barrier", 0));
    refused(
        "only an operation has an after, and \"halfway\" is a point of the test's own",
        () -> At.after("halfway", 1));
    refused(
        "a point is a letter, then letters, digits, _, . or -, but not \"half way\"",
        () -> At.before("half way", 1));
    refused(
        "rank must be 0 to 63, but is 64",
        () -> FaultPlan.none().kill(64, At.before("barrier", 1)));
    refused(
        "time must be zero for kill, and whole milliseconds of at most 365 days for others, but is "
            + "PT0S",
        () -> FaultPlan.none().delay(0, At.before("barrier", 1), Duration.ZERO));
  }

  @Example
  void must_fit_the_ranks() {
    FaultPlan plan = FaultPlan.none().kill(2, At.before("barrier", 3));

    plan.requireFits(3, true);
    refused(
        "fault \"kill rank 2 before barrier 3\" is for a rank that isn't there: ranks are 0 to 1",
        () -> plan.requireFits(2, true));
    refused(
        "fault \"kill rank 2 before barrier 3\" needs a process, but ranks are threads; let ranks"
            + " be processes",
        () -> plan.requireFits(3, false));
  }
}
