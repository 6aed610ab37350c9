package comm.cli;

import comm.api.CommConfig;
import comm.api.Communicator;
import java.util.List;

/** Programs that the tests run through the command. */
final class TestRanks {

  private TestRanks() {}

  /** Prints its arguments. */
  static final class Echo {
    public static void main(String[] args) {
      System.out.println("arguments " + List.of(args));
    }
  }

  /** Rank 1 forgets to close its communicator; the others close it. */
  static final class Forgets {
    public static void main(String[] args) {
      Communicator communicator = Communicator.open(CommConfig.fromEnvironment());
      communicator.barrier();
      if (communicator.rank() != 1) {
        communicator.close();
      }
    }
  }

  /** Rank 2 throws while the others wait for it in a barrier. */
  static final class Throws {
    public static void main(String[] args) {
      try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment())) {
        communicator.barrier();
        if (communicator.rank() == 2) {
          throw new IllegalStateException("rank 2 can't go on");
        }
        communicator.barrier();
      }
    }
  }

  /** Rank 1 is killed while the others wait for it in a barrier. */
  static final class Killed {
    public static void main(String[] args) throws Exception {
      try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment())) {
        communicator.barrier();
        if (communicator.rank() == 1) {
          String self = Long.toString(ProcessHandle.current().pid());
          new ProcessBuilder("kill", "-KILL", self).inheritIO().start().waitFor();
        }
        communicator.barrier();
      }
    }
  }

  /** Every rank waits in a barrier for one that never comes. */
  static final class Waits {
    public static void main(String[] args) throws Exception {
      try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment())) {
        System.out.println("pid " + ProcessHandle.current().pid());
        if (communicator.rank() == 0) {
          new java.util.concurrent.CountDownLatch(1).await();
        }
        communicator.barrier();
      }
    }
  }
}
