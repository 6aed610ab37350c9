package comm.testkit.conformance;

import comm.api.Communicator;
import comm.testkit.BackendUnderTest;
import comm.testkit.Capability;
import comm.testkit.RankReport;
import comm.testkit.program.Operation;
import comm.testkit.program.Program;
import comm.testkit.program.ProgramRank;
import comm.testkit.program.Programs;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.jspecify.annotations.Nullable;

/**
 * Generated programs of several ranks on a backend, compared with what they mean: {@link Program}.
 * An author of a backend extends this class and says in {@link #backend()} what is to be tested:
 *
 * <pre>{@code
 * class FabricProperties extends ProgramContract {
 *   @Override
 *   protected BackendUnderTest backend() {
 *     return BackendUnderTest.processes("fabric").without(Capability.ATOMICS);
 *   }
 * }
 * }</pre>
 *
 * <p>The test engine is jqwik's, which must be on the path. Ranks open communicators by the
 * backend's name, so the backend must have been found by that: one that is given as an object is
 * refused.
 *
 * <p>A program has up to {@value #STEPS} drawn steps and as many ranks as the backend allows, and
 * does without atomics or adding signals where the backend has not declared them. All programs run
 * on the same ranks. A run may take 10 s, scaled by {@link comm.testkit.TimeScale}; ranks that take
 * longer are given up.
 *
 * <p>How many programs are run: {@value #THREAD_TRIES} if ranks are threads, {@value
 * #PROCESS_TRIES} if they are processes, or what the system property {@value #TRIES} says.
 *
 * <p>A failure is shrunk for as long as {@code jqwik.shrinking.bounded.seconds} says, 10 s unless
 * that is set. Its message has the root cause, every rank's state, and the program as Java, to be
 * pasted into a test of its own; jqwik prints the seed. What fails only now and then is shrunk less
 * well than what always fails.
 *
 * <p>Not for several threads.
 */
public abstract class ProgramContract {

  /** The system property that says how many programs are run. */
  public static final String TRIES = "comm.testkit.tries";

  static final int THREAD_TRIES = 40;
  static final int PROCESS_TRIES = 20;

  private static final int STEPS = 30;

  private ProgramRuns.@Nullable Open open;

  /** For subclasses. */
  protected ProgramContract() {}

  /**
   * The backend that is tested. To skip the property, because a library isn't there for instance,
   * fail an assumption.
   *
   * @return what is tested, the same each time
   */
  protected abstract BackendUnderTest backend();

  /**
   * Programs that the backend can run.
   *
   * @return to draw from
   */
  @Provide
  public final Arbitrary<Program> programs() {
    BackendUnderTest backend = backend();
    Programs programs = Programs.upTo(STEPS).withRanks(1, backend.maxRanks());
    if (!backend.can(Capability.ATOMICS)) {
      programs = programs.without(Operation.ATOMICS);
    }
    if (!backend.can(Capability.SIGNAL_ADD)) {
      programs = programs.without(Operation.SIGNAL_ADD);
    }
    return programs.arbitrary();
  }

  /**
   * Each rank gets from a program what the program means.
   *
   * @param program drawn from {@link #programs()}
   * @throws AssertionError if a rank does not
   */
  @AddLifecycleHook(ProgramRuns.class)
  @Property(shrinking = ShrinkingMode.BOUNDED)
  public final void ranks_get_what_the_program_means(@ForAll("programs") Program program) {
    ProgramRuns.Open runs = open;
    if (runs == null) {
      throw new IllegalStateException("the property runs outside jqwik");
    }
    RankReport report =
        runs.run(
            program.size(),
            rank -> {
              try (Communicator communicator = Communicator.open(rank.config())) {
                ProgramRank.run(program, communicator);
              }
            });
    try {
      report.check();
    } catch (AssertionError e) {
      // Without its cause, whose message would only be printed once more.
      throw new AssertionError(
          e.getMessage() + "\nThe program:\n\nProgram program =\n" + program.toCode() + ";");
    }
  }

  /** Takes the ranks that all programs run on. */
  final void use(ProgramRuns.Open runs) {
    open = runs;
  }
}
