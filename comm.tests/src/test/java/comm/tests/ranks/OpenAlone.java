package comm.tests.ranks;

import comm.api.CommConfig;
import comm.api.CommException;
import comm.api.Communicator;
import comm.api.WindowSet;
import java.nio.file.Path;

/**
 * The only rank of its communicator, on the backend that it is told, or on the one that is chosen;
 * args: the rendezvous file, and the backend's name if there is one. Prints which backend it got,
 * or why it got none.
 */
public final class OpenAlone {

  private OpenAlone() {}

  public static void main(String[] args) {
    System.out.println("started");
    Communicator.backends().forEach(found -> System.out.println("found " + found));
    CommConfig config = CommConfig.of(0, 1, Path.of(args[0]));
    if (args.length > 1) {
      config = config.withBackend(args[1]);
    }
    try (Communicator communicator = Communicator.open(config);
        WindowSet windows = communicator.allocateWindows(8)) {
      windows.local().putLong(0, 42);
      communicator.barrier();
      System.out.println("opened " + communicator.backend() + " " + windows.local().getLong(0));
    } catch (CommException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
