package comm.tests.ranktest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comm.api.Communicator;
import comm.testkit.RankMode;
import comm.testkit.TestRank;
import comm.testkit.fault.Fault;
import comm.testkit.fault.FaultAction;
import comm.testkit.junit.RankTest;

/** Rank tests that fail, each in its own way. They are run by {@link FailedRankTest} only. */
final class FailingTests {

  private FailingTests() {}

  /** One rank fails; the others then fail because of it. */
  static class OneFails {
    @RankTest(ranks = 3, backend = "sim")
    void test(Communicator communicator) {
      communicator.barrier();
      System.out.println("about to look");
      if (communicator.rank() == 1) {
        assertEquals(1, 2, "the sum");
      }
      communicator.barrier();
    }
  }

  /** The same among processes; the rank that fails prints much. */
  static class OneProcessFails {
    @RankTest(ranks = 3, backend = "sim", mode = RankMode.PROCESSES)
    void test(Communicator communicator) {
      communicator.barrier();
      if (communicator.rank() == 1) {
        for (int line = 0; line < 25; line++) {
          System.out.println("line " + line);
        }
        throw new IllegalStateException("no more");
      }
      communicator.barrier();
    }
  }

  /** One rank waits for what never comes. */
  static class OneHangs {
    @RankTest(ranks = 2, backend = "sim", timeoutSeconds = 1)
    void test(TestRank rank) {
      if (rank.rank() == 1) {
        waitForNobody(rank);
      }
    }

    static void waitForNobody(TestRank rank) {
      String unused = rank.await("what nobody posts");
    }
  }

  /** All processes wait for what never comes. */
  static class AllProcessesHang {
    @RankTest(ranks = 2, backend = "sim", mode = RankMode.PROCESSES, timeoutSeconds = 5)
    void test(TestRank rank) {
      OneHangs.waitForNobody(rank);
    }
  }

  /** One process ends. */
  static class OneDies {
    @RankTest(ranks = 2, backend = "sim", mode = RankMode.PROCESSES)
    void test(TestRank rank) {
      if (rank.rank() == 1) {
        System.err.println("good bye");
        Runtime.getRuntime().halt(3);
      }
    }
  }

  /** One rank finds that the test makes no sense here. */
  static class OneAssumes {
    @RankTest(ranks = 2, backend = "sim")
    void test(Communicator communicator) {
      assumeTrue(communicator.rank() == 0, "only rank 0 wants to");
      communicator.barrier();
    }
  }

  /** Every rank leaves a communicator open. */
  static class AllForget {
    @RankTest(ranks = 1, backend = "sim")
    void test(TestRank rank) {
      Communicator forgotten = Communicator.open(rank.config());
      ForgottenCommunicators.LIST.add(forgotten);
    }
  }

  /** The same in a process. */
  static class AllProcessesForget {
    @RankTest(ranks = 1, backend = "sim", mode = RankMode.PROCESSES)
    void test(TestRank rank) {
      Communicator forgotten = Communicator.open(rank.config());
      forgotten.barrier();
    }
  }

  /** A fault that never happens. */
  static class NoFault {
    @RankTest(ranks = 2, backend = "sim")
    @Fault(rank = 1, at = "barrier", nth = 3, action = FaultAction.DELAY)
    void test(Communicator communicator) {
      communicator.barrier();
    }
  }

  /** Threads can't be killed. */
  static class KilledThread {
    @RankTest(ranks = 2, backend = "sim")
    @Fault(rank = 1, at = "barrier", action = FaultAction.KILL)
    void test(Communicator communicator) {
      throw new AssertionError("runs all the same");
    }
  }

  /** A rank that isn't there. */
  static class NoSuchRank {
    @RankTest(ranks = 2, backend = "sim")
    @Fault(rank = 2, at = "barrier", action = FaultAction.DELAY)
    void test(Communicator communicator) {
      throw new AssertionError("runs all the same");
    }
  }

  /** A parameter that nobody can give. */
  static class WrongParameter {
    @RankTest(ranks = 2, backend = "sim")
    void test(Communicator communicator, String text) {
      throw new AssertionError("runs all the same");
    }
  }

  /** A class whose instances can't be made in another process. */
  static class NoConstructor {
    private final String text;

    NoConstructor(org.junit.jupiter.api.TestInfo info) {
      text = info.getDisplayName();
    }

    @RankTest(ranks = 2, backend = "sim", mode = RankMode.PROCESSES)
    void test() {
      throw new AssertionError(text);
    }
  }

  /** An inner class, whose instances belong to another. */
  static class Outer {
    @org.junit.jupiter.api.Nested
    class Inner {
      @RankTest(ranks = 2, backend = "sim", mode = RankMode.PROCESSES)
      void test() {
        throw new AssertionError("runs all the same");
      }
    }
  }

  /** A backend that isn't there. */
  static class NoBackend {
    @RankTest(ranks = 1, backend = "nowhere")
    void test() {
      throw new AssertionError("runs all the same");
    }
  }
}
