import org.jspecify.annotations.NullMarked;

/**
 * What tests of communicators and of backends need: ranks as threads or processes, waiting for a
 * condition with a deadline, a check that nothing is left behind, jqwik arbitraries, generated
 * programs of several ranks, faults, and the conformance kit with which authors of backends prove
 * theirs.
 *
 * <p>Begin with {@link comm.testkit.junit.RankTest} for tests of a program, with {@link
 * comm.testkit.run.RankPool} to run code on ranks, and with {@code comm.testkit.conformance} to
 * prove a backend. The module is open, because test engines reflect on what it contains.
 *
 * @uses comm.api.spi.CommBackend the backends under test
 * @provides comm.api.spi.CommBackend one that wraps another and lets faults happen in tests
 */
@NullMarked
open module comm.testkit {
  requires java.management;
  requires transitive comm.api;
  requires transitive comm.worker;
  requires transitive net.jqwik.api;
  requires transitive org.junit.jupiter.api;
  requires transitive org.opentest4j;
  requires static org.jspecify;

  exports comm.testkit;
  exports comm.testkit.conformance;
  exports comm.testkit.fault;
  exports comm.testkit.junit;
  exports comm.testkit.program;
  exports comm.testkit.run;

  uses comm.api.spi.CommBackend;

  provides comm.api.spi.CommBackend with
      comm.testkit.run.FaultBackend;
}
