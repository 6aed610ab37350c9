package comm.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.spi.Availability;
import comm.api.spi.BackendWindows;
import comm.api.spi.CommBackend;
import comm.testkit.RankReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.opentest4j.AssertionFailedError;

/** Section A of the backend contract: what a backend says before anybody opens it. */
public abstract class AvailabilityContract extends Contract {

  private static final Duration RUN = Duration.ofSeconds(60);
  private static final int CALLS = 20;

  /** For subclasses. */
  protected AvailabilityContract() {
    super("A");
  }

  /** See {@link Rule#A1}. */
  @Checks(Rule.A1)
  public final void its_name_is_one_that_callers_can_write() {
    ranks(
        1,
        rank -> {
          String name = rank.backend().name();
          assertTrue(
              name.matches("[a-z0-9.-]+"),
              rank + ": name() must be of a-z, 0-9, '-' and '.', but is \"" + name + "\"");
          for (int call = 0; call < 3; call++) {
            assertEquals(name, rank.backend().name(), rank + ": name() when it is called again");
          }
        });
  }

  /** See {@link Rule#A3}. */
  @Checks(Rule.A3)
  public final void availability_has_words_for_a_person() {
    ranks(1, rank -> hasWords(rank + ": availability()", () -> rank.backend().availability()));
  }

  private interface Question {
    Availability ask();
  }

  private static Availability hasWords(String what, Question question) {
    Availability answer;
    try {
      answer = question.ask();
    } catch (RuntimeException | Error e) {
      throw new AssertionFailedError(what + " must not throw, but threw " + e, e);
    }
    if (answer instanceof Availability.Available yes) {
      assertFalse(yes.description().isBlank(), what + " must say what is used, but says nothing");
    } else if (answer instanceof Availability.Unavailable no) {
      assertFalse(
          no.reason().isBlank() || no.advice().isBlank(),
          what + " must have a reason and advice, but is " + no);
    } else {
      throw new AssertionFailedError(what + " must answer, but gave " + answer);
    }
    return answer;
  }

  /** See {@link Rule#A4}. */
  @Checks(Rule.A4)
  public final void availability_answers_many_threads_at_once() {
    ranks(
        1,
        rank -> {
          List<Aside<Availability>> threads = new ArrayList<>();
          for (int thread = 0; thread < 8; thread++) {
            String what = rank + ": availability() in thread " + thread + " of 8";
            threads.add(
                Aside.start(what, () -> hasWords(what, () -> rank.backend().availability())));
          }
          for (Aside<Availability> thread : threads) {
            assertEquals(
                threads.get(0).result(Aside.PROMPT).getClass(),
                thread.result(Aside.PROMPT).getClass(),
                rank + ": the answers of two threads that ask at once");
          }
        });
  }

  /** See {@link Rule#A4}. */
  @Checks(Rule.A4)
  public final void availability_answers_while_another_rank_waits() {
    ranks(
        2,
        rank -> {
          if (rank.rank() == 0) {
            Aside<Joined> opening =
                Aside.start(rank + ": open() that is to wait", () -> Joined.open(rank));
            rank.post("waits", "");
            rank.await("asked");
            opening.result(Joined.LONG).close();
          } else {
            rank.await("waits");
            BarrierContract.linger();
            Aside.promptly(
                rank + ": availability() while rank 0 waits in open()",
                () -> rank.backend().availability());
            rank.post("asked", "");
            Joined.open(rank).close();
          }
        });
  }

  /** See {@link Rule#A5}. */
  @Checks(Rule.A5)
  public final void availability_leaves_nothing() {
    Places places = new Places(backend());
    RankReport report =
        pool()
            .run(
                1,
                RUN,
                rank -> {
                  hasWords(rank + ": availability()", () -> rank.backend().availability());
                  Footprint before = Footprint.now();
                  for (int call = 0; call < CALLS; call++) {
                    hasWords(rank + ": availability()", () -> rank.backend().availability());
                  }
                  before.holdsAfter(CALLS, rank + ": availability()");
                });
    report.check();
    places.assertClean(report);
  }

  /** See {@link Rule#A6}. */
  @Checks(Rule.A6)
  public final void availability_takes_any_settings() {
    ranks(
        1,
        rank -> {
          List<Map<String, String>> all =
              List.of(
                  Map.of(),
                  rank.request(Joined.LONG).properties(),
                  Map.of("", ""),
                  Map.of("no.such.setting", "true"),
                  Map.of("library", "/dev/null", "device", "-1", "processors", "many"),
                  Map.of("library.path", "\0", "path", "\n"),
                  Map.of("x".repeat(10_000), "\uD800".repeat(10_000)));
          for (int i = 0; i < all.size(); i++) {
            Map<String, String> settings = all.get(i);
            hasWords(
                rank + ": availability(settings) with example " + i,
                () -> rank.backend().availability(settings));
          }
        });
  }

  /** See {@link Rule#A7}. */
  @Checks(Rule.A7)
  public final void describe_ends_and_leaves_nothing() {
    Places places = new Places(backend());
    RankReport report =
        pool()
            .run(
                1,
                RUN,
                rank -> {
                  describe(rank + ": describe()", rank.backend());
                  Footprint before = Footprint.now();
                  int calls = 6;
                  for (int call = 0; call < calls; call++) {
                    describe(rank + ": describe()", rank.backend());
                  }
                  before.holdsAfter(calls, rank + ": describe()");
                });
    report.check();
    places.assertClean(report);
  }

  private static void describe(String what, CommBackend backend) throws InterruptedException {
    Map<String, String> facts = Aside.start(what, backend::describe).result(Joined.LONG);
    facts.forEach(
        (key, value) ->
            assertFalse(
                Objects.requireNonNull(key, what).isBlank() || Objects.isNull(value),
                what + " must have names and facts, but has \"" + key + "\"=" + value));
  }

  /** See {@link Rule#A8}. */
  @Checks(Rule.A8)
  public final void sweep_spares_a_group_that_lives() {
    ranks(
        2,
        rank -> {
          try (Joined joined = Joined.open(rank)) {
            BackendWindows windows = joined.allocate(4096);
            int next = 1 - rank.rank();
            Joined.memory(windows, next).putLong(8, 100 + rank.rank());
            joined.barrier();
            sweep(rank + ": sweep() in a group", rank.backend());
            joined.barrier();
            assertEquals(
                100 + next,
                Joined.memory(windows, rank.rank()).getLong(8),
                rank + ": what rank " + next + " had put before sweep()");
            windows.close(Joined.limit(Joined.LONG));
          }
        });
  }

  /** See {@link Rule#A8}. */
  @Checks(Rule.A8)
  public final void sweep_spares_a_group_that_forms() {
    ranks(
        2,
        rank -> {
          for (int first = 0; first < rank.size(); first++) {
            String group = "first" + first;
            if (rank.rank() == first) {
              rank.post(group, "");
            } else {
              rank.await(group);
              BarrierContract.linger();
              sweep(rank + ": sweep() while rank " + first + " waits in open()", rank.backend());
            }
            try (Joined joined = Groups.open(rank, group)) {
              joined.barrier();
            }
          }
        });
  }

  private static void sweep(String what, CommBackend backend) throws InterruptedException {
    for (int call = 0; call < 3; call++) {
      Aside.promptly(
          what,
          () -> {
            backend.sweep();
            return "";
          });
    }
  }
}
