package comm.tests.ranks;

import comm.api.CommConfig;
import comm.api.CommException;
import comm.api.Communicator;
import comm.api.Comparison;
import comm.api.WindowSet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Opens a communicator, does what its arguments say, one after the other, and closes it. An
 * argument is {@code operation} or {@code operation=number}; with {@code rank:} in front only that
 * rank does it. Prints {@code did operation} after each, and what ends it: {@code done}, or the
 * exception, each line with its type first, what was suppressed after it.
 */
public final class Script {

  private final Communicator communicator;
  private final Deque<WindowSet> windows = new ArrayDeque<>();

  private Script(Communicator communicator) {
    this.communicator = communicator;
  }

  public static void main(String[] args) {
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment())) {
      System.out.println("did open");
      Script script = new Script(communicator);
      for (String arg : args) {
        script.step(arg);
      }
      System.out.println("done");
    } catch (CommException | IllegalStateException e) {
      System.out.println("failed at " + System.nanoTime());
      print("", e);
      System.exit(1);
    }
  }

  private static void print(String before, Throwable thrown) {
    System.out.println(before + thrown.getClass().getSimpleName() + ": " + thrown.getMessage());
    for (Throwable suppressed : thrown.getSuppressed()) {
      print("suppressed " + before, suppressed);
    }
  }

  private void step(String arg) {
    String operation = arg;
    int colon = arg.indexOf(':');
    if (colon >= 0) {
      if (Integer.parseInt(arg.substring(0, colon)) != communicator.rank()) {
        return;
      }
      operation = arg.substring(colon + 1);
    }
    int equals = operation.indexOf('=');
    long number = equals < 0 ? 0 : Long.parseLong(operation.substring(equals + 1));
    run(equals < 0 ? operation : operation.substring(0, equals), number);
    System.out.println("did " + operation);
  }

  private void run(String operation, long number) {
    int right = (communicator.rank() + 1) % communicator.size();
    switch (operation) {
      case "allocate" -> windows.push(communicator.allocateWindows(number));
      case "put" -> windows.element().of(right).put(0, new byte[(int) number]);
      case "get" -> windows.element().of(right).get(0, new byte[(int) number]);
      case "signal" -> windows.element().of(right).signal(0, number);
      case "await" -> windows.element().local().await(0, Comparison.EQ, number);
      case "barrier" -> communicator.barrier();
      case "barrierMillis" -> communicator.barrier(Duration.ofMillis(number));
      case "again" -> again();
      default -> throw new IllegalArgumentException(operation);
    }
  }

  /** A barrier whose failure is printed and survived. */
  private void again() {
    try {
      communicator.barrier();
    } catch (CommException e) {
      print("", e);
    }
  }
}
