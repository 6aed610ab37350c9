import org.jspecify.annotations.NullMarked;

/**
 * What tests of communicators and of backends need: ranks as threads of the test's own JVM, waiting
 * for a condition with a deadline, a check that nothing is left behind, jqwik arbitraries, and
 * generated programs of several ranks.
 *
 * <p>Begin with {@link comm.testkit.RankThreads}, to test a backend with {@link
 * comm.testkit.program.Programs}. Ranks as processes are started with {@code comm.worker}. The
 * module is open, because test engines reflect on what it contains.
 */
@NullMarked
open module comm.testkit {
  requires transitive comm.api;
  requires transitive comm.worker;
  requires transitive net.jqwik.api;
  requires static org.jspecify;

  exports comm.testkit;
  exports comm.testkit.program;
}
